"""Measure how good the ranking is."""
