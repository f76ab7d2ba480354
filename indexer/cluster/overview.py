"""What the index holds as a whole: of each source, and in all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from indexer.answers.results import SourceCoverage
from indexer.facts.dates import NO_DAY, from_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from indexer.cluster.connection import Body, Connection

_SOURCES_AT_ONCE: Final = 1_000
_DATED: Final[Body] = {"range": {"day": {"gt": NO_DAY}}}
_DAYS: Final[Body] = {"first": {"min": {"field": "day"}}, "last": {"max": {"field": "day"}}}
_COUNTED: Final[Body] = {
    "dated": {"filter": _DATED, "aggs": _DAYS},
    "region": {"filter": {"exists": {"field": "region"}}},
    "unnumbered": {"filter": {"term": {"number": ""}}},
}


def coverage(connection: Connection, alias: str) -> tuple[SourceCoverage, ...]:
    """Count for each source what is there and what is missing; most documents first, then by name."""
    found = map(_coverage_of, _of_each_source(connection, alias))
    return tuple(sorted(found, key=lambda one: (-one.count, one.source)))


def _of_each_source(connection: Connection, alias: str) -> Iterator[Mapping[str, Any]]:
    paged: Body = {"size": _SOURCES_AT_ONCE, "sources": [{"source": {"terms": {"field": "source"}}}]}
    while True:
        body = {"size": 0, "track_total_hits": False, "aggs": {"sources": {"composite": paged, "aggs": _COUNTED}}}
        told = connection.search(alias, body)["aggregations"]["sources"]
        yield from told["buckets"]
        if "after_key" not in told:
            return
        paged = {**paged, "after": told["after_key"]}


def _coverage_of(told: Mapping[str, Any]) -> SourceCoverage:
    count, dated = told["doc_count"], told["dated"]
    return SourceCoverage(
        source=told["key"]["source"],
        count=count,
        first=_day(dated["first"]),
        last=_day(dated["last"]),
        without_date=count - dated["doc_count"],
        without_region=count - told["region"]["doc_count"],
        without_number=told["unnumbered"]["doc_count"],
    )


def first_and_last(connection: Connection, alias: str) -> tuple[date | None, date | None]:
    """Return the earliest and the latest day of publication; None when no announcement has one."""
    body: Body = {"query": _DATED, "size": 0, "track_total_hits": False, "aggs": _DAYS}
    told = connection.search(alias, body)["aggregations"]
    return _day(told["first"]), _day(told["last"])


def _day(told: Mapping[str, float | None]) -> date | None:
    return None if told["value"] is None else from_day(int(told["value"]))
