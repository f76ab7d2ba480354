"""Our own tables, and the scripts that make them."""
