"""Answer from one version of the index: all verbs that read."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.answers.highlight import START_CHARS
from indexer.answers.highlight_terms import needles_of
from indexer.answers.hits import choices_of, facts_of, other_spellings, show_hit, show_hits, show_rows, stands_whole
from indexer.answers.offers import offers
from indexer.answers.relief import reliefs
from indexer.answers.results import NumberLookup, NumberMatch, ResultPage, Walk
from indexer.embedded.search import near_in_meaning
from indexer.embedded.search.boolean_matching import Finder
from indexer.embedded.search.completion_lists import read_suggestions
from indexer.embedded.search.copies import one_of_each
from indexer.embedded.search.kept_searches import KeptSearches
from indexer.embedded.search.phrase_matching import row_of
from indexer.embedded.search.relation_answers import related, validity_of
from indexer.embedded.search.scoring import Scorer
from indexer.embedded.search.similar import numbers_near, similar
from indexer.embedded.search.top_docs import Search, TopDocs, question_of
from indexer.embedded.search.top_k import first
from indexer.facts.dates import to_day
from indexer.facts.document_number import parse_number
from indexer.light_dataclass import replace
from indexer.query.explanation import say
from indexer.query.leaves import numbers_of
from indexer.query.number_parts import with_number_series
from indexer.query.tree import NumberSeries
from indexer.suggesting.abbreviations import with_law_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from indexer.announcement import Announcement
    from indexer.answers.cursor import Cursor
    from indexer.answers.highlight_terms import Needles
    from indexer.answers.relations import Related, Validity
    from indexer.answers.results import Hit
    from indexer.embedded.search.facet_counts import FacetCounter
    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.store.array_file import Array
    from indexer.query.tree import Node, Query
    from indexer.ranking.bm25f import SynonymEntry
    from indexer.semantic.meaning import Meaning

NEAR_NUMBERS = 5  # offered when nothing bears the number asked for
_READ_AT_ONCE: Final = 25  # hits of a walk: their texts are folded together, and who takes a few waits for no more


class Searcher:
    """Answers from one snapshot; what it holds of questions follows from both, so threads may share it."""

    def __init__(self, snapshot: Snapshot, meaning: Meaning | None = None) -> None:
        self.snapshot = snapshot
        self.scorer = Scorer(snapshot)
        self.meaning = meaning
        self.suggester = read_suggestions(snapshot.folder)
        self._kept = KeptSearches()

    @cached_property
    def facets(self) -> FacetCounter:
        """Return what counts facets; made when the first are to be told."""
        from indexer.embedded.search.facet_counts import FacetCounter  # noqa: PLC0415 - a terminal asks for none

        return FacetCounter(self.snapshot)

    def _facets(self) -> FacetCounter:
        return self.facets

    def _search(self, query: Query, synonyms: Sequence[SynonymEntry] = ()) -> Search:
        return Search(self.scorer, question_of(query), synonyms, self.meaning)

    @contextmanager
    def _kept_search(self, query: Query, synonyms: Sequence[SynonymEntry]) -> Iterator[Search]:
        """Give the search for a query's question, the one that answered it before if that is kept."""
        question = question_of(query), tuple(synonyms)
        search = self._kept.get(question, lambda: self._search(query, synonyms))
        yield search
        self._kept.keep(question, search)

    def top_docs(
        self,
        query: Query,
        cursor: Cursor | None = None,
        synonyms: Sequence[SynonymEntry] = (),
    ) -> TopDocs:
        """Find, count and order, without reading what is shown of the hits."""
        return self._search(query, synonyms).top_docs(query, cursor, self._facets)

    def search(self, query: Query, cursor: Cursor | None = None, synonyms: Sequence[SynonymEntry] = ()) -> ResultPage:
        """Return one page of hits with exact counts; a cursor bound to a version must be into this one.

        ``synonyms`` are synonyms of the query's words, to rank by.
        """
        started = time.perf_counter()
        typed, query = query, self._read(query)
        with self._kept_search(query, synonyms) as search:
            top_docs = search.top_docs(query, cursor, self._facets)
            readings = choices_of(search.count_choices(), top_docs.reading)
        needles = needles_of(query.root, top_docs.reading)
        read = list(map(self._reader(needles), top_docs.documents))
        validities = map(self._validity, top_docs.documents)
        hits = show_hits(read, top_docs.scores, needles, validities, top_docs.only_copies)
        return ResultPage(
            total=top_docs.total,
            folded=top_docs.folded,
            page=query.page,
            per_page=query.per_page,
            hits=hits,
            cursor=top_docs.cursor,
            understood=say(query, top_docs.reading, stands_whole=stands_whole(readings, top_docs.total)),
            relaxed=top_docs.reading is not None and top_docs.reading.is_relaxed(query.match) and top_docs.total > 0,
            reading=top_docs.reading.name if top_docs.reading else "",
            readings=readings,
            facets=top_docs.facets,
            version=self.snapshot.version,
            meant=self._near_in_meaning(query, search, top_docs),
            relief=reliefs(typed, top_docs.total, self._count_read, none_whole=top_docs.none_whole),
            number=self._number(query.root),
            did_you_mean=self._did_you_mean(query, none_whole=top_docs.none_whole),
            offers=offers(query, self._count),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _read(self, query: Query) -> Query:
        """Return a query with the laws and the numbers that it names in short."""
        return with_number_series(with_law_names(query, lambda: self.suggester), self._bears)

    def _bears(self, key: str) -> bool:
        """Return whether any announcement bears a number whose key begins so."""
        finder = Finder(self.snapshot)
        return bool(finder.series(key)) and bool(len(finder.documents(NumberSeries(key, "", "")).documents))

    def _count_read(self, query: Query) -> int:
        """Count what holds all that is typed."""
        return self._count(self._read(query))

    def _count(self, query: Query) -> int:
        """Count what holds all that a query asks for."""
        return self._search(query).count_whole()

    def walk(
        self, query: Query, synonyms: Sequence[SynonymEntry] = (), *, facts_only: bool = False, as_rows: bool = False
    ) -> Walk:
        """Find and order at once, every copy; read hits when they are asked for."""
        query = self._read(query)
        everything = replace(query, page=1, per_page=self.snapshot.count, cursor="", offered=False)
        with self._kept_search(query, synonyms) as search:
            top_docs = search.top_docs(everything, None, self._facets, every_copy=True)
        needles = needles_of(query.root, top_docs.reading)
        ordered = zip(top_docs.documents, top_docs.scores, strict=True)
        if facts_only:
            facts = (facts_of(self.snapshot.facts(one), score, self._validity(one)) for one, score in ordered)
            return Walk(top_docs.total, facts)
        read, validity = self._reader(needles), partial(self._validity, told=not as_rows)
        show = show_rows if as_rows else show_hits

        def shown(some: Sequence[tuple[int, float]]) -> Iterable[Hit]:
            documents, scores = zip(*some, strict=True)
            return show(list(map(read, documents)), scores, needles, map(validity, documents))

        batches = iter(lambda: list(islice(ordered, _READ_AT_ONCE)), [])
        return Walk(top_docs.total, (hit for some in batches for hit in shown(some)))

    def _reader(self, needles: Needles) -> Callable[[int], Announcement]:
        """Return what reads of a document what a hit shows: of a text in which nothing is sought the start."""
        snapshot = self.snapshot
        return snapshot.document if needles.in_body.longest_first else partial(snapshot.start, characters=START_CHARS)

    def _did_you_mean(self, query: Query, *, none_whole: bool) -> tuple[str, ...]:
        finder = Finder(self.snapshot)

        def finds(text: str) -> int:
            return int(np.count_nonzero(finder.holding(row_of(text)) & self.snapshot.live))

        return other_spellings(query, self.suggester, finds, none_whole=none_whole)

    def _near_in_meaning(self, query: Query, search: Search, top_docs: TopDocs) -> tuple[Hit, ...]:
        question = near_in_meaning.question_to_compare(query, top_docs) if self.meaning else ""
        if self.meaning is None or not question:
            return ()
        shown = frozenset(top_docs.documents)
        near = near_in_meaning.nearest(self.meaning, question, self.snapshot, search.passing_filters(), shown)
        return tuple(self.hit(document, cosine, needles_of(None)) for document, cosine in near)

    def _number(self, root: Node | None) -> NumberMatch | None:
        for number in numbers_of(root):
            bearing, citing = self.bearing_and_citing(number)
            ids = sorted(self.snapshot.id_of(document) for document in self._without_copies(bearing))
            return NumberMatch(number, tuple(ids), citing)
        return None

    def bearing_and_citing(self, number: str) -> tuple[Array, int]:
        """Return the documents that bear a number, and count those that only cite it."""
        finder = Finder(self.snapshot)
        bearing = finder.bearing(number) & self.snapshot.live
        citing = finder.citing(number) & self.snapshot.live & ~bearing
        return np.flatnonzero(bearing), int(np.count_nonzero(citing))

    def _without_copies(self, documents: Array) -> list[int]:
        """Return documents newest first, of copies the one that the others are copies of, if it is among them."""
        return one_of_each(self.snapshot, documents[first(self.snapshot, documents, len(documents))].tolist())

    def lookup_number(self, text: str) -> NumberLookup:
        """Find who bears a document number, newest first, or which borne ones are near it."""
        parsed = parse_number(text)
        if parsed is None:
            return NumberLookup("", (), 0, ())
        bearing, citing = self.bearing_and_citing(parsed.normal)
        ordered = self._without_copies(bearing)
        hits = tuple(self.hit(document, 0.0, needles_of(None)) for document in ordered)
        near = () if hits else numbers_near(self.snapshot, parsed.normal, NEAR_NUMBERS)
        return NumberLookup(parsed.normal, hits, citing, near)

    def similar(self, document: int, limit: int) -> tuple[Hit, ...]:
        """Return announcements on the same matter as this one."""
        return tuple(self.hit(one, score, needles_of(None)) for one, score in similar(self.scorer, document, limit))

    def hit(self, document: int, score: float, needles: Needles) -> Hit:
        """Read one document as a result list shows it."""
        return show_hit(self._reader(needles)(document), score, needles, self._validity(document))

    def _validity(self, document: int, *, told: bool = True) -> Validity | None:
        return validity_of(self.snapshot.graph, self.snapshot, document, told=told)

    def related(self, document: int, day: date | None) -> Related:
        """Return all relations of one document; its validity on a day (today)."""
        return related(self.snapshot.graph, self.snapshot, document, to_day(day) if day else None)
