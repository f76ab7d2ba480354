"""Whoosh's codec for our segments: readers over our arrays, so that Whoosh's own searches work on them.

Segments are written whole (``build_segment``, ``merge_segments``) and handed to a Whoosh writer's commit; adding
document by document is refused.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from whoosh.codec.base import Codec, FieldCursor, Segment, TermsReader
from whoosh.reading import TermInfo

from indexer.embedded.store.bigram_index import TEXT_FIELDS
from indexer.embedded.store.documents import Documents
from indexer.embedded.store.term_dictionary import to_text
from indexer.embedded.store.texts import Texts
from indexer.embedded.store.word_postings import Words
from indexer.embedded.whoosh.documents_reader import DocumentsReader
from indexer.embedded.whoosh.field_terms import SegmentTerms
from indexer.embedded.whoosh.matcher import ArrayMatcher
from indexer.embedded.whoosh.schema import WordPositions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.embedded.whoosh.documents_reader import SealedSegment
    from indexer.embedded.whoosh.schema import JiebaAnalyzer


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

    def terms_reader(self, storage: Any, segment: SealedSegment) -> ArrayTermsReader:
        """Return what reads the terms of a segment."""
        return ArrayTermsReader(Path(storage.folder), segment)

    def per_document_reader(self, storage: Any, segment: SealedSegment) -> DocumentsReader:
        """Return what reads the documents of a segment."""
        return DocumentsReader(Path(storage.folder), segment)


class _NoWriter:
    is_closed = False

    def start_doc(self, docnum: int) -> NoReturn:
        raise TypeError(f"document {docnum}: array segments are written whole, not document by document")

    def close(self) -> None:
        self.is_closed = True


class ArrayTermsReader(TermsReader):  # type: ignore[misc]
    """Words of titles and bodies, and the values of the other fields, as Whoosh's terms."""

    def __init__(self, folder: Path, segment: SealedSegment) -> None:
        docs = segment.open(folder, "docs")
        self._documents = Documents(docs, Texts(segment.open(folder, "units")))
        self._words = Words(segment.open(folder, "words"), segment.open(folder, "common"))
        self._terms = SegmentTerms(docs, self._words, self._documents)
        # A phrase asks for the places of each of its words in one document after the other.
        self._places = lru_cache(maxsize=16)(self._places_in)

    def indexed_field_names(self) -> tuple[str, ...]:
        """Name the fields that can be searched."""
        return tuple(self._terms.names)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._terms.postings(*term) is not None

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every term in order."""
        return ((field, term) for field in self._terms.names for term in self._terms.of(field))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield every term from this one on."""
        for field in self._terms.names:
            if field >= fieldname:
                first = self._terms.place(field, prefix) if field == fieldname else 0
                yield from ((field, term) for term in self._terms.of(field)[first:])

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every term with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every term from this one on with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def cursor(self, fieldname: str, fieldobj: Any) -> _Cursor:
        """Return what walks through the terms of a field, as Whoosh's fuzzy search does."""
        return _Cursor(self, fieldname, fieldobj, self._terms.of(fieldname))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return a term's statistics; raises KeyError."""
        postings = self._terms.postings(fieldname, text)
        if postings is None:
            raise KeyError(f"{fieldname}:{text!r}")
        docs, weights = postings
        lengths = self._words.lengths[fieldname][docs] if fieldname in TEXT_FIELDS else weights
        return TermInfo(
            weight=float(weights.sum()),
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        """Return what walks through the documents of a term."""
        info = self.term_info(fieldname, text)
        docs, weights = self._terms.postings(fieldname, text) or ((), ())
        ids, counts = [int(one) for one in docs], [float(one) for one in weights]
        matcher = ArrayMatcher(ids, counts, format=format_, scorer=scorer, term=(fieldname, text), terminfo=info)
        if isinstance(format_, WordPositions):
            word, analyzer = to_text(text), format_.analyzer
            matcher.positions_in = lambda document: self._places(document, fieldname, analyzer).get(word, ())
        return matcher

    def _places_in(self, document: int, field: str, analyzer: JiebaAnalyzer) -> dict[str, list[int]]:
        announcement = self._documents[document]
        return analyzer.positions(announcement.title if field == "title" else announcement.body)


class _Cursor(FieldCursor):  # type: ignore[misc]
    """Walks through the terms of one field."""

    def __init__(self, reader: ArrayTermsReader, field: str, fieldobj: Any, terms: Sequence[bytes]) -> None:
        self._reader = reader
        self._field = field
        self._to_bytes, self._from_bytes = fieldobj.to_bytes, fieldobj.from_bytes
        self._terms = terms
        self._at = 0

    def is_valid(self) -> bool:
        """Return whether it stands at a term."""
        return self._at < len(self._terms)

    def first(self) -> Any:
        """Go to the first term and return it."""
        self._at = 0
        return self.text()

    def find(self, string: Any) -> Any:
        """Go to the first term from this one on and return it, None if there is none."""
        term = self._to_bytes(string)
        self._at = bisect_left(self._terms, term)
        return self.text()

    def next(self) -> Any:
        """Go to the next term and return it, None behind the last."""
        self._at += 1
        return self.text()

    def text(self) -> Any:
        """Return the term where it stands, None behind the last."""
        return self._from_bytes(self._terms[self._at]) if self.is_valid() else None

    def term_info(self) -> TermInfo:
        """Return the statistics of the term where it stands."""
        return self._reader.term_info(self._field, self._terms[self._at])
