"""Lay the files of an index out on disk, and read them."""
