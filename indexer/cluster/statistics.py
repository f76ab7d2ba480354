"""Count what terms and strings are found in, over the whole of a version, and remember it: a version never changes."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Final

from indexer.cluster.mappings import WINDOW
from indexer.cluster.term_dictionaries import WITNESS, TermDictionaries, term_of
from indexer.facts.dates import NO_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.cluster.connection import Body, Connection
    from indexer.cluster.index_versions import Version

REMEMBERED: Final = 50_000  # counts, at some 200 bytes each
REMEMBERED_LISTS: Final = 50
_WORTH: Final = 2  # terms; fewer are as soon searched for
EVERYTHING: Final[Body] = {"match_all": {}}


class Statistics:
    """Counts over one version; threads may share it."""

    def __init__(self, connection: Connection, version: Version) -> None:
        self.connection = connection
        self.version = version
        self._dictionaries = TermDictionaries(connection, version.build)
        self._having_text = -1  # not counted yet
        self._known: dict[str, int] = {}
        self._newest_days: dict[int, int | None] = {}
        self._values: dict[tuple[str, str], list[str]] = {}

    def documents(self) -> int:
        """Count all announcements."""
        return self.counts([EVERYTHING])[0]

    def counts(self, queries: Sequence[Body]) -> list[int]:
        """Count what each query finds; those not asked before, in one request."""
        names = [json.dumps(query, sort_keys=True) for query in queries]
        known = self._known
        unknown = {name: query for name, query in zip(names, queries, strict=True) if name not in known}
        known.update(zip(unknown, self._counted(list(unknown.values())), strict=True))
        found = [known[name] for name in names]
        if len(known) > REMEMBERED:
            self._known = {}
        return found

    def learn(self, query: Body, count: int) -> None:
        """Remember what a query finds, which was told with an answer."""
        self._known[json.dumps(query, sort_keys=True)] = count

    def at_most(self, query: Body) -> float:
        """Return how many a query finds at most, as far as what was counted already tells; else infinity."""
        known = self._known.get(json.dumps(query, sort_keys=True))
        if known is not None:
            return known
        match query:
            case {"bool": {"filter": [*parts]}}:
                return min(map(self.at_most, parts), default=math.inf)
            case {"bool": {"should": [*parts], "minimum_should_match": 1}}:
                return sum(map(self.at_most, parts))
            case {"match_phrase": {"text_bigrams": str(bigrams)}}:
                return min(self.at_most({"term": {"text_bigrams": bigram}}) for bigram in bigrams.split())
        return math.inf

    def _counted(self, queries: list[Body]) -> list[int]:
        """Count what each query finds: single terms by the dictionaries, as long as those count this version."""
        by_term = {at: term for at, query in enumerate(queries) if (term := term_of(query))}
        told = self._dictionaries.counts(list(by_term.values()), self._with_text) if len(by_term) >= _WORTH else None
        found = dict(zip(by_term, told, strict=True)) if told is not None else {}
        searched = [at for at in range(len(queries)) if at not in found]
        counts = self.connection.counts(self.version.alias, [queries[at] for at in searched])
        found |= dict(zip(searched, counts, strict=True))
        return [found[at] for at in range(len(queries))]

    def _with_text(self) -> int:
        """Count the announcements that have any text."""
        if self._having_text < 0:
            query: Body = {"exists": {"field": WITNESS}}
            self._having_text = self.connection.counts(self.version.alias, [query])[0]
        return self._having_text

    def values(self, field: str, query: Body) -> list[str]:
        """Return the values that all that a query finds has in a field of keywords, in order, each once."""
        asked = field, json.dumps(query, sort_keys=True)
        if asked not in self._values:
            if len(self._values) >= REMEMBERED_LISTS:
                self._values = {}
            self._values[asked] = sorted({*self._each_value(field, query)})
        return self._values[asked]

    def _each_value(self, field: str, query: Body) -> Iterator[str]:
        asked: Body = {"query": query, "sort": [{"id": "asc"}], "_source": False, "docvalue_fields": [field]}
        for hit in self.every(asked, WINDOW):
            yield from hit.get("fields", {}).get(field, ())

    def search(self, body: Body) -> Body:
        """Search this version."""
        return self.connection.search(self.version.alias, body)

    def searches(self, bodies: Sequence[Body]) -> list[Body]:
        """Make several searches of this version in one request."""
        return self.connection.searches(self.version.alias, bodies)

    def every(self, body: Body, at_once: int) -> Iterator[Body]:
        """Yield every hit of a request with a total order, however many there are."""
        body = {**body, "size": at_once, "track_total_hits": False}
        while True:
            hits = self.search(body)["hits"]["hits"]
            yield from hits
            if len(hits) < at_once:
                return
            body["search_after"] = hits[-1]["sort"]

    def newest_day(self, until: int) -> int | None:
        """Return the newest day of publication, none behind a certain one; None when all are undated."""
        if until not in self._newest_days:
            span = {"range": {"day": {"gt": NO_DAY, "lte": until}}}
            body = {"query": span, "size": 1, "_source": False, "track_total_hits": False, "sort": [{"day": "desc"}]}
            hits = self.search(body)["hits"]["hits"]
            self._newest_days = {until: int(hits[0]["sort"][0]) if hits else None}
        return self._newest_days[until]

    def best(self, query: Body) -> float:
        """Return the highest score that a query gives to any announcement, 0.0 if it finds none."""
        body = {"query": query, "size": 1, "_source": False, "track_total_hits": False}
        return float(self.search(body)["hits"]["max_score"] or 0.0)
