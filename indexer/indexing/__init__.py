"""Make an index from pages, and keep it in step with them."""
