"""What suggestions come from: lists read off a version once, by the process that completes.

All sources, regions and numbers up to a bound, the most frequent first, and the newest titles.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from indexer.suggesting.completion import Suggester, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.cluster.connection import Body, Connection

VALUES: Final = 20_000  # of sources, regions and numbers each
TITLES: Final = 50_000  # 30 MB in memory, 2 s to fetch; what is older is found by searching
_AT_ONCE: Final = 10_000
_FIELDS: Final = {"source": "source", "region": "region", "form": "form", "number": "written_number"}


def read_suggestions(connection: Connection, alias: str) -> Suggester:
    """Read the lists of a version."""
    values = _values(connection, alias)
    lists = {kind: build(counts.items()) for kind, counts in values.items()}
    return Suggester({**lists, "title": build(Counter(_newest_titles(connection, alias)).items())})


def _values(connection: Connection, alias: str) -> dict[str, Counter[str]]:
    asked: Body = {
        kind: {"terms": {"field": field, "size": VALUES, "shard_size": VALUES}} for kind, field in _FIELDS.items()
    }
    told = connection.search(alias, {"size": 0, "track_total_hits": False, "aggs": asked})["aggregations"]
    return {
        kind: Counter({bucket["key"]: bucket["doc_count"] for bucket in told[kind]["buckets"] if bucket["key"]})
        for kind in _FIELDS
    }


def _newest_titles(connection: Connection, alias: str) -> Iterator[str]:
    body: Body = {
        "size": _AT_ONCE,
        "_source": False,
        "track_total_hits": False,
        "docvalue_fields": ["title"],
        "sort": [{"day": "desc"}, {"id": "asc"}],
    }
    for _ in range(TITLES // _AT_ONCE):
        hits = connection.search(alias, body)["hits"]["hits"]
        yield from (title for hit in hits for title in hit.get("fields", {}).get("title", ()) if title)
        if len(hits) < _AT_ONCE:
            return
        body = {**body, "search_after": hits[-1]["sort"]}
