"""Array files: many flat arrays in one file, mapped into memory when read.

The arrays come first, each on a 64-byte boundary, then a JSON footer naming them, then a trailer with
the footer's length and checksum, so that a file can be streamed out and a torn one is recognised. No
pickle is read here, and nothing is copied: an array is a view of the map, which goes away with its
last view.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import numpy as np

from indexer.errors import OperatorError
from indexer.light_dataclass import dataclass
from indexer.messages import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    Array = NDArray[Any]

Seal = tuple[int, int]  # a file's length, and the checksum of its footer, which holds those of its arrays

FORMAT_VERSION = 7  # of everything in an index folder; another one asks for a rebuild
CHUNK_ITEMS = 1 << 19  # list items put together at once: about 50 MB while they are
ALIGNMENT_BYTES = 64  # a cache line: no value straddles two
CHECK_BYTES = 1 << 22  # read at once when a whole file is verified
_TRAILER = struct.Struct("<II8s")  # footer's length, footer's CRC-32, magic
_MAGIC = b"PSarrays"


def steps(bounds: Array) -> Array:
    """Return how far it is from each number to the next: from where lists begin, how long they are."""
    wide = bounds.astype(np.int64)
    return wide[1:] - wide[:-1]


def heads_of(numbers: Array) -> Array:
    """Return where sorted numbers begin that are equal to each other."""
    is_head = np.ones(len(numbers), dtype=bool)
    np.not_equal(numbers[1:], numbers[:-1], out=is_head[1:])
    return is_head.nonzero()[0]


def distinct(numbers: Array) -> Array:
    """Sort numbers where they are and drop repetitions; ``np.unique`` hashes them first, three times as slow."""
    numbers.sort()
    return numbers[heads_of(numbers)]


def ranges(totals: Array) -> Iterator[tuple[int, int]]:
    """Cut numbers 0 … n into ranges of about ``CHUNK_ITEMS`` items; a single number may have more."""
    ends = np.cumsum(totals)
    low = 0
    while low < len(totals):
        done = int(ends[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(ends, done + CHUNK_ITEMS, side="right")))
        yield low, high
        low = high


class Damaged(OperatorError):
    """A file of the index is not what was written."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            said("The index is damaged: %(what)s. Run: %(command)s", what=what, command="policy-search rebuild")
        )


@dataclass(frozen=True, slots=True)
class Begun:
    """A file whose first arrays are written."""

    path: Path
    arrays: dict[str, list[Any]]
    size: int  # in bytes

    def items(self, name: str) -> int:
        """Count the items of an array."""
        return int(self.arrays[name][1])


class ArrayFileWriter(AbstractContextManager["ArrayFileWriter"]):
    """Writes one array file from beginning to end; what is published is flushed to disk then."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO = path.open("xb")
        self._arrays: dict[str, list[Any]] = {}  # name → [dtype, items, offset, crc]
        self._offset = 0
        self._open = ""

    def add(self, name: str, array: Array) -> None:
        """Write a whole array."""
        self.start(name, array.dtype)
        self.append(array)

    def start(self, name: str, dtype: np.dtype[Any]) -> None:
        """Begin an array that ``append`` fills; the one before it is complete."""
        padding = -self._offset % ALIGNMENT_BYTES
        self._file.write(b"\0" * padding)
        self._offset += padding
        self._arrays[name] = [dtype.newbyteorder("<").str, 0, self._offset, 0]
        self._open = name

    def append(self, array: Array) -> None:
        """Write the next items of the array begun last."""
        entry = self._arrays[self._open]
        content = np.ascontiguousarray(array, dtype=entry[0])
        data = content.view(np.uint8).data if content.size else b""
        self._file.write(data)
        entry[1] += content.size
        entry[3] = zlib.crc32(data, entry[3])
        self._offset += content.nbytes

    def leave(self) -> Begun:
        """Close the file unfinished; another process may go on with it."""
        self._file.close()
        return Begun(self.path, self._arrays, self._offset)

    @classmethod
    def go_on(cls, begun: Begun) -> Self:
        """Go on where a file was left, whatever was written behind that since."""
        writer = cls.__new__(cls)
        writer.path, writer._open = begun.path, ""
        writer._arrays, writer._offset = dict(begun.arrays), begun.size
        writer._file = begun.path.open("r+b")
        writer._file.truncate(begun.size)
        writer._file.seek(begun.size)
        return writer

    def close(self) -> None:
        """Write the footer."""
        with self._file:  # closed even if there is no room for the rest
            footer = json.dumps({"format": FORMAT_VERSION, "arrays": self._arrays}).encode()
            self._file.write(footer + _TRAILER.pack(len(footer), zlib.crc32(footer), _MAGIC))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._file.close()
        elif not self._file.closed:
            self.close()


def seal_of(path: Path) -> Seal:
    """Read off a file's end how long it is and the checksum over the checksums of its arrays."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(max(0, size - _TRAILER.size))
        end = file.read()
    return size, _TRAILER.unpack(end)[1] if len(end) == _TRAILER.size else 0


class ArrayFile:
    """One array file, open for reading for as long as any of its arrays is in use."""

    def __init__(self, path: Path) -> None:
        """Map the file; raises ``Damaged`` when its end is not the one that was written."""
        self.path = path
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _TRAILER.size:
                raise Damaged(f"{path.name} is cut short")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        length, checksum, magic = _TRAILER.unpack_from(self._map, size - _TRAILER.size)
        footer = self._map[max(0, size - _TRAILER.size - length) : size - _TRAILER.size]
        if magic != _MAGIC or zlib.crc32(footer) != checksum:
            raise Damaged(f"{path.name} does not end as it was written")
        self._arrays: dict[str, list[Any]] = json.loads(footer)["arrays"]

    @classmethod
    def checked(cls, path: Path, seal: Seal) -> Self:
        """Open a file that must be the one that was sealed."""
        if not path.is_file():
            raise Damaged(f"{path.name} is not there")
        if seal_of(path) != seal:
            raise Damaged(f"{path.name} is not the file that was written")
        return cls(path)

    def __getitem__(self, name: str) -> Array:
        dtype, items, offset, _ = self._arrays[name]
        return np.frombuffer(self._map, dtype=dtype, count=items, offset=offset)

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def problems(self) -> Iterator[str]:
        """Read everything and name each array whose content is not what was written."""
        return (problem for name in self._arrays if (problem := self.problem_of(name)))

    def problem_of(self, name: str) -> str:
        """Read one array; say that its content is not what was written, "" if it is."""
        data = self[name].view(np.uint8).data
        found = 0
        for start in range(0, len(data), CHECK_BYTES):
            found = zlib.crc32(data[start : start + CHECK_BYTES], found)  # lets other threads go on meanwhile
        return "" if found == self._arrays[name][3] else f"{self.path.name}: {name} is damaged"

    def sizes(self) -> dict[str, int]:
        """Return how many bytes each array has."""
        return {name: self[name].nbytes for name in self._arrays}
