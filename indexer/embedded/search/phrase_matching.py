"""Phrase matching: the documents of a segment that hold a string of units in a row, as grep finds it.

The rarest bigram of the string gives the places to look at; the sequence of units says which of them match.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property, lru_cache, partial, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.embedded.store.bigram_index import TEXT_FIELDS, count_documents, documents_at
from indexer.embedded.store.positions import Positions
from indexer.embedded.store.postings import PostingLists
from indexer.embedded.store.term_dictionary import TermDictionary
from indexer.embedded.store.unit_codes import BREAK as BREAK_NUMBER
from indexer.embedded.store.unit_codes import FIRST_UNIT
from indexer.text.units import BREAK, units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.embedded.store.array_file import Array, ArrayFile

Row = tuple[str, ...]  # the units of a string, BREAK where a row breaks
Postings = tuple[Any, Any]  # arrays: document numbers, ascending, and frequencies

ASKED_AGAIN = (
    1024  # kept of each look-up: for one query, finding, counting and ranking ask for a bigram up to six times
)
KEPT_POSITIONS = 1 << 19  # unpacked, of each field, twice: 8 MB in all
KEPT_EACH = 32  # positions, for which a list of them takes as much besides
_NOTHING = np.zeros(0, dtype=np.uint32)


@lru_cache(maxsize=4096)  # finding, ranking and the next user ask for the same strings
def row_of(text: str) -> Row:
    """Read a string as units, the same for every segment."""
    return tuple(units(text))


class _Alphabet:
    """The numbers of a segment's units."""

    def __init__(self, units: ArrayFile) -> None:
        self._characters: Array = units["characters"]
        self._runs = TermDictionary(units, "runs")

    @cached_property
    def _fixed(self) -> dict[str, int]:
        """Breaks and characters; a dictionary, for a search in an array takes thirty times as long."""
        characters = enumerate(self._characters.tolist(), FIRST_UNIT)
        return {BREAK: BREAK_NUMBER} | {chr(code): number for number, code in characters}

    def number(self, unit: str) -> int:
        number = self._fixed.get(unit, -1)
        if number >= 0:
            return number
        place = self._runs.find(unit)
        return place if place < 0 else FIRST_UNIT + len(self._characters) + place

    def numbers(self, row: Row) -> tuple[int, ...] | None:
        numbers = tuple(map(self.number, row))
        return None if -1 in numbers else numbers


class BigramIndex:
    """Matching data of one segment."""

    def __init__(self, units: ArrayFile, common: ArrayFile) -> None:
        self._document_frequency: memoryview = units["document_frequency"].data
        self.fields = {field: FieldBigrams(units, common, field) for field in TEXT_FIELDS}
        # Gives a row in this segment's unit numbers; None if it holds a unit that never occurs here.
        alphabet = _Alphabet(units)
        self.number: Callable[[str], int] = alphabet.number  # of a unit, -1 if it never occurs here
        self.numbers: Callable[[Row], tuple[int, ...] | None] = lru_cache(maxsize=ASKED_AGAIN)(alphabet.numbers)

    def document_frequency(self, unit: str) -> int:
        """Count the documents that hold a unit, deleted ones too."""
        numbers = self.numbers((unit,))
        return self._document_frequency[numbers[0]] if numbers else 0

    def bigram_document_frequency(self, bigram: Row) -> int:
        """Count the documents that hold a bigram, deleted ones too."""
        numbers = self.numbers(bigram)
        if not numbers:
            return 0
        return self.fields["body"].document_frequency(*numbers) or self.fields["title"].document_frequency(*numbers)

    def fewest(self, row: Row, fields: Sequence[str]) -> int:
        """Return how many documents hold a row of units at most: as many as its rarest bigram has bytes."""
        numbers = self.numbers(row)
        if numbers is None:
            return 0
        if len(numbers) == 1:
            return self._document_frequency[numbers[0]]
        return sum(self.fields[field].rarest(numbers)[0] for field in fields)

    def mark_unit(self, unit: Row, fields: Sequence[str], found: Array) -> None:
        """Set ``found`` for each document that holds a row of one unit in one of some fields."""
        for number in self.numbers(unit) or ():
            packed = [bits for field in fields if (bits := self.fields[field].bits_of(number)) is not None]
            if packed:  # of all fields at once: unpacking takes most of the time
                bits = reduce(np.bitwise_or, packed)
                found |= np.unpackbits(bits, count=len(found)).view(bool)
            if len(packed) < len(fields):
                for field in fields:
                    self.fields[field].mark_rare_unit(number, found)

    def bigram_postings(self, bigram: Row, field: str) -> Postings:
        """Return the documents whose field holds a bigram, ascending, and how often."""
        numbers = self.numbers(bigram)
        return self.fields[field].bigram_postings(*numbers) if numbers else (_NOTHING, _NOTHING)


class FieldBigrams:
    """Matching data of one field of one segment; rows are unit numbers that begin and end with a unit."""

    def __init__(self, units: ArrayFile, common: ArrayFile, field: str) -> None:
        self.starts: Array = units[f"{field}.starts"]
        self._sequence: Array = units[f"{field}.sequence"]
        self._blocks: Array = units[f"{field}.blocks"]
        # One number at a time is read; from a memoryview that takes half the time of an array.
        self._first: memoryview = units[f"{field}.first"].data
        second: memoryview = units[f"{field}.second"].data
        self._bigram: Callable[[int, int], int] = lru_cache(maxsize=ASKED_AGAIN)(partial(_bigram, self._first, second))
        self._document_frequency: memoryview = common[f"{field}.document_frequency"].data
        self._packed = Positions(units, field)
        self._unpacked = _Unpacked(self._packed.of)
        self._dense_units: memoryview = common[f"{field}.units.dense"].data
        self._unit_bits: Array = common[f"{field}.units.bits"]
        self._unit_offsets: memoryview = common[f"{field}.units.offsets"].data
        self._unit_docs: Array = common[f"{field}.units.docs"]
        self._common_bigrams: memoryview = common[f"{field}.common.bigrams"].data
        self._common = PostingLists(common, f"{field}.common")

    def mark(self, row: Sequence[int], found: Array) -> None:
        """Set ``found`` for each document that holds a row of two units or more; ``bigram_postings`` says more."""
        found[self._documents(self.places(row))] = True

    def places(self, row: Sequence[int]) -> Array:
        """Return every position at which the row of two units or more begins."""
        size, rarest = self.rarest(row)
        if not size:
            return _NOTHING
        begins = self.positions(row[rarest], row[rarest + 1]).astype(np.int64) - rarest
        begins = begins[begins >= 0]
        for at in sorted(set(range(len(row))) - {rarest, rarest + 1}, key=lambda at: abs(at - rarest)):
            if not len(begins):
                break
            # No text's end lies between: END is in no row, so it would not match.
            begins = begins[self._unit_at(begins + at) == row[at]]
        return begins

    def rarest(self, row: Sequence[int]) -> tuple[int, int]:
        """Return how many bytes the positions of the rarest bigram of a row take, and where in the row it stands."""
        if len(row) == 2:
            return self._size(*row), 0
        return min((size, at) for at, size in enumerate(map(self._size, row, row[1:])) if row[at] >= FIRST_UNIT)

    def positions(self, first: int, second: int) -> Array:
        """Return every position at which a bigram begins."""
        bigram = self._bigram(first, second)
        return _NOTHING if bigram < 0 else self._unpacked[bigram]

    def hold_row(self, row: Sequence[int], edges: Array) -> Array:
        """Return for some documents whether each holds the row; ``edges`` are where they begin, then where they end."""
        size, rarest = self.rarest(row)
        if not size:
            return np.zeros(len(edges) // 2, dtype=bool)
        positions = self.positions(row[rarest], row[rarest + 1])
        low, high = positions.searchsorted(edges).reshape(2, -1)
        if len(row) == 2:
            return high > low
        counts = high - low
        held = np.zeros(len(counts), dtype=bool)
        # The places of all documents in a row: each document's run of them, moved to where the list has it.
        moved = np.repeat(low - counts.cumsum() + counts, counts)
        begins = positions.take(moved + np.arange(len(moved))).astype(np.int64) - rarest
        fits = begins >= 0
        for at, unit in enumerate(row):
            if at not in (rarest, rarest + 1):
                fits &= self._unit_at(begins + at) == unit
        held[np.repeat(np.arange(len(held)), counts)[fits]] = True
        return held

    def hold_unit(self, unit: int, documents: Array) -> Array:
        """Return for some documents whether each holds the unit."""
        bits = self.bits_of(unit)
        held: Array
        if bits is not None:
            held = (bits.take(documents >> 3) << (documents & 7).astype(np.uint8)) >= 0x80
        elif len(listed := self._documents_of(unit)):
            wanted = documents.astype(listed.dtype)  # of one type, or the longer list would be converted
            held = listed.take(listed.searchsorted(wanted), mode="clip") == wanted
        else:
            held = np.zeros(len(documents), dtype=bool)
        return held

    def document_frequency(self, first: int, second: int) -> int:
        """Count the documents that hold a bigram, in whatever field, if this field holds it."""
        bigram = self._bigram(first, second)
        return 0 if bigram < 0 else self._document_frequency[bigram]

    def bigram_postings(self, first: int, second: int) -> Postings:
        """Return the documents that hold a bigram, ascending, and how often."""
        bigram = self._bigram(first, second)
        if bigram < 0:
            return _NOTHING, _NOTHING
        return self._ready_made(bigram) or count_documents(self._documents(self._unpacked[bigram]))

    def ready_made(self, first: int, second: int) -> Postings | None:
        """Return what ``bigram_postings`` does if it need not be worked out."""
        bigram = self._bigram(first, second)
        return None if bigram < 0 else self._ready_made(bigram)

    def _ready_made(self, bigram: int) -> Postings | None:
        place = _place(self._common_bigrams, bigram)
        return None if place < 0 else self._common.of(place)

    def documents_at(self, places: Array) -> Array:
        """Return in which document each place lies."""
        return self._documents(places)

    def edges(self, documents: Array) -> tuple[Array, Array]:
        """Return where documents' texts begin, and where they end."""
        low: Array = self.starts.take(documents).astype(np.int64)
        high: Array = self.starts.take(documents.astype(np.int64) + 1).astype(np.int64) - 1  # where END stands
        return low, high

    def length(self, documents: Array) -> Array:
        """Count the units and breaks of documents' texts."""
        lengths: Array = self.starts[documents + 1].astype(np.int64) - self.starts[documents] - 1
        return lengths

    def bits_of(self, unit: int) -> Array | None:
        """Return a bit for each document that says whether it holds a common unit; None if the unit is not common."""
        place = _place(self._dense_units, unit)
        size = (len(self.starts) + 6) // 8
        return None if place < 0 else self._unit_bits[place * size : (place + 1) * size]

    def mark_rare_unit(self, unit: int, found: Array) -> None:
        """Set ``found`` for each document that holds a unit; one with bits is left to these."""
        if _place(self._dense_units, unit) < 0:
            found[self._documents_of(unit)] = True

    def _documents_of(self, unit: int) -> Array:
        """Return the documents that hold a unit that has no bitmap."""
        return self._unit_docs[self._unit_offsets[unit] : self._unit_offsets[unit + 1]]

    def _size(self, first: int, second: int) -> int:
        bigram = self._bigram(first, second)
        return 0 if bigram < 0 else self._packed.size(bigram)

    def _unit_at(self, places: Array) -> Array:
        return self._sequence.take(places, mode="clip")

    def _documents(self, places: Array) -> Array:
        return documents_at(places, self.starts, self._blocks)


class _Unpacked:
    """Positions by bigram, unpacked when they are asked for; of those asked for last, ``KEPT_POSITIONS`` stay twice."""

    def __init__(self, unpack: Callable[[int], Array]) -> None:
        self._unpack = unpack
        self._room = KEPT_POSITIONS
        self._new: dict[int, Array] = {}
        self._old: dict[int, Array] = {}

    def __getitem__(self, bigram: int) -> Array:
        found = self._new.get(bigram)
        if found is None:
            found = self._old.get(bigram)
            if found is None:
                found = self._unpack(bigram)
            if self._room < 0:  # threads that come by here together lose nothing but what is kept
                self._old, self._new, self._room = self._new, {}, KEPT_POSITIONS
            self._new[bigram] = found
            self._room -= len(found) + KEPT_EACH
        return found


def _bigram(firsts: memoryview, seconds: memoryview, first: int, second: int) -> int:
    """Return the number of a bigram, -1 if it stands nowhere."""
    low, high = firsts[first], firsts[first + 1]
    bigram = bisect_left(seconds, second, low, high)
    return bigram if bigram < high and seconds[bigram] == second else -1


def _place(numbers: memoryview, wanted: int) -> int:
    """Return where a number stands in an ascending list, -1 if it is not there; half the time of an array's search."""
    place = bisect_left(numbers, wanted)
    return place if place < len(numbers) and numbers[place] == wanted else -1
