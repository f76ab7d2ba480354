"""Sorted tables of distinct strings: a string's number is its place in the order of its UTF-8 bytes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter
    from indexer.embedded.store.parts import Parts

    Stretch = tuple["TermDictionary", int, int]  # some strings of a table: the first, and what follows the last

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


def join_terms(writer: ArrayFileWriter, name: str, parts: Parts) -> None:
    """Write one table of several, all of whose strings come in order."""
    writer.start(f"{name}.heads", np.dtype(np.uint64))
    for heads in parts[f"{name}.heads"]:
        writer.append(heads)
    sizes = np.concatenate([ends[1:] - ends[:-1] for ends in parts[f"{name}.ends"]])
    writer.add(f"{name}.ends", np.concatenate(([0], sizes.cumsum())).astype(np.uint64))
    writer.start(f"{name}.bytes", np.dtype(np.uint8))
    for data in parts[f"{name}.bytes"]:
        writer.append(data)


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
        return self.raw_between(0, len(self))

    def raw_between(self, low: int, high: int) -> list[bytes]:
        """Return the bytes of some strings, in order."""
        ends = self._ends[low : high + 1].tolist()
        data = bytes(self._bytes[ends[0] : ends[-1]])
        ends = [end - ends[0] for end in ends] if low else ends
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
    return merge_stretches([(table, 0, len(table)) for table in tables])


def merge_stretches(stretches: Sequence[Stretch]) -> tuple[list[bytes], list[Array]]:
    """Unite stretches of tables as if they were tables."""
    seen: set[bytes] = set()
    for table, low, high in stretches:
        seen.update(table.raw_between(low, high))
    union = sorted(seen)
    numbers = {string: number for number, string in enumerate(union)}
    # Read again, for the strings of all tables at once would take many times the room of the union.
    return union, [
        np.fromiter(map(numbers.__getitem__, table.raw_between(low, high)), dtype=np.int64, count=high - low)
        for table, low, high in stretches
    ]
