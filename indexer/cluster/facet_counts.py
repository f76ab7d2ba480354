"""Exact counts: how many of the found announcements have each source, region, form, year and month."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from indexer.answers.facet_lists import (
    LISTED_VALUES,
    Branches,
    list_flat,
    list_paths,
    list_years,
    sought_in,
    stated,
    with_unstated,
)
from indexer.answers.results import Facets
from indexer.cluster.boolean_filters import all_of
from indexer.cluster.documents import plain
from indexer.cluster.validity_filters import state_is, today
from indexer.fields import FACETS, NOT, REGION, VALIDITY
from indexer.relations.validity import NONE_FOUND, STATES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from indexer.answers.results import FacetValue
    from indexer.cluster.connection import Body, Connection
    from indexer.fields import Field
    from indexer.query.tree import Filters

# What each shard tells of its most frequent values. Counts are exact when a shard holds no more different ones; when
# one does, the values that are shown are counted once more by name.
_VALUES_OF_SHARD: Final = 5_000
_REGIONS_AT_ONCE: Final = 1_000  # most frequent first, so those above come with those below
_REGIONS_BELOW: Final = 10_000  # more than lie one step below all that are listed
_MONTHS: Final = 20_000  # more than any archive has
_SOUGHT: Final = 20_000  # values of a facet in which something is sought; more than a country has issuers
_SPECIAL: Final = re.compile(r'[.?+*|{}\[\]()"\\#@&<>~^$-]')
_ORDER: Final = [{"_count": "desc"}, {"_key": "asc"}]


def aggregations(filters: Filters, passing: Mapping[str, Body]) -> Body:
    """Ask for the counts of all facets; ``passing`` are the facets' own filters, by name."""
    return {one.name: _within(without_own(passing, one.name), _asked(one, filters)) for one in FACETS}


def _asked(facet: Field, filters: Filters) -> dict[str, Body]:
    if facet is VALIDITY:
        day = today()
        states = {state: state_is(state, day) for state in STATES if state not in ("", NONE_FOUND)}  # that is the rest
        return {"all": {"filters": {"filters": states}}, "unstated": {"filter": state_is("", day)}}
    is_sought = sought_in(filters, facet.name) is not None
    match facet.kind:
        case "path":
            size = _SOUGHT if is_sought else _REGIONS_AT_ONCE
            listed = _terms(facet.name, size=size, shard_size=max(size, 5 * _REGIONS_AT_ONCE), order=_ORDER)
            return {"all": listed, "unstated": {"missing": {"field": facet.name}}}
        case "month":
            listed = _terms("month", size=_MONTHS, shard_size=_MONTHS)
            return {"all": listed, "unstated": {"missing": {"field": "month"}}}
        case _:
            chosen = _named(facet.name, stated(filters.chosen(facet.name)))
            return {
                "all": _most_frequent(facet.name, _SOUGHT if is_sought else LISTED_VALUES + 1),
                "chosen": chosen,
                "unstated": {"filter": {"term": {facet.name: ""}}},
            }


def without_own(passing: Mapping[str, Body], facet: str) -> Body:
    """Return the filters of the other facets."""
    return all_of(query for name, query in passing.items() if name.removeprefix(NOT) != facet)


def _within(query: Body, asked: Mapping[str, Body]) -> Body:
    return {"filter": query, "aggs": {name: one for name, one in asked.items() if one}}


def _terms(field: str, **options: Any) -> Body:
    return {"terms": {"field": field, **options}}


def _most_frequent(field: str, size: int) -> Body:
    return _terms(field, size=size, shard_size=max(size, _VALUES_OF_SHARD), order=_ORDER)


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
        return Facets(**{one.name: self._listed(one, filters, told[one.name]) for one in FACETS})

    def _listed(self, facet: Field, filters: Filters, told: Mapping[str, Any]) -> tuple[FacetValue, ...]:
        """List the values of a facet, those that have none last."""
        chosen = filters.chosen(facet.name)
        values = self._list(facet, stated(chosen), filters, told)
        return with_unstated(values, told["unstated"]["doc_count"], chosen, filters.excluded(facet.name))

    def _list(
        self, facet: Field, chosen: Collection[str], filters: Filters, told: Mapping[str, Any]
    ) -> tuple[FacetValue, ...]:
        sought = sought_in(filters, facet.name)
        if facet is VALIDITY:
            counts = {state: int(one["doc_count"]) for state, one in told["all"]["buckets"].items()}
            counts[NONE_FOUND] = int(told["doc_count"] - told["unstated"]["doc_count"]) - sum(counts.values())
            return list_flat({state: n for state, n in counts.items() if n or state in chosen}, chosen, sought)
        match facet.kind:
            case "path" if sought:
                return list_paths(_counts(told["all"]), chosen, sought)
            case "path":
                return self._list_paths(facet, chosen, filters.opened, told["all"])
            case "month":
                return _years(_counts(told["all"]), chosen, filters.opened)
            case _:
                return self._list_values(facet.name, chosen, told, sought)

    def _list_values(
        self, name: str, chosen: Collection[str], told: Mapping[str, Any], sought: str | None
    ) -> tuple[FacetValue, ...]:
        counts = {value: count for value, count in _counts(told["all"]).items() if value}
        if told["all"]["doc_count_error_upper_bound"]:
            counts = self._again(name, _named(name, [one.value for one in list_flat(counts, (), sought)]))
        named = _counts(told["chosen"]) if chosen else {}
        return list_flat(counts | {value: named.get(plain(value), 0) for value in chosen}, chosen, sought)

    def _again(self, facet: str, asked: Body) -> dict[str, int]:
        query = all_of((self._query, without_own(self._passing, facet)))
        body = {"query": query, "size": 0, "track_total_hits": False, "aggs": {"counts": asked}}
        return _counts(self._connection.search(self._alias, body)["aggregations"]["counts"])

    def _list_paths(
        self, facet: Field, chosen: Collection[str], branch: str, told: Mapping[str, Any]
    ) -> tuple[FacetValue, ...]:
        known, tells_more = _counts(told), facet is not REGION
        complete = not told["sum_other_doc_count"] and not told["doc_count_error_upper_bound"]
        asked: set[str] = set()
        while not complete and (parents := _listed_parents(_branches(known, chosen, branch)) - asked):
            pattern = "|".join(f"{_quoted(f'{parent}/') if parent else ''}[^/]+" for parent in sorted(parents))
            known |= self._again(
                facet.name, _terms(facet.name, include=pattern, size=_REGIONS_BELOW, shard_size=_REGIONS_BELOW)
            )
            asked |= parents
        return _branches(known, chosen, branch, tells_more=tells_more).listed()


def _counts(told: Mapping[str, Any]) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in told["buckets"]}


def _quoted(text: str) -> str:
    return _SPECIAL.sub(lambda special: f"\\{special[0]}", text)


def _branches(known: Mapping[str, int], chosen: Collection[str], branch: str, *, tells_more: bool = False) -> Branches:
    below: dict[str, list[str]] = {}
    for path in known:
        below.setdefault(path.rpartition("/")[0], []).append(path)
    return Branches(below, lambda path: known.get(path, 0), chosen, branch, tells_more=tells_more)


def _listed_parents(branches: Branches) -> set[str]:
    """Return the regions of which all those one step below are listed, so that their counts have to be known."""
    waiting, found = [""], set()
    while waiting:
        parent = waiting.pop()
        found.add(parent)
        waiting += branches.opened(branches.paths(parent))
    return found


def _years(months: Mapping[str, int], chosen: Collection[str], branch: str) -> tuple[FacetValue, ...]:
    counted: dict[str, int] = {}
    for month, count in months.items():
        counted[month[:4]] = counted.get(month[:4], 0) + count

    def months_of(year: str) -> dict[str, int]:
        return {month: count for month, count in months.items() if month.startswith(f"{year}-")}

    return list_years(counted, months_of, chosen, branch)
