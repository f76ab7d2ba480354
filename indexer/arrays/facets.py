"""Exact counts: how many of the found documents have each source, region, form, year and month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.facets import LISTED_VALUES, Branches, flat_value, in_order, list_years
from indexer.results import Facets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from indexer.arrays.files import Array
    from indexer.arrays.finding import Found
    from indexer.arrays.snapshot import Snapshot
    from indexer.query import Filters
    from indexer.region import RegionPath
    from indexer.results import FacetValue

MANY = 4  # times the values listed: sorting so many costs more than leaving out the low counts first


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
        values = [flat_value(fact.values[number], int(counts[number]), chosen) for number in listed]
        if not chosen:
            return tuple(values)
        unlisted = set(chosen) - {fact.values[number] for number in listed}
        known = {value: int(counts[fact.numbers[value]]) if value in fact.numbers else 0 for value in unlisted}
        return in_order([*values, *(flat_value(value, count, chosen) for value, count in known.items())])

    def _region(self, chosen: Collection[RegionPath], by_value: Array) -> tuple[FacetValue, ...]:
        counts, numbers = self._regions.count(by_value), self._regions.numbers
        return Branches(
            self._regions.below, lambda path: counts[numbers[path]] if path in numbers else 0, chosen
        ).listed()

    def _year(self, chosen: Collection[str], by_month: Array) -> tuple[FacetValue, ...]:
        counted = zip(self._calendar.years, self._calendar.count_years(by_month), strict=True)

        def months_of(year: str) -> dict[str, int]:
            months = zip(self._calendar.months, by_month.tolist(), strict=True)
            return {month: count for month, count in months if count and month.startswith(year)}

        return list_years({year: count for year, count in counted if count}, months_of, chosen)
