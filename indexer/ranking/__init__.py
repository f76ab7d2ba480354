"""Decide what comes first."""
