"""The cleaner's parts, each with one question; ``indexer.cleaner`` is the only way in from outside."""
