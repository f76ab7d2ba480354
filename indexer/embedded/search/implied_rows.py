"""What every announcement that is found surely holds: ranking need not look it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.embedded.search.phrase_matching import row_of
from indexer.query.tree import And, Near, Phrase

if TYPE_CHECKING:
    from indexer.embedded.search.phrase_matching import Row
    from indexer.query.tree import Node


def implied_rows(root: Node | None) -> frozenset[Row]:
    """Return rows of units of which every announcement found holds each, in whatever field."""
    match root:
        case And(parts):
            return frozenset().union(*map(implied_rows, parts))
        case Near(rows):
            return frozenset(map(row_of, rows))
        case Phrase(text, "any" | "title"):
            return frozenset((row_of(text),))
        case _:
            return frozenset()
