"""What a segment stores of each document: the announcement itself, and the values that are counted and sorted by.

Arrays: ``ids`` (bytes), ``by_id`` (document numbers in the order of ids), ``published`` (days since 1970-01-01 or
NO_DAY), ``indexed`` (seconds since 1970), ``prior`` and ``title_core`` (see ``RANKED_BY``), ``stored.bytes`` with
``stored.ends`` (one deflated JSON record a document), ``titles`` in two such arrays, what ``relation_arrays`` writes,
and for each of ``DOC_VALUES`` the table of its values and, per document, the number of its value.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

import numpy as np

from indexer.announcement import from_json, group_of, to_json
from indexer.embedded.store.array_file import Damaged
from indexer.embedded.store.relation_arrays import write_relations
from indexer.embedded.store.term_dictionary import to_bytes, to_text, write_terms
from indexer.facts.dates import to_day
from indexer.fields import FIELDS
from indexer.ranking.prior import PRIOR_STEPS, prior_of, title_core
from indexer.relations.records import from_json as relations_from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.announcement import Announcement
    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter
    from indexer.relations.records import Relations

COMPRESSION = (
    1  # zlib's fastest: 45 % of the text at 15 µs a page to read; level 6 saves 5 % more, takes thrice as long
)


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


def pack(announcement: Announcement) -> bytes:
    """Write an announcement as it is stored."""
    text = json.dumps(to_json(announcement), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(to_bytes(text), COMPRESSION)


def unpack(data: bytes | memoryview) -> Announcement:
    """Read back what ``pack`` wrote."""
    return from_json(json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass")))


def write_documents(writer: ArrayFileWriter, announcements: Sequence[Announcement]) -> None:
    """Write everything that is kept of each document beside units and words."""
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
    write_blobs(writer, "stored", [pack(one) for one in announcements])


def write_ids(writer: ArrayFileWriter, ids: Array) -> None:
    """Write the ids and their order."""
    writer.add("ids", ids)
    writer.add("by_id", np.argsort(ids, kind="stable").astype(np.uint32))


def write_blobs(writer: ArrayFileWriter, name: str, blobs: Sequence[bytes]) -> None:
    """Write one string of bytes a document."""
    ends = np.zeros(len(blobs) + 1, dtype=np.uint64)
    np.cumsum([len(one) for one in blobs], out=ends[1:])
    writer.add(f"{name}.ends", ends)
    writer.add(f"{name}.bytes", np.frombuffer(b"".join(blobs), dtype=np.uint8))


class _Blobs:
    """One string of bytes a document."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._ends: Array = file[f"{name}.ends"]
        self._bytes: memoryview = file[f"{name}.bytes"].data

    def __getitem__(self, number: int) -> memoryview:
        return self._bytes[int(self._ends[number]) : int(self._ends[number + 1])]


class Documents:
    """The stored part of one segment."""

    def __init__(self, file: ArrayFile) -> None:
        self.ids: Array = file["ids"]
        self.by_id: Array = file["by_id"]
        self.published: Array = file["published"]
        self._stored = _Blobs(file, "stored")
        self._titles = _Blobs(file, "titles")
        self._relations = _Blobs(file, "relations")

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
        try:
            return unpack(self._stored[document])
        except (zlib.error, ValueError, KeyError, TypeError) as error:
            raise Damaged(f"document {document} cannot be read ({error})") from error

    def title(self, document: int) -> str:
        """Return a title without reading the rest."""
        return to_text(bytes(self._titles[document]))

    def relations(self, document: int) -> Relations:
        """Return what is stored of a document's relations."""
        try:
            return relations_from_json(json.loads(bytes(self._relations[document]).decode("utf-8", "surrogatepass")))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise Damaged(f"relations of document {document} cannot be read ({error})") from error
