"""Answer what an announcement cites, who cites it, and whether it still holds, with the sentences that say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.answers.relation_texts import (
    MOST_CITED,
    OWN_EVENTS,
    TOLD_EVENTS,
    cited_by_text,
    count_documents,
    own_evidence,
    sentence_with,
    told_evidence,
    version_evidence,
)
from indexer.answers.relations import Citing, ReadOnDemand, Related, Validity
from indexer.facts.dates import EPOCH
from indexer.relations.records import RELATIONS
from indexer.relations.validity import BY_ITSELF, BY_VERSION, STATES, states_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import numpy as np

    from indexer.answers.relations import Evidence, Linked
    from indexer.embedded.search.relation_graph import Graph
    from indexer.embedded.search.snapshot import Snapshot


def validity_of(
    graph: Graph, snapshot: Snapshot, document: int, day: int | None = None, *, told: bool = True
) -> Validity | None:
    """Return the state of an announcement on a day (today), with its evidence if it is to be told; None for news."""
    if day is None:
        state = snapshot.validity.values[snapshot.validity.of[document]]
    else:
        one = slice(document, document + 1)
        state = STATES[int(states_at(graph.events[one], graph.flags[one], day)[0])]
    if not state:
        return None
    plain = _without_evidence(state, snapshot.today if day is None else day, snapshot.newest_day)
    evidence = tuple(_evidence(graph, snapshot, document, state)) if told and _is_told(state) else ()
    return replace(plain, evidence=evidence) if evidence else plain


@lru_cache(maxsize=64)  # most announcements share theirs
def _without_evidence(state: str, day: int, newest: date | None) -> Validity:
    return Validity(state, EPOCH + timedelta(days=day), newest, ())


def _is_told(state: str) -> bool:
    return state in OWN_EVENTS or state in TOLD_EVENTS


def _evidence(graph: Graph, snapshot: Snapshot, document: int, state: str) -> Iterator[Evidence]:
    events = graph.events[document]
    if kind := OWN_EVENTS.get(state):
        yield own_evidence(snapshot.document(document), snapshot.relations(document), kind, int(events[kind]))
    elif name := TOLD_EVENTS.get(state, ""):
        day, by = int(events[name]), int(events[f"{name}_by"])
        if by == BY_ITSELF:
            yield own_evidence(snapshot.document(document), snapshot.relations(document), "repealed", day)
        elif by <= BY_VERSION:
            yield version_evidence(snapshot.facts(BY_VERSION - by))
        else:
            source, place = int(graph.edges[by]["source"]), int(graph.edges[by]["place"])
            citation = snapshot.relations(source).citations[place]
            yield told_evidence(snapshot.document(source), citation, state, day)


def related(graph: Graph, snapshot: Snapshot, document: int, day: int | None = None) -> Related:
    """Return all relations of an announcement; its validity on a day (today)."""
    from indexer.embedded.search.lineage_answers import lineage_of, linked  # noqa: PLC0415 - no list of hits asks for it

    announcement, edges = snapshot.document(document), graph.edges_from(document)

    def meant(place: int) -> tuple[tuple[Linked, ...], bool]:
        told = edges[edges["place"] == place]
        linked_with = tuple(linked(snapshot, int(edge["target"])) for edge in told)
        return linked_with, bool(len(told)) and bool(told["sure"][0])

    cites = tuple(cited_by_text(announcement, snapshot.relations(document), meant))
    citing = _sources(graph, document)
    return Related(
        announcement.id,
        validity_of(graph, snapshot, document, day),
        cites,
        ReadOnDemand(min(len(citing), MOST_CITED), lambda place: _citing(snapshot, citing[place])),
        count_documents(cites),
        len(citing),
        lineage=lineage_of(graph, snapshot, document),
    )


def _sources(graph: Graph, document: int) -> list[np.void]:
    """Return one edge for each announcement that cites this one: the one that says most."""
    told: dict[int, np.void] = {}
    for edge in graph.edges_to(document):
        before = told.get(int(edge["source"]))
        if before is None or (before["relation"] == 0 and edge["relation"] != 0):
            told[int(edge["source"])] = edge
    return list(told.values())


def _citing(snapshot: Snapshot, edge: np.void) -> Citing:
    from indexer.embedded.search.lineage_answers import linked  # noqa: PLC0415 - as above

    source = int(edge["source"])
    citation = snapshot.relations(source).citations[int(edge["place"])]
    said = sentence_with(snapshot.document(source), citation)
    return Citing(linked(snapshot, source), RELATIONS[int(edge["relation"])], said, bool(edge["sure"]))
