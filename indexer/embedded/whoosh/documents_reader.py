"""Stored announcements, lengths and columns of a segment, as Whoosh asks for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from whoosh.codec.base import PerDocumentReader
from whoosh.columns import ColumnReader

from indexer.embedded.store.bigram_index import TEXT_FIELDS
from indexer.embedded.store.documents import Documents
from indexer.embedded.store.term_dictionary import to_bytes
from indexer.embedded.store.texts import Texts
from indexer.embedded.whoosh.field_terms import doc_values, microseconds
from indexer.embedded.whoosh.schema import as_datetime
from indexer.fields import FOLDER, KEYWORDS, PATH, REGION, SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from indexer.embedded.store.array_file import ArrayFile

# Whoosh's columns and the doc values that they show; a number is shown as it is written, not as it is compared.
_COLUMNS: Final = {
    **{field.name: field.name for field in (*KEYWORDS, REGION, FOLDER, PATH, SITE)},
    "number": "written_number",
}


class SealedSegment(Protocol):
    """What the codec asks of a segment."""

    def open(self, folder: Path, part: str) -> ArrayFile:
        """Open the file of a part."""

    def doc_count(self) -> int:
        """Count live documents."""

    def doc_count_all(self) -> int:
        """Count documents, deleted ones too."""

    def has_deletions(self) -> bool:
        """Return whether any document is deleted."""

    def deleted_docs(self) -> Iterator[int]:
        """Yield the numbers of deleted documents, ascending."""


class DocumentsReader(PerDocumentReader):  # type: ignore[misc]  # whoosh has no types
    """What a segment keeps of each document."""

    def __init__(self, folder: Path, segment: SealedSegment) -> None:
        self._segment = segment
        self._docs = segment.open(folder, "docs")
        self._documents = Documents(self._docs, Texts(segment.open(folder, "units")))
        words = segment.open(folder, "words")
        self._lengths = {field: words[f"{field}.lengths"] for field in TEXT_FIELDS}

    def doc_count(self) -> int:
        """Count live documents."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """Count documents, deleted ones too."""
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        """Return whether any document is deleted."""
        return bool(self._segment.has_deletions())

    @cached_property
    def _deleted(self) -> frozenset[int]:
        return frozenset(self._segment.deleted_docs())

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is deleted."""
        return docnum in self._deleted

    def deleted_docs(self) -> Iterator[int]:
        """Return the deleted documents."""
        return self._segment.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Count the words of a field."""
        return int(self._lengths[fieldname][docnum]) if fieldname in TEXT_FIELDS else default

    def field_length(self, fieldname: str) -> int:
        """Count the words of a field over all documents."""
        return int(self._lengths[fieldname].sum()) if fieldname in TEXT_FIELDS else 0

    def min_field_length(self, fieldname: str) -> int:
        """Count the words of the shortest field."""
        return int(self._lengths[fieldname].min()) if fieldname in TEXT_FIELDS else 0

    def max_field_length(self, fieldname: str) -> int:
        """Count the words of the longest field."""
        return int(self._lengths[fieldname].max()) if fieldname in TEXT_FIELDS else 0

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return an announcement's fields; a region as its path, a day as midnight, no day if it has none."""
        one = self._documents[docnum]
        region, published = "/".join(one.region), as_datetime(one.published)
        fields = {"id": one.id, "title": one.title, "body": one.body, "region": region, "number": one.number}
        read = (*KEYWORDS, FOLDER, PATH, SITE)
        fields |= {"url": one.url, **{field.name: field.read(one) for field in read}}
        return {**fields, "published": published} if published else fields

    def supports_columns(self) -> bool:
        """Return that fields can be sorted and grouped by."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Return whether a field is one that is sorted and grouped by."""
        return fieldname in _COLUMNS or fieldname in ("id", "published")

    def column_reader(self, fieldname: str, column: Any) -> _Column:  # noqa: ARG002 - Whoosh's signature
        """Return the values of a field."""
        if fieldname == "published":
            return _Column(microseconds(self._documents.published).tolist())
        if fieldname == "id":
            return _Column(self._documents.ids.tolist())
        values = doc_values(self._docs, _COLUMNS[fieldname])
        written = [to_bytes(value) for value in values.values]
        return _Column([written[number] for number in values.of.tolist()])


class _Column(ColumnReader):  # type: ignore[misc]
    """One value a document; a number sorts by its negative when the order is reversed."""

    def __init__(self, values: Sequence[Any]) -> None:
        super().__init__(None, 0, 0, len(values))
        self._values = values
        self._key: Callable[[Any], Any] = lambda value: value

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum]

    def sort_key(self, docnum: int) -> Any:
        return self._key(self._values[docnum])

    def set_reverse(self) -> None:
        self._key = lambda value: -value
