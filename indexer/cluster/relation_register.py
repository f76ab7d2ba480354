"""Who cites whom, and what follows for validity: settled over all announcements of a version before it answers.

Kept in memory are some 100 bytes an announcement and 50 a citation; ids and titles lie in a temporary file.
"""

from __future__ import annotations

import json
from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np

from indexer.cluster.relation_keys import read_keys
from indexer.facts.dates import NO_DAY
from indexer.record_file import RecordFile
from indexer.relations.keys import CITATION, CODES, DOCUMENT, IS_REPEALING, digest
from indexer.relations.lineage import CHAIN
from indexer.relations.resolution import Keys, Known, counted, resolve
from indexer.relations.validity import BY_ITSELF, BY_VERSION, NEVER, events_of, later_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from indexer.cluster.connection import Body
    from indexer.cluster.relation_keys import Place

    Array = NDArray[Any]

OF_VERSION: Final = -1  # place of a citation, where an event is told by a later version
EVENT_DAYS: Final = ("repealed", "partly", "amended", "expired", "effective")
_CHAIN: Final = np.array([CODES[relation] for relation in CHAIN])
_TOLD_EVENTS: Final = ("repealed", "partly", "amended")
_REPLACED_BY: Final = ("repealed", "amended")  # events after which something else holds


class Register:
    """All announcements of a version, each with its keys, by the numbers in which they were added."""

    def __init__(self) -> None:
        self._names = RecordFile()  # id and title of each
        self._documents, self._citations = bytearray(), bytearray()
        self._id_digests, self._groups = array("Q"), array("Q")
        self._regions, self._days = array("L"), array("i")
        self._region_numbers: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._names.close()

    def __len__(self) -> int:
        return len(self._days)

    def add(self, place: Place, keys: str) -> None:
        """Take one more."""
        document, citations = read_keys(keys)
        self._documents += document
        self._citations += citations
        self._id_digests.append(digest(place.id))
        self._groups.append(digest(place.group))
        self._regions.append(self._region_numbers.setdefault(place.region, len(self._region_numbers)))
        self._days.append(place.day)
        self._names.add(f"{place.id}\n{place.title}".encode())

    def id_of(self, number: int) -> str:
        """Return the id of an announcement."""
        return self._name(number)[0]

    def _name(self, number: int) -> tuple[str, str]:
        identity, _, title = self._names[number].decode().partition("\n")
        return identity, title

    def settled(self) -> Settled:
        """Resolve all citations, in an order that depends on nothing but ids."""
        order = np.argsort(np.array(self._id_digests, dtype=np.uint64), kind="stable")
        documents = np.frombuffer(self._documents, DOCUMENT)
        citations = np.frombuffer(self._citations, CITATION)[_in_order(documents["citations"], order)]
        documents = documents[order]
        regions = np.array(self._regions, dtype=np.int64)[order]
        published = np.array(self._days, dtype=np.int32)[order]
        groups = np.unique(np.array(self._groups, dtype=np.uint64)[order], return_inverse=True)[1]
        names = list(self._region_numbers)

        def known(at: int) -> Known:
            identity, title = self._name(int(order[at]))
            return Known(identity, title, names[int(regions[at])], int(groups[at]))

        live = np.ones(len(documents), dtype=bool)
        edges = resolve(Keys(documents, citations, live), known)
        versions = list(later_versions(documents, published, regions, live))
        events = events_of(documents, edges, published, versions)
        cited = counted(edges, groups, len(documents))
        return Settled(self, order, Outcome(documents["flags"], edges, events, cited, versions))


def _in_order(counts: Array, order: Array) -> Array:
    """Return the places of citations when documents, with so many each, change their order."""
    counts = counts.astype(np.int64)
    starts = np.cumsum(counts) - counts
    moved = counts[order]
    first_of_each = np.cumsum(moved) - moved
    return np.repeat(starts[order] - first_of_each, moved) + np.arange(int(moved.sum()))


class Outcome(NamedTuple):
    """What follows from the keys of all announcements, in their order; see ``indexer.relations``."""

    flags: Array
    edges: Array  # by source
    events: Array
    cited: Array
    versions: list[tuple[int, int]]  # one and the next later version of it


class Settled:
    """What was settled for each announcement, by its number in the register."""

    def __init__(self, register: Register, order: Array, outcome: Outcome) -> None:
        self._register = register
        self._order = order
        self._flags, edges, events, cited, versions = outcome
        self._edges, self._events, self._cited = edges, events, cited
        self._later = dict(versions)
        self._earlier = {newer: older for older, newer in versions}
        size = len(order)
        self._at = np.empty(size, dtype=np.int64)
        self._at[order] = np.arange(size)
        self._starts = np.searchsorted(np.ascontiguousarray(edges["source"]), np.arange(size + 1))
        happened = [events[name] != no_day(name) for name in EVENT_DAYS]
        in_versions = np.isin(np.arange(size), np.array(versions, dtype=np.int64))
        self._touched = np.logical_or.reduce([np.diff(self._starts) > 0, cited > 0, in_versions, *happened])

    def of(self, number: int) -> Body:
        """Return the fields of an announcement's document that tell what was settled."""
        at = int(self._at[number])
        return self._fields(at) if self._touched[at] else _NOTHING_SETTLED

    def _fields(self, at: int) -> Body:
        events = self._events[at]
        days = {name: int(events[name]) for name in EVENT_DAYS if events[name] != no_day(name)}
        told = {
            name: teller
            for name in _TOLD_EVENTS
            if name in days and (teller := self._told_by(int(events[f"{name}_by"])))
        }
        fields: Body = {"cited": int(self._cited[at])}
        if days:
            fields["validity"] = days
        if instead := {name: self._id(by[0]) for name, by in told.items() if self._takes_its_place(name, by[0])}:
            fields["replaced_by"] = instead
        if versions := {
            name: self._id(of[at]) for name, of in (("earlier", self._earlier), ("later", self._later)) if at in of
        }:
            fields["version"] = versions
        if chain := self._chain(at):
            fields["chain"] = chain
        links, fields["cites"], fields["may_cite"] = self._links(at)
        if links or told:
            by = {name: (self._id(source), place) for name, (source, place) in told.items()}
            fields["resolved"] = json.dumps({"links": links, "by": by}, sort_keys=True, separators=(",", ":"))
        return {**fields, "settled": _digest(fields)}

    def _takes_its_place(self, name: str, source: int) -> bool:
        """Return whether who told of an event stands for what he put away, and is no mere notice that does."""
        return name in _REPLACED_BY and not self._flags[source] & IS_REPEALING

    def _links(self, at: int) -> tuple[list[list[int | str]], list[str], list[str]]:
        """Return for each citation that means something whether for sure and whom; and all who are meant, so or so."""
        links: dict[int, list[int | str]] = {}
        meant: tuple[set[str], set[str]] = set(), set()
        for edge in self._edges[self._starts[at] : self._starts[at + 1]]:
            place, sure, target = int(edge["place"]), int(edge["sure"]), self._id(int(edge["target"]))
            links.setdefault(place, [place, sure]).append(target)
            meant[sure].add(target)
        return list(links.values()), sorted(meant[1]), sorted(meant[0])

    def _chain(self, at: int) -> list[str]:
        """Return whom an announcement forwards, carries out or is based on for sure: place, relation and id of each."""
        edges = self._edges[self._starts[at] : self._starts[at + 1]]
        return [
            f"{int(edge['place']):04}:{int(edge['relation'])}:{self._id(int(edge['target']))}"
            for edge in edges[(edges["sure"] == 1) & np.isin(edges["relation"], _CHAIN)]
        ]

    def _told_by(self, by: int) -> tuple[int, int] | None:
        """Return who told of an event, and by which of its citations; None for the announcement itself."""
        if by == BY_ITSELF:
            return None
        if by <= BY_VERSION:
            return BY_VERSION - by, OF_VERSION
        return int(self._edges[by]["source"]), int(self._edges[by]["place"])

    def _id(self, at: int) -> str:
        return self._register.id_of(int(self._order[at]))


def no_day(name: str) -> int:
    """Return the day of an event that never was; that of effect is the day before all days then."""
    return NO_DAY if name == "effective" else NEVER


def _digest(fields: Body) -> int:
    """Return a number that tells what was settled from anything else that might be; it fits into 64 bits."""
    told = json.dumps(fields, sort_keys=True).encode()
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "little", signed=True)


_NOTHING: Final[Body] = {"cited": 0, "cites": [], "may_cite": []}
_NOTHING_SETTLED: Final[Body] = {**_NOTHING, "settled": _digest(_NOTHING)}
