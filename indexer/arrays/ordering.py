"""The first few of many documents in a total order, without sorting them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.arrays.files import Array

Key = "Callable[[Array], Array]"  # document numbers → what they sort by, ascending


def first(documents: Array, keys: Sequence[Callable[[Array], Array]], limit: int) -> Array:
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
