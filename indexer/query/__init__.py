"""Read what was asked: from typed text and parameters to a query tree and filters."""
