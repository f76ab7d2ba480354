"""What every request goes through before a page or the API answers."""
