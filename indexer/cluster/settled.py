"""The fields of documents that tell what was settled: days, ids, and digests by which a change is seen."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from indexer.facts.dates import NO_DAY
from indexer.relations.keys import CODES, IS_REPEALING
from indexer.relations.lineage import CHAIN
from indexer.relations.validity import BY_ITSELF, BY_VERSION, NEVER

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from indexer.cluster.connection import Body

    Array = NDArray[Any]

OF_VERSION: Final = -1  # place of a citation, where an event is told by a later version
EVENT_DAYS: Final = ("repealed", "partly", "amended", "expired", "effective")
_TOLD_EVENTS: Final = ("repealed", "partly", "amended")
_REPLACED_BY: Final = ("repealed", "amended")  # events after which something else holds
_CHAIN: Final = frozenset(CODES[relation] for relation in CHAIN)


class Outcome(NamedTuple):
    """What follows from the keys of all announcements, in their order; see ``indexer.relations``."""

    flags: Array
    edges: Array  # by source
    events: Array
    cited: Array
    versions: list[tuple[int, int]]  # one and the next later version of it


class _Edge(NamedTuple):
    """One announcement that is meant by a citation."""

    place: int  # of the citation
    sure: int
    relation: int
    target: str  # id


class Settled:
    """What was settled for each announcement, by its number in the register."""

    def __init__(self, id_of: Callable[[int], str], order: Array, outcome: Outcome) -> None:
        """Take the outcome, and which numbers its announcements have in the register."""
        self._id_of = id_of
        self._order = order
        self._flags, self._edges, self._events, self._cited, versions = outcome
        self._later = dict(versions)
        self._earlier = {newer: older for older, newer in versions}
        size = len(order)
        self._at = np.empty(size, dtype=np.int64)
        self._at[order] = np.arange(size)
        self._starts = np.searchsorted(np.ascontiguousarray(self._edges["source"]), np.arange(size + 1))
        happened = [self._events[name] != no_day(name) for name in EVENT_DAYS]
        in_versions = np.isin(np.arange(size), np.array(versions, dtype=np.int64))
        self._touched = np.logical_or.reduce([np.diff(self._starts) > 0, self._cited > 0, in_versions, *happened])

    def of(self, number: int) -> Body:
        """Return the fields of an announcement's document that tell what was settled."""
        at = int(self._at[number])
        return self._fields(at) if self._touched[at] else _NOTHING_SETTLED

    def _fields(self, at: int) -> Body:
        edges = self._edges_from(at)
        fields: Body = {"cited": int(self._cited[at]), **self._of_events(at)}
        by = fields.pop("by", {})
        if versions := self._versions(at):
            fields["version"] = versions
        if chain := [
            f"{one.place:04}:{one.relation}:{one.target}" for one in edges if one.sure and one.relation in _CHAIN
        ]:
            fields["chain"] = chain
        fields["cites"], fields["may_cite"] = (
            sorted({one.target for one in edges if one.sure == sure}) for sure in (1, 0)
        )
        if edges or by:
            told = {"links": _links(edges), "by": by}
            fields["resolved"] = json.dumps(told, sort_keys=True, separators=(",", ":"))
        return {**fields, "settled": _digest(fields)}

    def _of_events(self, at: int) -> Body:
        """Return from which days on what holds, what took its place, and who told of it by which citation."""
        events = dict(zip(self._events.dtype.names or (), self._events[at].tolist(), strict=True))
        days = {name: events[name] for name in EVENT_DAYS if events[name] != no_day(name)}
        told = {name: self._told_by(events[f"{name}_by"]) for name in _TOLD_EVENTS if name in days}
        by = {name: (self._id(one[0]), one[1]) for name, one in told.items() if one}
        instead = {
            name: self._id(one[0])
            for name, one in told.items()
            # A mere notice that repeals stands for nothing of what it puts away.
            if one and name in _REPLACED_BY and not self._flags[one[0]] & IS_REPEALING
        }
        kept = {"validity": days, "replaced_by": instead, "by": by}
        return {name: value for name, value in kept.items() if value}

    def _edges_from(self, at: int) -> list[_Edge]:
        edges = self._edges[self._starts[at] : self._starts[at + 1]]
        columns = (edges[name].tolist() for name in ("place", "sure", "relation", "target"))
        return [
            _Edge(place, sure, relation, self._id(target))
            for place, sure, relation, target in zip(*columns, strict=True)
        ]

    def _versions(self, at: int) -> dict[str, str]:
        """Return the version before and the one after."""
        beside = {"earlier": self._earlier.get(at), "later": self._later.get(at)}
        return {name: self._id(other) for name, other in beside.items() if other is not None}

    def _told_by(self, by: int) -> tuple[int, int] | None:
        """Return who told of an event, and by which of its citations; None for the announcement itself."""
        if by == BY_ITSELF:
            return None
        if by <= BY_VERSION:
            return BY_VERSION - by, OF_VERSION
        return int(self._edges[by]["source"]), int(self._edges[by]["place"])

    def _id(self, at: int) -> str:
        return self._id_of(int(self._order[at]))


def _links(edges: list[_Edge]) -> list[list[int | str]]:
    """Return for each citation that means something whether for sure, and whom."""
    links: dict[int, list[int | str]] = {}
    for one in edges:
        links.setdefault(one.place, [one.place, one.sure]).append(one.target)
    return list(links.values())


def no_day(name: str) -> int:
    """Return the day of an event that never was; that of effect is the day before all days then."""
    return NO_DAY if name == "effective" else NEVER


def _digest(fields: Body) -> int:
    """Return a number that tells what was settled from anything else that might be; it fits into 64 bits."""
    told = json.dumps(fields, sort_keys=True).encode()
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "little", signed=True)


_NOTHING: Final[Body] = {"cited": 0, "cites": [], "may_cite": []}
_NOTHING_SETTLED: Final[Body] = {**_NOTHING, "settled": _digest(_NOTHING)}
