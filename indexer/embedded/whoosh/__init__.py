"""The only place with Whoosh: schema, segments and codec over our arrays, so that its own searches work on them."""
