"""Answer a query, a number or an id from one version of the index."""
