"""Put one question to the cluster: what is found, which of it is shown in which order, and what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.answers.cursor import Cursor, unusable, write
from indexer.cluster.boolean_filters import Finder, all_of, passing
from indexer.cluster.facet_counts import Counter, aggregations
from indexer.cluster.scoring import scored
from indexer.fields import FACETS
from indexer.ranking.bm25f import RANKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.cluster.connection import Body
    from indexer.cluster.statistics import Statistics
    from indexer.query.tree import Query
    from indexer.ranking.bm25f import SynonymEntry

NEWEST: Final[list[Body]] = [{"day": "desc"}, {"id": "asc"}]
_OLDEST: Final[list[Body]] = [{"day": "asc"}, {"id": "asc"}]
_BEST: Final[list[Body]] = [{"_score": "desc"}, *NEWEST]


class SearchRequest:
    """One request."""

    def __init__(self, statistics: Statistics, query: Query, matching: Body, synonyms: Sequence[SynonymEntry]) -> None:
        """Ask for what is ``matching`` and passes the query's filters; ``synonyms`` are synonyms to rank by."""
        self._statistics = statistics
        self._query = query
        self._passing = passing(query.filters)
        self._own: dict[str, Body] = {
            facet.name: self._passing[facet.name] for facet in FACETS if facet.name in self._passing
        }
        found = all_of((matching, *(one for name, one in self._passing.items() if name not in self._own)))
        by_score = None
        if query.sort == "relevance":
            finder = Finder(statistics, title_only=query.filters.title_only)
            by_score = scored(found, query.root, synonyms, finder, statistics)
        self._scored = by_score is not None
        self._found = by_score or found
        self.counter = Counter(statistics.connection, statistics.version.alias, found, self._own)

    def ask(self, cursor: Cursor | None) -> Body:
        """Put the question; facets are counted before their filters are applied, hits after."""
        query = self._query
        body: Body = {
            **self.whole(),
            "size": query.per_page,
            "track_total_hits": True,
            "aggs": aggregations(query.filters, self._own),
        }
        if cursor is None:
            body["from"] = (query.page - 1) * query.per_page
        elif _fits(cursor, body["sort"]):
            body["search_after"] = list(cursor.place)
        else:
            raise unusable(query.cursor)
        return self._statistics.connection.search(self._statistics.version.alias, body)

    def _order(self) -> list[Body]:
        if self._scored:
            return _BEST
        return _OLDEST if self._query.sort == "oldest" else NEWEST

    def whole(self) -> Body:
        """Return what finds every hit in order; the facets' own filters stand apart, for counts do without them."""
        body: Body = {"query": self._found, "sort": self._order(), "_source": ["record"]}
        if self._own:
            body["post_filter"] = all_of(self._own.values())
        return body

    def score(self, hit: Body) -> float:
        """Read the score of a hit; 0.0 where there is none."""
        return float(hit["sort"][0]) * RANKING.step if self._scored else 0.0

    def page(self, answer: Body) -> tuple[list[Body], str]:
        """Return the hits of this page, and the cursor behind them."""
        hits: list[Body] = answer["hits"]["hits"]
        if len(hits) < self._query.per_page or self._is_last(answer):
            return hits, ""
        version = self._statistics.version.name if self._query.sort == "relevance" else ""
        return hits, write(Cursor(self._query.sort, version, tuple(hits[-1]["sort"])))

    def _is_last(self, answer: Body) -> bool:
        """Whether the page that is just full ends the answer; behind a cursor only the next page can tell."""
        shown = self._query.page * self._query.per_page
        return not self._query.cursor and shown >= answer["hits"]["total"]["value"]


def _fits(cursor: Cursor, order: list[Body]) -> bool:
    """Return whether a cursor holds the sort values of a hit: a score where there is one, its day, its id."""
    kinds = {"_score": (int, float), "day": (int,), "id": (str,)}
    wanted = [kinds[name] for one in order for name in one]
    return len(cursor.place) == len(wanted) and all(map(isinstance, cursor.place, wanted))
