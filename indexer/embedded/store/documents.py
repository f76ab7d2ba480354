"""What a segment stores of each document: the announcement itself, and the values that are counted and sorted by.

Arrays: ``ids`` (bytes), ``by_id`` (document numbers in the order of ids), ``published`` (days since 1970-01-01 or
NO_DAY), ``indexed`` (seconds since 1970), ``prior`` and ``title_core`` (see ``RANKED_BY``), ``titles.bytes`` with
``titles.ends``, ``facts`` in two such arrays (see ``stored_records``), ``bodies`` too, of those texts alone that are
not told from their units (``texts``), what ``relation_arrays`` writes, and for each of ``DOC_VALUES`` the table of its
values and, per document, the number of its value.
"""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from indexer.announcement import Announcement, group_of
from indexer.embedded.store.array_file import Damaged
from indexer.embedded.store.relation_arrays import write_relations
from indexer.embedded.store.stored_records import (
    pack_facts,
    pack_text,
    unpack_facts,
    unpack_start,
    unpack_text,
)
from indexer.embedded.store.term_dictionary import TermDictionary, to_bytes, write_terms
from indexer.facts.dates import from_day, to_day
from indexer.fields import FIELDS
from indexer.ranking.prior import PRIOR_STEPS, prior_of, title_core
from indexer.relations.records import from_json as relations_from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter
    from indexer.relations.records import Relations

BLOBS = ("relations", "titles", "facts", "bodies")  # strings of bytes, one a document
VALUES_KEPT = 4096  # of one field's values, as they were read: most documents share theirs


# The doc values: how to read each off an announcement, as one string; "" if it has none. Months are days, see above.
DOC_VALUES: dict[str, Callable[[Announcement], str]] = {
    **{field.name: field.read for field in FIELDS if field.kind != "month"},
    "written_number": lambda one: one.number,
    "group": group_of,
}


# What is ranked by, as whole numbers of two bytes.
RANKED_BY: dict[str, Callable[[Announcement], int]] = {
    "prior": lambda one: round(prior_of(one) * PRIOR_STEPS),
    "title_core": lambda one: title_core(one.title),
}


def write_documents(writer: ArrayFileWriter, announcements: Sequence[Announcement], whole: Array) -> None:
    """Write everything that is kept of each document beside units and words, the text where it is stored ``whole``."""
    ids = np.array([one.id.encode("ascii") for one in announcements], dtype=np.bytes_)
    write_ids(writer, ids)
    published = np.array([to_day(one.published) for one in announcements], dtype=np.int32)
    writer.add("published", published)
    writer.add("indexed", np.array([one.indexed for one in announcements], dtype=np.int64))
    for name, weigh in RANKED_BY.items():
        writer.add(name, np.array([weigh(one) for one in announcements], dtype=np.uint16))
    for name, read in DOC_VALUES.items():
        values = [to_bytes(read(one)) for one in announcements]
        table = sorted(set(values))
        numbers = {value: number for number, value in enumerate(table)}
        write_terms(writer, name, table)
        numbered = np.fromiter(map(numbers.__getitem__, values), dtype=np.uint32, count=len(values))
        writer.add(f"{name}.of", numbered)
    write_blobs(writer, "relations", write_relations(writer, announcements))
    write_blobs(writer, "titles", [to_bytes(one.title) for one in announcements])
    write_blobs(writer, "facts", [pack_facts(one) for one in announcements])
    bodies = zip(announcements, whole.tolist(), strict=True)
    write_blobs(writer, "bodies", [pack_text(one.body) if is_whole else b"" for one, is_whole in bodies])


def write_ids(writer: ArrayFileWriter, ids: Array) -> None:
    """Write the ids and their order."""
    writer.add("ids", ids)
    writer.add("by_id", np.argsort(ids, kind="stable").astype(np.uint32))


def write_blobs(writer: ArrayFileWriter, name: str, blobs: Sequence[bytes]) -> None:
    """Write one string of bytes a document."""
    ends = np.zeros(len(blobs) + 1, dtype=np.int64)
    np.cumsum([len(one) for one in blobs], out=ends[1:])
    writer.add(f"{name}.ends", ends_of_blobs(ends))
    writer.add(f"{name}.bytes", np.frombuffer(b"".join(blobs), dtype=np.uint8))


def ends_of_blobs(ends: Array) -> Array:
    """Return where blobs end, as it is written."""
    return ends.astype(np.uint32 if ends[-1] < 1 << 32 else np.uint64)


class _Blobs:
    """One string of bytes a document."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._ends: memoryview = file[f"{name}.ends"].data
        self._bytes: memoryview = file[f"{name}.bytes"].data

    def __getitem__(self, number: int) -> memoryview:
        return self._bytes[self._ends[number] : self._ends[number + 1]]


class _Facts:
    """The values of all fields that announcements are read from."""

    def __init__(self, file: ArrayFile) -> None:
        # Numbers of values, one a document, and what reads the value of a number.
        self._fields: list[tuple[memoryview, Callable[[int], str]]] = [
            (file[f"{name}.of"].data, lru_cache(VALUES_KEPT)(TermDictionary(file, name).__getitem__))
            for name in ("source", "region", "form", "kind", "written_number")
        ]
        self._path_of: memoryview = file["path.of"].data
        self._paths = TermDictionary(file, "path")  # each its own: keeping them would be of no use
        self.published: memoryview = file["published"].data
        self.indexed: memoryview = file["indexed"].data
        self.written = _Blobs(file, "facts")

    def __getitem__(self, document: int) -> list[str]:
        return [*[value(of[document]) for of, value in self._fields], self._paths[self._path_of[document]]]


class ReadsTexts(Protocol):
    """Puts the texts of a segment together from their units: ``Texts``, or the kernel."""

    def text(self, document: int, characters: int, /) -> str:
        """Return a text, or so many characters of its beginning; all for -1."""


class Documents:
    """The stored part of one segment."""

    def __init__(self, file: ArrayFile, texts: ReadsTexts) -> None:
        self._file = file
        self._texts = texts
        self.ids: Array = file["ids"]
        self.by_id: Array = file["by_id"]
        self.published: Array = file["published"]
        self._bodies = _Blobs(file, "bodies")
        self._has_bodies = bool(len(file["bodies.bytes"]))
        self._titles = _Blobs(file, "titles")
        self._relations = _Blobs(file, "relations")

    @cached_property
    def _facts(self) -> _Facts:
        return _Facts(self._file)

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, announcement_id: str) -> int:
        """Return the number of the document with this id, -1 if there is none."""
        wanted = to_bytes(announcement_id)
        place = int(np.searchsorted(self.ids, np.bytes_(wanted), sorter=self.by_id))
        if place < len(self) and self.ids[self.by_id[place]] == wanted:
            return int(self.by_id[place])
        return -1

    def __getitem__(self, document: int) -> Announcement:
        return self._read(document, self._body)

    def without_body(self, document: int) -> Announcement:
        """Return an announcement as if its text were empty: what most of the time of reading it goes into."""
        return self._read(document, lambda _document: "")

    def with_start(self, document: int, characters: int) -> Announcement:
        """Return an announcement with the first characters of its text alone."""
        return self._read(document, lambda document: self._body(document, characters))

    def _body(self, document: int, characters: int = -1) -> str:
        if not self._has_bodies or not len(packed := self._bodies[document]):
            return self._texts.text(document, characters)
        return unpack_text(packed) if characters < 0 else unpack_start(packed, characters)

    def _read(self, document: int, body: Callable[[int], str]) -> Announcement:
        stored = self._facts
        try:
            source, region, form, kind, number, path = stored[document]
            written = unpack_facts(stored.written[document], region)
            url, issuer, site, source_from, signed, effective, index_number, label, files, copies, copy_of = written
            # In the order in which they are declared: told by their names they take 1 µs longer, 10 µs a page.
            return Announcement(
                self.ids[document].decode("ascii"),
                self.title(document),
                body(document),
                source,
                source_from,
                from_day(stored.published[document]),
                signed,
                effective,
                issuer,
                site,
                number,
                index_number,
                form,
                kind,
                label,
                url,
                path,
                files,
                copies,
                copy_of,
                indexed=stored.indexed[document],
            )
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise Damaged(f"document {document} cannot be read ({error})") from error

    def title(self, document: int) -> str:
        """Return a title without reading the rest."""
        return str(self._titles[document], "utf-8", "surrogatepass")

    def relations(self, document: int) -> Relations:
        """Return what is stored of a document's relations."""
        try:
            return relations_from_json(json.loads(bytes(self._relations[document]).decode("utf-8", "surrogatepass")))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise Damaged(f"relations of document {document} cannot be read ({error})") from error
