"""The lines of JSON Lines, packed or not, in a file or in an archive; each within bounds, and no bomb."""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from indexer.light_dataclass import dataclass
from indexer.reading.unpacking import MOST_RATIO, Unpacked
from indexer.skip_reasons import SkipReason, because

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_PAGE_BYTES = 24 * 1024 * 1024  # the largest genuine page seen has under 1 MB, the largest PDF about 20 MB
MAX_LINE_BYTES = 3 * MAX_PAGE_BYTES  # whatever a page becomes when it is exported: other encoding, escapes
RECORDS = (".jsonl", ".jsonl.gz")
_FREE_BYTES = 2 * 1024 * 1024  # of a packed file that are read whatever it unpacks to


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One line that is not blank."""

    number: int  # from 1
    content: bytes | SkipReason  # or why it was not read
    read_bytes: int  # of the file, up to here


def record_lines(raw: IO[bytes], *, packed: bool, read: Callable[[IO[bytes], int], bytes]) -> Iterator[RecordLine]:
    """Yield the lines of a stream, or why they were not read; ``read`` reads one of so many bytes at most."""
    number, unpacked = 0, Unpacked(_FREE_BYTES)
    with unpacked_lines(raw, packed=packed) as stream:
        while line := read(stream, MAX_LINE_BYTES + 1):
            number += 1
            at = raw.tell()
            if packed and not unpacked.add(len(line), at):
                yield RecordLine(number, because("unpacks-too-far", times=MOST_RATIO), at)
                return
            if len(line) > MAX_LINE_BYTES:
                _pass_over(stream, line)
                yield RecordLine(number, because("large-line", size=MAX_LINE_BYTES // 1024**2), at)
            elif line.strip():
                yield RecordLine(number, line, at)


@contextmanager
def unpacked_lines(raw: IO[bytes], *, packed: bool) -> Iterator[IO[bytes]]:
    """Read lines from a file, unpacked; how far the file itself is read, its own ``tell`` says."""
    if packed:
        with gzip.open(raw) as unpacked:
            yield unpacked  # type: ignore[misc]  # GzipFile is a binary stream in all that we use
    else:
        yield raw


def _pass_over(stream: IO[bytes], begun: bytes) -> None:
    """Read to the end of a line that is too long to keep."""
    while begun and not begun.endswith(b"\n"):
        begun = stream.readline(MAX_PAGE_BYTES)
