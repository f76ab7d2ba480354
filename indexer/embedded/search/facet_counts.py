"""Exact counts: how many of the found documents have each source, region, form, year and month."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from indexer.answers.facet_lists import (
    LISTED_VALUES,
    Branches,
    list_flat,
    list_paths,
    list_widest,
    list_years,
    sought_in,
    stated,
    with_unstated,
)
from indexer.answers.results import Facets, FacetValue
from indexer.embedded.store.bigram_index import smallest_type
from indexer.fields import FACETS, REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from indexer.embedded.kernel import Native
    from indexer.embedded.search.boolean_matching import DocSet
    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.store.array_file import Array
    from indexer.embedded.store.doc_values import DocValues, Spans
    from indexer.fields import Field
    from indexer.query.tree import Filters

ONE_BY_ONE = 24  # documents: counting them one by one takes half the time


class FacetCounter:
    """Counts in one version of the index.

    The values of all facets are numbered through, and those of a document stand side by side: one look-up and one
    ``bincount`` count all facets, in half the time of one facet after the other.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._doc_values = snapshot.doc_values
        self._regions, self._folders = snapshot.regions, snapshot.folders
        self._calendar = snapshot.calendar
        self._live = snapshot.live
        columns = [snapshot.values_of(facet) for facet in FACETS]
        bounds = np.cumsum([0, *map(len, columns)]).tolist()
        self._spans = {facet.name: slice(*bounds[at : at + 2]) for at, facet in enumerate(FACETS)}
        self._size = bounds[-1]
        self._facets = {facet.name: facet for facet in FACETS}
        # What all documents have alike, maybe their kind or folder, need not be looked at for each.
        self._alike = [base for column, base in zip(columns, bounds, strict=False) if len(column) == 1]
        numbered = {
            facet.name: column.of + base
            for facet, column, base in zip(FACETS, columns, bounds, strict=False)
            if len(column) > 1
        }
        kind = smallest_type(max(self._size, 256))
        self._columns = {name: numbers.astype(kind) for name, numbers in numbered.items()}
        self._of = np.empty((snapshot.size, len(numbered)), dtype=kind)
        for at, numbers in enumerate(numbered.values()):
            self._of[:, at] = numbers
        self._native = snapshot.native
        self._years = snapshot.calendar.year_spans
        # Per number its facet and the values that it counts for: a region also for those above it.
        every = {facet.name: column.lines for facet, column in zip(FACETS, columns, strict=True)}
        self._meanings = [(name, meant) for name, lines in every.items() for meant in lines]
        # Per facet the number of those that have no value, where there are any.
        self._unstated = {name: lines.index(()) for name, lines in every.items() if () in lines}
        self._in_all = self._bincount(self._of, snapshot.live.nonzero()[0])

    def count(self, filters: Filters, passing_without: Callable[[str], DocSet], found: DocSet) -> Facets:
        """Count every facet in what is found; one with a filter of its own in what passes without it."""
        own = _chosen_in(filters)
        if len(found.documents) <= ONE_BY_ONE and not own and self._native is None:
            return self._count_few(found.documents, filters)
        of_found = self._count(self._of, found)

        told = []
        for facet in FACETS:
            name, span = facet.name, self._spans[facet.name]
            if name in own:
                counts = self._count(self._columns.get(name, self._of), passing_without(name))[span]
                chosen, excluded = filters.chosen(name), filters.excluded(name)
                values = self._list(facet, stated(chosen), filters, counts)
                told.append(with_unstated(values, self._count_unstated(name, counts), chosen, excluded))
                continue
            counts = of_found[span]
            values = self._list(facet, (), filters, counts)
            unstated = self._count_unstated(name, counts)
            told.append(with_unstated(values, unstated, (), ()) if unstated else values)
        return Facets(**dict(zip(self._facets, told, strict=True)))

    def _count_unstated(self, name: str, counts: Array) -> int:
        """Return how many have no value of a facet."""
        at = self._unstated.get(name)
        return 0 if at is None else int(counts[at])

    def _list(self, facet: Field, chosen: Collection[str], filters: Filters, counts: Array) -> tuple[FacetValue, ...]:
        """List the values of a facet by the counts of its numbers."""
        branch, sought = filters.opened, sought_in(filters, facet.name)
        match facet.kind:
            case "path" if sought:
                tree = self._regions if facet is REGION else self._folders
                counted = tree.count(counts)
                return list_paths({path: counted[at] for path, at in tree.numbers.items()}, chosen, sought)
            case "path":
                return self._list_tree(facet, chosen, branch, counts)
            case "month":
                years = (
                    self._calendar.count_years(counts)
                    if self._native is None
                    else _sums(self._native, self._years, counts)
                )
                return list_years(years, self._calendar.counter(counts), chosen, branch)
            case _:
                return self._list_values(self._doc_values[facet.name], chosen, counts, sought)

    def _count_few(self, documents: Array, filters: Filters) -> Facets:
        """Count the values of a few documents one by one, without a look at all values there are."""
        counted: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        unstated: Counter[str] = Counter()
        often = Counter(self._of.take(documents, axis=0).ravel().tolist())
        often.update(dict.fromkeys(self._alike if len(documents) else (), len(documents)))
        for number, count in often.items():
            facet, values = self._meanings[number]
            for value in values:
                counted[facet][value] += count
            if not values:
                unstated[facet] += count
        return Facets(
            **{
                name: with_unstated(self._list_few(one, counted[name], filters), unstated[name], (), ())
                for name, one in self._facets.items()
                if name in counted or name in unstated
            }
        )

    def _list_few(self, facet: Field, counted: defaultdict[str, int], filters: Filters) -> tuple[FacetValue, ...]:
        """List the values of a facet by the counts of those that occur."""
        branch, sought = filters.opened, sought_in(filters, facet.name)
        match facet.kind:
            case "path" if sought:
                return list_paths(counted, (), sought)
            case "path":
                tree = self._regions if facet is REGION else self._folders
                more = facet is not REGION
                return Branches(tree.below, counted.__getitem__, (), branch, tells_more=more).listed()
            case "month":
                months = {value: count for value, count in counted.items() if "-" in value}
                years = {value: count for value, count in counted.items() if "-" not in value}
                return list_years(years, lambda year: _of_year(months, year), (), branch)
            case _:
                return list_flat(counted, (), sought)

    def _count(self, of: Array, found: DocSet) -> Array:
        if len(found.documents) * 2 <= len(self._live):
            return self._bincount(of, found.documents)
        # What is not found is fewer: counting that takes less.
        return self._in_all - self._bincount(of, (self._live & ~found.held).nonzero()[0])

    def _bincount(self, of: Array, documents: Array) -> Array:
        if self._native is None:
            counts = np.bincount(of.take(documents, axis=0).ravel(), minlength=self._size)
        else:
            counts = np.zeros(self._size, dtype=np.int64)
            if of.size:
                self._native.count(of.ravel(), of.size // len(of), documents, counts)
        counts[self._alike] = len(documents)
        return counts

    def _list_tree(
        self, facet: Field, chosen: Collection[str], branch: str, by_number: Array
    ) -> tuple[FacetValue, ...]:
        tree = self._regions if facet is REGION else self._folders
        numbers, below, tells_more = tree.numbers, tree.below, facet is not REGION
        if not numbers and not chosen:
            return ()
        if self._native is not None and not chosen and not branch:
            widest = _sums(self._native, tree.widest, by_number)
            if len(widest) > 1 or not any(path in below for path in widest):  # else what lies below it is listed
                return list_widest(widest, below if tells_more else ())
        counts = tree.count(by_number)

        def count(path: str) -> int:
            return counts[numbers[path]] if path in numbers else 0

        return Branches(below, count, chosen, branch, tells_more=tells_more).listed()

    @staticmethod
    def _list_first(values: DocValues, first: Sequence[int], often: Sequence[int]) -> tuple[FacetValue, ...]:
        names = map(values.values.__getitem__, first)
        listed = [FacetValue(name, name, count) for name, count in zip(names, often, strict=True) if name]
        return tuple(listed[:LISTED_VALUES])

    def _list_values(
        self, values: DocValues, chosen: Collection[str], counts: Array, sought: str | None
    ) -> tuple[FacetValue, ...]:
        if sought is None and not chosen and self._native is not None:
            return self._list_first(values, *self._native.most(counts, LISTED_VALUES + 1))
        held = counts.nonzero()[0]
        if sought is None and not chosen:
            # Of equal counts the lower number comes first, for values are numbered in their order; "" is number 0.
            keys = held - counts.take(held) * len(counts)
            keys.sort()
            at = keys[: LISTED_VALUES + 1] % len(counts)
            return self._list_first(values, at.tolist(), counts.take(at).tolist())
        counted = dict(zip(map(values.values.__getitem__, held.tolist()), counts[held].tolist(), strict=True))
        counted.pop("", None)
        if chosen:
            counted |= {value: int(counts[values.numbers[value]]) for value in chosen if value in values.numbers}
        return list_flat(counted, chosen, sought)


def _sums(native: Native, spans: Spans, counts: Array) -> dict[str, int]:
    """Add up the counts of each span; those that occur."""
    names, bounds = spans
    return {name: count for name, count in zip(names, native.sums(counts, bounds), strict=True) if count}


def _chosen_in(filters: Filters) -> frozenset[str]:
    """Return the facets with a filter of their own."""
    if not filters.narrows:
        return frozenset()
    return frozenset(one.name for one in FACETS if filters.chosen(one.name) or filters.excluded(one.name))


def _of_year(months: dict[str, int], year: str) -> dict[str, int]:
    return {month: count for month, count in months.items() if month.startswith(f"{year}-")}
