"""Resolve who cites whom when a version of the index is written, and what follows for validity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.search.relation_graph import FILE
from indexer.embedded.store.array_file import ArrayFileWriter
from indexer.embedded.store.relation_arrays import relation_keys
from indexer.relations.keys import CITATION, DOCUMENT
from indexer.relations.resolution import Keys, Known, counted, resolve
from indexer.relations.validity import events_of, later_versions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.store.array_file import Array


def write_graph(folder: Path, snapshot: Snapshot) -> None:
    """Resolve all citations of a snapshot."""
    keys = keys_of(snapshot)
    edges = resolve(keys, _look(snapshot))
    regions = snapshot.doc_values["region"].of
    versions = list(later_versions(keys.documents, snapshot.published, regions, snapshot.live))
    events = events_of(keys.documents, edges, snapshot.published, versions)
    groups = np.arange(snapshot.size) if snapshot.groups is None else _apart(snapshot.groups)
    order = np.lexsort((edges["place"], snapshot.newest_first[edges["source"]], edges["target"]))
    path = folder / f"{FILE}.part"  # a snapshot that another process opens meanwhile finds all or nothing
    path.unlink(missing_ok=True)
    with ArrayFileWriter(path) as writer:
        writer.add("edges", edges.view(np.uint8))
        writer.add("by_target", order.astype(np.uint32))
        for name, by in (("from_ends", "source"), ("to_ends", "target")):
            writer.add(name, np.cumsum(np.bincount(edges[by], minlength=snapshot.size)).astype(np.uint32))
        writer.add("cited", counted(edges, groups, snapshot.size).astype(np.uint32))
        writer.add("events", events.view(np.uint8))
        writer.add("versions", np.array(versions, dtype=np.uint32).reshape(-1))
        writer.add("issued", keys.documents["issued"].astype(np.int32))
        writer.add("flags", keys.documents["flags"])
    path.rename(folder / FILE)


def keys_of(snapshot: Snapshot) -> Keys:
    """Return what all segments keep of relations, one behind the other."""
    none = np.zeros(0, DOCUMENT), np.zeros(0, CITATION)  # so that an index without segments has some
    parts = [none, *(relation_keys(segment.docs_file) for segment in snapshot.segments)]
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
