"""The cleaner's parts, each with one question; ``cleaner`` is the only way in from outside."""
