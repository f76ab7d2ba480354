"""Answer the lineage of a policy from the relations of one version of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.answers.lineages import lineage_told
from indexer.answers.relations import Linked
from indexer.facts.dates import from_day
from indexer.relations.keys import CODES, IS_NEWS
from indexer.relations.lineage import CHAIN, MOST_OF_ONE, Tie, level_of, may_be, walk
from indexer.relations.records import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.answers.relations import Lineage
    from indexer.embedded.search.relation_graph import Graph
    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.store.array_file import Array

_CHAIN: Final = np.array([CODES[relation] for relation in CHAIN])


def lineage_of(graph: Graph, snapshot: Snapshot, document: int) -> Lineage:
    """Return the lineage of an announcement; an empty one where nothing is known for certain."""
    ties = _Ties(graph, snapshot)
    start = snapshot.leader_of(document)

    def order(one: int) -> tuple[int, int]:
        return int(snapshot.oldest_first[one]), one

    walked = walk(start, ties.above, ties.below, list(_versions(graph, start)), order)

    def told(one: int) -> Linked:
        return linked(snapshot, document if one == start else one)

    return lineage_told(walked, told, order)


def _versions(graph: Graph, document: int) -> Iterator[Tie]:
    """Yield the chain of versions that an announcement stands in."""
    for following, upper_first in ((graph.earlier, False), (graph.later, True)):
        one = document
        while (other := following.get(one)) is not None:
            yield Tie(one, other, "version") if upper_first else Tie(other, one, "version")
            one = other


class _Ties:
    """The certain ties of each announcement; copies count as the one that they are copies of."""

    def __init__(self, graph: Graph, snapshot: Snapshot) -> None:
        self._graph = graph
        self._snapshot = snapshot

    def above(self, document: int) -> Iterator[Tie]:
        if not self._is_news(document):
            for edge in self._chained(self._graph.edges_from(document)):
                yield from self._tie(int(edge["target"]), document, int(edge["relation"]))

    def below(self, document: int) -> Iterator[Tie]:
        for edge in self._chained(self._graph.edges_to(document)):
            if not self._is_news(int(edge["source"])):
                yield from self._tie(document, int(edge["source"]), int(edge["relation"]))

    @staticmethod
    def _chained(edges: Array) -> Array:
        chained: Array = edges[(edges["sure"] == 1) & np.isin(edges["relation"], _CHAIN)][:MOST_OF_ONE]
        return chained

    def _tie(self, upper: int, lower: int, relation: int) -> Iterator[Tie]:
        """Yield a tie that days allow: nobody forwards what comes later."""
        snapshot = self._snapshot
        upper, lower = snapshot.leader_of(upper), snapshot.leader_of(lower)
        bond = RELATIONS[relation]
        days = self._graph.issued
        if upper != lower and may_be(bond, int(days[upper]), int(days[lower])):
            yield Tie(upper, lower, bond)  # type: ignore[arg-type]

    def _is_news(self, document: int) -> bool:
        return bool(self._graph.flags[document] & IS_NEWS)


def linked(snapshot: Snapshot, document: int) -> Linked:
    """Return an announcement as others are told of it, without reading its text."""
    title = snapshot.title(document)
    sources, regions = snapshot.doc_values["source"], snapshot.doc_values["region"]
    path = regions.values[int(regions.of[document])]
    return Linked(
        snapshot.id_of(document),
        title,
        from_day(int(snapshot.published[document])),
        sources.values[int(sources.of[document])],
        snapshot.validity.values[int(snapshot.validity.of[document])],
        level_of(tuple(path.split("/")) if path else (), title),
    )
