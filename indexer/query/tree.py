"""What the user asked: the tree a query is read into, and the filters beside it.

Knows the query language, nothing of how anything is found.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from indexer.facts.region import RegionPath

Field = str  # "any": title or body; "title"; else the name of one of ``indexer.fields``
Sort = Literal["relevance", "newest", "oldest"]
Match = Literal["near", "exact", "loose"]  # how an unquoted run is matched: ``query.readings``

MAX_PER_PAGE = 100
WINDOW = 10_000  # page × per_page; beyond it a cursor leads on


@dataclass(frozen=True, slots=True)
class Term:
    """An unquoted run, as typed; what it must hold is read by ``query.readings``."""

    text: str
    field: Field = "any"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quoted string: its units in a row."""

    text: str
    field: Field = "any"


@dataclass(frozen=True, slots=True)
class Near:
    """Strings, each of two units or more, within one window of the title or of the body, in any order."""

    rows: tuple[str, ...]
    window: int  # units from the first of the first string to the last of the last, breaks counted
    field: Field = "any"


@dataclass(frozen=True, slots=True)
class Share:
    """A fair share of the parts, the rare ones counting more (``ranking.minimum_should_match``)."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Published between two days, both included; None leaves an end open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class NumberTerm:
    """A document number: borne by an announcement, or cited in its text."""

    number: str  # normal form
    text: str  # as typed


@dataclass(frozen=True, slots=True)
class And:
    """All parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Spelled(Or):
    """A run or string as typed, then its other spellings: any of them is as good."""


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but the part."""

    part: Node


Node = Term | Phrase | Near | Share | DateSpan | NumberTerm | And | Or | Not


@dataclass(frozen=True, slots=True)
class Filters:
    """Choices beside the query's text: OR within one, AND across them; empty means no choice.

    Each facet of ``indexer.fields`` has an attribute of its name.
    """

    source: tuple[str, ...] = ()
    region: tuple[RegionPath, ...] = ()  # each counts all below it
    form: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()  # "政策文件", "动态"
    year: tuple[str, ...] = ()  # "2020", or a month "2020-03"
    first: date | None = None  # published on or after
    last: date | None = None  # published on or before
    number: str = ""  # normal form
    title_only: bool = False
    # A region or year under which a facet lists what lies below it, though nothing of it is chosen: 广东省, 2020.
    opened: str = ""

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the values that are chosen of a facet, as its parameter writes them."""
        values = getattr(self, facet)
        return tuple(value if isinstance(value, str) else "/".join(value) for value in values)


@dataclass(frozen=True, slots=True)
class Query:
    """One question to an engine, checked and read."""

    text: str = ""  # as typed
    root: Node | None = None  # None: everything
    understood: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 10
    cursor: str = ""
    match: Match = "near"
