"""What one announcement says of another, and of its own parts."""
