"""The first few of many documents in a total order, without sorting them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.arrays.files import Array
    from indexer.arrays.snapshot import Snapshot
    from indexer.query import Sort

    Key = Callable[[Array], Array]  # document numbers → what they sort by, ascending


def keys(snapshot: Snapshot, sort: Sort, scores: Array | None = None) -> list[Key]:
    """Give what is sorted by: the scores of all documents if there are any, then days, then ids."""
    published = snapshot.published
    by_day: Key = lambda some: published[some] if sort == "oldest" else ~published[some]  # noqa: E731
    by_id: Key = lambda some: snapshot.id_rank[some]  # noqa: E731
    return [by_day, by_id] if scores is None else [lambda some: -scores[some], by_day, by_id]


def first(documents: Array, keys: Sequence[Key], limit: int) -> Array:
    """Give the first ``limit`` documents ordered by the first key, ties by the next, and so on.

    A later key is only read for documents that tie at the edge, and for those that are given.
    """
    kept: list[Array] = []
    wanted = limit
    for key in keys:
        if len(documents) <= wanted or not wanted:
            break
        values = key(documents)
        edge = np.partition(values, wanted - 1)[wanted - 1]
        surely = documents[values < edge]
        kept.append(surely)
        wanted -= len(surely)
        documents = documents[values == edge]
    kept.append(documents)
    chosen = np.concatenate(kept)
    order = np.lexsort([key(chosen) for key in reversed(keys)])
    return chosen[order][:limit]
