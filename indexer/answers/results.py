"""What a search gives back: hits, facets, and what else a searcher is told.

Matches are ranges of Unicode characters, half open; markup is the web layer's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING

from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from indexer.announcement import Announcement, Repost
    from indexer.answers.relations import Validity
    from indexer.facts.region import RegionPath
    from indexer.query.tree import Match, Query
    from indexer.relations.clause_places import ClausePlace
    from indexer.report import Report

Mark = tuple[int, int]  # characters [start, end) of the text that the mark belongs to


@dataclass(frozen=True, slots=True)
class Snippet:
    """The stretch of the body that shows why an announcement matched."""

    text: str  # one or two stretches joined by " … "; no line ends
    marks: tuple[Mark, ...] = ()
    at: int = field(default=-1, compare=False)  # where in the body its first mark lies; -1 without


@dataclass(frozen=True, slots=True)
class Hit:
    """One found announcement as a result list shows it."""

    id: str
    title: str
    title_marks: tuple[Mark, ...]
    source: str
    published: date | None
    region: RegionPath
    number: str
    form: str
    url: str
    score: float  # comparable within one result only; 0.0 when sorted by date
    snippet: Snippet
    reposts: tuple[Repost, ...] = ()
    repost_of: str = ""  # id of the announcement that this is a copy of
    only_copies: bool = False  # the match stands only in copies: what this is a copy of was not found
    kind: str = ""  # 政策文件 or 动态
    clause: ClausePlace | None = None  # where in the text the snippet's first mark stands
    validity: Validity | None = None  # None for news
    path: str = ""  # of the saved page, see Announcement.path
    signed: date | None = None
    effective: date | None = None
    indexed: int = field(default=0, compare=False)  # see Announcement.indexed


class Walk(Iterator[Hit]):
    """Every hit of a query, each read when it is asked for, and how many there are."""

    def __init__(self, total: int, hits: Iterator[Hit]) -> None:
        self.total = total  # every copy counted
        self._hits = hits

    def __iter__(self) -> Iterator[Hit]:
        return self._hits

    def __next__(self) -> Hit:
        return next(self._hits)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, counted with every filter but the facet's own."""

    value: str  # what the parameter takes: "通知", "2020", "2020-03", "广东省/广州市"
    label: str  # what a person reads: the last step of a region path, else the value
    count: int
    selected: bool = False
    children: tuple[FacetValue, ...] = ()  # regions or folders below it; months of a year
    excluded: bool = False  # what has it is left out
    has_more: bool = False  # folders lie below it, whether they are listed or not


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets of ``indexer.fields``, each sorted by count, then value; years newest first.

    Those that have no value of a facet are counted last, as ``UNSTATED``.
    """

    source: tuple[FacetValue, ...] = ()
    region: tuple[FacetValue, ...] = ()
    year: tuple[FacetValue, ...] = ()
    form: tuple[FacetValue, ...] = ()
    kind: tuple[FacetValue, ...] = ()
    validity: tuple[FacetValue, ...] = ()
    folder: tuple[FacetValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Relief:
    """What a search that finds few or nothing would find without one of its filters or words."""

    parameter: str  # what is left out: "source", "region", "from", "number", "in" …; "q" of a word
    value: str
    count: int
    query: Query  # what is left


@dataclass(frozen=True, slots=True)
class NumberMatch:
    """What is known of the document number that a query names."""

    number: str  # normal form
    bearing: tuple[str, ...]  # ids of announcements that bear it
    citing: int  # announcements that only cite it


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to read the query that a reader can choose, with what it finds among what passes the filters."""

    match: Match
    total: int
    selected: bool  # by this way the answer was found


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be chosen instead of words that were typed: 只看 江苏省/南通市/如东县."""

    filter: str  # the parameter that it sets: "region", "year", "from", "to", "source", "number", "in", "match"
    value: str
    label: str  # as a person reads it
    total: int  # announcements that it leads to, at least one
    query: Query


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of the answer to a query."""

    total: int  # announcements found, every copy counted; so do facets
    page: int
    per_page: int
    took_ms: float
    understood: str  # how the query was read, in plain Chinese
    relaxed: bool  # True: these need not hold all that was asked for, or not as near; ``understood`` says how
    hits: tuple[Hit, ...]
    facets: Facets
    version: str  # of the index that answered
    cursor: str = ""  # continues after the last hit shown; "" when there is nothing more
    also: tuple[str, ...] = ()  # queries with a synonym in place of a word
    did_you_mean: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    relief: tuple[Relief, ...] = ()
    meant: tuple[Hit, ...] = ()  # near a question in meaning, where little or nothing was found; not counted
    number: NumberMatch | None = None
    reading: str = ""  # the way the query was read: exact, near, loose, sentence, part; "" when it asks for everything
    folded: int = 0  # how many of them stand in the list under another one that they are copies of
    readings: tuple[Choice, ...] = ()  # the strictest first; () when there is nothing to choose

    @property
    def listed(self) -> int:
        """Return how many hits there are to page through."""
        return self.total - self.folded


@dataclass(frozen=True, slots=True)
class Found:
    """One announcement as its own page shows it."""

    announcement: Announcement
    title_marks: tuple[Mark, ...]
    body_marks: tuple[Mark, ...]
    version: str
    validity: Validity | None = None  # None for news


@dataclass(frozen=True, slots=True)
class NumberLookup:
    """The answer to "which announcement bears this document number?"."""

    number: str  # as understood, in normal form; "" if it cannot be read as a number
    bearing: tuple[Hit, ...]
    citing: int
    near: tuple[str, ...]  # numbers borne by announcements and close to this one, when none bears it


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """What the index holds of one source."""

    source: str  # "" for announcements without one
    count: int
    first: date | None
    last: date | None
    without_date: int
    without_region: int
    without_number: int


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index is and holds."""

    place: str
    version: str  # changes with every commit
    documents: int
    sources: int
    first: date | None  # earliest and latest day of publication
    last: date | None
    size_bytes: int
    built: str  # ISO 8601 with zone, moment of the last commit
    schema: str  # version of the fields
    analyzer: str  # version of the word and unit rules, with the dictionary's digest
    report: Report
