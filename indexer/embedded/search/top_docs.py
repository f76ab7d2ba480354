"""One search: what is found, how it is counted, and which of it is shown in which order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from indexer.answers.hits import say_filter
from indexer.answers.results import Relief
from indexer.embedded.search.boolean_matching import Finder, Found
from indexer.embedded.search.cursors import AfterDay, AfterScore, Cursor, write
from indexer.embedded.search.filters import tests_of
from indexer.embedded.search.leaves import implied_rows
from indexer.embedded.search.ordering import first
from indexer.query.understanding import loosened, numbers_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.answers.results import Facets
    from indexer.embedded.search.facet_counts import FacetCounter
    from indexer.embedded.search.phrase_matching import Row
    from indexer.embedded.search.scoring import Scorer
    from indexer.embedded.store.array_file import Array
    from indexer.query.tree import Query
    from indexer.ranking.bm25f import SynonymEntry


@dataclass(frozen=True, slots=True)
class TopDocs:
    """An answer before anything is read of what it shows."""

    total: int
    documents: list[int]  # those shown, best first
    scores: list[float]
    cursor: str
    facets: Facets
    none_whole: bool  # nothing that passes the filters holds all that is asked for
    relaxed: bool  # but these hold some of it
    relief: tuple[Relief, ...]


class Search:
    """One query put to one version of the index."""

    def __init__(
        self, scorer: Scorer, facets: FacetCounter, query: Query, synonyms: Sequence[SynonymEntry] = ()
    ) -> None:
        self._scorer = scorer
        self._facets = facets
        self._synonyms_in = synonyms
        self._snapshot = scorer.snapshot
        self._query = query
        self._finder = Finder(scorer.snapshot, title_only=query.filters.title_only)
        self._tests = tests_of(query.filters, scorer.snapshot)
        self._tested: tuple[Found, dict[str, Array]] | None = None

    def top_docs(self, cursor: Cursor | None) -> TopDocs:
        """Find, count and order."""
        held = implied_rows(self._query.root)
        matching = self._finder.documents(self._query.root, held)
        found = self._passing(matching)
        relief: tuple[Relief, ...] = ()
        relaxed = False
        if none_whole := not len(found.documents):
            relief = tuple(self._relief(matching))
            partly = self._matching_in_part()
            found = self._passing(partly)
            if relaxed := len(found.documents) > 0:
                matching = partly
        shown, scores, behind = self._page(found, cursor, frozenset() if relaxed else held)
        facets = self._facets.count(self._query.filters, lambda facet: self._passing(matching, facet), found)
        return TopDocs(len(found.documents), shown, scores, behind, facets, none_whole, relaxed, relief)

    def _matching_in_part(self) -> Found:
        """Find what holds a fair share of the words, when nothing holds all."""
        looser = loosened(self._query.root) if self._query.root else None
        if looser is None:
            return Found(np.zeros(0, dtype=np.intp), self._snapshot.size)
        required, some = looser
        return Found.of(self._finder.find(required) & self._finder.holding_minimum(some) & self._snapshot.live)

    def _passing(self, matching: Found, without: str = "") -> Found:
        """Keep what passes every filter but one."""
        passing = [held for name, held in self._passed(matching).items() if name != without]
        if not passing:
            return matching
        return Found(matching.documents[reduce(np.logical_and, passing)], self._snapshot.size)

    def _passed(self, matching: Found) -> dict[str, Array]:
        """Return for each filter which of these pass it; asked again for each facet with a filter of its own."""
        if self._tested is None or self._tested[0] is not matching:
            self._tested = matching, {name: test(matching.documents) for name, test in self._tests.items()}
        return self._tested[1]

    def _relief(self, matching: Found) -> Iterator[Relief]:
        """Return what dropping each filter would find."""
        for name in self._tests:
            yield Relief(name, say_filter(self._query.filters, name), len(self._passing(matching, name).documents))

    def _page(self, found: Found, cursor: Cursor | None, held: frozenset[Row]) -> tuple[list[int], list[float], str]:
        """Return the documents that are shown, their scores, and the cursor behind them."""
        query, snapshot = self._query, self._snapshot
        offset = (query.page - 1) * query.per_page
        match cursor:
            case AfterScore(_, passed):
                offset = passed
            case AfterDay():
                found, offset = Found.of(self._behind(cursor, found)), 0
        scores = self._scores(found, held) if query.sort == "relevance" else None
        places = first(snapshot, found.documents, offset + query.per_page, query.sort, scores)[offset:]
        shown = found.documents[places].tolist()
        given = scores[places].tolist() if scores is not None else [0.0] * len(shown)
        if not shown or offset + len(shown) >= len(found.documents):
            return shown, given, ""
        behind: Cursor = AfterScore(snapshot.version, offset + len(shown))
        if query.sort != "relevance":
            behind = AfterDay(query.sort, int(snapshot.published[shown[-1]]), snapshot.id_of(shown[-1]))
        return shown, given, write(behind)

    def _scores(self, found: Found, held: frozenset[Row]) -> Array | None:
        """Score what is found; None when there is nothing to rank by."""
        numbers, runs = numbers_of(self._query.root), texts_of(self._query.root)
        if not numbers and not runs:
            return None
        scores = self._scorer.score(runs, found, self._finder, held, self._synonyms_in)
        # Those that bear the number stand before all that cite it, and these before the rest, whatever else they hold.
        for number in numbers:
            for those in (self._finder.citing(number), self._finder.bearing(number)):
                scores += (scores.max(initial=0) + 1) * those[found.documents]
        return scores

    def _behind(self, cursor: AfterDay, found: Found) -> Array:
        """Leave out what stands before the cursor, or is the announcement that it names."""
        published = self._snapshot.published
        later: Array = published > cursor.day if cursor.sort == "oldest" else published < cursor.day
        later &= found.held
        tied = (found.held & (published == cursor.day)).nonzero()[0]
        later[tied] = [self._snapshot.id_of(document) > cursor.id for document in tied.tolist()]
        return later
