"""Who cites whom in one version of the index, and what follows for validity: decided when the version is written.

Array file ``relations`` beside the segments: ``edges`` (``indexer.relations.resolution.EDGE``, by source and place),
``by_target`` (their numbers by target, newest source first), ``cited`` (by how many others, a document), ``events``
(``indexer.relations.validity.EVENTS``). Documents have the numbers that they have in the snapshot.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ArrayFile, ArrayFileWriter
from indexer.embedded.store.relation_arrays import relation_keys
from indexer.relations.records import Relations, from_json
from indexer.relations.resolution import EDGE, Keys, Known, counted, resolve
from indexer.relations.validity import EVENTS, events_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.store.array_file import Array

FILE = "relations"


def write_graph(folder: Path, snapshot: Snapshot) -> None:
    """Resolve all citations of a snapshot."""
    keys = keys_of(snapshot)
    edges = resolve(keys, _look(snapshot))
    regions = snapshot.doc_values["region"].of
    events = events_of(keys.documents, edges, snapshot.published, regions, snapshot.live)
    groups = np.arange(snapshot.size) if snapshot.groups is None else _apart(snapshot.groups)
    order = np.lexsort((edges["place"], snapshot.newest_first[edges["source"]], edges["target"]))
    with ArrayFileWriter(folder / FILE) as writer:
        writer.add("edges", edges.view(np.uint8))
        writer.add("by_target", order.astype(np.uint32))
        writer.add("cited", counted(edges, groups, snapshot.size).astype(np.uint32))
        writer.add("events", events.view(np.uint8))


def keys_of(snapshot: Snapshot) -> Keys:
    """Return what all segments keep of relations, one behind the other."""
    parts = [relation_keys(segment.docs_file) for segment in snapshot.segments]
    documents, citations = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Keys(documents, citations, snapshot.live)


def _apart(groups: Array) -> Array:
    """Number documents by their groups of copies; each that is alone has a number of its own."""
    return np.where(groups == 0, np.arange(len(groups)) + int(groups.max(initial=0)) + 1, groups)


def _look(snapshot: Snapshot) -> Callable[[int], Known]:
    regions, groups = snapshot.doc_values["region"], snapshot.groups

    def look(document: int) -> Known:
        group = int(groups[document]) if groups is not None else 0
        region = regions.values[int(regions.of[document])]
        return Known(snapshot.id_of(document), snapshot.title(document), region, group or -1 - document)

    return look


class Graph:
    """The relations of one version, open for reading."""

    def __init__(self, snapshot: Snapshot) -> None:
        file = ArrayFile(snapshot.folder / FILE)
        self.edges: Array = file["edges"].view(EDGE)
        self.cited: Array = file["cited"]
        self.events: Array = file["events"].view(EVENTS)
        self._by_target: Array = file["by_target"]
        self._snapshot = snapshot

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

    def relations(self, document: int) -> Relations:
        """Return what a document says of others and of its own validity."""
        for segment in self._snapshot.segments:
            if document < segment.part.stop:
                data = segment.documents.relations(document - segment.part.start)
                return from_json(json.loads(bytes(data).decode("utf-8", "surrogatepass")))
        raise IndexError(document)
