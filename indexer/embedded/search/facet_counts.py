"""Exact counts: how many of the found documents have each source, region, form, year and month."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from indexer.answers.facets import LISTED_VALUES, Branches, list_flat, list_regions, list_years
from indexer.answers.results import Facets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from indexer.answers.results import FacetValue
    from indexer.embedded.search.boolean_matching import Found
    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.store.array_file import Array
    from indexer.facts.region import RegionPath
    from indexer.query.tree import Filters

FACETS = ("source", "region", "year", "form")
FEW = 24  # documents: counting them one by one takes half the time
MANY = 4  # times the values listed: sorting so many costs more than leaving out the low counts first


class FacetCounter:
    """Counts in one version of the index.

    The values of all facets are numbered through, and each document's four stand side by side: one look-up and one
    ``bincount`` count all facets, in half the time of one facet after the other.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._facts = snapshot.doc_values
        self._regions = snapshot.regions
        self._calendar = snapshot.calendar
        self._live = snapshot.live
        source, form = self._facts["source"], self._facts["form"]
        columns = (source.of, self._regions.of, self._calendar.of, form.of)
        sizes = (len(source.values), len(self._regions), len(self._calendar.months), len(form.values))
        bounds = np.cumsum([0, *sizes]).tolist()
        self._spans = {name: slice(*bounds[at : at + 2]) for at, name in enumerate(FACETS)}
        self._size = bounds[-1]
        self._of = np.stack([column + base for column, base in zip(columns, bounds, strict=False)], 1).astype(np.int32)
        values: tuple[list[tuple[str, ...]], ...] = (
            [(value,) if value else () for value in source.values],
            self._regions.lines,
            [(month[:4], month) if month else () for month in self._calendar.months],
            [(value,) if value else () for value in form.values],
        )
        self._meanings = [(at, meant) for at, of_facet in enumerate(values) for meant in of_facet]
        self._in_all = self._bincount(self._of, snapshot.live.nonzero()[0])

    def count(self, filters: Filters, passing_without: Callable[[str], Found], found: Found) -> Facets:
        """Count every facet in what is found; one with a filter of its own in what passes without it."""
        if len(found.documents) <= FEW and not any(getattr(filters, facet) for facet in FACETS):
            return self._count_few(found.documents)
        of_found = self._count(self._of, found)

        def counts(facet: str) -> Array:
            if not getattr(filters, facet):
                return of_found[self._spans[facet]]
            own = self._of[:, FACETS.index(facet)]
            return self._count(own, passing_without(facet))[self._spans[facet]]

        by_month = counts("year")
        return Facets(
            source=self._flat("source", filters.source, counts("source")),
            region=self._region(filters.region, self._regions.count(counts("region"))),
            year=list_years(self._calendar.count_years(by_month), self._calendar.counter(by_month), filters.year),
            form=self._flat("form", filters.form, counts("form")),
        )

    def _count_few(self, documents: Array) -> Facets:
        """Count the values of a few documents one by one, without a look at all values there are."""
        counted: tuple[defaultdict[str, int], ...] = tuple(defaultdict(int) for _ in FACETS)
        for number, count in Counter(self._of.take(documents, axis=0).ravel().tolist()).items():
            facet, values = self._meanings[number]
            for value in values:
                counted[facet][value] += count
        source, region, year, form = counted
        months = {value: year.pop(value) for value in [*year] if "-" in value} if len(year) else {}
        return Facets(
            source=list_flat(source, ()),
            region=Branches(self._regions.below, region.__getitem__, ()).listed(),
            year=list_years(year, lambda _: months, ()),
            form=list_flat(form, ()),
        )

    def _count(self, of: Array, found: Found) -> Array:
        if len(found.documents) * 2 <= len(self._live):
            return self._bincount(of, found.documents)
        # What is not found is fewer: counting that takes less.
        return self._in_all - self._bincount(of, (self._live & ~found.held).nonzero()[0])

    def _bincount(self, of: Array, documents: Array) -> Array:
        # A column is indexed, for ``take`` would copy all of it first.
        numbers = of.take(documents, axis=0) if of is self._of else of[documents]
        return np.bincount(numbers.ravel(), minlength=self._size)

    def _region(self, chosen: Collection[RegionPath], counts: Sequence[int]) -> tuple[FacetValue, ...]:
        numbers = self._regions.numbers
        widest = {path: counts[numbers[path]] for path in self._regions.below.get("", ()) if counts[numbers[path]]}
        if len(widest) > 1 and not chosen:
            return list_regions(widest)
        return Branches(
            self._regions.below, lambda path: counts[numbers[path]] if path in numbers else 0, chosen
        ).listed()

    def _flat(self, name: str, chosen: Collection[str], counts: Array) -> tuple[FacetValue, ...]:
        values = self._facts[name]
        held = counts.nonzero()[0]
        if len(held) > MANY * LISTED_VALUES:
            # Of equal counts the lower number comes first, for values are numbered in their order.
            keys = counts[held] * len(counts) - held
            held = -np.partition(keys, -LISTED_VALUES - 1)[-LISTED_VALUES - 1 :] % len(counts)
        counted = dict(zip(map(values.values.__getitem__, held.tolist()), counts[held].tolist(), strict=True))
        counted.pop("", None)
        if chosen:
            counted |= {value: int(counts[values.numbers[value]]) for value in chosen if value in values.numbers}
        return list_flat(counted, chosen)
