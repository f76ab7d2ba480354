"""Count what terms and strings are found in, over the whole of a version, and remember it: a version never changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.cluster.connection import Body, Connection
    from indexer.cluster.versions import Version

REMEMBERED: Final = 50_000  # counts, at some 200 bytes each
EVERYTHING: Final[Body] = {"match_all": {}}


class Statistics:
    """Counts over one version; threads may share it."""

    def __init__(self, connection: Connection, version: Version) -> None:
        self.connection = connection
        self.version = version
        self._known: dict[str, int] = {}

    def documents(self) -> int:
        """Count all announcements."""
        return self.counts([EVERYTHING])[0]

    def counts(self, queries: Sequence[Body]) -> list[int]:
        """Count what each query finds; those not asked before, in one request."""
        names = [json.dumps(query, sort_keys=True) for query in queries]
        known = self._known
        unknown = {name: query for name, query in zip(names, queries, strict=True) if name not in known}
        known.update(zip(unknown, self.connection.counts(self.version.alias, list(unknown.values())), strict=True))
        found = [known[name] for name in names]
        if len(known) > REMEMBERED:
            self._known = {}
        return found

    def best(self, query: Body) -> float:
        """Return the highest score that a query gives to any announcement, 0.0 if it finds none."""
        body = {"query": query, "size": 1, "_source": False, "track_total_hits": False}
        return float(self.connection.search(self.version.alias, body)["hits"]["max_score"] or 0.0)
