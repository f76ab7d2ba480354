"""The first few of many documents in a total order, without sorting them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from indexer.arrays.files import Array
    from indexer.arrays.snapshot import Snapshot
    from indexer.query import Sort

FEW = 200  # documents: sorting them all takes less than narrowing them down


def first(
    snapshot: Snapshot, documents: Array, limit: int, sort: Sort = "newest", scores: Array | None = None
) -> Array:
    """Give which ``limit`` of the documents come first, as places in ``documents``.

    By score if there are scores (beside ``documents``), then by day, then by id. A later key is only read of
    documents that tie at the edge, and of those that are given.
    """
    places = np.arange(len(documents))
    if len(documents) <= FEW:
        return _sorted(snapshot, documents, places, sort, scores)[:limit]
    kept: list[Array] = []
    if scores is not None:
        places, limit = _narrow(places, -scores, limit, kept)
    if len(places) > limit:
        places, limit = _narrow(places, _days(snapshot, documents[places], sort), limit, kept)
    if len(places) > limit:
        places, limit = _narrow(places, snapshot.id_rank[documents[places]], limit, kept)
    return _sorted(snapshot, documents, np.concatenate((*kept, places)), sort, scores)


def _sorted(snapshot: Snapshot, documents: Array, places: Array, sort: Sort, scores: Array | None) -> Array:
    chosen = documents[places]
    order = [snapshot.id_rank[chosen], _days(snapshot, chosen, sort)]
    if scores is not None:
        order.append(-scores[places])
    return places[np.lexsort(order)]


def _days(snapshot: Snapshot, documents: Array, sort: Sort) -> Array:
    days: Array = snapshot.published[documents]
    return days if sort == "oldest" else ~days  # upside down; the undated, lowest of all, come last


def _narrow(places: Array, values: Array, limit: int, kept: list[Array]) -> tuple[Array, int]:
    """Keep the places with the lowest values; give those that tie at the edge, and how many of them are wanted."""
    if not 0 < limit < len(places):
        return (places, limit) if limit else (places[:0], 0)
    edge = np.partition(values, limit - 1)[limit - 1]
    near = (values <= edge).nonzero()[0]
    surely = near[values[near] < edge]
    kept.append(places[surely])
    return places[near[values[near] == edge]], limit - len(surely)
