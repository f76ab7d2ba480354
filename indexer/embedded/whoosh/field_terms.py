"""The terms of each field of a segment with their postings, read off our arrays as Whoosh asks for them."""

from __future__ import annotations

import struct
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from indexer.embedded.store.bigram_index import TEXT_FIELDS
from indexer.embedded.store.doc_values import DocValues, PathTree
from indexer.embedded.store.term_dictionary import TermDictionary, to_bytes, to_text
from indexer.embedded.store.word_postings import Words
from indexer.facts.dates import EPOCH, NO_DAY
from indexer.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.embedded.store.array_file import Array, ArrayFile
    from indexer.embedded.store.documents import Documents

    Postings = tuple[Array, Array]  # document numbers, ascending, and how often the term stands in each

DAY_MICROSECONDS: Final = 86_400_000_000
_FIRST_DAY: Final = EPOCH.toordinal() - 1  # days from 0001-01-01, where Whoosh's times begin, to 1970-01-01
_SIGN: Final = 1 << 63  # Whoosh adds it to a signed number, so that its bytes sort like the number
_SHIFT_BITS: Final = 8  # Whoosh's DATETIME has a term for each 2^8, 2^16 … microseconds: wide ranges need few terms
_SHIFTS: Final = range(0, 64, _SHIFT_BITS)


class FieldTerms(Protocol):
    """The terms of one field."""

    def all(self) -> list[bytes]:
        """Return every term that a document has, in order."""

    def postings(self, term: bytes) -> Postings:
        """Return the postings of a term, none if no document has it."""


class WordTerms:
    """Words of titles, or of bodies."""

    def __init__(self, words: Words, field: str) -> None:
        self._words = words
        self._field = field

    def all(self) -> list[bytes]:
        """Return the words that stand in this field."""
        occurs = self._words.occurring(self._field).tolist()
        return [word for word, stands in zip(self._words.table.all_raw(), occurs, strict=True) if stands]

    def postings(self, term: bytes) -> Postings:
        """Return the documents that hold a word, and how often."""
        return self._words.postings(self._words.table.find(to_text(term)), self._field)


class ValueTerms:
    """Values of a field that has one a document."""

    def __init__(self, values: DocValues) -> None:
        self._values = values

    def all(self) -> list[bytes]:
        """Return the values but the empty one."""
        return [to_bytes(value) for value in self._values.values if value]

    def postings(self, term: bytes) -> Postings:
        """Return the documents with a value."""
        return _once(self._values.having([to_text(term)]) if term else np.zeros(0, dtype=bool))


class PathTerms:
    """Regions or folders and all above them."""

    def __init__(self, values: DocValues) -> None:
        self._paths = PathTree(values)

    def all(self) -> list[bytes]:
        """Return the paths."""
        return sorted(map(to_bytes, self._paths.numbers))

    def postings(self, term: bytes) -> Postings:
        """Return the documents of a region or folder, or one below it."""
        return _once(self._paths.within(to_text(term)))


class IdTerms:
    """Ids of announcements."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def all(self) -> list[bytes]:
        """Return the ids in order."""
        ids: list[bytes] = self._documents.ids[self._documents.by_id].tolist()
        return ids

    def postings(self, term: bytes) -> Postings:
        """Return the one document with an id."""
        found = self._documents.find(to_text(term))
        return _ones(np.array([found] if found >= 0 else [], dtype=np.intp))


class DayTerms:
    """Days of publication, as Whoosh's DATETIME writes them: one byte for the shift, eight for the shifted time."""

    def __init__(self, published: Array) -> None:
        times = microseconds(published).astype(np.uint64) + np.uint64(_SIGN)
        by_time = np.argsort(times, kind="stable")
        self._documents = by_time[published[by_time] != NO_DAY]  # the dated, earliest first
        self._times = times[self._documents]

    def all(self) -> list[bytes]:
        """Return the days, then the coarser spans of time that hold one, finest first."""
        spans = ((shift, np.unique(self._times >> np.uint64(shift)).tolist()) for shift in _SHIFTS)
        return [struct.pack(">BQ", shift, value) for shift, values in spans for value in values]

    def postings(self, term: bytes) -> Postings:
        """Return the documents published in a span of time."""
        shift, value = struct.unpack(">BQ", term)
        first, last = value << shift, (value << shift) + (1 << shift) - 1
        low = int(self._times.searchsorted(np.uint64(first)))
        high = int(self._times.searchsorted(np.uint64(last), "right"))
        return _ones(np.sort(self._documents[low:high]))


def microseconds(published: Array) -> Array:
    """Return days as Whoosh counts time: microseconds since 0001-01-01; 0 for none."""
    days = np.where(published != NO_DAY, published.astype(np.int64) + _FIRST_DAY, 0)
    return days * DAY_MICROSECONDS


def _once(held: Array) -> Postings:
    return _ones(held.nonzero()[0])


def _ones(documents: Array) -> Postings:
    return documents, np.ones(len(documents), dtype=np.float32)


class SegmentTerms:
    """The terms of all fields of a segment; a field's are listed once, when they are asked for in order."""

    def __init__(self, docs: ArrayFile, words: Words, documents: Documents) -> None:
        single = [field.name for field in FIELDS if field.kind not in ("path", "month")]
        self.fields: Mapping[str, FieldTerms] = {
            **{field: WordTerms(words, field) for field in TEXT_FIELDS},
            **{name: ValueTerms(doc_values(docs, name)) for name in single},
            "region": PathTerms(doc_values(docs, "region")),
            "folder": PathTerms(doc_values(docs, "folder")),
            "id": IdTerms(documents),
            "published": DayTerms(documents.published),
        }
        self._listed: dict[str, list[bytes]] = {}

    @cached_property
    def names(self) -> list[str]:
        """Return the names of the fields in order."""
        return sorted(self.fields)

    def of(self, field: str) -> list[bytes]:
        """Return every term of a field in order."""
        if field not in self._listed:
            self._listed[field] = self.fields[field].all()
        return self._listed[field]

    def place(self, field: str, term: bytes) -> int:
        """Count the terms of a field that come before one."""
        return bisect_left(self.of(field), term)

    def postings(self, field: str, term: bytes) -> Postings | None:
        """Return the postings of a term, None if no document has it."""
        found = self.fields[field].postings(term) if field in self.fields else None
        return found if found and len(found[0]) else None


def doc_values(docs: ArrayFile, name: str) -> DocValues:
    """Read the values that a segment's documents have of one field."""
    return DocValues(list(TermDictionary(docs, name)), docs[f"{name}.of"])
