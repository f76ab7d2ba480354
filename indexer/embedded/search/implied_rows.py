"""What every announcement that is found surely holds: ranking need not look it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.embedded.search.phrase_matching import row_of
from indexer.query.tree import And, Near, Phrase, walk

if TYPE_CHECKING:
    from indexer.embedded.search.phrase_matching import Row
    from indexer.query.tree import Node


def implied_rows(root: Node | None) -> frozenset[Row]:
    """Return rows of units of which every announcement found holds each, in whatever field."""
    rows: set[Row] = set()
    for node in walk(root, (And,)):
        match node:
            case Near(strings):
                rows.update(map(row_of, strings))
            case Phrase(text, "any" | "title"):
                rows.add(row_of(text))
            case _:
                continue
    return frozenset(rows)
