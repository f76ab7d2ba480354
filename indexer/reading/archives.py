"""What lies in archives: members of ZIP files, of ZIP files in those, and records of web crawls (WARC).

Nothing is unpacked to disk. An archive within an archive is held in memory, within bounds, and no deeper than a few
levels: 42 KB can unfold into petabytes otherwise.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any

from indexer.errors import PageUnreadable
from indexer.light_dataclass import dataclass
from indexer.reading.file_kind import may_hold_a_page
from indexer.reading.record_lines import RECORDS
from indexer.reading.unpacking import MOST_RATIO, Unpacked
from indexer.skip_reasons import SkipReason, because

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Found = tuple[str, IO[bytes] | SkipReason]

ZIP, WARC = ".zip", (".warc", ".warc.gz")
DAMAGES = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
_DEEPEST = 3  # archives in archives
_INNER_BYTES = 64 * 1024**2  # of an archive within an archive
_FREE_MEMBERS = 4  # as much is read of any archive, however far it unpacks
_MOST_MEMBERS = 1_000_000  # of one file, those in inner archives too
_RECORD_BYTES = 256 * 1024**2  # of a record of a crawl; behind a longer one nothing is looked for
_WITHIN = "!/"


class Members:
    """The members of one ZIP file of a size, in the order of their names; of each so many bytes are read at most."""

    def __init__(self, size: int, most_bytes: int) -> None:
        self._size = size
        self._most_bytes = most_bytes
        self._unpacked = Unpacked(_FREE_MEMBERS * most_bytes)
        self._count = 0
        self._is_over = False  # nothing more is read of it

    def of(self, archive: zipfile.ZipFile, depth: int = 1) -> Iterator[Found]:
        """Yield each member's name with what it holds, to be read before the next one, or why it cannot be read."""
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            if entry.is_dir():
                continue
            name = entry_name(entry)
            if reason := self._too_much(entry, name):
                yield name, reason
            if self._is_over:
                return
            if entry.flag_bits & 0x1:
                yield name, because("locked-in-archive")
            elif name.lower().endswith(ZIP):
                yield from self._inner(archive, entry, name, depth)
            else:
                yield from _opened(archive, entry, name)

    def _too_much(self, entry: zipfile.ZipInfo, name: str) -> SkipReason | None:
        """Return why neither this member nor any further one is read; None if it may be."""
        self._count += 1
        is_read = name.lower().endswith(ZIP) or may_hold_a_page(name)
        if self._count > _MOST_MEMBERS:
            self._is_over = True
            return because("many-members", count=f"{_MOST_MEMBERS:,}")
        # Of records all is read, of other files no more than a page may have.
        bytes_read = entry.file_size if name.lower().endswith(RECORDS) else min(entry.file_size, self._most_bytes)
        if is_read and not self._unpacked.add(bytes_read, self._size):
            self._is_over = True
            return because("unpacks-too-far", times=MOST_RATIO)
        return None

    def _inner(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, depth: int) -> Iterator[Found]:
        if depth >= _DEEPEST:
            yield name, because("deep-archive", count=_DEEPEST)
            return
        try:
            with archive.open(entry) as stream:
                content = stream.read(_INNER_BYTES + 1)
            if len(content) > _INNER_BYTES:
                yield name, because("large-file", size=_INNER_BYTES // 1024**2)
                return
            with zipfile.ZipFile(io.BytesIO(content)) as inner:
                for below, found in self.of(inner, depth + 1):
                    yield f"{name}{_WITHIN}{below}", found
        except DAMAGES as error:
            yield name, because("damaged-in-archive", why=error)


def _opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Iterator[Found]:
    try:
        stream = archive.open(entry)
    except DAMAGES as error:
        yield name, because("damaged-in-archive", why=error)
        return
    with stream:
        yield name, stream


def member(
    archive: zipfile.ZipFile, name: str, size: int, most_bytes: int, read: Callable[[IO[bytes]], bytes]
) -> bytes | None:
    """Return what is ``read`` of the member that ``Members`` gives this name; None if there is none."""
    for found, stream in Members(size, most_bytes).of(archive):
        if found == name and not isinstance(stream, SkipReason):
            return read(stream)
    return None


def entry_name(entry: zipfile.ZipInfo) -> str:
    """Read an entry's name; without the UTF-8 flag Chinese archives hold GBK where zipfile assumes cp437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
    # Some GBK names are also good UTF-8 of two bytes a character (通知 is); no Chinese name is that short.
    return (
        name if name.isascii() or any(character > "\u07ff" for character in name) else raw.decode("gb18030", "replace")
    )


def _whole(stream: Any, most_bytes: int) -> bytes:
    """Read a stream that gives as much at a time as it has, to its end or to a bound."""
    pieces: list[bytes] = []
    left = most_bytes
    while left and (piece := stream.read(left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, as a crawl wrote it down."""

    name: str  # its place in the file and its address
    address: str
    media_type: str  # text/html; "" if the server did not say
    body: bytes | SkipReason  # or why it was not read


def crawled(stream: IO[bytes], most_bytes: int) -> Iterator[Answer]:
    """Yield the answers in a WARC file (ISO 28500).

    What a server answered with another status than 200, and what is no answer, is passed over. Needs warcio.
    """
    try:
        warc: Any = importlib.import_module("warcio.archiveiterator")
        damage: Any = importlib.import_module("warcio.exceptions").ArchiveLoadFailed
    except ImportError as error:
        raise PageUnreadable(because("needs-extra", name="warcio", extra="warc")) from error
    number = 0
    try:
        records = iter(warc.ArchiveIterator(stream))
        while (record := _next(records)) is not None:
            number += 1
            address = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
            name = f"{number} {address}"
            if int(record.rec_headers.get_header("Content-Length") or 0) > _RECORD_BYTES:
                yield Answer(name, address, "", because("large-file", size=_RECORD_BYTES // 1024**2))
                return  # to come to the next record all of this one would have to be unpacked
            status = record.http_headers.get_statuscode() if record.http_headers else "200"
            if record.rec_type in ("response", "resource") and status == "200":
                body = _whole(record.content_stream(), most_bytes + 1)
                large = because("large-file", size=most_bytes // 1024**2) if len(body) > most_bytes else None
                yield Answer(name, address, _media_type(record), large or body)
    except (damage, ValueError, *DAMAGES) as error:
        yield Answer(f"{number + 1}", "", "", because("damaged-in-archive", why=error))


def _next(records: Iterator[Any]) -> Any:
    """Return the next record; None at the end. What warcio complains of on stderr is passed over: a damage is told."""
    with contextlib.redirect_stderr(io.StringIO()):
        return next(records, None)


def _media_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
