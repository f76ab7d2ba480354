"""Who cites whom in one version of the index, and what follows for validity: decided when the version is written.

Array file ``relations`` beside the segments: ``edges`` (``indexer.relations.resolution.EDGE``, by source and place),
``by_target`` (their numbers by target, newest source first), ``cited`` (by how many others, a document), ``events``
(``indexer.relations.validity.EVENTS``), ``flags``. Documents have the numbers that they have in the snapshot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
        self.flags: Array = file["flags"]
        self._by_target: Array = file["by_target"]

    def edges_from(self, document: int) -> Array:
        """Return the edges that go out from a document, by their places in its text."""
        first, last = np.searchsorted(self.edges["source"], (document, document + 1))
        found: Array = self.edges[first:last]
        return found

    def edges_to(self, document: int) -> Array:
        """Return the edges that lead to a document, those of the newest first."""
        targets = self.edges["target"][self._by_target]
        first, last = np.searchsorted(targets, (document, document + 1))
        found: Array = self.edges[self._by_target[first:last]]
        return found
