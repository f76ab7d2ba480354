"""Copies of one announcement in a result list: all are found and counted, the first of them stands in the list.

``group`` is the id of the announcement that a document is a copy of, or its own; ``shared`` says whether others have
the same. The cluster collapses a numbered page by ``group``; behind a cursor, where it cannot, what is no group's first
is found out by asking for these groups alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from indexer.announcement import group_of
from indexer.cluster.boolean_filters import all_of
from indexer.cluster.records import SHOWN, announcement_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from indexer.cluster.connection import Body

COLLAPSED: Final[Body] = {"collapse": {"field": "group"}}
GROUPS_AT_ONCE: Final = 10_000  # of found copies, counted with the search; more are counted by requests of their own
_SHARED: Final[Body] = {"term": {"shared": True}}


def aggregation(passing: Iterable[Body]) -> Body:
    """Ask how many of what passes these filters are copies of one another."""
    terms = {"field": "group", "size": GROUPS_AT_ONCE, "shard_size": GROUPS_AT_ONCE}
    return {"filter": all_of((*passing, _SHARED)), "aggs": {"groups": {"terms": terms}}}


def count_folded(told: Mapping[str, Any], ask: Callable[[Body], Body], found: Body) -> int:
    """Read out of an answer to ``aggregation`` how many are folded; ask for what it could not tell of ``found``."""
    groups = told["groups"]
    if groups["sum_other_doc_count"] or groups["doc_count_error_upper_bound"]:
        return int(told["doc_count"]) - _count_groups(ask, all_of((found, _SHARED)))
    return int(told["doc_count"]) - len(groups["buckets"])


def _count_groups(ask: Callable[[Body], Body], found: Body) -> int:
    by_group: Body = {"size": GROUPS_AT_ONCE, "sources": [{"group": {"terms": {"field": "group"}}}]}
    count = 0
    while True:
        body = {"query": found, "size": 0, "track_total_hits": False, "aggs": {"groups": {"composite": by_group}}}
        groups = ask(body)["aggregations"]["groups"]
        count += len(groups["buckets"])
        if "after_key" not in groups:
            return count
        by_group["after"] = groups["after_key"]


def only_heads(hits: Sequence[Body], asked: Body, ask: Callable[[Body], Body]) -> list[Body]:
    """Return the hits of a request that are the first of their group in all that it finds."""
    groups = sorted({group for hit in hits if (group := group_of(announcement_of(hit)))})
    if not groups:
        return list(hits)
    among = {"bool": {"must": [asked["query"]], "filter": [{"terms": {"group": groups}}]}}
    nothing_read = {"_source": False, "stored_fields": list[str](), "track_total_hits": False}
    body = {**asked, **COLLAPSED, **nothing_read, "query": among, "size": len(groups)}
    first = {hit["_id"] for hit in ask(body)["hits"]["hits"]}
    return [hit for hit in hits if hit["_id"] in first or not group_of(announcement_of(hit))]


def leaders_among(hits: Iterable[Body], found: Body, ask: Callable[[Body], Body]) -> dict[str, Body]:
    """Return by id the announcements that some hits are copies of, as far as these are found, too."""
    ids = sorted({leader for hit in hits if (leader := announcement_of(hit).repost_of)})
    if not ids:
        return {}
    query = all_of((found, {"terms": {"id": ids}}))
    body = {"query": query, "size": len(ids), "track_total_hits": False, **SHOWN}
    return {hit["_source"]["id"]: hit for hit in ask(body)["hits"]["hits"]}


def one_of_each(hits: Sequence[Body]) -> list[Body]:
    """Return hits without copies of others among them: the one that they are copies of, else the first."""
    taken: dict[str, Body] = {}
    for hit in hits:
        announcement = announcement_of(hit)
        group = announcement.repost_of or announcement.id
        if group not in taken or announcement.id == group:
            taken[group] = hit
    return list(taken.values())
