"""Read what a saved file says: from bytes to an announcement."""
