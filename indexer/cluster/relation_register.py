"""Who cites whom, and what follows for validity: settled over all announcements of a version before it answers.

Kept in memory are some 150 bytes an announcement and 50 a citation; titles lie in a temporary file.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from indexer.cluster.relation_keys import read_keys
from indexer.cluster.settled import Outcome, Settled
from indexer.record_file import RecordFile
from indexer.relations.keys import CITATION, DOCUMENT, digest
from indexer.relations.resolution import Keys, Known, counted, resolve
from indexer.relations.validity import events_of, later_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from indexer.cluster.relation_keys import Place

    Array = NDArray[Any]


class Register:
    """All announcements of a version, each with its keys, by the numbers in which they were added."""

    def __init__(self) -> None:
        self._titles = RecordFile()
        self._ids, self._id_ends = bytearray(), array("Q", [0])
        self._documents, self._citations = bytearray(), bytearray()
        self._id_digests, self._groups = array("Q"), array("Q")
        self._regions, self._days = array("L"), array("i")
        self._region_numbers: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._titles.close()

    def __len__(self) -> int:
        return len(self._days)

    def add(self, place: Place, keys: str) -> None:
        """Take one more."""
        document, citations = read_keys(keys)
        self._documents += document
        self._citations += citations
        self._id_digests.append(digest(place.id))
        self._groups.append(digest(place.group))
        self._regions.append(self._region_numbers.setdefault(place.region, len(self._region_numbers)))
        self._days.append(place.day)
        self._ids += place.id.encode()
        self._id_ends.append(len(self._ids))
        self._titles.add(place.title.encode())

    def id_of(self, number: int) -> str:
        """Return the id of an announcement."""
        return self._ids[self._id_ends[number] : self._id_ends[number + 1]].decode()

    def settled(self) -> Settled:
        """Resolve all citations, in an order that depends on nothing but ids."""
        order = np.argsort(np.array(self._id_digests, dtype=np.uint64), kind="stable")
        documents = np.frombuffer(self._documents, DOCUMENT)
        citations = np.frombuffer(self._citations, CITATION)[_in_order(documents["citations"], order)]
        documents = documents[order]
        regions = np.array(self._regions, dtype=np.int64)[order]
        published = np.array(self._days, dtype=np.int32)[order]
        groups = np.unique(np.array(self._groups, dtype=np.uint64)[order], return_inverse=True)[1]
        names = list(self._region_numbers)

        def known(at: int) -> Known:
            number = int(order[at])
            return Known(self.id_of(number), self._titles[number].decode(), names[int(regions[at])], int(groups[at]))

        live = np.ones(len(documents), dtype=bool)
        edges = resolve(Keys(documents, citations, live), known)
        versions = list(later_versions(documents, published, regions, live))
        events = events_of(documents, edges, published, versions)
        cited = counted(edges, groups, len(documents))
        return Settled(self.id_of, order, Outcome(documents["flags"], edges, events, cited, versions))


def _in_order(counts: Array, order: Array) -> Array:
    """Return the places of citations when documents, with so many each, change their order."""
    counts = counts.astype(np.int64)
    starts = np.cumsum(counts) - counts
    moved = counts[order]
    first_of_each = np.cumsum(moved) - moved
    return np.repeat(starts[order] - first_of_each, moved) + np.arange(int(moved.sum()))
