"""What the user asked: the tree a query is read into, and the filters beside it.

Knows the query language, nothing of how anything is found.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Literal

from indexer.facts.region import RegionPath
from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Field = str  # "any": title or body; "title"; else the name of one of ``indexer.fields``
# cited: by how many others, most first; indexed: what came into the index last
Sort = Literal["relevance", "newest", "oldest", "cited", "indexed"]
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
class NumberSeries:
    """Document numbers that begin alike: borne by an announcement. See ``query.number_parts``."""

    key: str  # what the keys of all begin with
    name: str  # 国发〔2018〕
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


Node = Term | Phrase | Near | Share | DateSpan | NumberTerm | NumberSeries | And | Or | Not


def conjuncts(root: Node | None) -> tuple[Node, ...]:
    """Return the parts that must all be met: those of an And, else the tree itself; none of no tree."""
    return () if root is None else root.parts if isinstance(root, And) else (root,)


def walk(root: Node | None, into: tuple[type, ...] = (And, Or), *, stop: tuple[type, ...] = ()) -> Iterator[Node]:
    """Return the nodes of a tree, each before its parts.

    Only nodes of the kinds ``into`` are gone into, so that what must not be there (Not) is left out unless it is
    asked for; those of the kinds ``stop`` are returned and not gone into.
    """
    found: list[Node] = []
    waiting = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if isinstance(node, into) and not isinstance(node, stop):
            waiting += reversed(_parts_of(node))
    return iter(found)


def _parts_of(node: Node) -> tuple[Node, ...]:
    match node:
        case And(parts) | Or(parts) | Share(parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def rewrite(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """Return a tree with nodes replaced: ``change`` returns what stands for a node, None to go into its parts."""
    if (changed := change(node)) is not None:
        return changed
    match node:
        case And(parts) | Or(parts):
            return type(node)(tuple([rewrite(part, change) for part in parts]))
        case Not(part):
            return Not(rewrite(part, change))
        case _:
            return node


def written(value: str | tuple[str, ...]) -> str:
    """Return a value of a facet as its parameter writes it."""
    return value if isinstance(value, str) else "/".join(value)


@dataclass(frozen=True, slots=True)
class Filters:
    """Choices beside the query's text: OR within one, AND across them; empty means no choice.

    Each facet of ``indexer.fields`` has an attribute of its name.
    """

    source: tuple[str, ...] = ()
    region: tuple[RegionPath, ...] = ()  # each counts all below it
    form: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()  # "政策文件", "动态"
    validity: tuple[str, ...] = ()  # "已废止", "未见废止" …, see ``indexer.relations.validity``
    year: tuple[str, ...] = ()  # "2020", or a month "2020-03"
    folder: tuple[tuple[str, ...], ...] = ()  # of saved pages, each counts all below it
    left_out: tuple[tuple[str, str], ...] = ()  # (facet, value as its parameter writes it): none that have it
    first: date | None = None  # published on or after
    last: date | None = None  # published on or before
    number: str = ""  # normal form
    title_only: bool = False
    # A region or year under which a facet lists what lies below it, though nothing of it is chosen: 广东省, 2020.
    opened: str = ""
    # A facet, and what its listed values must hold; all of them are listed then, not the most frequent alone.
    sought: tuple[str, str] = ("", "")

    @property
    def narrows(self) -> bool:
        """Return whether anything is chosen that leaves announcements out, but for where the text is looked for."""
        facets = self.source or self.region or self.form or self.kind or self.validity or self.year or self.folder
        return bool(facets or self.left_out or self.first or self.last or self.number)

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the values that are chosen of a facet, as its parameter writes them."""
        values = getattr(self, facet)
        return tuple(map(written, values))

    def excluded(self, facet: str) -> tuple[str, ...]:
        """Return the values of a facet that are left out."""
        return tuple(value for name, value in self.left_out if name == facet)


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
    # Whether to tell what could be chosen beside it (facets) or instead of words; both load tables, and a terminal
    # shows neither.
    offered: bool = True
