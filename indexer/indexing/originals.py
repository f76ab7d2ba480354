"""The saved file behind an announcement, as it was saved: opened where the ledger says it lies, and nowhere else.

A path is never taken from an announcement, for a record may claim any. Below a root no link is followed, not even
one that stays within it; what is no regular file is not opened; no more is read than a rebuild would read.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import stat
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, TYPE_CHECKING, cast

from indexer.announcement import Page
from indexer.errors import OriginalUnavailable, PageUnreadable
from indexer.indexing.ledger import look_up
from indexer.light_dataclass import dataclass
from indexer.reading.archives import member
from indexer.reading.corpus import printable
from indexer.reading.encoding import decode
from indexer.reading.file_kind import HEAD_BYTES, kind_of, unpacked
from indexer.reading.record_lines import MAX_LINE_BYTES, MAX_PAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.announcement import PageKind, Place
    from indexer.indexing.ledger import Row
    from indexer.reading.corpus import Root

RECORDS_BYTES = 128 * 1024 * 1024  # of a JSON Lines file, unpacked, that are read to come to a row: half a second
_PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class Original:
    """A saved file, or the row or member of one that an announcement was read from."""

    name: str  # as it may be saved under
    path: str  # as pages are reported: the given folder's name and what follows
    kind: PageKind | None  # what a reader takes it for; None if for nothing
    content: bytes

    @property
    def is_pdf(self) -> bool:
        """Return whether it is a PDF, by its first bytes."""
        return self.content.startswith(b"%PDF-")

    def text(self) -> str:
        """Return what a page or text holds, in whatever encoding; raises ``OriginalUnavailable`` for a damaged one."""
        try:
            page = unpacked(Page(self.path, self.content, self.kind or "text"))
        except PageUnreadable as error:
            raise OriginalUnavailable("damaged") from error
        return decode(page.content)


def open_original(ledger: bytes, announcement_id: str) -> Original:
    """Return the saved page, file or row of an announcement; raises ``OriginalUnavailable``."""
    root, row = _row(ledger, announcement_id)
    place = row.place
    try:
        with _opened(root, place) as file:
            content = _part(file, place)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise OriginalUnavailable(_reason(error)) from error
    if place.line and hashlib.blake2b(content, digest_size=16).hexdigest() != row.digest:
        raise OriginalUnavailable("changed")  # another row may stand there now
    if place.line:
        return _record(printable(row.path), content)
    return _named(printable(row.path), content)


def open_beside(ledger: bytes, announcement_id: str, name: str) -> Original:
    """Return a file by its name from the folder of an announcement's page on; raises ``OriginalUnavailable``."""
    root, row = _row(ledger, announcement_id)
    folder, _, page = row.place.file.rpartition("/")
    if row.place.entry or row.place.line or not all(map(_is_plain_name, name.split("/"))):
        raise OriginalUnavailable("elsewhere")
    if row.place.file == root.label:  # the page was given alone: its folder is that of the root
        root, place = replace(root, place=root.place.parent), replace(row.place, file=f"{root.label}/{name}")
    else:
        place = replace(row.place, file=f"{folder}/{name}")
    try:
        with _opened(root, place) as file:
            content = _bounded(file)
    except OSError as error:
        raise OriginalUnavailable(_reason(error)) from error
    return _named(printable(row.path.removesuffix(page) + name), content)


def _is_plain_name(name: str) -> bool:
    return bool(name) and name not in (".", "..") and not {"/", "\\", "\0"}.intersection(name)


def _row(ledger: bytes, announcement_id: str) -> tuple[Root, Row]:
    found = look_up(ledger, announcement_id)
    if found is None:
        raise OriginalUnavailable("unknown")
    return found


def _record(path: str, content: bytes) -> Original:
    name = path.rpartition("/")[2].replace("#", "-")
    return Original(f"{name}.json", path, "record", content)


def _named(path: str, content: bytes) -> Original:
    named = path.removesuffix(_PACKED) if path.lower().endswith(_PACKED) else path
    name = named.rpartition("/")[2]
    return Original(name, path, kind_of(name, content[:HEAD_BYTES]), content)


@contextmanager
def _opened(root: Root, place: Place) -> Iterator[IO[bytes]]:
    """Open a file below a root step by step, so that no link on the way can lead out."""
    label, *steps = place.file.removeprefix(root.label).split("/")
    if label or not place.file.startswith(root.label) or not all(map(_is_plain_name, steps)):
        raise OriginalUnavailable("unknown")
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe would wait for a writer
    held = os.open(root.place, flags if steps else flags | os.O_NOFOLLOW)
    try:
        for step in steps:
            below = os.open(step, flags | os.O_NOFOLLOW, dir_fd=held)
            os.close(held)
            held = below
        if not stat.S_ISREG(os.fstat(held).st_mode):
            raise OriginalUnavailable("no-file")
        file = os.fdopen(held, "rb")
        held = -1
    finally:
        if held >= 0:
            os.close(held)
    with file:
        yield file


def _part(file: IO[bytes], place: Place) -> bytes:
    """Read what a place means of its file: all of it, a member of an archive, or a row."""
    if not place.entry:
        return _read(file, place.file, place.line)
    with zipfile.ZipFile(file) as archive:
        size = os.fstat(file.fileno()).st_size
        content = member(
            archive, place.entry, size, MAX_PAGE_BYTES, lambda stream: _read(stream, place.entry, place.line)
        )
    if content is None:
        raise OriginalUnavailable("gone")
    return content


def _read(stream: IO[bytes], name: str, line: int) -> bytes:
    """Read all of a stream, unpacked by its file's name, or one of its lines."""
    if name.lower().endswith(_PACKED):
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    return _line(stream, line) if line else _bounded(stream)


def _line(stream: IO[bytes], number: int) -> bytes:
    read = 0
    for _ in range(number):
        line = stream.readline(MAX_LINE_BYTES + 1)
        read += len(line)
        if not line:
            raise OriginalUnavailable("gone")
        if read > RECORDS_BYTES:
            raise OriginalUnavailable("far")
    return line


def _bounded(stream: IO[bytes]) -> bytes:
    content = stream.read(MAX_PAGE_BYTES + 1)
    if len(content) > MAX_PAGE_BYTES:
        raise OriginalUnavailable("large")
    return content


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "gone"
    if isinstance(error, OSError) and error.errno in (errno.ELOOP, errno.EMLINK):
        return "link"
    return "damaged"
