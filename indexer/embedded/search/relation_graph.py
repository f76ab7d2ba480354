"""Who cites whom in one version of the index, and what follows for validity: decided when the version is written.

Array file ``relations`` beside the segments: ``edges`` (``indexer.relations.resolution.EDGE``, by source and place),
``by_target`` (their numbers by target, newest source first), ``from_ends`` and ``to_ends`` (where in these the edges of
each document end), ``cited`` (by how many others, a document), ``events`` (``indexer.relations.validity.EVENTS``),
``versions`` (pairs: one and the next later version of it), ``issued`` (by which day each was there) and ``flags``.
Documents have the numbers that they have in the snapshot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.embedded.store.array_file import ArrayFile
from indexer.relations.resolution import EDGE
from indexer.relations.validity import EVENTS

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.embedded.store.array_file import Array

FILE = "relations"


class Graph:
    """The relations of one version, open for reading."""

    def __init__(self, folder: Path) -> None:
        file = ArrayFile(folder / FILE)
        self.edges: Array = file["edges"].view(EDGE)
        self.cited: Array = file["cited"]
        self.events: Array = file["events"].view(EVENTS)
        self.issued: Array = file["issued"]
        self.flags: Array = file["flags"]
        self._by_target: Array = file["by_target"]
        self._from_ends: Array = file["from_ends"]
        self._to_ends: Array = file["to_ends"]
        pairs = file["versions"].reshape(-1, 2).tolist()
        self.later: dict[int, int] = dict(pairs)  # of few documents: some in a hundred
        self.earlier: dict[int, int] = {newer: older for older, newer in pairs}

    def edges_from(self, document: int) -> Array:
        """Return the edges that go out from a document, by their places in its text."""
        found: Array = self.edges[_range(self._from_ends, document)]
        return found

    def edges_to(self, document: int) -> Array:
        """Return the edges that lead to a document, those of the newest first."""
        found: Array = self.edges[self._by_target[_range(self._to_ends, document)]]
        return found


def _range(ends: Array, document: int) -> slice:
    return slice(int(ends[document - 1]) if document else 0, int(ends[document]))
