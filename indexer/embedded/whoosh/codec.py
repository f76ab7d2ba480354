"""Whoosh's door for segments of another make: readers over our arrays, so that Whoosh's own searches work on them.

Segments are written whole (``build_segment``, ``merge_segments``) and handed to a Whoosh writer's commit; adding
document by document is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from whoosh.codec.base import Codec, PerDocumentReader, Segment, TermsReader
from whoosh.columns import ColumnReader
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo

from indexer.embedded.store.bigram_index import FIELDS
from indexer.embedded.store.doc_values import DocValues, RegionTree
from indexer.embedded.store.documents import Documents
from indexer.embedded.store.term_dictionary import TermDictionary, to_bytes, to_text
from indexer.embedded.store.word_postings import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.embedded.store.array_file import Array, ArrayFile

    Postings = tuple[Array, Array]  # document numbers and weights

FACT_FIELDS = ("form", "number", "region", "source")


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


class ArrayCodec(Codec):  # type: ignore[misc]  # whoosh has no types
    """Reads array segments."""

    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> Segment:  # noqa: ARG002 - Whoosh's signature
        """Return the segment that a Whoosh writer holds ready and, for us, never fills."""
        return Segment(indexname)

    def per_document_writer(self, storage: Any, segment: SealedSegment) -> _NoWriter:  # noqa: ARG002
        """Return a writer that can only be closed."""
        return _NoWriter()

    def field_writer(self, storage: Any, segment: SealedSegment) -> _NoWriter:  # noqa: ARG002
        """Return a writer that can only be closed."""
        return _NoWriter()

    def terms_reader(self, storage: Any, segment: SealedSegment) -> ArrayTerms:
        """Return Whoosh the terms of a segment."""
        return ArrayTerms(Path(storage.folder), segment)

    def per_document_reader(self, storage: Any, segment: SealedSegment) -> ArrayDocuments:
        """Return Whoosh the documents of a segment."""
        return ArrayDocuments(Path(storage.folder), segment)


class _NoWriter:
    is_closed = False

    def start_doc(self, docnum: int) -> NoReturn:
        raise TypeError(f"document {docnum}: array segments are written whole, not document by document")

    def close(self) -> None:
        self.is_closed = True


class ArrayTerms(TermsReader):  # type: ignore[misc]
    """Words of titles and bodies, and the values of the other fields, as Whoosh's terms."""

    def __init__(self, folder: Path, segment: SealedSegment) -> None:
        docs = segment.open(folder, "docs")
        self._words = Words(segment.open(folder, "words"), segment.open(folder, "common"))
        self._facts = {name: DocValues(list(TermDictionary(docs, name)), docs[f"{name}.of"]) for name in FACT_FIELDS}
        self._regions = RegionTree(self._facts["region"])

    def indexed_field_names(self) -> tuple[str, ...]:
        """Name the fields that can be searched."""
        return (*FIELDS, *FACT_FIELDS)

    def _values(self, field: str) -> list[bytes]:
        if field in FIELDS:
            return self._words.table.all_raw()
        known = self._regions.numbers if field == "region" else self._facts[field].values
        return sorted(to_bytes(value) for value in known if value)

    def _postings(self, field: str, text: bytes) -> Postings | None:
        """Return the documents of a term, None if there is no such term."""
        value = to_text(text)
        if field in FIELDS:
            docs, weights = self._words.postings(self._words.table.find(value), field)
        elif field in FACT_FIELDS and value:
            held = self._regions.within(value) if field == "region" else self._facts[field].having([value])
            docs = held.nonzero()[0]
            weights = held[docs]
        else:
            return None
        return (docs, weights) if len(docs) else None

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._postings(*term) is not None

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Return every term in order."""
        for field in sorted(self.indexed_field_names()):
            yield from ((field, value) for value in self._values(field) if (field, value) in self)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Return every term from this one on."""
        return (term for term in self.terms() if term >= (fieldname, prefix))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Return every term with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Return every term from this one on with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return a term's statistics; raises KeyError."""
        postings = self._postings(fieldname, text)
        if postings is None:
            raise KeyError(f"{fieldname}:{text!r}")
        docs, weights = postings
        lengths = self._words.lengths[fieldname][docs] if fieldname in FIELDS else weights
        return TermInfo(
            weight=float(weights.sum()),
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """Walk the documents of a term."""
        info = self.term_info(fieldname, text)
        docs, weights = self._postings(fieldname, text) or ((), ())
        term = (fieldname, text)
        ids, floats = [int(one) for one in docs], [float(one) for one in weights]
        return ListMatcher(ids, floats, format=format_, scorer=scorer, term=term, terminfo=info)


class ArrayDocuments(PerDocumentReader):  # type: ignore[misc]
    """Stored announcements, field lengths and days as Whoosh asks for them."""

    def __init__(self, folder: Path, segment: SealedSegment) -> None:
        self._segment = segment
        self._documents = Documents(segment.open(folder, "docs"))
        words = segment.open(folder, "words")
        self._lengths = {field: words[f"{field}.lengths"] for field in FIELDS}

    def doc_count(self) -> int:
        """Count live documents."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """Count documents, deleted ones too."""
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        """Return whether any document is deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is deleted."""
        return docnum in set(self._segment.deleted_docs())

    def deleted_docs(self) -> Iterator[int]:
        """Return the deleted documents."""
        return self._segment.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Count the words of a field."""
        return int(self._lengths[fieldname][docnum]) if fieldname in FIELDS else default

    def field_length(self, fieldname: str) -> int:
        """Count the words of a field over all documents."""
        return int(self._lengths[fieldname].sum()) if fieldname in FIELDS else 0

    def min_field_length(self, fieldname: str) -> int:
        """Count the words of the shortest field."""
        return int(self._lengths[fieldname].min()) if fieldname in FIELDS else 0

    def max_field_length(self, fieldname: str) -> int:
        """Count the words of the longest field."""
        return int(self._lengths[fieldname].max()) if fieldname in FIELDS else 0

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return a document's id and the announcement."""
        announcement = self._documents[docnum]
        return {"id": announcement.id, "announcement": announcement}

    def supports_columns(self) -> bool:
        """Return that days can be sorted by."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Return whether a field is one that is sorted by: days of publication."""
        return fieldname == "published"

    def column_reader(self, fieldname: str, column: Any) -> _Days:  # noqa: ARG002 - Whoosh's signature
        """Return the days of publication."""
        return _Days(self._documents.published)


class _Days(ColumnReader):  # type: ignore[misc]
    def __init__(self, published: Array) -> None:
        super().__init__(None, 0, 0, len(published))
        self._published = published

    def __getitem__(self, docnum: int) -> int:
        return int(self._published[docnum])
