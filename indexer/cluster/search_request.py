"""Put one question to the cluster: what is found, which of it is shown in which order, and what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.answers.cursor import BOUND, Cursor, unusable, write
from indexer.cluster import copies, top_hits
from indexer.cluster.boolean_filters import Finder, all_of, passing
from indexer.cluster.documents import document_id
from indexer.cluster.facet_counts import Counter, aggregations
from indexer.cluster.records import SHOWN, announcement_of
from indexer.cluster.replaced import lowered, replaced_by, with_lowered
from indexer.cluster.scoring import Scored, scored
from indexer.cluster.top_hits import Window
from indexer.cluster.validity_filters import today
from indexer.fields import FACETS, NOT
from indexer.light_dataclass import dataclass
from indexer.ranking.bm25f import RANKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.cluster.connection import Body
    from indexer.cluster.statistics import Statistics
    from indexer.cluster.top_hits import Place
    from indexer.query.tree import Query
    from indexer.ranking.bm25f import SynonymEntry

NEWEST: Final[list[Body]] = [{"day": "desc"}, {"id": "asc"}]
_ORDERS: Final[dict[str, list[Body]]] = {
    "oldest": [{"day": "asc"}, {"id": "asc"}],
    "indexed": [{"indexed": "desc"}, *NEWEST],
    "cited": [{"cited": "desc"}, *NEWEST],
}
_FACET_NAMES: Final = frozenset(facet.name for facet in FACETS)
_BEST: Final[list[Body]] = [{"_score": "desc"}, *NEWEST]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list."""

    hits: list[Body]
    only_copies: list[bool]  # of each, whether it is a copy and what it is a copy of was not found
    behind: str  # the cursor; "" when nothing follows
    folded: int  # how many of all that is found stand in the list under another one that they are copies of


class SearchRequest:
    """One request."""

    def __init__(self, statistics: Statistics, query: Query, matching: Body, synonyms: Sequence[SynonymEntry]) -> None:
        """Ask for what is ``matching`` and passes the query's filters; ``synonyms`` are synonyms to rank by."""
        self._statistics = statistics
        self._query = query
        self._passing = passing(query.filters)
        self._own: dict[str, Body] = {
            name: one for name, one in self._passing.items() if name.removeprefix(NOT) in _FACET_NAMES
        }
        found = all_of((matching, *(one for name, one in self._passing.items() if name not in self._own)))
        by_score: Scored | None = None
        if query.sort == "relevance":
            finder = Finder(statistics, title_only=query.filters.title_only)
            by_score = scored(found, query.root, synonyms, finder, statistics)
        self._scored = by_score is not None
        self._day = today()
        self._plain = _passed(by_score.plain, self._own.values()) if by_score and by_score.plain else None
        # The best of these few, where they have more than ``_below``, are the best of all.
        self._in_title = (
            _passed(self._plain, [by_score.in_title]) if self._plain and by_score and by_score.in_title else None
        )
        self._below = by_score.below if by_score else 0.0
        self._matching = found  # without scores, and without the facets' own filters
        self._found = by_score.exact if by_score else found
        self._filtered = all_of((found, *self._own.values()))  # all that is found, without scores
        self.counter = Counter(statistics.connection, statistics.version.alias, found, self._own)

    def ask(self, cursor: Cursor | None) -> Body:
        """Put the question; facets are counted before their filters are applied, hits after."""
        counted: Body = {
            "track_total_hits": True,
            "aggs": {
                **aggregations(self._query.filters, self._own),
                "copies": copies.aggregation(self._own.values()),
                "replaced": {"filter": all_of((*self._own.values(), replaced_by(self._day)))},
            },
        }
        placed = self._placed(cursor)
        size = top_hits.first_size(self._last) if cursor is None and self._finds_many else 0
        if self._plain and size:
            asked = {"query": self._matching, **self._own_apart(), "size": 0, **counted}
            answer, best = self._statistics.searches([asked, top_hits.window(self._in_title or self._plain, size)])
            hits = self._best(self._plain, best["hits"]["hits"], size)
            if hits is None:
                self._lower(answer)
                hits = self._ask({**self.whole(), **placed, "track_total_hits": False})["hits"]["hits"]
            return {**answer, "hits": {**answer["hits"], "hits": hits}}
        answer = self._ask({**self.whole(), **placed, **counted})
        if self._scored and self._lower(answer):
            again = self._ask({**self.whole(), **placed, "track_total_hits": False})
            answer = {**answer, "hits": {**answer["hits"], "hits": again["hits"]["hits"]}}
        return answer

    @property
    def _finds_many(self) -> bool:
        return self._statistics.at_most(self._matching) > top_hits.WORTH

    @property
    def _last(self) -> int:
        """Return how many hits stand before the end of this page."""
        return self._query.page * self._query.per_page

    def _placed(self, cursor: Cursor | None) -> Body:
        """Return which part of the list is asked for."""
        size = self._query.per_page
        if cursor is None:
            return {"size": size, "from": self._last - size, **copies.COLLAPSED}
        if not _fits(cursor, self._order()):
            raise unusable(self._query.cursor)
        return {"size": size, "search_after": list(cursor.place)}

    def _best(self, plain: Body, hits: list[Body], size: int) -> list[Body] | None:
        """Return the hits of the page out of a window of this size, or a wider one; None where none holds them."""
        span = self._last - self._query.per_page, self._last
        if self._in_title:
            places = top_hits.page_of(Window(hits, size, self._below), self._day, span, self._days_of)
            if places is not None:
                return self._read(places)
            hits = self._ask(top_hits.window(plain, size))["hits"]["hits"]
        while (places := top_hits.page_of(Window(hits, size), self._day, span, self._days_of)) is None:
            if size == top_hits.MOST:
                return None
            size = min(size * top_hits.WIDER, top_hits.MOST)
            hits = self._ask(top_hits.window(plain, size))["hits"]["hits"]
        return self._read(places)

    def _days_of(self, ids: list[str]) -> dict[str, int]:
        """Return which of these are found, with their days."""
        body = {"query": all_of((self._filtered, {"terms": {"id": ids}})), "size": len(ids), "sort": NEWEST}
        hits = self._ask({**body, "track_total_hits": False, "_source": False})["hits"]["hits"]
        return {hit["sort"][1]: hit["sort"][0] for hit in hits}

    def _read(self, places: Sequence[Place]) -> list[Body]:
        """Return the hits that stand at these places."""
        if not places:
            return []
        names = [document_id(one.id, int(one.fields["born"][0])) for one in places]
        found = self._statistics.connection.documents(self._statistics.version.alias, names, SHOWN)
        return [{**hit, "sort": [one.steps, one.day, one.id]} for one, hit in zip(places, found, strict=True)]

    def _lower(self, answer: Body) -> bool:
        """Put below what took its place whatever stands above it, for the script; return whether anything does."""
        if not answer["aggregations"]["replaced"]["doc_count"]:
            return False
        scores = lowered(self._found, tuple(self._own.values()), self._day, self._ask)
        if scores:
            self._found = with_lowered(self._found, scores)
        return bool(scores)

    def _ask(self, body: Body) -> Body:
        return self._statistics.search(body)

    def _order(self) -> list[Body]:
        if self._scored:
            return _BEST
        return _ORDERS.get(self._query.sort, NEWEST)

    def whole(self) -> Body:
        """Return what finds every hit in order; the facets' own filters stand apart, for counts do without them."""
        return {"query": self._found, "sort": self._order(), **SHOWN, **self._own_apart()}

    def _own_apart(self) -> Body:
        return {"post_filter": all_of(self._own.values())} if self._own else {}

    def score(self, hit: Body) -> float:
        """Read the score of a hit; 0.0 where there is none."""
        return float(hit["sort"][0]) * RANKING.step if self._scored else 0.0

    def page(self, answer: Body) -> Listed:
        """Return this page of the list: of copies of one announcement the first."""
        folded = copies.count_folded(answer["aggregations"]["copies"], self._ask, self._filtered)
        hits: list[Body] = answer["hits"]["hits"]
        size = self._query.per_page
        if self._query.cursor:
            hits, is_last = self._behind_cursor(hits)
        else:
            listed = answer["hits"]["total"]["value"] - folded
            is_last = len(hits) < size or self._query.page * size >= listed
        version = self._statistics.version.name if self._query.sort in BOUND else ""
        behind = "" if is_last else write(Cursor(self._query.sort, version, tuple(hits[-1]["sort"])))
        return Listed(*self._shown(hits), behind, folded)

    def _behind_cursor(self, hits: list[Body]) -> tuple[list[Body], bool]:
        """Go on until a page is full of what is the first of its group, or nothing follows; return whether that is."""
        size, asked = self._query.per_page, self.whole()
        listed: list[Body] = []
        while True:
            listed += copies.only_heads(hits, asked, self._ask)
            if len(listed) >= size:
                return listed[:size], False
            if len(hits) < size:
                return listed, True
            body = {**asked, "size": size, "track_total_hits": False, "search_after": hits[-1]["sort"]}
            hits = self._ask(body)["hits"]["hits"]

    def _shown(self, hits: list[Body]) -> tuple[list[Body], list[bool]]:
        """Return the hits as they are shown, and of each whether it is a copy whose original is not found.

        By score the original stands in its place, if it is found.
        """
        leaders = copies.leaders_among(hits, self._filtered, self._ask)
        ids = [announcement_of(hit).repost_of for hit in hits]
        only_copies = [bool(one) and one not in leaders for one in ids]
        if self._scored:
            hits = [
                {**leaders[one], "sort": hit["sort"]} if one in leaders else hit
                for hit, one in zip(hits, ids, strict=True)
            ]
        return hits, only_copies


def _passed(plain: Body, filters: Iterable[Body]) -> Body:
    """Let a query of clauses that add to scores find no more than what passes these filters."""
    clauses = plain["bool"]
    return {"bool": {**clauses, "filter": [*clauses["filter"], *filters]}}


def _fits(cursor: Cursor, order: list[Body]) -> bool:
    """Return whether a cursor holds the sort values of a hit: a score where there is one, its day, its id."""
    kinds = {"_score": (int, float), "indexed": (int,), "cited": (int,), "day": (int,), "id": (str,)}
    wanted = [kinds[name] for one in order for name in one]
    return len(cursor.place) == len(wanted) and all(map(isinstance, cursor.place, wanted))
