"""policy-search below the web: from saved pages to an index, and from a query to hits."""
