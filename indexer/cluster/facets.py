"""Exact counts: how many of the found announcements have each source, region, form, year and month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from indexer.arrays.facets import LISTED_VALUES
from indexer.cluster.documents import plain
from indexer.cluster.finding import all_of
from indexer.results import Facets, FacetValue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from indexer.cluster.connection import Body, Connection
    from indexer.query import Filters

FACETS: Final[tuple[str, ...]] = ("source", "region", "year", "form")
# What each shard tells of its most frequent values. Counts are exact when a shard holds no more different ones; when
# one does, the values that are shown are counted once more by name.
_VALUES_OF_SHARD: Final = 5_000
_REGIONS_AT_ONCE: Final = 1_000  # most frequent first, so those above come with those below
_MONTHS: Final = 20_000  # more than any archive has
_SPECIAL: Final = re.compile(r'[.?+*|{}\[\]()"\\#@&<>~^$-]')
_ORDER: Final = [{"_count": "desc"}, {"_key": "asc"}]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What the searcher chose in each facet, as values."""

    source: tuple[str, ...]
    form: tuple[str, ...]
    year: tuple[str, ...]
    region: tuple[str, ...]

    @classmethod
    def of(cls, filters: Filters) -> _Chosen:
        regions = ("/".join(path) for path in filters.region)
        return cls(filters.source, filters.form, filters.year, tuple(regions))


def aggregations(filters: Filters, passing: Mapping[str, Body]) -> Body:
    """Ask for the counts of all facets; ``passing`` are the facets' own filters, by name."""
    chosen = _Chosen.of(filters)
    asked: dict[str, Body] = {
        "source": {"all": _most_frequent("source"), "chosen": _named("source", chosen.source)},
        "form": {"all": _most_frequent("form"), "chosen": _named("form", chosen.form)},
        "region": {"all": _terms("region", size=_REGIONS_AT_ONCE, shard_size=5 * _REGIONS_AT_ONCE, order=_ORDER)},
        "year": {"all": _terms("month", size=_MONTHS, shard_size=_MONTHS)},
    }
    return {name: _within(without_own(passing, name), asked[name]) for name in FACETS}


def without_own(passing: Mapping[str, Body], facet: str) -> Body:
    """Give the filters of the other facets."""
    return all_of(query for name, query in passing.items() if name != facet)


def _within(query: Body, asked: Body) -> Body:
    return {"filter": query, "aggs": {name: one for name, one in asked.items() if one}}


def _terms(field: str, **options: Any) -> Body:
    return {"terms": {"field": field, **options}}


def _most_frequent(field: str) -> Body:
    return _terms(field, size=LISTED_VALUES + 1, shard_size=_VALUES_OF_SHARD, order=_ORDER)


def _named(field: str, values: Collection[str]) -> Body:
    some = [plain(value) for value in values]
    return _terms(field, include=some, size=len(some)) if some else {}


class Counter:
    """Reads the counts of one answer; asks again for what the first request could not tell."""

    def __init__(self, connection: Connection, alias: str, query: Body, passing: Mapping[str, Body]) -> None:
        self._connection = connection
        self._alias = alias
        self._query = query  # what is found without the facets' own filters
        self._passing = passing

    def count(self, filters: Filters, told: Mapping[str, Any]) -> Facets:
        """Read the facets out of an answer to ``aggregations``."""
        chosen = _Chosen.of(filters)
        return Facets(
            source=self._flat("source", chosen.source, told["source"]),
            region=self._region(chosen.region, told["region"]["all"]),
            year=_years(_counts(told["year"]["all"]), chosen.year),
            form=self._flat("form", chosen.form, told["form"]),
        )

    def _flat(self, name: str, chosen: Collection[str], told: Mapping[str, Any]) -> tuple[FacetValue, ...]:
        counts = {value: count for value, count in _counts(told["all"]).items() if value}
        counts = dict(list(counts.items())[:LISTED_VALUES])
        if told["all"]["doc_count_error_upper_bound"]:
            counts = self._again(name, _named(name, counts))
        named = _counts(told["chosen"]) if chosen else {}
        counts |= {value: named.get(plain(value), 0) for value in chosen}
        return _in_order(FacetValue(value, value, count, value in chosen) for value, count in counts.items())

    def _again(self, facet: str, asked: Body) -> dict[str, int]:
        query = all_of((self._query, without_own(self._passing, facet)))
        body = {"query": query, "size": 0, "track_total_hits": False, "aggs": {"counts": asked}}
        return _counts(self._connection.search(self._alias, body)["aggregations"]["counts"])

    def _region(self, chosen: Collection[str], told: Mapping[str, Any]) -> tuple[FacetValue, ...]:
        known = _counts(told)
        complete = not told["sum_other_doc_count"] and not told["doc_count_error_upper_bound"]
        asked: set[str] = set()
        while not complete and (parents := _undecided(known, chosen) - asked):
            pattern = "|".join(f"{_quoted(f'{parent}/') if parent else ''}[^/]+" for parent in sorted(parents))
            known |= self._again("region", _terms("region", include=pattern, size=_REGIONS_AT_ONCE, shard_size=10_000))
            asked |= parents
        for path in chosen:
            steps = path.split("/")
            for depth in range(len(steps)):
                known.setdefault("/".join(steps[: depth + 1]), 0)
        return _branch("", known, _below(known), chosen)


def _counts(told: Mapping[str, Any]) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in told["buckets"]}


def _quoted(text: str) -> str:
    return _SPECIAL.sub(lambda special: f"\\{special[0]}", text)


# ── the shape in which counts are shown ──────────────────────────────────────────────────────────────


def _in_order(values: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    return tuple(sorted(values, key=lambda one: (-one.count, one.value)))


def _years(months: Mapping[str, int], chosen: Collection[str]) -> tuple[FacetValue, ...]:
    counted = {period: 0 for period in chosen if len(period) > 4} | dict(months)
    years: dict[str, int] = {period[:4]: 0 for period in chosen}
    for month, count in counted.items():
        years[month[:4]] = years.get(month[:4], 0) + count
    opened = {period[:4] for period in chosen} or (set(years) if len(years) == 1 else set())
    return tuple(
        FacetValue(year, year, count, year in chosen, _months_of(year, counted, chosen) if year in opened else ())
        for year, count in sorted(years.items(), reverse=True)
    )


def _months_of(year: str, months: Mapping[str, int], chosen: Collection[str]) -> tuple[FacetValue, ...]:
    of_year = sorted((month, count) for month, count in months.items() if month.startswith(f"{year}-"))
    return tuple(FacetValue(month, month, count, month in chosen) for month, count in reversed(of_year))


def _below(known: Iterable[str]) -> dict[str, list[str]]:
    below: dict[str, list[str]] = {}
    for path in known:
        below.setdefault(path.rpartition("/")[0], []).append(path)
    return below


def _is_opened(parent: str, chosen: Collection[str]) -> bool:
    """Whether a region is chosen or lies above a chosen one."""
    return any(f"{one}/".startswith(f"{parent}/") for one in chosen)


def _open_among(paths: Sequence[str], chosen: Collection[str]) -> Sequence[str]:
    """Give those under which regions are listed: chosen ones, those above them, and one that is alone."""
    return paths if len(paths) == 1 else [path for path in paths if _is_opened(path, chosen)]


def _undecided(known: Mapping[str, int], chosen: Collection[str]) -> set[str]:
    """Give the regions of which all those one step below have to be known."""
    below = _below(known)
    waiting, found = [""], set()
    while waiting:
        parent = waiting.pop()
        found.add(parent)
        waiting += _open_among(below.get(parent, []), chosen)
    return found


def _branch(
    parent: str, known: Mapping[str, int], below: Mapping[str, list[str]], chosen: Collection[str]
) -> tuple[FacetValue, ...]:
    paths = below.get(parent, [])
    opened = _open_among(paths, chosen)
    branches = {path: _branch(path, known, below, chosen) for path in opened}
    return _in_order(
        FacetValue(path, path.rpartition("/")[2], known[path], path in chosen, branches.get(path, ())) for path in paths
    )
