"""Answer one query from one version of the index."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property
from itertools import islice, repeat
from typing import TYPE_CHECKING, Final

from indexer.answers.highlight_terms import needles_of
from indexer.answers.hits import choices_of, facts_of, other_spellings, show_hits, show_rows, stands_whole
from indexer.answers.offers import offers
from indexer.answers.relief import reliefs
from indexer.answers.results import NumberLookup, NumberMatch, ResultPage, Walk
from indexer.cluster.boolean_filters import Finder, all_of, bearing, of_series, passing
from indexer.cluster.completion_lists import read_suggestions
from indexer.cluster.copies import one_of_each
from indexer.cluster.documents import plain
from indexer.cluster.records import SHOWN, announcement_of
from indexer.cluster.relation_answers import Relating
from indexer.cluster.search_request import NEWEST, SearchRequest
from indexer.cluster.similar import numbers_near, similar
from indexer.cluster.statistics import EVERYTHING, Statistics
from indexer.cluster.walk import walk_hits
from indexer.errors import AnnouncementNotFound
from indexer.facts.dates import to_day
from indexer.facts.document_number import number_key, parse_number
from indexer.light_dataclass import dataclass
from indexer.query.explanation import say
from indexer.query.leaves import numbers_of, typed_texts_of
from indexer.query.number_parts import with_number_series
from indexer.query.readings import choices, readings
from indexer.ranking.bm25f import RANKING
from indexer.suggesting.abbreviations import with_law_names
from indexer.suggesting.spelling import falls_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from indexer.announcement import Announcement
    from indexer.answers.cursor import Cursor
    from indexer.answers.highlight_terms import Needles
    from indexer.answers.relations import Related, Validity
    from indexer.answers.results import Choice, Hit
    from indexer.cluster.connection import Body, Connection
    from indexer.cluster.index_versions import Version
    from indexer.query.readings import Reading
    from indexer.query.tree import Node, Query
    from indexer.ranking.bm25f import SynonymEntry
    from indexer.suggesting.completion import Suggester

NEAR_NUMBERS: Final = 5  # offered when nothing bears the number asked for
_AT_ONCE: Final = 500  # hits in one request, where all are read
_SHOWN_AT_ONCE: Final = 50  # hits of a walk whose evidence is read together


@dataclass(frozen=True, slots=True)
class _Settled:
    """A question that was asked, and its answer."""

    request: SearchRequest
    answer: Body
    reading: Reading | None  # None: everything was asked for
    none_whole: bool  # nothing that passes the filters holds all that is asked for


class Searcher:
    """Answers from one version; holds nothing of a query but what it counted, so threads may share it."""

    def __init__(self, connection: Connection, version: Version) -> None:
        self.version = version
        self.connection = connection
        self.statistics = Statistics(connection, version)
        self._relating = Relating(self.statistics)
        self._everywhere = Finder(self.statistics)

    @cached_property
    def suggester(self) -> Suggester:
        """Return what completes what is typed, from this version's lists."""
        return read_suggestions(self.connection, self.version.alias)

    def search(self, query: Query, cursor: Cursor | None = None, synonyms: Sequence[SynonymEntry] = ()) -> ResultPage:
        """Return one page of hits with exact counts; a cursor bound to a version must be into this one.

        ``synonyms`` are synonyms of the query's words, to rank by.
        """
        started = time.perf_counter()
        typed, query = query, self._read(query)
        settled = self._settle(query, synonyms, cursor)
        request, answer, reading = settled.request, settled.answer, settled.reading
        listed = request.page(answer)
        total: int = answer["hits"]["total"]["value"]
        needles = needles_of(query.root, reading)
        readings = self._choices(query, reading)
        return ResultPage(
            total=total,
            page=query.page,
            per_page=query.per_page,
            folded=listed.folded,
            hits=self._shown(listed.hits, map(request.score, listed.hits), needles, listed.only_copies),
            cursor=listed.behind,
            understood=say(query, reading, stands_whole=stands_whole(readings, total)),
            relaxed=reading is not None and reading.is_relaxed(query.match) and total > 0,
            reading=reading.name if reading else "",
            readings=readings,
            facets=request.counter.count(query.filters, answer["aggregations"]),
            version=self.version.name,
            relief=reliefs(typed, total, self._count_read, none_whole=settled.none_whole),
            number=self._number(query.root),
            did_you_mean=self._did_you_mean(query, none_whole=settled.none_whole),
            offers=offers(query, self._count),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _read(self, query: Query) -> Query:
        """Return a query with the laws and the numbers that it names in short."""
        named = with_law_names(query, lambda: self.suggester)
        return with_number_series(named, lambda key: bool(self.statistics.counts([of_series(key)])[0]))

    def _count_read(self, query: Query) -> int:
        """Count what holds all that is typed."""
        return self._count(self._read(query))

    def _count(self, query: Query) -> int:
        """Count what holds all that a query asks for."""
        settled = self._settle(replace(query, sort="newest"), ())  # without scores, which nobody sees
        total: int = settled.answer["hits"]["total"]["value"]
        return 0 if settled.reading and settled.reading.name == "part" else total

    def walk(
        self, query: Query, synonyms: Sequence[SynonymEntry] = (), *, facts_only: bool = False, as_rows: bool = False
    ) -> Walk:
        """Return every hit of a query, in its order."""
        query = self._read(query)
        settled = self._settle(replace(query, page=1, per_page=1, cursor=""), synonyms)
        request, needles = settled.request, needles_of(query.root, settled.reading)
        hits = walk_hits(self.connection, self.version.alias, request.whole())
        show = show_rows if as_rows else show_hits

        def shown(some: list[Body]) -> Iterable[Hit]:
            found, scores = list(map(announcement_of, some)), map(request.score, some)
            validities = self._relating.validities(some)
            if facts_only:
                return map(facts_of, found, scores, validities)
            return show(found, scores, needles, validities)

        return Walk(
            settled.answer["hits"]["total"]["value"], (hit for some in _in_batches(hits) for hit in shown(some))
        )

    def _settle(self, query: Query, synonyms: Sequence[SynonymEntry], cursor: Cursor | None = None) -> _Settled:
        """Read the query, strictly at first, until something is found."""
        if query.root is None:
            request = SearchRequest(self.statistics, query, EVERYTHING, synonyms)
            answer = request.ask(cursor)
            return _Settled(request, answer, None, not answer["hits"]["total"]["value"])
        finder = self._finder(query)
        tried: list[_Settled] = []
        for reading in readings(query.root, query.match, self.count_holding):
            matching = finder.find(reading.root)
            request = SearchRequest(self.statistics, query, matching, synonyms)
            answer = request.ask(cursor)
            total = answer["hits"]["total"]["value"]
            self.statistics.learn(all_of((matching, *passing(query.filters).values())), total)
            if total:
                return _Settled(request, answer, reading, reading.name == "part")
            if reading.name != "part":
                tried.append(_Settled(request, answer, reading, none_whole=True))
        return tried[-1]

    def count_holding(self, strings: Sequence[str]) -> list[int]:
        """Count the announcements that hold each of some strings, with no filter."""
        return self.statistics.counts(list(map(self._everywhere.holding, strings)))

    def _choices(self, query: Query, shown: Reading | None) -> tuple[Choice, ...]:
        """Return the ways to read the query that can be chosen, each with how many announcements it finds."""
        if query.root is None:
            return ()
        every, finder = choices(query.root, self.count_holding, shown), self._finder(query)
        chosen = passing(query.filters).values()
        counts = self.statistics.counts([all_of((finder.find(one.root), *chosen)) for one in every])
        return choices_of(zip(every, counts, strict=True), shown)

    def _finder(self, query: Query) -> Finder:
        return Finder(self.statistics, title_only=query.filters.title_only)

    def _did_you_mean(self, query: Query, *, none_whole: bool) -> tuple[str, ...]:
        if not none_whole and not any(map(falls_apart, typed_texts_of(query.root))):
            return ()  # the lists that suggestions come from take seconds to read
        finder = Finder(self.statistics)

        def finds(text: str) -> int:
            return self.statistics.counts([finder.holding(text)])[0]

        return other_spellings(query, self.suggester, finds, none_whole=none_whole)

    def _number(self, root: Node | None) -> NumberMatch | None:
        for number in numbers_of(root):
            ids = (announcement_of(hit).id for hit in one_of_each(self._bearing(number)))
            return NumberMatch(number, tuple(sorted(ids)), self._citing_alone(number))
        return None

    def _bearing(self, number: str) -> list[Body]:
        """Return the hits that bear a number, newest first."""
        return list(self.statistics.every({**_bearing_of(number), **SHOWN}, _AT_ONCE))

    def _citing_alone(self, number: str) -> int:
        """Count the announcements that cite a number and do not bear it."""
        citing = {"bool": {"filter": [Finder(self.statistics).citing(number)], "must_not": [bearing(number)]}}
        return self.statistics.counts([citing])[0]

    def lookup_number(self, text: str) -> NumberLookup:
        """Find who bears a document number, newest first, or which borne ones are near it."""
        parsed = parse_number(text)
        if parsed is None:
            return NumberLookup("", (), 0, ())
        hits = self._shown(one_of_each(self._bearing(parsed.normal)), repeat(0.0))
        citing = self._citing_alone(parsed.normal)
        near = () if hits else numbers_near(self.statistics, plain(number_key(parsed.normal)), NEAR_NUMBERS)
        return NumberLookup(parsed.normal, hits, citing, near)

    def similar(self, announcement_id: str, limit: int) -> tuple[Hit, ...]:
        """Return announcements on the same matter as this one; raises ``AnnouncementNotFound``."""
        near = similar(self.statistics, announcement_of(self._find(announcement_id)), limit)
        return self._shown(near, (one["_score"] * RANKING.step for one in near))

    def find(self, announcement_id: str) -> tuple[Announcement, Validity | None]:
        """Return one announcement with its state; raises ``AnnouncementNotFound``."""
        hit = self._find(announcement_id)
        return announcement_of(hit), self._relating.validities([hit])[0]

    def related(self, announcement_id: str, day: date | None) -> Related:
        """Return all relations of one announcement; its validity on a day (today); raises ``AnnouncementNotFound``."""
        return self._relating.related(self._find(announcement_id), to_day(day) if day else None)

    def _find(self, announcement_id: str) -> Body:
        body: Body = {"query": {"term": {"id": plain(announcement_id)}}, "size": 1, **SHOWN}
        hits: list[Body] = self.statistics.search(body)["hits"]["hits"]
        if not hits:
            raise AnnouncementNotFound(announcement_id)
        return hits[0]

    def _shown(
        self,
        hits: Sequence[Body],
        scores: Iterable[float],
        needles: Needles | None = None,
        only_copies: Iterable[bool] = (),
    ) -> tuple[Hit, ...]:
        """Read hits as a result list shows them."""
        marked = needles_of(None) if needles is None else needles
        return show_hits(list(map(announcement_of, hits)), scores, marked, self._relating.validities(hits), only_copies)


def _in_batches(hits: Iterator[Body]) -> Iterator[list[Body]]:
    """Yield hits by as many as are shown at once."""
    while some := list(islice(hits, _SHOWN_AT_ONCE)):
        yield some


def _bearing_of(number: str) -> Body:
    """Return the request for the announcements that bear a number, newest first."""
    return {"query": bearing(number), "sort": NEWEST}
