"""Sorted tables of distinct strings: a string's number is its place in the order of its UTF-8 bytes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter

_HEAD_BYTES = 8


def to_bytes(text: str) -> bytes:
    """Write a string as the tables order it; half surrogates pass, for pages hold them."""
    return text.encode("utf-8", "surrogatepass")


def to_text(data: bytes) -> str:
    """Read back what ``to_bytes`` wrote."""
    return data.decode("utf-8", "surrogatepass")


def write_terms(writer: ArrayFileWriter, name: str, strings: Sequence[bytes]) -> None:
    """Write a table from strings that are distinct and in order."""
    lengths = np.fromiter(map(len, strings), dtype=np.int64, count=len(strings))
    ends = np.zeros(len(strings) + 1, dtype=np.uint64)
    np.cumsum(lengths, out=ends[1:])
    heads = b"".join(string[:_HEAD_BYTES].ljust(_HEAD_BYTES, b"\0") for string in strings)
    writer.add(f"{name}.heads", np.frombuffer(heads, dtype=">u8"))
    writer.add(f"{name}.ends", ends)
    writer.add(f"{name}.bytes", np.frombuffer(b"".join(strings), dtype=np.uint8))


class TermDictionary:
    """One table, mapped; opening it reads nothing."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        # The first eight bytes as one number, two or three characters: a search over them finds most words at once
        # (1 µs from a memoryview, 4 from an array; 20 by comparing bytes in Python).
        self._heads: memoryview = file[f"{name}.heads"].data
        self._ends: memoryview = file[f"{name}.ends"].data
        self._bytes = file[f"{name}.bytes"].data

    def __len__(self) -> int:
        return len(self._heads)

    def raw(self, number: int) -> bytes:
        """Return the bytes of one string."""
        return bytes(self._bytes[self._ends[number] : self._ends[number + 1]])

    def __getitem__(self, number: int) -> str:
        return to_text(self.raw(number))

    def all_raw(self) -> list[bytes]:
        """Return the bytes of every string, in order."""
        ends = self._ends.tolist()
        data = bytes(self._bytes)
        return [data[start:end] for start, end in pairwise(ends)]

    def __iter__(self) -> Iterator[str]:
        return map(to_text, self.all_raw())

    def place(self, wanted: bytes) -> int:
        """Count the strings that come before ``wanted``."""
        head = int.from_bytes(wanted[:_HEAD_BYTES].ljust(_HEAD_BYTES, b"\0"), "big")
        low = bisect_left(self._heads, head)
        high = bisect_right(self._heads, head, low)
        return low + bisect_left(range(low, high), wanted, key=self.raw)

    def find(self, text: str) -> int:
        """Return the number of a string, -1 if the table does not hold it."""
        wanted = to_bytes(text)
        place = self.place(wanted)
        return place if place < len(self) and self.raw(place) == wanted else -1


def merge_terms(tables: Sequence[TermDictionary]) -> tuple[list[bytes], list[Array]]:
    """Unite tables; also give, for each of them, its strings' numbers in the union (ever growing)."""
    seen: set[bytes] = set()
    for table in tables:
        seen.update(table.all_raw())
    union = sorted(seen)
    numbers = {string: number for number, string in enumerate(union)}
    # Read again, for the strings of all tables at once would take many times the room of the union.
    return union, [
        np.fromiter(map(numbers.__getitem__, table.all_raw()), dtype=np.int64, count=len(table)) for table in tables
    ]
