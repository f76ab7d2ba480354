"""Answer the lineage of a policy: the certain ties of a whole generation of announcements are read at once."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from indexer.answers.lineages import lineage_told
from indexer.cluster.linked import LINKED_FIELDS, link
from indexer.cluster.mappings import WINDOW
from indexer.cluster.search_request import NEWEST
from indexer.facts.document_kind import NEWS
from indexer.relations.lineage import MOST_OF_ONE, Tie, may_be, walk
from indexer.relations.records import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from indexer.answers.relations import Lineage, Linked
    from indexer.cluster.connection import Body
    from indexer.cluster.statistics import Statistics

_FIELDS: Final = [*LINKED_FIELDS, "group", "issued", "chain", "cited", "version.earlier", "version.later"]
_MOST_READ: Final = 20_000  # announcements that hang together with those of one generation


class _Node(NamedTuple):
    """What must be known of an announcement to follow its ties."""

    id: str
    day: int
    issued: int  # by which day it was there
    group: str
    is_news: bool
    chain: tuple[tuple[int, str], ...]  # relation and whom it means, by place in its text
    is_cited: bool
    earlier: str  # id of the version before; "" if there is none
    later: str
    fields: Mapping[str, Sequence[Any]]


def _node(fields: Mapping[str, Sequence[Any]]) -> _Node:
    chain = sorted(one.split(":", 2) for one in fields.get("chain", ()))
    return _Node(
        fields["id"][0],
        int(fields["day"][0]),
        int(fields["issued"][0]),
        fields["group"][0],
        fields["kind"][0] == NEWS,
        tuple((int(relation), target) for _, relation, target in chain),
        bool(fields["cited"][0]),
        fields.get("version.earlier", ("",))[0],
        fields.get("version.later", ("",))[0],
        fields,
    )


def lineage_of(statistics: Statistics, identity: str) -> Lineage:
    """Return the lineage of an announcement; an empty one where nothing is known for certain."""
    ties = _Ties(statistics)
    ties.read([identity])
    start = ties.leader(identity)
    number = ties.number(start)
    look_up, look_down = _Generations(ties, ties.above), _Generations(ties, ties.below)
    walked = walk(number, look_up, look_down, list(ties.versions(start)), ties.order)

    def told(one: int) -> Linked:
        return link(ties.nodes[identity if one == number else ties.ids[one]].fields)

    return lineage_told(walked, told, ties.order)


class _Ties:
    """The certain ties of announcements, by id; copies count as the one that they are copies of."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics
        self.nodes: dict[str, _Node] = {}
        self.ids: list[str] = []  # by the numbers that the walk goes by
        self._numbers: dict[str, int] = {}

    def number(self, identity: str) -> int:
        """Return the number of an announcement in the walk."""
        if identity not in self._numbers:
            self._numbers[identity] = len(self.ids)
            self.ids.append(identity)
        return self._numbers[identity]

    def order(self, number: int) -> tuple[int, str]:
        """Return what announcements are ordered by: day, then id."""
        identity = self.ids[number]
        return self.nodes[identity].day, identity

    def read(self, ids: Collection[str]) -> None:
        """Read announcements, and those that they are copies of."""
        self._read(ids)
        self._read({self.nodes[one].group for one in ids if one in self.nodes})

    def _read(self, ids: Collection[str]) -> None:
        wanted = sorted({one for one in ids if one not in self.nodes})
        if wanted:
            self._find({"terms": {"id": wanted}})

    def _find(self, query: Body) -> list[_Node]:
        """Read what a query finds, newest first."""
        asked: Body = {"query": query, "sort": NEWEST, "_source": False, "docvalue_fields": _FIELDS}
        found = [_node(hit["fields"]) for hit in islice(self._statistics.every(asked, WINDOW), _MOST_READ)]
        self.nodes.update({one.id: one for one in found})
        return found

    def leader(self, identity: str) -> str:
        """Return the announcement that one is a copy of, if it is there; else itself."""
        group = self.nodes[identity].group
        return group if group in self.nodes else identity

    def above(self, ids: Collection[str]) -> dict[str, list[Tie]]:
        """Return the ties of announcements to what they come from."""
        nodes = [self.nodes[one] for one in ids]
        chains = {node.id: () if node.is_news else node.chain[:MOST_OF_ONE] for node in nodes}
        self.read({target for chain in chains.values() for _, target in chain})
        return {lower: list(self._made((upper, lower, bond) for bond, upper in chains[lower])) for lower in chains}

    def below(self, ids: Collection[str]) -> dict[str, list[Tie]]:
        """Return the ties of announcements to what comes from them."""
        told: dict[str, list[tuple[str, str, int]]] = {one: [] for one in ids}
        cited = sorted(one for one in ids if self.nodes[one].is_cited)
        query: Body = {"bool": {"filter": [{"terms": {"cites": cited}}], "must_not": [{"term": {"kind": NEWS}}]}}
        sources = self._find(query) if cited else []
        self.read([node.id for node in sources])
        for node in sources:
            for bond, upper in node.chain:
                if upper in told:
                    told[upper].append((upper, node.id, bond))
        return {upper: list(self._made(some[:MOST_OF_ONE])) for upper, some in told.items()}

    def versions(self, identity: str) -> Iterator[Tie]:
        """Yield the chain of versions that an announcement stands in."""
        for later in (False, True):
            one = self.nodes[identity]
            while other := (one.later if later else one.earlier):
                self.read([other])
                ends = (one.id, other) if later else (other, one.id)
                yield Tie(self.number(ends[0]), self.number(ends[1]), "version")
                one = self.nodes[other]

    def _made(self, told: Iterable[tuple[str, str, int]]) -> Iterator[Tie]:
        for told_upper, told_lower, relation in told:
            upper, lower, bond = self.leader(told_upper), self.leader(told_lower), RELATIONS[relation]
            if upper != lower and may_be(bond, self.nodes[upper].issued, self.nodes[lower].issued):
                yield Tie(self.number(upper), self.number(lower), bond)  # type: ignore[arg-type]


class _Generations:
    """Looks up ties one by one for who walks, and reads those of a whole generation at the first of it."""

    def __init__(self, ties: _Ties, ties_of: Callable[[Collection[str]], dict[str, list[Tie]]]) -> None:
        self._ties = ties
        self._ties_of = ties_of
        self._known: dict[str, list[Tie]] = {}
        self._waiting: set[str] = set()

    def __call__(self, number: int) -> list[Tie]:
        """Return the ties of one announcement."""
        identity = self._ties.ids[number]
        if identity not in self._known:
            self._known |= self._ties_of({identity, *self._waiting})
            self._waiting = set()
        found = self._known[identity]
        ends = {self._ties.ids[end] for tie in found for end in (tie.upper, tie.lower)}
        self._waiting |= ends - self._known.keys()
        return found
