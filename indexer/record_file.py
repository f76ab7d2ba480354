"""Records in a temporary file: for what may be more than fits in memory, and is read back once or a few times."""

from __future__ import annotations

import tempfile
from array import array
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from indexer.errors import NoTemporaryRoom
from indexer.messages import of_system

if TYPE_CHECKING:
    from collections.abc import Iterator


class RecordFile:
    """Strings of bytes, numbered from 0, in a file without a name: however we end, nothing stays behind."""

    def __init__(self) -> None:
        """Make the file; raises ``NoTemporaryRoom``, as do adding and reading."""
        with _told():
            self._file = tempfile.TemporaryFile(prefix="policy-search-")  # noqa: SIM115 (closed by close)
        self._ends = array("Q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, record: bytes) -> int:
        """Keep a record and return its number."""
        with _told():
            self._file.seek(self._ends[-1])
            self._file.write(record)
        self._ends.append(self._ends[-1] + len(record))
        return len(self) - 1

    def __getitem__(self, number: int) -> bytes:
        start, end = self._ends[number], self._ends[number + 1]
        with _told():
            self._file.seek(start)  # writes what a write has only put aside
        return self._file.read(end - start)

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self)))

    def close(self) -> None:
        """Give the room back."""
        with suppress(OSError):  # what could not be written is not wanted any more
            self._file.close()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoTemporaryRoom(tempfile.gettempdir(), of_system(error)) from error
