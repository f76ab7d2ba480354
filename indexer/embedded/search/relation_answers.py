"""Answer what an announcement cites, who cites it, and whether it still holds, with the sentences that say so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.answers.relations import Cited, Citing, Evidence, Linked, Related, Validity
from indexer.facts.dates import EPOCH, NO_DAY, from_day
from indexer.facts.document_number import number_key
from indexer.relations.keys import SOMETIME
from indexer.relations.records import RELATIONS
from indexer.relations.titles import inner_key, title_key
from indexer.relations.validity import (
    AMENDED,
    BY_ITSELF,
    BY_VERSION,
    EXPIRED,
    NOT_YET,
    PARTLY,
    REPEALED,
    STATES,
    states_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from indexer.announcement import Announcement
    from indexer.embedded.search.relation_graph import Graph
    from indexer.embedded.search.snapshot import Snapshot
    from indexer.relations.records import Citation, OwnKind, Span

SENTENCE_CHARS: Final = 300  # of a sentence that is shown
MOST_CITED: Final = 1_000  # mentions that are told of one announcement, and announcements that cite it
_EVENT: Final = {REPEALED: "repealed", PARTLY: "partly", AMENDED: "amended"}


def validity_of(graph: Graph, snapshot: Snapshot, document: int, day: int | None = None) -> Validity | None:
    """Return the state of an announcement on a day (today), with its evidence; None for news."""
    at = snapshot.today if day is None else day
    one = slice(document, document + 1)
    state = STATES[int(states_at(graph.events[one], graph.flags[one], at)[0])]
    if not state:
        return None
    as_of = EPOCH + timedelta(days=at)
    return Validity(state, as_of, snapshot.newest_day, tuple(_evidence(graph, snapshot, document, state)))


def _evidence(graph: Graph, snapshot: Snapshot, document: int, state: str) -> Iterator[Evidence]:
    events = graph.events[document]
    if state in (EXPIRED, NOT_YET):
        kind: OwnKind = "expired" if state == EXPIRED else "effective"
        yield _own(snapshot, document, kind, int(events[kind]))
    elif name := _EVENT.get(state, ""):
        day, by = int(events[name]), int(events[f"{name}_by"])
        if by == BY_ITSELF:
            yield _own(snapshot, document, "repealed", day)
        elif by <= BY_VERSION:
            newer = snapshot.document(BY_VERSION - by)
            yield Evidence("version", newer.id, newer.title, newer.published, newer.published, "")
        else:
            edge = graph.edges[by]
            source = snapshot.document(int(edge["source"]))
            citation = snapshot.relations(int(edge["source"])).citations[int(edge["place"])]
            how = "amendment" if state == AMENDED else "repeal"
            said = sentence_of(source, citation.sentence, in_title=citation.in_title)
            yield Evidence(how, source.id, source.title, source.published, _named(day), said)  # type: ignore[arg-type]


def _own(snapshot: Snapshot, document: int, kind: OwnKind, day: int) -> Evidence:
    """Return what an announcement says of its own state."""
    announcement = snapshot.document(document)
    told = [one for one in snapshot.relations(document).own if one.kind == kind]
    said = sentence_of(announcement, told[-1].sentence, in_title=told[-1].in_title) if told else ""
    labelled = (bool(told) and told[-1].day is None) or kind == "repealed"
    how = "label" if labelled else "term" if kind == "expired" else "effective"
    return Evidence(how, announcement.id, announcement.title, announcement.published, _named(day), said)  # type: ignore[arg-type]


def _named(day: int) -> date | None:
    return None if day in (NO_DAY, SOMETIME) else from_day(day)


def sentence_of(announcement: Announcement, span: Span, *, in_title: bool) -> str:
    """Return a sentence of an announcement as it is shown: on one line, of bounded length."""
    text = (announcement.title if in_title else announcement.body)[span.start : span.end]
    said = " ".join(text.split())
    return said if len(said) <= SENTENCE_CHARS else said[:SENTENCE_CHARS] + "…"


def related(graph: Graph, snapshot: Snapshot, document: int, day: int | None = None) -> Related:
    """Return all relations of an announcement; its validity on a day (today)."""
    announcement = snapshot.document(document)
    cites = tuple(_cites(graph, snapshot, document, announcement))
    citing = _sources(graph, document)
    return Related(
        announcement.id,
        validity_of(graph, snapshot, document, day),
        cites,
        tuple(_citing(snapshot, edge) for edge in citing[:MOST_CITED]),
        len({_same(one) for one in cites}),
        len(citing),
    )


def _same(cited: Cited) -> str:
    """Return what is equal for all mentions of one document."""
    if cited.meant:
        return " ".join(one.id for one in cited.meant)
    return number_key(cited.number) or title_key(cited.title)


def _cites(graph: Graph, snapshot: Snapshot, document: int, announcement: Announcement) -> Iterator[Cited]:
    edges = graph.edges_from(document)
    own = inner_key(announcement.title)
    for place, citation in enumerate(snapshot.relations(document).citations[:MOST_CITED]):
        meant = edges[edges["place"] == place]
        if not len(meant) and own and title_key(citation.title) == own:
            continue  # what a notice issues stands below it
        yield Cited(
            citation.title,
            citation.number,
            citation.relation,
            sentence_of(announcement, citation.sentence, in_title=citation.in_title),
            citation.at,
            citation.in_title,
            tuple(linked(snapshot, int(edge["target"])) for edge in meant),
            bool(len(meant)) and bool(meant["sure"][0]),
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
    source = int(edge["source"])
    citation: Citation = snapshot.relations(source).citations[int(edge["place"])]
    said = sentence_of(snapshot.document(source), citation.sentence, in_title=citation.in_title)
    return Citing(linked(snapshot, source), RELATIONS[int(edge["relation"])], said, bool(edge["sure"]))


def linked(snapshot: Snapshot, document: int) -> Linked:
    """Return an announcement as others are told of it, without reading its text."""
    sources = snapshot.doc_values["source"]
    return Linked(
        snapshot.id_of(document),
        snapshot.title(document),
        from_day(int(snapshot.published[document])),
        sources.values[int(sources.of[document])],
        snapshot.validity.values[int(snapshot.validity.of[document])],
    )
