"""Benchmarks: scripts that print tables, run by ``make bench``; none of them is a test."""
