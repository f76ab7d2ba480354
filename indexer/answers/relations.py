"""What is said of an announcement's validity and of its citations: each with who says so, when, and the sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal, overload

from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from indexer.relations.lineage import Bond, Level
    from indexer.relations.records import Relation, Span

How = Literal["repeal", "amendment", "version", "label", "term", "effective"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Who says what of an announcement's validity."""

    how: How  # label: the page's own mark; term: its own term; version: a later one under the same title
    id: str  # of the announcement that says so; its own for a label, a term and a day of effect
    title: str
    published: date | None
    day: date | None  # from which it holds (the last day of a term); None if nobody says
    sentence: str  # "" where no sentence says so


@dataclass(frozen=True, slots=True)
class Validity:
    """The state of an announcement on a day, as far as this index knows."""

    state: str  # one of ``indexer.relations.validity.STATES``, never ""
    as_of: date
    known_until: date | None  # the newest day of publication in the index: later repeals are not known
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """An announcement that another is linked with."""

    id: str
    title: str
    published: date | None
    source: str
    state: str  # its validity today; "" for news
    level: Level = ""  # how high its place stands


@dataclass(frozen=True, slots=True)
class Cited:
    """One mention of another document."""

    title: str
    number: str
    relation: Relation
    sentence: str
    at: Span
    in_title: bool
    meant: tuple[Linked, ...]  # () : not in this index
    sure: bool  # exactly one announcement can be meant


@dataclass(frozen=True, slots=True)
class Citing:
    """One announcement that cites this one."""

    by: Linked
    relation: Relation
    sentence: str
    sure: bool


class ReadOnDemand(Sequence[Citing]):
    """Announcements that cite another, each read when it is asked for: a law has a thousand, its page shows twenty."""

    def __init__(self, count: int, read: Callable[[int], Citing]) -> None:
        self._places = range(count)
        self._read = read

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Citing: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Citing]: ...

    def __getitem__(self, place: int | slice) -> Citing | Sequence[Citing]:
        """Read one, or several."""
        if isinstance(place, slice):
            return tuple(map(self._read, self._places[place]))
        return self._read(self._places[place])

    def __eq__(self, other: object) -> bool:
        """Return whether both hold the same."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Step:
    """One announcement of a lineage."""

    one: Linked
    generation: (
        int  # below 0 above the announcement whose lineage it is, over 0 below it, 0 for itself and its versions
    )


@dataclass(frozen=True, slots=True)
class Bound:
    """How two announcements of a lineage hang together: the lower forwards, carries out … the upper one."""

    upper: str  # id
    lower: str
    bond: Bond  # version: the lower one is a later version


@dataclass(frozen=True, slots=True)
class Lineage:
    """Who issued, forwarded and carried out a policy, as far as this index knows for certain."""

    steps: tuple[Step, ...] = ()  # by level, the highest first, then by day; () for one that stands alone
    ties: tuple[Bound, ...] = ()
    left_out: int = 0  # announcements beyond these


@dataclass(frozen=True, slots=True)
class Related:
    """All that is known of one announcement's relations."""

    id: str
    validity: Validity | None  # None for news
    cites: tuple[Cited, ...] = ()  # by their places in the text
    cited_by: Sequence[Citing] = ()  # newest first, one for each announcement
    cites_total: int = 0  # documents, each once
    cited_by_total: int = 0
    lineage: Lineage = field(default=Lineage())


def validity_json(validity: Validity | None) -> dict[str, Any] | None:
    """Write a state with its evidence; None for news."""
    if validity is None:
        return None
    return {
        "state": validity.state,
        "as_of": validity.as_of.isoformat(),
        "known_until": _day(validity.known_until),
        "evidence": [
            {
                "how": one.how,
                "id": one.id,
                "title": one.title,
                "published": _day(one.published),
                "day": _day(one.day),
                "sentence": one.sentence,
            }
            for one in validity.evidence
        ],
    }


def related_json(related: Related) -> dict[str, Any]:
    """Write all relations of an announcement."""
    return {
        "id": related.id,
        "validity": validity_json(related.validity),
        "cites_total": related.cites_total,
        "cited_by_total": related.cited_by_total,
        "cites": [
            {
                "title": one.title,
                "number": one.number,
                "relation": one.relation,
                "sentence": one.sentence,
                "in": "title" if one.in_title else "body",
                "at": [one.at.start, one.at.end],
                "in_this_index": bool(one.meant),
                "sure": one.sure,
                "announcements": [_linked(linked) for linked in one.meant],
            }
            for one in related.cites
        ],
        "cited_by": [
            {**_linked(one.by), "relation": one.relation, "sentence": one.sentence, "sure": one.sure}
            for one in related.cited_by
        ],
    }


def lineage_json(related: Related) -> dict[str, Any]:
    """Write the lineage of an announcement; ties that touch the announcement itself with the sentence that says so."""
    said = _said(related)
    lineage = related.lineage
    return {
        "id": related.id,
        "steps": [
            {**_linked(step.one), "level": step.one.level, "generation": step.generation} for step in lineage.steps
        ],
        "ties": [
            {
                "upper": tie.upper,
                "lower": tie.lower,
                "relation": tie.bond,
                "sentence": said.get((tie.upper, tie.lower, tie.bond), ""),
            }
            for tie in lineage.ties
        ],
        "left_out": lineage.left_out,
    }


def _said(related: Related) -> dict[tuple[str, str, str], str]:
    said: dict[tuple[str, str, str], str] = {}
    for cited in related.cites:
        said.update({(other.id, related.id, cited.relation): cited.sentence for other in cited.meant})
    said.update({(related.id, one.by.id, one.relation): one.sentence for one in related.cited_by})
    return said


def _linked(linked: Linked) -> dict[str, Any]:
    return {
        "id": linked.id,
        "title": linked.title,
        "published": _day(linked.published),
        "source": linked.source,
        "state": linked.state,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
