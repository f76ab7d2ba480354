"""Answer one query from one version of the index."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from indexer.cluster import cursors
from indexer.cluster.completions import read_suggestions
from indexer.cluster.documents import plain, unpack
from indexer.cluster.facets import FACETS, Counter, aggregations
from indexer.cluster.finding import Finder, all_of, bearing, passing
from indexer.cluster.neighbours import numbers_near, similar
from indexer.cluster.scoring import scored
from indexer.cluster.statistics import EVERYTHING, Statistics
from indexer.leaves import loosened, numbers_of
from indexer.number import number_key, parse_number
from indexer.ranking import RANKING
from indexer.results import NumberLookup, NumberMatch, Relief, ResultPage
from indexer.showing import other_spellings, say_filter, show_hit
from indexer.snippet import needles_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.announcement import Announcement
    from indexer.cluster.connection import Body, Connection
    from indexer.cluster.cursors import Cursor
    from indexer.cluster.versions import Version
    from indexer.query import Filters, Node, Query
    from indexer.ranking import Beside
    from indexer.results import Hit
    from indexer.snippet import Needles
    from indexer.suggest import Suggester

NEAR_NUMBERS: Final = 5  # offered when nothing bears the number asked for
BEARERS: Final = 100  # of one number, listed at most

_NEWEST: Final[list[Body]] = [{"day": "desc"}, {"id": "asc"}]
_OLDEST: Final[list[Body]] = [{"day": "asc"}, {"id": "asc"}]
_BEST: Final[list[Body]] = [{"_score": "desc"}, *_NEWEST]


class Answerer:
    """Answers from one version; holds nothing of a query but what it counted, so threads may share it."""

    def __init__(self, connection: Connection, version: Version) -> None:
        self.version = version
        self.connection = connection
        self.statistics = Statistics(connection, version)

    @cached_property
    def suggester(self) -> Suggester:
        """What completes, from this version's lists."""
        return read_suggestions(self.connection, self.version.alias)

    def search(self, query: Query, cursor: Cursor | None = None, beside: Sequence[Beside] = ()) -> ResultPage:
        """Give one page of hits with exact counts; a cursor bound to a version must be into this one.

        ``beside`` are synonyms of the query's words, to rank by.
        """
        started = time.perf_counter()
        finder = Finder(self.statistics, title_only=query.filters.title_only)
        matching = finder.find(query.root) if query.root else EVERYTHING
        question = _Question(self, query, finder, matching, beside)
        answer = question.ask(cursor)
        relief: tuple[Relief, ...] = ()
        relaxed = False
        if none_whole := not answer["hits"]["total"]["value"]:
            relief = self._relief(query.filters, matching)
            if query.root is not None and (looser := loosened(query.root)):
                required, some = looser
                partly = all_of((finder.find(required), finder.holding_enough(some)))
                question = _Question(self, query, finder, partly, beside)
                answer = question.ask(cursor)
                relaxed = answer["hits"]["total"]["value"] > 0
        hits, behind = question.page(answer)
        return ResultPage(
            total=answer["hits"]["total"]["value"],
            page=query.page,
            per_page=query.per_page,
            hits=hits,
            cursor=behind,
            understood=query.understood,
            relaxed=relaxed,
            facets=question.counter.count(query.filters, answer["aggregations"]),
            version=self.version.name,
            relief=relief,
            number=self._number(query.root, finder),
            did_you_mean=self._did_you_mean(query) if none_whole else (),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _relief(self, filters: Filters, matching: Body) -> tuple[Relief, ...]:
        """Say what dropping each filter would find."""
        names = list(passing(filters))
        queries = [all_of((matching, *passing(filters, without=name).values())) for name in names]
        counts = self.statistics.counts(queries)
        return tuple(Relief(name, say_filter(filters, name), n) for name, n in zip(names, counts, strict=True))

    def _did_you_mean(self, query: Query) -> tuple[str, ...]:
        finder = Finder(self.statistics)
        return other_spellings(query, self.suggester, lambda text: self.statistics.counts([finder.holding(text)])[0])

    def _number(self, root: Node | None, finder: Finder) -> NumberMatch | None:
        for number in numbers_of(root):
            hits, citing = self._bearing_and_citing(number, finder)
            return NumberMatch(number, tuple(sorted(unpack(hit["_source"]["record"]).id for hit in hits)), citing)
        return None

    def _bearing_and_citing(self, number: str, finder: Finder) -> tuple[list[Body], int]:
        """Give the hits that bear a number, newest first, and count those that only cite it."""
        bears = bearing(number)
        citing = {"bool": {"filter": [finder.citing(number)], "must_not": [bears]}}
        count = self.statistics.counts([citing])[0]
        body = {"query": bears, "size": BEARERS, "sort": _NEWEST, "_source": ["record"]}
        return self.connection.search(self.version.alias, body)["hits"]["hits"], count

    def lookup_number(self, text: str) -> NumberLookup:
        """Find who bears a document number, newest first, or which borne ones are near it."""
        parsed = parse_number(text)
        if parsed is None:
            return NumberLookup("", (), 0, ())
        found, citing = self._bearing_and_citing(parsed.normal, Finder(self.statistics))
        hits = tuple(self.hit(one, 0.0, needles_of(None)) for one in found)
        near = () if hits else numbers_near(self, plain(number_key(parsed.normal)), NEAR_NUMBERS)
        return NumberLookup(parsed.normal, hits, citing, near)

    def similar(self, announcement: Announcement, limit: int) -> tuple[Hit, ...]:
        """Give announcements on the same matter as this one."""
        near = similar(self, announcement, limit)
        return tuple(self.hit(one, one["_score"] * RANKING.step, needles_of(None)) for one in near)

    def find(self, announcement_id: str) -> Announcement | None:
        """Give one announcement, None if there is none of this id."""
        body = {"query": {"term": {"id": plain(announcement_id)}}, "size": 1, "_source": ["record"]}
        hits = self.connection.search(self.version.alias, body)["hits"]["hits"]
        return unpack(hits[0]["_source"]["record"]) if hits else None

    def hit(self, told: Mapping[str, Any], score: float, needles: Needles) -> Hit:
        """Read one hit as a result list shows it."""
        return show_hit(unpack(told["_source"]["record"]), score, needles)


class _Question:
    """One request: what is found, what is shown of it, and what is counted."""

    def __init__(
        self, answerer: Answerer, query: Query, finder: Finder, matching: Body, beside: Sequence[Beside]
    ) -> None:
        self._answerer = answerer
        self._query = query
        self._passing = passing(query.filters)
        self._own: dict[str, Body] = {name: self._passing[name] for name in FACETS if name in self._passing}
        found = all_of((matching, *(one for name, one in self._passing.items() if name not in self._own)))
        by_score = None
        if query.sort == "relevance":
            by_score = scored(found, query.root, beside, finder, answerer.statistics)
        self._scored = by_score is not None
        self._found = by_score or found
        self.counter = Counter(answerer.connection, answerer.version.alias, found, self._own)

    def ask(self, cursor: Cursor | None) -> Body:
        """Put the question; facets are counted before their filters are applied, hits after."""
        query = self._query
        body: Body = {
            "query": self._found,
            "sort": self._order(),
            "size": query.per_page,
            "_source": ["record"],
            "track_total_hits": True,
            "aggs": aggregations(query.filters, self._own),
        }
        if self._own:
            body["post_filter"] = all_of(self._own.values())
        if cursor is None:
            body["from"] = (query.page - 1) * query.per_page
        elif len(cursor.after) == len(body["sort"]):
            body["search_after"] = cursor.after
        else:
            raise cursors.unusable(query.cursor, "the cursor of an earlier answer to the same search")
        return self._answerer.connection.search(self._answerer.version.alias, body)

    def _order(self) -> list[Body]:
        if self._scored:
            return _BEST
        return _OLDEST if self._query.sort == "oldest" else _NEWEST

    def page(self, answer: Body) -> tuple[tuple[Hit, ...], str]:
        """Read the hits of this page, and give the cursor behind them."""
        needles = needles_of(self._query.root)
        told = answer["hits"]["hits"]
        step = RANKING.step if self._scored else 0.0
        hits = tuple(self._answerer.hit(one, (one["sort"][0] if step else 0.0) * step, needles) for one in told)
        if len(told) < self._query.per_page or self._is_last(answer):
            return hits, ""
        version = self._answerer.version.name if self._query.sort == "relevance" else ""
        return hits, cursors.write(self._query.sort, cursors.Cursor(told[-1]["sort"], version))

    def _is_last(self, answer: Body) -> bool:
        """Whether the page that is just full ends the answer; behind a cursor only the next page can tell."""
        shown = self._query.page * self._query.per_page
        return not self._query.cursor and shown >= answer["hits"]["total"]["value"]
