"""Answer one query from one version of the index."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from indexer.arrays.completions import read_suggestions
from indexer.arrays.cursors import AfterDay, AfterScore, Cursor, write
from indexer.arrays.facets import FacetCounter
from indexer.arrays.finding import Finder
from indexer.arrays.leaves import loosened, numbers_of, texts_of
from indexer.arrays.neighbours import numbers_near, similar
from indexer.arrays.ordering import first
from indexer.arrays.scoring import Scorer
from indexer.number import parse_number
from indexer.results import Hit, NumberLookup, NumberMatch, Relief, ResultPage
from indexer.snippet import find_marks, make_snippet, needles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.arrays.files import Array
    from indexer.arrays.snapshot import Snapshot
    from indexer.query import Filters, Node, Query
    from indexer.results import Facets
    from indexer.snippet import Needles
    from indexer.suggest import Suggester

NEAR_NUMBERS = 5  # offered when nothing bears the number asked for


class Answerer:
    """Answers from one snapshot; holds nothing of a query, so threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.scorer = Scorer(snapshot)
        self._facets = FacetCounter(snapshot)

    @cached_property
    def suggester(self) -> Suggester:
        """What completes, from this version's lists."""
        return read_suggestions(self.snapshot.folder)

    def search(self, query: Query, cursor: Cursor | None = None) -> ResultPage:
        """Give one page of hits with exact counts; a cursor bound to a version must be into this one."""
        started = time.perf_counter()
        finder = Finder(self.snapshot, title_only=query.filters.title_only)
        passing = self._passing(query.filters)
        matching = self.snapshot.live if query.root is None else finder.find(query.root) & self.snapshot.live
        found = matching & passing
        relief: tuple[Relief, ...] = ()
        relaxed = False
        if not found.any():
            relief = tuple(self._relief(query.filters, matching))
            if query.root is not None and (looser := loosened(query.root)):
                required, some = looser
                matching = finder.find(required) & finder.holding_enough(some) & self.snapshot.live
                found = matching & passing
                relaxed = bool(found.any())
        hits, behind = self._page(query, cursor, finder, found)
        return ResultPage(
            total=int(np.count_nonzero(found)),
            page=query.page,
            per_page=query.per_page,
            hits=hits,
            cursor=behind,
            understood=query.understood,
            relaxed=relaxed,
            facets=self._count(query.filters, matching, found),
            version=self.snapshot.version,
            relief=relief,
            number=self._number(query.root),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _passing(self, filters: Filters, without: str = "") -> Array:
        passing = Finder(self.snapshot).passing(filters, without)
        return self.snapshot.live if passing is None else passing

    def _count(self, filters: Filters, matching: Array, found: Array) -> Facets:
        def found_without(facet: str) -> Array:
            return matching & self._passing(filters, facet) if getattr(filters, facet) else found

        return self._facets.count(filters, found_without)

    def _relief(self, filters: Filters, matching: Array) -> Iterator[Relief]:
        """Say what dropping each filter would find."""
        regions = ["/".join(path) for path in filters.region]
        chosen = {
            "source": "、".join(filters.source),
            "region": "、".join(regions),
            "form": "、".join(filters.form),
            "year": "、".join(filters.year),
            "from": filters.first.isoformat() if filters.first else "",
            "to": filters.last.isoformat() if filters.last else "",
            "number": filters.number,
        }
        for parameter, value in chosen.items():
            if value:
                count = int(np.count_nonzero(matching & self._passing(filters, parameter)))
                yield Relief(parameter, value, count)

    def _number(self, root: Node | None) -> NumberMatch | None:
        for number in numbers_of(root):
            bearing, citing = self.bearing_and_citing(number)
            ids = sorted(self.snapshot.id_of(document) for document in bearing.tolist())
            return NumberMatch(number, tuple(ids), citing)
        return None

    def bearing_and_citing(self, number: str) -> tuple[Array, int]:
        """Give the documents that bear a number, and count those that only cite it."""
        finder = Finder(self.snapshot)
        bearing = finder.bearing(number) & self.snapshot.live
        citing = finder.citing(number) & self.snapshot.live & ~bearing
        return np.flatnonzero(bearing), int(np.count_nonzero(citing))

    def _page(self, query: Query, cursor: Cursor | None, finder: Finder, found: Array) -> tuple[tuple[Hit, ...], str]:
        """Give the hits that this page shows, and the cursor behind them."""
        documents = np.flatnonzero(found)
        offset = (query.page - 1) * query.per_page
        match cursor:
            case AfterScore(_, passed):
                offset = passed
            case AfterDay():
                documents, offset = self._behind(cursor, documents), 0
        scores = self._scores(query.root, documents, finder) if query.sort == "relevance" else None
        keys = self._keys(query.sort, scores)
        shown = first(documents, keys, offset + query.per_page)[offset:]
        needles = needles_of(query.root)
        hits = tuple(
            self.hit(one, float(scores[one]) if scores is not None else 0.0, needles) for one in shown.tolist()
        )
        if not hits or offset + len(shown) >= len(documents):
            return hits, ""
        if query.sort == "relevance":
            return hits, write(AfterScore(self.snapshot.version, offset + len(shown)))
        last = int(shown[-1])
        day = int(self.snapshot.published[last])
        return hits, write(AfterDay(query.sort, day, hits[-1].id))

    def _scores(self, root: Node | None, documents: Array, finder: Finder) -> Array | None:
        """Score these documents and spread the scores over all; None when the query says nothing to rank by."""
        numbers, runs = numbers_of(root), texts_of(root)
        if not numbers and not runs:
            return None
        scores = self.scorer.score(runs, documents, finder)
        # Those that bear the number stand before all that cite it, whatever else they hold.
        for number in numbers:
            scores += (scores.max(initial=0) + 1) * finder.bearing(number)[documents]
        return self.spread(documents, scores)

    def spread(self, documents: Array, scores: Array) -> Array:
        """Put the scores of some documents at their places among all."""
        everywhere = np.zeros(self.snapshot.size, dtype=np.float32)
        everywhere[documents] = scores
        return everywhere

    def order_by(self, scores: Array) -> list[Callable[[Array], Array]]:
        """Give what best-first is sorted by: score, then newest, then id."""
        return self._keys("relevance", scores)

    def _keys(self, sort: str, scores: Array | None) -> list[Callable[[Array], Array]]:
        published, ids = self.snapshot.published.astype(np.int64), self.snapshot.id_rank
        newest: list[Callable[[Array], Array]] = [lambda some: -published[some], lambda some: ids[some]]
        if sort == "oldest":
            newest[0] = lambda some: published[some]
        return newest if scores is None else [lambda some: -scores[some], *newest]

    def _behind(self, cursor: AfterDay, documents: Array) -> Array:
        """Leave out what stands before the cursor, or is the announcement that it names."""
        published = self.snapshot.published[documents]
        later: Array = published > cursor.day if cursor.sort == "oldest" else published < cursor.day
        tied = np.flatnonzero(published == cursor.day)
        later[tied] = [self.snapshot.id_of(document) > cursor.id for document in documents[tied].tolist()]
        return documents[later]

    def lookup_number(self, text: str) -> NumberLookup:
        """Find who bears a document number, newest first, or which borne ones are near it."""
        parsed = parse_number(text)
        if parsed is None:
            return NumberLookup("", (), 0, ())
        bearing, citing = self.bearing_and_citing(parsed.normal)
        ordered = first(bearing, self._keys("newest", None), len(bearing)).tolist()
        hits = tuple(self.hit(document, 0.0, needles_of(None)) for document in ordered)
        near = () if hits else numbers_near(self.snapshot, parsed.normal, NEAR_NUMBERS)
        return NumberLookup(parsed.normal, hits, citing, near)

    def similar(self, document: int, limit: int) -> tuple[Hit, ...]:
        """Give announcements on the same matter as this one."""
        return tuple(self.hit(one, score, needles_of(None)) for one, score in similar(self, document, limit))

    def hit(self, document: int, score: float, needles: Needles) -> Hit:
        """Read one document as a result list shows it."""
        found = self.snapshot.document(document)
        return Hit(
            id=found.id,
            title=found.title,
            title_marks=find_marks(found.title, needles),
            source=found.source,
            published=found.published,
            region=found.region,
            number=found.number,
            form=found.form,
            url=found.url,
            score=score,
            snippet=make_snippet(found.body, needles),
            reposts=found.reposts,
        )
