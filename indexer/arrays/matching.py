"""Finding is grep: which documents of a segment hold a string of units in a row."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.analyzer import BREAK, units
from indexer.arrays.common import count_documents
from indexer.arrays.encode import BREAK as BREAK_NUMBER
from indexer.arrays.encode import FIRST_UNIT
from indexer.arrays.strings import Strings
from indexer.arrays.units import FIELDS, documents_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.arrays.files import Array, ArrayFile

Row = tuple[str, ...]  # the units of a string, BREAK where a row breaks
Postings = tuple[Any, Any]  # arrays: document numbers, ascending, and frequencies

_NOTHING = np.zeros(0, dtype=np.uint32)


@lru_cache(maxsize=4096)  # finding, ranking and the next user ask for the same strings
def row_of(text: str) -> Row:
    """Read a string as units, the same for every segment."""
    return tuple(units(text))


class Units:
    """Matching data of one segment."""

    def __init__(self, units: ArrayFile, common: ArrayFile) -> None:
        self._characters: Array = units["characters"]
        self._runs = Strings(units, "runs")
        self._holders: Array = units["holders"]
        self.fields = {field: FieldUnits(units, common, field) for field in FIELDS}

    def numbers(self, row: Row) -> list[int] | None:
        """Give a row in this segment's unit numbers; None if it holds a unit that never occurs here."""
        numbers = [self._number(unit) for unit in row]
        return None if -1 in numbers else numbers

    def count_holders(self, unit: str) -> int:
        """Count the documents that hold a unit, deleted ones too."""
        number = self._number(unit)
        return int(self._holders[number]) if number >= 0 else 0

    def count_pair(self, pair: Row, field: str) -> Postings:
        """Give the documents whose field holds a pair of units, ascending, and how often."""
        numbers = self.numbers(pair)
        return self.fields[field].count_pair(*numbers) if numbers else (_NOTHING, _NOTHING)

    def _number(self, unit: str) -> int:
        number = self._fixed.get(unit, -1)
        if number >= 0:
            return number
        place = self._runs.find(unit)
        return place if place < 0 else FIRST_UNIT + len(self._characters) + place

    @cached_property
    def _fixed(self) -> dict[str, int]:
        """Breaks and characters; a dictionary, for a search in an array takes thirty times as long."""
        characters = enumerate(self._characters.tolist(), FIRST_UNIT)
        return {BREAK: BREAK_NUMBER} | {chr(code): number for number, code in characters}


class FieldUnits:
    """Matching data of one field of one segment; rows are unit numbers that begin and end with a unit."""

    def __init__(self, units: ArrayFile, common: ArrayFile, field: str) -> None:
        self.starts: Array = units[f"{field}.starts"]
        self._sequence: Array = units[f"{field}.sequence"]
        self._blocks: Array = units[f"{field}.blocks"]
        self._first: Array = units[f"{field}.first"]
        self._second: Array = units[f"{field}.second"]
        self._offsets: Array = units[f"{field}.offsets"]
        self._positions: Array = units[f"{field}.positions"]
        self._common_units: Array = common[f"{field}.common.units"]
        self._common_bits: Array = common[f"{field}.common.bits"]
        self._common_pairs: Array = common[f"{field}.common.pairs"]
        self._common_offsets: Array = common[f"{field}.common.offsets"]
        self._common_docs: Array = common[f"{field}.common.docs"]
        self._common_counts: Array = common[f"{field}.common.counts"]

    def mark(self, row: Sequence[int], found: Array) -> None:
        """Set ``found`` for each document that holds the row; for pairs, ``count_pair`` says more."""
        if len(row) == 1:
            self._mark_unit(row[0], found)
        else:
            found[self._documents(self.places(row))] = True

    def places(self, row: Sequence[int]) -> Array:
        """Give every position at which the row of two units or more begins."""
        spans = [self._span(first, second) for first, second in pairwise(row)]
        counted = [(high - low, at) for at, (low, high) in enumerate(spans) if row[at] >= FIRST_UNIT]
        count, rarest = min(counted)
        if not count:
            return self._positions[:0]
        low, high = spans[rarest]
        begins = self._positions[low:high].astype(np.int64) - rarest
        begins = begins[begins >= 0]
        for at in sorted(set(range(len(row))) - {rarest, rarest + 1}, key=lambda at: abs(at - rarest)):
            # No text's end lies between: END is in no row, so it would not match.
            begins = begins[self._unit_at(begins + at) == row[at]]
        return begins

    def count_pair(self, first: int, second: int) -> Postings:
        """Give the documents that hold a pair, ascending, and how often."""
        pair = self._pair(first, second)
        if pair < 0:
            return self._positions[:0], self._positions[:0]
        place = int(self._common_pairs.searchsorted(np.uint32(pair)))
        if place < len(self._common_pairs) and self._common_pairs[place] == pair:
            low, high = int(self._common_offsets[place]), int(self._common_offsets[place + 1])
            return self._common_docs[low:high], self._common_counts[low:high]
        low, high = int(self._offsets[pair]), int(self._offsets[pair + 1])
        return count_documents(self._documents(self._positions[low:high]))

    def length(self, documents: Array) -> Array:
        """Count the units and breaks of documents' texts."""
        lengths: Array = self.starts[documents + 1].astype(np.int64) - self.starts[documents] - 1
        return lengths

    def _mark_unit(self, unit: int, found: Array) -> None:
        place = int(self._common_units.searchsorted(np.uint32(unit)))
        if place < len(self._common_units) and self._common_units[place] == unit:
            size = (len(found) + 7) // 8
            found |= np.unpackbits(self._common_bits[place * size : (place + 1) * size], count=len(found)).view(bool)
            return
        low, high = (int(self._offsets[self._first[at]]) for at in (unit, unit + 1))
        found[self._documents(self._positions[low:high])] = True

    def _pair(self, first: int, second: int) -> int:
        low, high = int(self._first[first]), int(self._first[first + 1])
        pair = low + int(self._second[low:high].searchsorted(np.uint32(second)))
        return pair if pair < high and self._second[pair] == second else -1

    def _span(self, first: int, second: int) -> tuple[int, int]:
        pair = self._pair(first, second)
        return (0, 0) if pair < 0 else (int(self._offsets[pair]), int(self._offsets[pair + 1]))

    def _unit_at(self, places: Array) -> Array:
        return self._sequence.take(places, mode="clip")

    def _documents(self, places: Array) -> Array:
        return documents_at(places, self.starts, self._blocks)
