"""What is read off one announcement of others and of itself, and how that is stored."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import Any, Final, Literal, get_args

from indexer.light_dataclass import dataclass

Relation = Literal[
    "cites", "repeals", "amends", "amended_by", "replaces", "forwards", "based_on", "carries_out", "interprets"
]
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)  # a relation is stored as its place in here: only add

OwnKind = Literal["repealed", "expired", "effective"]

MOST_CITATIONS: Final = 5_000  # of one announcement; the longest genuine list of repealed documents has 1,400


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a title or of a body."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """One mention of another document."""

    at: Span
    sentence: Span  # that says so
    title: str = ""  # in full, without 《》; "" where only the number stands
    number: str = ""  # normal form; "" where only the title stands
    relation: Relation = "cites"
    in_title: bool = False  # both ranges are of the title, not of the body
    day: date | None = None  # from which a repeal or an amendment holds; None if nobody says
    partly: bool = False  # only some of it is repealed
    issuer: Literal["", "national", "local"] = ""  # whose it is, where the words before it say so


@dataclass(frozen=True, slots=True)
class OwnState:
    """What an announcement says of its own validity."""

    kind: OwnKind
    day: date | None  # since when it is repealed, the last day of its term, the first day it is in force
    sentence: Span
    in_title: bool = False
    in_label: bool = False  # the range is of the label that its page puts beside it


@dataclass(frozen=True, slots=True)
class Relations:
    """All that one announcement says of others and of its own validity."""

    citations: tuple[Citation, ...] = ()
    own: tuple[OwnState, ...] = ()
    revised: bool = field(default=False)  # it is a later version, as its title or its first lines say


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _read_day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def to_json(relations: Relations) -> list[Any]:
    """Write them in short lists: most announcements have some, and all are kept."""
    citations = [
        [
            one.at.start, one.at.end, one.sentence.start, one.sentence.end, one.title, one.number,
            RELATIONS.index(one.relation), int(one.in_title), _day(one.day), int(one.partly), one.issuer,
        ]
        for one in relations.citations
    ]  # fmt: skip
    own = [
        [one.kind, _day(one.day), one.sentence.start, one.sentence.end, int(one.in_title), int(one.in_label)]
        for one in relations.own
    ]
    return [citations, own, int(relations.revised)]


def from_json(record: list[Any]) -> Relations:
    """Read back what ``to_json`` wrote."""
    citations, own, revised = record
    return Relations(tuple(map(_citation, citations)), tuple(map(_own, own)), bool(revised))


def _citation(values: list[Any]) -> Citation:
    start, end, first, last, title, number, relation, in_title, day, partly, issuer = values
    return Citation(
        Span(start, end),
        Span(first, last),
        title,
        number,
        RELATIONS[relation],
        bool(in_title),
        _read_day(day),
        bool(partly),
        issuer,
    )


def _own(values: list[Any]) -> OwnState:
    kind, day, start, end, in_title, in_label = values
    return OwnState(kind, _read_day(day), Span(start, end), bool(in_title), bool(in_label))
