"""Which documents hold several rows of units within one window: looked for around the rarest of the rows.

Places ascend, so the next place of a row after another's is one binary search away, and there are about as many
searches as the rarest row has places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.embedded.search.phrase_matching import FieldBigrams
    from indexer.embedded.store.array_file import Array

    Places = list[tuple[Array, int]]  # of each row: where it begins, ascending, and how many units it has


def documents_near(field: FieldBigrams, rows: Sequence[Sequence[int]], window: int) -> Array:
    """Return the documents of a field that hold all rows within ``window`` units, in any order, with repetitions.

    Rows may overlap; each has two units or more.
    """
    places: Places = []
    for row in sorted(rows, key=lambda row: field.rarest(row)[0]):
        begins = field.places(row)
        if not len(begins):
            return begins
        places.append((begins, len(row)))
    (around, length), *others = places
    for begins, other in others:  # most places have no other row anywhere near, whatever the text
        around = around[_are_near(around, length, begins, other, window)]
    documents = field.documents_at(around)
    starts, ends = around, around + length
    near = np.ones(len(around), dtype=bool)
    for begins, other in others:
        first, last = _nearest(around, length, begins, other, field.edges(documents))
        near &= last - first <= window
        starts, ends = np.minimum(starts, first), np.maximum(ends, last)
    together = near & (ends - starts <= window)
    if len(others) == 1 or together.all():
        return documents[together]
    # Each row is near, but maybe one on this side and one on that: documents not yet found are gone through.
    found = documents[together]
    open_ones = np.setdiff1d(documents[near], found)
    return np.concatenate((found, _in_one_window(field, open_ones, places, window))) if len(open_ones) else found


def _are_near(begins: Array, length: int, others: Array, other: int, window: int) -> Array:
    """Return for each place of a row whether another row stands near enough, before or behind, in whatever text."""
    at = others.searchsorted(begins)
    behind = others.take(at, mode="clip") - begins  # below zero where there is none
    before = begins - others.take(at - 1, mode="clip")  # at - 1 is clipped to the first, which then lies behind
    near: Array = (behind >= 0) & (behind <= window - other)
    near |= (before >= 0) & (before <= window - length)
    return near


def _nearest(begins: Array, length: int, others: Array, other: int, edges: tuple[Array, Array]) -> tuple[Array, Array]:
    """Return for each place of a row the least stretch of its text that holds it and another row: start and end.

    Stretches are longer than any window where the text does not hold the other row.
    """
    low, high = edges
    at = others.searchsorted(begins)
    behind, before = others.take(at, mode="clip"), others.take(at - 1, mode="clip")
    far = np.int64(1) << 40
    ends = np.where((behind >= begins) & (behind + other <= high), np.maximum(behind + other, begins + length), far)
    starts = np.where((before <= begins) & (before >= low), before, -far)
    is_behind = ends - begins <= begins + length - starts
    return np.where(is_behind, begins, starts), np.where(is_behind, ends, np.maximum(begins + length, starts + other))


def _in_one_window(field: FieldBigrams, documents: Array, places: Places, window: int) -> Array:
    """Return which of some documents, ascending, hold all rows in one window, by trying each place as its start."""
    low, high = field.edges(documents)
    of_rows = [(_within(begins, low, high), length) for begins, length in places]
    found = [documents[:0]]
    for starts, length in of_rows:
        ends = starts + length
        for begins, other in of_rows:
            at = begins.searchsorted(starts)
            none = at == len(begins)
            ends = np.maximum(ends, begins.take(at, mode="clip") + other)
            ends[none] = starts[none] + window + 1
        fits = starts[ends - starts <= window]
        of_text = field.documents_at(fits)
        last = field.edges(of_text)[1]
        found.append(of_text[ends[ends - starts <= window] <= last])
    return np.concatenate(found)


def _within(begins: Array, low: Array, high: Array) -> Array:
    """Keep the places that lie in some texts, which stand in order."""
    first, last = begins.searchsorted(low), begins.searchsorted(high)
    counts = last - first
    moved = np.repeat(first - counts.cumsum() + counts, counts)
    kept: Array = begins.take(moved + np.arange(len(moved)))
    return kept
