"""Answer what an announcement cites, who cites it, and whether it still holds, with the sentences that say so."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

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
from indexer.answers.relations import Citing, Evidence, Linked, ReadOnDemand, Related, Validity
from indexer.cluster.lineage_answers import lineage_of
from indexer.cluster.linked import LINKED_FIELDS, link, state_on
from indexer.cluster.records import SHOWN, announcement_of
from indexer.cluster.relation_keys import read_relations
from indexer.cluster.search_request import NEWEST
from indexer.cluster.settled import OF_VERSION
from indexer.cluster.validity_filters import today
from indexer.facts.dates import EPOCH, from_day
from indexer.facts.document_kind import NEWS
from indexer.relations.lineage import level_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from indexer.announcement import Announcement
    from indexer.cluster.connection import Body
    from indexer.cluster.statistics import Statistics
    from indexer.relations.records import Citation, Relations

_READ_AT_ONCE: Final = 200  # whole announcements
_CITING_AT_ONCE: Final = 50  # the same, of those that cite one
_LINKED_AT_ONCE: Final = 5_000


class _Held:
    """What lies in the cluster of one announcement, each part read when it is asked for."""

    def __init__(self, hit: Body) -> None:
        self._hit = hit
        self._source: Body = hit["_source"]
        self.days: Mapping[str, int] = self._source.get("validity", {})  # of its events

    @cached_property
    def announcement(self) -> Announcement:
        """Return the announcement itself."""
        return announcement_of(self._hit)

    @cached_property
    def relations(self) -> Relations:
        """Return what it says of others and of itself."""
        return read_relations(self._source["relations"])

    @cached_property
    def links(self) -> Mapping[int, tuple[bool, list[str]]]:
        """Return for its citations that mean something whether that is sure, and whom they mean."""
        return {place: (bool(sure), ids) for place, sure, *ids in self._resolved.get("links", ())}

    @cached_property
    def by(self) -> Mapping[str, tuple[str, int]]:
        """Return for its events who told of them, and by which citation."""
        return {name: (identity, place) for name, (identity, place) in self._resolved.get("by", {}).items()}

    @cached_property
    def _resolved(self) -> Mapping[str, Any]:
        told: Mapping[str, Any] = json.loads(self._source.get("resolved", "{}"))
        return told

    def state_on(self, day: int) -> str:
        """Return its state; "" for news that have none."""
        return state_on(day, self.days, is_news=self._source["kind"] == NEWS)


class Relating:
    """Tells of relations in one version of the index."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics

    def validities(self, hits: Iterable[Body], day: int | None = None) -> list[Validity | None]:
        """Return the state of each hit on a day (today), with its evidence; None for news."""
        at = today() if day is None else day
        held = [_Held(hit) for hit in hits]
        states = [one.state_on(at) for one in held]
        sources = self._read({by[0] for one, state in zip(held, states, strict=True) if (by := _teller(one, state))})
        return [
            self._validity(state, at, tuple(_evidence(one, state, sources))) if state else None
            for one, state in zip(held, states, strict=True)
        ]

    def _validity(self, state: str, at: int, evidence: tuple[Evidence, ...]) -> Validity:
        newest = self._statistics.newest_day(today())
        known_until = None if newest is None else from_day(newest)
        return Validity(state, EPOCH + timedelta(days=at), known_until, evidence)

    def related(self, hit: Body, day: int | None = None) -> Related:
        """Return all relations of the announcement that a hit shows; its validity on a day (today)."""
        held = _Held(hit)
        of_each = {identity for _, ids in held.links.values() for identity in ids}
        linked = self._linked(of_each)

        def meant(place: int) -> tuple[tuple[Linked, ...], bool]:
            sure, ids = held.links.get(place, (False, []))
            return tuple(linked[one] for one in ids), sure

        cites = tuple(cited_by_text(held.announcement, held.relations, meant))
        citing = _CitingPages(self._statistics, held.announcement.id)
        return Related(
            held.announcement.id,
            self.validities([hit], day)[0],
            cites,
            ReadOnDemand(min(citing.count, MOST_CITED), citing.read),
            count_documents(cites),
            citing.count,
            lineage=lineage_of(self._statistics, held.announcement.id),
        )

    def _read(self, ids: Iterable[str]) -> dict[str, _Held]:
        """Read whole announcements, by id."""
        hits = self._named(ids, SHOWN, _READ_AT_ONCE)
        return {one.announcement.id: one for one in (_Held(hit) for hit in hits)}

    def _linked(self, ids: Iterable[str]) -> dict[str, Linked]:
        """Return announcements as others are told of them, without reading their texts, by id."""
        asked: Body = {"_source": False, "docvalue_fields": LINKED_FIELDS}
        hits = self._named(ids, asked, _LINKED_AT_ONCE)
        return {one.id: one for one in (link(hit["fields"]) for hit in hits)}

    def _named(self, ids: Iterable[str], asked: Body, at_once: int) -> Iterator[Body]:
        waiting = iter(sorted(ids))
        while some := list(islice(waiting, at_once)):
            body = {**asked, "query": {"terms": {"id": some}}, "size": len(some), "track_total_hits": False}
            yield from self._statistics.search(body)["hits"]["hits"]


class _CitingPages:
    """Announcements that cite one, newest first, read by pages when they are asked for."""

    def __init__(self, statistics: Statistics, identity: str) -> None:
        self._statistics = statistics
        self._identity = identity
        self._query: Body = {"bool": {"should": [{"term": {name: identity}} for name in ("cites", "may_cite")]}}
        self._pages: dict[int, list[Citing]] = {}
        self.count = statistics.counts([self._query])[0]

    def read(self, place: int) -> Citing:
        """Return the one at a place."""
        page, at = divmod(place, _CITING_AT_ONCE)
        if page not in self._pages:
            body: Body = {"query": self._query, "sort": NEWEST, **SHOWN, "track_total_hits": False}
            with self._statistics.connection.told():
                found = self._statistics.search({**body, "from": page * _CITING_AT_ONCE, "size": _CITING_AT_ONCE})
            self._pages[page] = [self._citing(_Held(hit)) for hit in found["hits"]["hits"]]
        return self._pages[page][at]

    def _citing(self, source: _Held) -> Citing:
        """Tell of one by the citation that says most."""
        place = _says_most(source, self._identity)
        citation = source.relations.citations[place]
        one, state = source.announcement, source.state_on(today())
        by = Linked(one.id, one.title, one.published, one.source, state, level_of(one.region, one.title))
        return Citing(by, citation.relation, sentence_with(one, citation), source.links[place][0])


def _teller(held: _Held, state: str) -> tuple[str, int] | None:
    """Return who else told of an announcement's state, and by which citation; None if nobody else did."""
    return held.by.get(TOLD_EVENTS.get(state, ""))


def _evidence(held: _Held, state: str, sources: Mapping[str, _Held]) -> Iterator[Evidence]:
    event = OWN_EVENTS.get(state) or TOLD_EVENTS.get(state)
    if event is None:
        return
    teller = _teller(held, state)
    if teller is None:
        kind = OWN_EVENTS.get(state, "repealed")
        yield own_evidence(held.announcement, held.relations, kind, held.days[event])
    elif teller[1] == OF_VERSION:
        yield version_evidence(sources[teller[0]].announcement)
    else:
        source = sources[teller[0]]
        yield told_evidence(source.announcement, source.relations.citations[teller[1]], state, held.days[event])


def _says_most(source: _Held, identity: str) -> int:
    """Return the place of the citation that says most of an announcement: the first that says more than ``cites``."""
    places = [place for place, (_, ids) in sorted(source.links.items()) if identity in ids]
    citations: tuple[Citation, ...] = source.relations.citations
    return next((one for one in places if citations[one].relation != "cites"), places[0])
