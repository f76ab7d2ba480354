"""Tell people what is new for the searches that they have saved."""
