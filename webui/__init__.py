"""policy-search on the web: HTML pages, JSON, CSV and Atom over one engine."""
