"""Complete what is typed, and guess what was meant."""
