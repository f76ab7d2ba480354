"""Lists of documents with how often each holds what the list is of, ready to be read: nothing needs unpacking.

Arrays, by the name of the lists:
  offsets    per list: where it begins
  docs       documents, ascending within a list: two bytes each in a segment of 65,536 or fewer
  counts     how often, beside ``docs``, a byte each; ``MANY`` stands for itself and more
  many.at    where in ``counts`` such stand
  many.counts  what these counts are
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter

MANY: Final = 255


def document_type(documents: int) -> np.dtype[np.unsignedinteger]:
    """Return the type of the numbers of so many documents."""
    return np.dtype(np.uint16 if documents <= 1 << 16 else np.uint32)


class CountsWriter:
    """Writes counts, some lists at a time."""

    def __init__(self, writer: ArrayFileWriter, name: str) -> None:
        """Begin the array of counts."""
        self._writer = writer
        self._name = name
        self._written = 0
        self._at: list[Array] = []
        self._counts: list[Array] = []
        writer.start(f"{name}.counts", np.dtype(np.uint8))

    def append(self, counts: Array) -> None:
        """Write the next counts."""
        at = np.flatnonzero(counts >= MANY)
        self._writer.append(np.minimum(counts, MANY).astype(np.uint8))
        self._at.append(at + self._written)
        self._counts.append(counts[at])
        self._written += len(counts)

    def close(self) -> None:
        """Write what is more than fits in a byte."""
        none = np.zeros(0, dtype=np.int64)
        self._writer.add(f"{self._name}.many.at", np.concatenate([none, *self._at]).astype(np.uint64))
        self._writer.add(f"{self._name}.many.counts", np.concatenate([none, *self._counts]).astype(np.uint32))


class Counts:
    """Counts of one name, mapped."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._counts: Array = file[f"{name}.counts"]
        self._many_at: memoryview = file[f"{name}.many.at"].data
        self._many_counts: Array = file[f"{name}.many.counts"]

    def between(self, low: int, high: int) -> Array:
        """Return a stretch of them."""
        counts = self._counts[low:high]
        first = bisect_left(self._many_at, low)
        if first == len(self._many_at) or self._many_at[first] >= high:
            return counts
        last = bisect_left(self._many_at, high, first)
        whole = counts.astype(np.uint32)
        whole[np.asarray(self._many_at[first:last]).astype(np.int64) - low] = self._many_counts[first:last]
        return whole


class PostingLists:
    """The lists of one name, mapped."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.offsets: Array = file[f"{name}.offsets"]
        self.docs: Array = file[f"{name}.docs"]
        self.counts = Counts(file, name)
        self._begins: memoryview = self.offsets.data

    def of(self, number: int) -> tuple[Array, Array]:
        """Return the documents of a list and how often; those of -1 are none."""
        low, high = (self._begins[number], self._begins[number + 1]) if number >= 0 else (0, 0)
        return self.docs[low:high], self.counts.between(low, high)
