"""The only place with Whoosh: its schema, segments and codec over our arrays."""
