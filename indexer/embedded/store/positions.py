"""Where bigrams stand, written as steps from one position to the next: a third of the bytes of the numbers themselves.

Arrays, per field:
  positions  the steps of all lists, list after list, as bytes; the first of a list starts at 0
  offsets    per bigram: where its list begins
  long       the bigrams whose steps are numbers of two bytes, ascending
A long list has more than one position in 2¹⁶ units. Its steps are one running sum away from positions: 2 ns each,
which is less than converting numbers takes. ``FAR`` is part of the step that follows it. In the other lists seven bits
of a step lie in a byte, the lowest first, and the eighth marks its last byte: 10 ns each, 250 of them in 16 million
units at most. Bytes for all would save a twentieth more, numbers for all would take twice the room.

A segment that is about to be merged into another has the positions themselves, as numbers of four bytes.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from indexer.embedded.store.array_file import ranges, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter
    from indexer.embedded.store.parts import Parts

LONG_SHIFT: Final = 16
FAR: Final = 0xFFFF
_LAST: Final = 0x80  # marks the last byte of a step
_NO_POSITIONS: Final = np.zeros(0, dtype=np.uint32)


class Packs(Protocol):
    """What packs sooner than numpy: the kernel."""

    def pack_steps(self, positions: Array, lengths: Array, is_long: Array, sizes: Array, /) -> bytes:
        """Return the bytes of some lists, and write how many each has."""


class PositionsWriter:
    """Writes the positions of one field, some lists at a time."""

    def __init__(
        self, writer: ArrayFileWriter, field: str, units: int, *, plain: bool = False, native: Packs | None = None
    ) -> None:
        """Begin the array; ``units`` is how long the row is in which they stand. ``native`` packs, else numpy does."""
        self._native = native
        self._writer = writer
        self._field = field
        self._most_short = units >> LONG_SHIFT
        self._plain = plain
        self._sizes: list[Array] = []
        self._is_long: list[Array] = []
        writer.start(f"{field}.positions", np.dtype(np.uint32 if plain else np.uint8))

    def append(self, positions: Array, lengths: Array) -> None:
        """Write the next lists; each has a position at least, and its positions ascend."""
        if self._plain or not len(lengths):
            self._writer.append(positions)
            self._sizes.append(lengths)
            self._is_long.append(np.zeros(len(lengths), dtype=bool))
            return
        is_long = lengths > self._most_short
        given = positions.astype(np.uint32, copy=False), lengths.astype(np.int64, copy=False), is_long
        packed, sizes = _packed_by(self._native, *given) if self._native else _pack(*given)
        self._writer.append(packed)
        self._sizes.append(sizes)
        self._is_long.append(is_long)

    def close(self) -> None:
        """Write where the lists begin, and which are long."""
        ends = np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *self._sizes]))
        wide = np.uint64 if ends[-1] >= 1 << 32 else np.uint32
        self._writer.add(f"{self._field}.offsets", ends.astype(wide))
        is_long = np.concatenate([np.zeros(0, dtype=bool), *self._is_long])
        self._writer.add(f"{self._field}.long", is_long.nonzero()[0].astype(np.uint32))


def join_positions(writer: ArrayFileWriter, field: str, parts: Parts) -> None:
    """Write the lists of several parts, each written for the same row of units, one behind the other."""
    kind = next(iter(parts[f"{field}.positions"])).dtype
    writer.start(f"{field}.positions", kind)
    for packed in parts[f"{field}.positions"]:
        writer.append(packed)
    sizes = [steps(offsets) for offsets in parts[f"{field}.offsets"]]
    ends = np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *sizes]))
    writer.add(f"{field}.offsets", ends.astype(np.uint64 if ends[-1] >= 1 << 32 else np.uint32))
    before = np.cumsum([0, *map(len, sizes)]).tolist()
    long = [of_part + base for of_part, base in zip(parts[f"{field}.long"], before, strict=False)]
    writer.add(f"{field}.long", np.concatenate(long).astype(np.uint32))


def _packed_by(native: Packs, positions: Array, lengths: Array, is_long: Array) -> tuple[Array, Array]:
    sizes = np.empty(len(lengths), dtype=np.int64)
    return np.frombuffer(native.pack_steps(positions, lengths, is_long, sizes), dtype=np.uint8), sizes


def _pack(positions: Array, lengths: Array, is_long: Array) -> tuple[Array, Array]:
    """Return the bytes of some lists, and how many each has."""
    heads = lengths.cumsum() - lengths
    gaps = positions.copy()
    gaps[1:] -= positions[:-1]
    gaps[heads] = positions[heads]
    in_long = np.repeat(is_long, lengths)
    in_short = ~in_long
    sizes = np.empty(len(gaps), dtype=np.int64)
    sizes[in_long] = 2 * (gaps[in_long] // FAR + 1)
    short = gaps[in_short]
    sizes[in_short] = 1 + sum((short >= 1 << bits).view(np.uint8) for bits in (7, 14, 21, 28))
    ends = sizes.cumsum()
    packed = np.full(int(ends[-1]), 0xFF, dtype=np.uint8)  # two such bytes are FAR
    at, rest = ends[in_long] - 2, gaps[in_long] % FAR
    packed[at] = rest & 0xFF
    packed[at + 1] = rest >> 8
    at, rest = (ends - sizes)[in_short], short
    while len(at):
        goes_on = rest >= _LAST
        packed[at] = np.where(goes_on, rest & 0x7F, rest | _LAST)
        at, rest = at[goes_on] + 1, rest[goes_on] >> 7
    return packed, np.add.reduceat(sizes, heads)


class Positions:
    """The positions of one field, unpacked list by list."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        self._data: Array = file[f"{field}.positions"]
        self.offsets: Array = file[f"{field}.offsets"]
        self._begins: memoryview = self.offsets.data
        self._long: memoryview = file[f"{field}.long"].data
        self._plain = self._data.itemsize > 1

    def size(self, bigram: int) -> int:
        """Return how much there is of a bigram, in bytes: no fewer than it has positions, and twice as many or so."""
        size: int = self._begins[bigram + 1] - self._begins[bigram]
        return size

    def of(self, bigram: int) -> Array:
        """Return every position of a bigram, ascending."""
        data = self._data[self._begins[bigram] : self._begins[bigram + 1]]
        if self._plain:
            return data
        at = bisect_left(self._long, bigram)
        return _of_long(data) if at < len(self._long) and self._long[at] == bigram else _sums(data)

    def between(self, low: int, high: int) -> tuple[Array, Array]:
        """Return the positions of some bigrams, one list behind the other, and how long the lists are."""
        if self._plain:
            bounds = self.offsets[low : high + 1]
            return self._data[int(bounds[0]) : int(bounds[-1])], steps(bounds)
        positions, lengths = [_NO_POSITIONS], [np.zeros(0, dtype=np.int64)]
        for first, last, is_long in self._stretches(low, high):
            bounds = self.offsets[first : last + 1].astype(np.int64)
            data = self._data[bounds[0] : bounds[-1]]
            if is_long:
                found = _of_long(data)
                counts = np.array([len(found)])
            else:
                found, counts = _of_many(data, bounds - bounds[0])
            positions.append(found)
            lengths.append(counts)
        return np.concatenate(positions), np.concatenate(lengths)

    def _stretches(self, low: int, high: int) -> Iterator[tuple[int, int, bool]]:
        """Cut some bigrams into long ones, one by one, and those between."""
        for one in self._long[bisect_left(self._long, low) : bisect_left(self._long, high)]:
            if low < one:
                yield low, one, False
            yield one, one + 1, True
            low = one + 1
        if low < high:
            yield low, high, False

    def lengths(self) -> Array:
        """Count the positions of every bigram."""
        found = [self.between(low, high)[1] for low, high in ranges(steps(self.offsets))]
        return np.concatenate([np.zeros(0, dtype=np.int64), *found])


def _of_long(data: Array) -> Array:
    gaps = data.view("<u2")
    sums: Array = gaps.cumsum(dtype=np.uint32)
    is_far = gaps == FAR
    return sums[~is_far] if is_far.any() else sums


def _sums(data: Array) -> Array:
    """Add up all steps from the first on, and return where each ends."""
    goes_on = data < _LAST
    parts = (data & 0x7F).astype(np.uint32)
    at = goes_on.nonzero()[0] + 1
    while len(at):
        parts[at] <<= 7  # a byte that follows two others comes by here twice
        at = at[goes_on[at]] + 1
    sums: Array = parts.cumsum(dtype=np.uint32)[~goes_on]
    return sums


def _of_many(data: Array, bounds: Array) -> tuple[Array, Array]:
    """Unpack lists that lie side by side; return their positions, and how many each has."""
    ends = np.concatenate(([0], (data >= _LAST).nonzero()[0] + 1))
    firsts = ends.searchsorted(bounds)
    lengths = firsts[1:] - firsts[:-1]
    sums = _sums(data)
    before = np.concatenate((sums[:1] * 0, sums))[firsts[:-1]]
    return sums - np.repeat(before, lengths), lengths  # sums run over 2³² and back again
