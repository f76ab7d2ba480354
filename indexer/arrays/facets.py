"""Exact counts: how many of the found documents have each source, region, form, year and month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.results import Facets, FacetValue

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from indexer.arrays.facts import RegionTree
    from indexer.arrays.files import Array
    from indexer.arrays.finding import Found
    from indexer.arrays.snapshot import Snapshot
    from indexer.query import Filters
    from indexer.region import RegionPath

MANY = 4  # times the values listed: sorting so many costs more than leaving out the low counts first
LISTED_VALUES = 50  # of sources and forms; chosen ones come on top of these


class FacetCounter:
    """Counts in one version of the index."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._facts = snapshot.facts
        self._regions = snapshot.regions
        self._calendar = snapshot.calendar
        self._live = snapshot.live
        self._columns = {name: (fact.of, len(fact.values)) for name, fact in self._facts.items()}
        self._columns["year"] = (self._calendar.of, len(self._calendar.months))
        self._in_all = {
            name: np.bincount(of[snapshot.live], minlength=size) for name, (of, size) in self._columns.items()
        }

    def count(self, filters: Filters, passing_without: Callable[[str], Found], found: Found) -> Facets:
        """Count every facet in what is found; one with a filter of its own in what passes without it."""

        def counts(facet: str) -> Array:
            return self._count(facet, passing_without(facet) if getattr(filters, facet) else found)

        return Facets(
            source=self._flat("source", filters.source, counts("source")),
            region=self._region(filters.region, counts("region")),
            year=self._year(filters.year, counts("year")),
            form=self._flat("form", filters.form, counts("form")),
        )

    def _count(self, facet: str, found: Found) -> Array:
        of, size = self._columns[facet]
        if len(found.documents) * 2 <= len(self._live):
            return np.bincount(of[found.documents], minlength=size)
        # What is not found is fewer: counting that takes less.
        return self._in_all[facet] - np.bincount(of[(self._live & ~found.held).nonzero()[0]], minlength=size)

    def _flat(self, name: str, chosen: Collection[str], counts: Array) -> tuple[FacetValue, ...]:
        fact = self._facts[name]
        held = counts.nonzero()[0]
        if len(held) > MANY * LISTED_VALUES:
            edge = np.partition(counts, -LISTED_VALUES - 1)[-LISTED_VALUES - 1]
            held = held[counts[held] >= edge]
        # Values are numbered in their order, so a stable sort by count leaves equal ones in it.
        ordered = held[np.argsort(-counts[held], kind="stable")[: LISTED_VALUES + 1]].tolist()
        listed = [number for number in ordered if fact.values[number]][:LISTED_VALUES]
        values = [_flat_value(fact.values[number], int(counts[number]), chosen) for number in listed]
        if not chosen:
            return tuple(values)
        unlisted = set(chosen) - {fact.values[number] for number in listed}
        known = {value: int(counts[fact.numbers[value]]) if value in fact.numbers else 0 for value in unlisted}
        return _in_order([*values, *(_flat_value(value, count, chosen) for value, count in known.items())])

    def _region(self, chosen: Collection[RegionPath], by_value: Array) -> tuple[FacetValue, ...]:
        return _Branches(self._regions, self._regions.count(by_value), chosen).below("")

    def _year(self, chosen: Collection[str], by_month: Array) -> tuple[FacetValue, ...]:
        counted = zip(self._calendar.years, self._calendar.count_years(by_month), strict=True)
        years = {period[:4]: 0 for period in chosen} | {year: count for year, count in counted if count}
        opened = {period[:4] for period in chosen} or (set(years) if len(years) == 1 else set())
        return tuple(
            FacetValue(year, year, years[year], year in chosen, self._months(year, chosen, by_month, opened))
            for year in sorted(years, reverse=True)
        )

    def _months(
        self, year: str, chosen: Collection[str], by_month: Array, opened: Collection[str]
    ) -> tuple[FacetValue, ...]:
        if year not in opened:
            return ()
        counted = zip(self._calendar.months, by_month.tolist(), strict=True)
        months = {period: 0 for period in chosen if period.startswith(f"{year}-")}
        months |= {month: count for month, count in counted if count and month.startswith(year)}
        return tuple(_flat_value(month, months[month], chosen) for month in sorted(months, reverse=True))


class _Branches:
    """The regions to list: those below one only if it is chosen, lies above a chosen one or is the only one there."""

    def __init__(self, tree: RegionTree, counts: Sequence[int], chosen: Collection[RegionPath]) -> None:
        self._tree = tree
        self._counts = counts
        self._chosen = {"/".join(path) for path in chosen}
        self._opened = {"/".join(path[: depth + 1]) for path in chosen for depth in range(len(path))}

    def below(self, parent: str) -> tuple[FacetValue, ...]:
        """List the regions one step below a region, "" for the widest."""
        paths = [path for path in self._tree.below.get(parent, ()) if self._counts[self._tree.numbers[path]]]
        paths += [path for path in self._opened.difference(paths) if path.rpartition("/")[0] == parent]
        opened = set(paths) if len(paths) == 1 else self._opened.intersection(paths)
        return _in_order(self._value(path, self.below(path) if path in opened else ()) for path in paths)

    def _value(self, path: str, below: tuple[FacetValue, ...]) -> FacetValue:
        number = self._tree.numbers.get(path)
        count = 0 if number is None else self._counts[number]
        return FacetValue(path, path.rpartition("/")[2], count, path in self._chosen, below)


def _flat_value(value: str, count: int, chosen: Collection[str]) -> FacetValue:
    return FacetValue(value, value, count, value in chosen)


def _in_order(values: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    return tuple(sorted(values, key=lambda one: (-one.count, one.value)))
