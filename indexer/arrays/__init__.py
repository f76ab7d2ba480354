"""Whoosh segments as flat arrays: how they are written, merged, opened and searched.

Matching data (units, in ``units``) and ranking data (words, in ``words``) are two things and stay two.
"""
