"""Where pages come from: folders, single files, JSON Lines and archives, in one stable order.

Reads bytes and says what it could not read; knows nothing of what a page means. Nothing is ever
unpacked to disk, and no name inside an archive is used as a path.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import stat
import zipfile
import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from indexer.announcement import Page, Place
from indexer.errors import PageUnreadable, PathUnreadable
from indexer.light_dataclass import dataclass
from indexer.messages import said
from indexer.reading.archives import DAMAGES, WARC, ZIP, Members, crawled
from indexer.reading.file_kind import (
    HEAD_BYTES,
    PAGE_KINDS,
    SERVED_KINDS,
    ending,
    kind_of,
    kind_of_name,
    may_hold_a_page,
    tail_of_assets,
    with_address,
)
from indexer.reading.hanging_reads import Deadline
from indexer.reading.record_lines import MAX_PAGE_BYTES, RECORDS, record_lines
from indexer.report import Skipped
from indexer.settings import INDEX_MARK
from indexer.skip_reasons import SkipReason, because

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class Root:
    """A path that was given, and the name its pages are reported under."""

    place: Path  # absolute
    label: str
    within: str = ""  # label of the known root that it lies in; "" when it is one itself

    @property
    def top(self) -> str:
        """Return the label under which its pages are known."""
        return self.within or self.label


@dataclass(frozen=True, slots=True)
class _File:
    place: str  # absolute; undecodable bytes of a name as surrogates
    label: str
    root: str


def printable(label: str) -> str:
    """Make a file name safe to store and show: bytes that are no UTF-8 are read as GBK, else replaced."""
    try:
        label.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(label).decode("gb18030", "replace")
    return label


def is_wanted(name: str) -> bool:
    """Return whether a file in a folder is looked into, by its name."""
    return not name.startswith(".") and may_hold_a_page(name)


def find_roots(paths: Iterable[Path], known: Iterable[Root] = ()) -> tuple[Root, ...]:
    """Return a root for each path, labelled by a known root when it lies below one, else by its own name.

    Raises ``PathUnreadable`` for the first path that is not there. Two new roots of one name are told
    apart by as much of their parents' names as it takes. A path below another of these is read with that one.
    """
    places = list(dict.fromkeys(map(_absolute, paths)))
    roots = list(known)
    found: list[Root] = []
    for place in places:
        if any(other in place.parents for other in places):
            continue
        root = next((_below(known_root, place) for known_root in roots if covers(known_root, place)), None)
        if root is None:
            root = Root(place, _new_label(place, {known_root.label for known_root in roots}))
            roots.append(root)
        found.append(root)
    return tuple(found)


def _absolute(path: Path) -> Path:
    place = Path(os.path.abspath(path))  # noqa: PTH100 (resolve() would follow links: pages keep the name given)
    if not place.exists():
        raise PathUnreadable(path, said("no such file or folder"))
    return place


def covers(root: Root, place: Path) -> bool:
    """Return whether a place is a root or lies in it."""
    return place == root.place or root.place in place.parents


def _below(root: Root, place: Path) -> Root:
    if place == root.place:
        return Root(place, root.label)
    return Root(place, "/".join((root.label, *place.relative_to(root.place).parts)), root.label)


def _new_label(place: Path, taken: set[str]) -> str:
    parts = [part for part in place.parts if part != place.anchor] or ["root"]
    for take in range(1, len(parts) + 1):
        label = "/".join(parts[-take:])
        if label not in taken:
            return label
    return "/".join(parts)


class Corpus:
    """All pages below some roots, in the order of their labels within each root.

    ``skipped`` and ``ignored`` fill up while ``pages`` is read; ``done_bytes`` tells how far it has
    come, of ``total_bytes`` (as the files lie on disk, packed or not).
    """

    def __init__(self, roots: Iterable[Root]) -> None:
        self.roots = tuple(roots)
        self.skipped: list[Skipped] = []
        self.ignored: Counter[str] = Counter()  # by ending, or by what else tells what it is: _files/, .*
        self._done_bytes = 0  # of whole files
        self._at_byte = 0  # of the file that is being read, if it is one of many pages
        self._real_roots = [os.path.realpath(root.place) for root in self.roots]
        self._attachments_digests: dict[str, str] = {}  # by folder
        self._deadline = Deadline()
        self._files = [file for root in self.roots for file in self._list(root)]
        self._sizes = [_size(file.place) for file in self._files]
        self.total_bytes = sum(self._sizes)

    @property
    def done_bytes(self) -> int:
        """Return how far reading has come."""
        return self._done_bytes + self._at_byte

    def _list(self, root: Root) -> Iterator[_File]:
        if not root.place.is_dir():
            if may_hold_a_page(root.place.name):
                yield _File(str(root.place), root.label, root.top)
            else:
                names = ", ".join((*PAGE_KINDS, *RECORDS, ZIP, *WARC))
                self._skip(root.label, because("other-kind", names=names))
            return
        yield from self._walk(str(root.place), root.label, root.top, frozenset())

    def _walk(self, folder: str, label: str, root: str, above: frozenset[tuple[int, int]]) -> Iterator[_File]:
        """List a folder depth first; a folder reached again through a link to itself is not entered, nor an index."""
        try:
            identity = _identity(folder)
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            self._skip(label, _reason(error))
            return
        if identity in above:
            self._skip(label, because("link-to-itself"))
            return
        names = {entry.name for entry in entries}
        if INDEX_MARK in names:
            self._ignore("index/")
            return
        for entry in entries:
            below = f"{label}/{entry.name}"
            if _is_folder(entry):
                if tail := tail_of_assets(entry.name, names):
                    self._ignore(f"{tail}/")
                else:
                    yield from self._walk(entry.path, below, root, above | {identity})
            elif is_wanted(entry.name):
                yield _File(entry.path, below, root)
            else:
                self._ignore(kind_of_name(entry.name))

    def pages(self) -> Iterator[Page]:
        """Read every page; what cannot be read goes to ``skipped`` with its reason."""
        for file, size in zip(self._files, self._sizes, strict=True):
            yield from self._read(file)
            self._done_bytes, self._at_byte = self._done_bytes + size, 0

    def _read(self, file: _File) -> Iterator[Page]:
        lower = file.place.lower()
        try:
            if not stat.S_ISREG(os.stat(file.place).st_mode):  # noqa: PTH116
                self._skip(file.label, because("no-file"))  # opening a pipe would wait forever
            elif self._leads_out(file.place):
                self._skip(file.label, because("link-outside"))
            elif lower.endswith(RECORDS):
                with open(file.place, "rb") as raw:  # noqa: PTH123
                    yield from self._read_records(raw, Place(file.root, file.label), file.label, file.place)
            elif lower.endswith(ZIP):
                yield from self._read_archive(file)
            elif lower.endswith(WARC):
                yield from self._read_crawl(file)
            else:
                # Not as a path: the name may hold undecodable bytes.
                opened = gzip.open if lower.endswith(_PACKED) else open
                with opened(file.place, "rb") as stream:
                    yield from self._read_page(
                        cast("IO[bytes]", stream), Place(file.root, file.label), file.label, file.place
                    )
        except PageUnreadable as error:
            self._skip(file.label, error.why)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            self._skip(file.label, _reason(error))

    def _leads_out(self, place: str) -> bool:
        """Return whether a link, of the file or of a folder above it, leads out of all roots."""
        return not any(lies_within(place, root) for root in self._real_roots)

    def _within(self, place: str) -> str:
        """Return the root that a page lies in, links resolved; the folder of a page that is a root itself."""
        root = next((root for root in self._real_roots if lies_within(place, root)), "")
        return root if not root or os.path.isdir(root) else os.path.dirname(root)  # noqa: PTH112, PTH120

    def _read_page(self, stream: IO[bytes], place: Place, label: str, origin: str) -> Iterator[Page]:
        with self._deadline:
            content = stream.read(HEAD_BYTES)
        kind = kind_of(label.removesuffix(_PACKED), content)
        if kind is None:
            self._skip(label, because("no-known-kind", ending=ending(label) or "without ending"))
            return
        with self._deadline:
            content += stream.read(MAX_PAGE_BYTES + 1 - len(content))
        if len(content) > MAX_PAGE_BYTES:
            self._skip(label, because("large-file", size=MAX_PAGE_BYTES // 1024**2))
            return
        attachments_digest = self._digest_of_attachments(origin) if kind == "html" and not place.entry else ""
        within = self._within(origin) if attachments_digest else ""
        yield Page(printable(label), content, kind, origin, attachments_digest, place, within)

    def _digest_of_attachments(self, origin: str) -> str:
        """Name, size and time of the files that pages of this folder may carry along, its subfolders' too, hashed."""
        folder = str(Path(origin).parent)
        if folder not in self._attachments_digests:
            files = sorted(_attachments_below(folder))
            told = "".join(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n" for name, status in files)
            self._attachments_digests[folder] = (
                hashlib.blake2b(os.fsencode(told), digest_size=8).hexdigest() if told else ""
            )
        return self._attachments_digests[folder]

    def _read_records(self, raw: IO[bytes], place: Place, label: str, origin: str) -> Iterator[Page]:
        packed = label.lower().endswith(_PACKED)
        for row in record_lines(raw, packed=packed, read=self._line):
            if not place.entry:
                self._at_byte = row.read_bytes
            if isinstance(row.content, SkipReason):
                self._skip(f"{label}#{row.number}", row.content)
            else:
                path, at = f"{printable(label)}#{row.number}", replace(place, line=row.number)
                yield Page(path, row.content, "record", f"{origin}#{row.number}", place=at)

    def _line(self, stream: IO[bytes], most: int) -> bytes:
        with self._deadline:
            return stream.readline(most)

    def _read_archive(self, file: _File) -> Iterator[Page]:
        members = Members(_size(file.place), MAX_PAGE_BYTES)
        with zipfile.ZipFile(file.place) as archive:
            for name, found in members.of(archive):
                label, origin = f"{file.label}!/{name}", f"{file.place}!/{name}"
                place = Place(file.root, file.label, entry=name)
                if isinstance(found, SkipReason):
                    self._skip(label, found)
                elif not may_hold_a_page(name):
                    self._ignore(kind_of_name(name))
                else:
                    yield from self._read_member(found, place, label, origin)

    def _read_member(self, stream: IO[bytes], place: Place, label: str, origin: str) -> Iterator[Page]:
        read = self._read_records if label.lower().endswith(RECORDS) else self._read_page
        try:
            yield from read(stream, place, label, origin)
        except DAMAGES as error:
            self._skip(label, because("damaged-in-archive", why=_reason(error)))

    def _read_crawl(self, file: _File) -> Iterator[Page]:
        with open(file.place, "rb") as stream:  # noqa: PTH123
            for answer in crawled(stream, MAX_PAGE_BYTES):
                label = f"{file.label}!/{answer.name}"
                if isinstance(answer.body, SkipReason):
                    self._skip(label, answer.body)
                elif kind := kind_of("", answer.body[:HEAD_BYTES]) or SERVED_KINDS.get(answer.media_type):
                    is_html = kind == "html"
                    content = with_address(answer.body, answer.address) if is_html else answer.body
                    place = Place(file.root, file.label, entry=answer.name)
                    yield Page(printable(label), content, kind, f"{file.place}!/{answer.name}", place=place)
                else:
                    self._ignore(answer.media_type or "*")

    def _ignore(self, kind: str) -> None:
        self.ignored[kind] += 1

    def _skip(self, label: str, reason: SkipReason) -> None:
        self.skipped.append(Skipped(printable(label), reason))

    def vanished(self) -> tuple[Root, ...]:
        """Return which roots are gone by now: what was read of them may be half of what they held."""
        return tuple(root for root in self.roots if not root.place.exists())


def lies_within(place: str, root: str) -> bool:
    """Return whether a place, all links followed, is a root or lies in it, whose own links are followed already."""
    real = os.path.realpath(place)
    return real == root or (root != "" and real.startswith(root.rstrip(os.sep) + os.sep))


def _attachments_below(folder: str, label: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Yield what pages may carry along from their folder and the folders in it, with a relative name each."""
    with suppress(OSError), os.scandir(folder) as scan:
        for entry in scan:
            if PAGE_KINDS.get(ending(entry.name)) == "attachment":
                if status := _status(entry):
                    yield f"{label}{entry.name}", status
            elif not label and not entry.name.startswith(".") and _is_folder(entry):
                yield from _attachments_below(entry.path, f"{entry.name}/")


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError:
        return None  # a link to nothing: no page can carry it


def _identity(place: str) -> tuple[int, int]:
    status = os.stat(place)  # noqa: PTH116
    return status.st_dev, status.st_ino


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link that leads round in circles; reading it as a file says why


def _size(place: str) -> int:
    try:
        return os.stat(place).st_size  # noqa: PTH116
    except OSError:
        return 0  # reading it will say what is wrong


def _reason(error: Exception) -> SkipReason:
    if isinstance(error, FileNotFoundError):
        return because("no-such-file")
    if isinstance(error, PermissionError) and error.errno == errno.EACCES:
        return because("permission-denied")
    text = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
    return because("unreadable", why=text[0].lower() + text[1:])
