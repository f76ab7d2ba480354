"""Turn text into characters, units and words."""
