"""Exact counts: how many of the found documents have each source, region, form, year and month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from indexer.arrays.documents import NO_DAY
from indexer.results import Facets, FacetValue

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from indexer.arrays.files import Array
    from indexer.arrays.snapshot import Snapshot
    from indexer.query import Filters
    from indexer.region import RegionPath

LISTED_VALUES = 100  # of sources and forms; chosen ones come on top of these


class FacetCounter:
    """Counts in one version of the index; ``found_without`` gives the set that a facet is counted in."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._facts = snapshot.facts
        self._regions = _Regions(self._facts["region"].values)
        days = snapshot.published.astype("datetime64[D]")
        months = days.astype("datetime64[M]").astype(np.int64)
        self._first_month = int(months[snapshot.published != NO_DAY].min(initial=0))
        self._months = np.where(snapshot.published == NO_DAY, 0, months - self._first_month + 1)

    def count(self, filters: Filters, passing_without: Callable[[str], Array], found: Array) -> Facets:
        """Count every facet in the documents found; one with a filter of its own in what passes without it."""

        def counted_in(facet: str) -> Array:
            return np.flatnonzero(passing_without(facet)) if getattr(filters, facet) else found

        return Facets(
            source=self._flat("source", filters.source, counted_in("source")),
            region=self._region(filters.region, counted_in("region")),
            year=self._year(filters.year, counted_in("year")),
            form=self._flat("form", filters.form, counted_in("form")),
        )

    def _flat(self, name: str, chosen: Collection[str], found: Array) -> tuple[FacetValue, ...]:
        fact = self._facts[name]
        counts = np.bincount(fact.of[found], minlength=len(fact.values))
        held = np.flatnonzero(counts)
        # Values are numbered in their order, so a stable sort by count leaves equal ones in it.
        ordered = held[np.argsort(-counts[held], kind="stable")]
        listed = [number for number in ordered[: LISTED_VALUES + 1].tolist() if fact.values[number]][:LISTED_VALUES]
        shown = {fact.values[number]: int(counts[number]) for number in listed}
        known = dict(zip(fact.values, range(len(fact.values)), strict=True)) if chosen else {}
        for value in sorted(set(chosen) - shown.keys()):
            shown[value] = int(counts[known[value]]) if value in known else 0
        values = (FacetValue(value, value, count, value in chosen) for value, count in shown.items())
        return _in_order(values)

    def _region(self, chosen: Collection[RegionPath], found: Array) -> tuple[FacetValue, ...]:
        fact = self._facts["region"]
        by_value = np.bincount(fact.of[found], minlength=len(fact.values))
        return self._regions.tree(by_value, {"/".join(path) for path in chosen})

    def _year(self, chosen: Collection[str], found: Array) -> tuple[FacetValue, ...]:
        by_month = np.bincount(self._months[found])[1:]
        months = {self._name_of(number): count for number, count in enumerate(by_month.tolist()) if count}
        months |= {period: 0 for period in chosen if len(period) > 4 and period not in months}
        years: dict[str, int] = {period[:4]: 0 for period in chosen}
        for month, count in months.items():
            years[month[:4]] = years.get(month[:4], 0) + count
        opened = {period[:4] for period in chosen} or (set(years) if len(years) == 1 else set())
        return tuple(
            FacetValue(year, year, count, year in chosen, _months_of(year, months, chosen) if year in opened else ())
            for year, count in sorted(years.items(), reverse=True)
        )

    def _name_of(self, month: int) -> str:
        return str(np.datetime64(month + self._first_month, "M"))


def _months_of(year: str, months: Mapping[str, int], chosen: Collection[str]) -> tuple[FacetValue, ...]:
    of_year = sorted((month, count) for month, count in months.items() if month.startswith(f"{year}-"))
    return tuple(FacetValue(month, month, count, month in chosen) for month, count in reversed(of_year))


def _in_order(values: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    return tuple(sorted(values, key=lambda one: (-one.count, one.value)))


@dataclass(slots=True)
class _Node:
    path: str
    parent: int
    count: int = 0


class _Regions:
    """The tree over all region paths that occur; a document counts for its region and all above it."""

    def __init__(self, values: list[str]) -> None:
        self._numbers: dict[str, int] = {}
        self._of_value: list[tuple[int, ...]] = []
        for value in values:
            steps = value.split("/") if value else []
            paths = ["/".join(steps[: depth + 1]) for depth in range(len(steps))]
            self._of_value.append(tuple(self._numbers.setdefault(path, len(self._numbers)) for path in paths))
        self._pairs = np.array(
            [(value, node) for value, nodes in enumerate(self._of_value) for node in nodes], dtype=np.int64
        ).reshape(-1, 2)
        self._children: dict[str, list[str]] = {}
        for path in self._numbers:
            self._children.setdefault(path.rpartition("/")[0], []).append(path)

    def tree(self, by_value: Array, chosen: Collection[str]) -> tuple[FacetValue, ...]:
        """List the regions; those below one only if it is chosen, lies above a chosen one or stands alone."""
        weights = by_value[self._pairs[:, 0]]
        counts = np.bincount(self._pairs[:, 1], weights=weights, minlength=len(self._numbers)).astype(np.int64)
        known = {path: int(counts[number]) for path, number in self._numbers.items() if counts[number]}
        for path in chosen:
            steps = path.split("/")
            for depth in range(len(steps)):
                known.setdefault("/".join(steps[: depth + 1]), 0)
        below: dict[str, list[str]] = {}
        for path in known:
            below.setdefault(path.rpartition("/")[0], []).append(path)
        return _branch("", known, below, chosen)


def _branch(
    parent: str, known: Mapping[str, int], below: Mapping[str, list[str]], chosen: Collection[str]
) -> tuple[FacetValue, ...]:
    paths = below.get(parent, ())
    if parent and len(paths) > 1 and not any(f"{one}/".startswith(f"{parent}/") for one in chosen):
        return ()
    return _in_order(
        FacetValue(path, path.rpartition("/")[2], known[path], path in chosen, _branch(path, known, below, chosen))
        for path in paths
    )
