"""The index on this machine: Whoosh segments as memory-mapped arrays.

Match by characters, rank by words: matching data (units, bigrams) and ranking data (words) are two things.
"""
