"""Lists of several segments put together: what merging units and merging words have in common."""

from __future__ import annotations

from functools import cached_property
from secrets import token_hex
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ArrayFileWriter, steps
from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from indexer.embedded.store.array_file import Array, ArrayFile
    from indexer.embedded.whoosh.segment import ArraySegment


class Source:
    """One segment to be merged."""

    def __init__(self, folder: Path, record: ArraySegment) -> None:
        self._folder = folder
        self.record = record
        self.live = record.live()
        self.whole = bool(self.live.all())

    @cached_property
    def units(self) -> ArrayFile:
        """Return the file of units."""
        return self.record.open(self._folder, "units")

    @cached_property
    def words(self) -> ArrayFile:
        """Return the file of words."""
        return self.record.open(self._folder, "words")

    @cached_property
    def docs(self) -> ArrayFile:
        """Return the file of stored documents."""
        return self.record.open(self._folder, "docs")


@dataclass(frozen=True, slots=True)
class Merging:
    """Segments of a folder that become one; all that a process must know to write a part of it."""

    folder: Path
    records: Sequence[ArraySegment]
    name: str  # of the merged one
    passing: bool  # it is merged into another before anybody searches in it
    compiled: bool = True  # the kernel packs where there is one

    @property
    def documents(self) -> int:
        """Count the documents that the merged one holds."""
        return sum(record.doc_count() for record in self.records)

    def sources(self) -> list[Source]:
        """Open the segments."""
        return [Source(self.folder, record) for record in self.records]

    def new_part(self) -> ArrayFileWriter:
        """Begin a part, under a name that no other try has."""
        return ArrayFileWriter(self.folder / f"{self.name}.{token_hex(8)}.part")


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists side by side: each has a key (ascending) and a length; items run through all of them."""

    keys: Array
    lengths: Array
    items: tuple[Array, ...]  # one array per kind of item, all of the same length

    def keep(self, kept: Array) -> Lists:
        """Drop items, and lists that have none left."""
        bounds = np.concatenate(([0], np.cumsum(self.lengths)))
        lengths = steps(np.concatenate(([0], np.cumsum(kept)))[bounds])
        return Lists(self.keys[lengths > 0], lengths[lengths > 0], tuple(one[kept] for one in self.items))


def join(parts: Sequence[Lists]) -> Lists:
    """Put the lists of several sources together: those with one key behind each other, in source order."""
    keys = np.concatenate([part.keys for part in parts])
    lengths = np.concatenate([part.lengths for part in parts]).astype(np.int64)
    begins = np.cumsum(lengths) - lengths
    order = np.argsort(keys, kind="stable")
    keys, lengths, begins = keys[order], lengths[order], begins[order]
    ends = np.cumsum(lengths)
    take = np.repeat(begins - (ends - lengths), lengths) + np.arange(int(ends[-1]) if len(ends) else 0)
    heads = np.flatnonzero(np.diff(keys, prepend=keys[:1] + np.uint64(1)))
    totals = np.add.reduceat(lengths, heads) if len(heads) else lengths
    items = tuple(np.concatenate(kind).take(take) for kind in zip(*(part.items for part in parts), strict=True))
    return Lists(keys[heads], totals, items)
