"""Copies of one announcement in a result list: all are found and counted, the first of them stands in the list.

The first is meant in the order of the list, by score or by day. By score the announcement that the others are copies
of stands in its place, if it is found, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.store.array_file import Array


def heads(snapshot: Snapshot, documents: Array, keys: Array) -> Array | None:
    """Mark the documents with no copy of theirs before them, by ascending keys beside them; None when all are such."""
    groups = snapshot.groups
    if groups is None:
        return None
    if snapshot.native is not None:
        kept = np.ones(len(documents), dtype=bool)
        return kept if snapshot.native.leave_out_copies(groups, documents, keys, kept) else None
    of = groups[documents]
    shared = of.nonzero()[0]
    if len(shared) < 2:
        return None
    ordered = shared[np.lexsort((keys[shared], of[shared]))]
    is_later = of[ordered[1:]] == of[ordered[:-1]]
    if not is_later.any():
        return None
    marked = np.ones(len(documents), dtype=bool)
    marked[ordered[1:][is_later]] = False
    return marked


def one_of_each(snapshot: Snapshot, documents: list[int]) -> list[int]:
    """Return documents without copies of others among them: the one that they are copies of, else the first."""
    groups = snapshot.groups
    if groups is None:
        return documents
    among = set(documents)
    taken: dict[int, int] = {}
    for document in documents:
        group = int(groups[document])
        leader = snapshot.leader_of(document)
        taken.setdefault(group or -1 - document, leader if leader in among else document)
    return list(taken.values())
