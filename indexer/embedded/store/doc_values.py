"""Doc values: what announcements are filtered by and counted in, in memory for a whole version of the index."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from indexer.facts.dates import NO_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indexer.embedded.store.array_file import Array

    Spans = tuple[list[str], Array]  # names, and two numbers of each: from the first up to the second counts for it


class DocValues:
    """One value a document."""

    def __init__(self, values: list[str], of: Array) -> None:
        self.values = values  # ascending, so that numbers sort like values
        self.of = of.astype(np.intp)  # the number of each document's; what bincount takes without a copy

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Return the number of a value."""
        return {value: number for number, value in enumerate(self.values)}

    def __len__(self) -> int:
        """Count the values."""
        return len(self.values)

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """Return for each number the values that it counts for."""
        return [(value,) if value else () for value in self.values]

    def passing(self, wanted: Iterable[str]) -> Array:
        """Return for each number whether it stands for one of these values."""
        passing = np.zeros(len(self.values), dtype=bool)
        passing[[self.numbers[value] for value in wanted if value in self.numbers]] = True
        return passing

    def having(self, wanted: Iterable[str]) -> Array:
        """Return for each document whether it has one of these values."""
        found: Array = self.passing(wanted)[self.of]
        return found


class PathTree:
    """All paths that occur, regions or folders, and those above them; a document counts for its own and all above it.

    Paths are numbered so that those below one follow it at once: what belongs to it is a range of numbers, and
    counting it a difference of two sums.
    """

    def __init__(self, values: DocValues) -> None:
        lines = [tuple(value.split("/")) if value else () for value in values.values]
        known = sorted({line[:depth] for line in lines for depth in range(1, len(line) + 1)})
        self.numbers = {"/".join(path): number for number, path in enumerate(known)}
        self.below: dict[str, list[str]] = {}  # path → the paths one step down; "" → the widest
        ends = list(range(1, len(known) + 1))  # behind the last region below each
        for path, number in reversed(self.numbers.items()):
            above = path.rpartition("/")[0]
            self.below.setdefault(above, []).append(path)
            if above:
                ends[self.numbers[above]] = max(ends[self.numbers[above]], ends[number])
        # Per number the region and those above it; none for the last number.
        self.lines = [*(tuple("/".join(path[:depth]) for depth in range(1, len(path) + 1)) for path in known), ()]
        self._ends = np.array(ends, dtype=np.intp)
        own = [self.numbers[value] if value else len(known) for value in values.values]
        self.of = np.array(own, dtype=np.intp)[values.of]  # the number of each document's own; the last one for none

    def __len__(self) -> int:
        """Count the numbers in use, the one for none among them."""
        return len(self._ends) + 1

    def passing(self, paths: Iterable[str]) -> Array:
        """Return for each number whether it stands for one of these regions or one below; of "" for none at all."""
        passing = np.zeros(len(self), dtype=bool)
        for path in paths:
            if path in self.numbers:
                number = self.numbers[path]
                passing[number : self._ends[number]] = True
            elif not path:
                passing[-1] = True
        return passing

    def within(self, path: str) -> Array:
        """Return for each document whether it belongs to a region or one below it."""
        found: Array = self.passing([path])[self.of]
        return found

    @cached_property
    def widest(self) -> Spans:
        """Return the widest paths, and where the numbers of each and of those below it begin and end."""
        paths = self.below.get("", [])
        begins = np.array([self.numbers[path] for path in paths], dtype=np.intp)
        return paths, np.stack((begins, self._ends[begins]), 1).astype(np.int64).ravel()

    def count(self, by_number: Array) -> list[int]:
        """Turn counts of documents' own regions into counts of all that belong to each."""
        before = np.zeros(len(self) + 1, dtype=np.int64)
        by_number.cumsum(out=before[1:])
        counts: list[int] = (before[self._ends] - before[:-2]).tolist()
        return counts


class Calendar:
    """The month of each document, as a number that counts from the first month there is; 0 for none."""

    def __init__(self, published: Array) -> None:
        dated = published != NO_DAY
        months = published.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        first, last = (int(edge(months[dated])) for edge in (np.min, np.max)) if dated.any() else (0, -1)
        self.of = np.where(dated, months - first + 1, 0)
        names = np.arange(first, last + 1).astype("datetime64[M]").astype(str).tolist()
        self.months: list[str] = ["", *names]
        self.years: list[str] = sorted({name[:4] for name in names})
        self._spans = {name: slice(number, number + 1) for number, name in enumerate(names, 1)}
        for year in self.years:
            of_year = [number for number, name in enumerate(names, 1) if name.startswith(year)]
            self._spans[year] = slice(of_year[0], of_year[-1] + 1)
        first_months = [place for place, name in enumerate(names) if not place or name.endswith("-01")]
        self._first_months = np.array(first_months, dtype=np.intp)

    def __len__(self) -> int:
        """Count the numbers in use."""
        return len(self.months)

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """Return for each number the values that it counts for: a year and a month of it."""
        return [(month[:4], month) if month else () for month in self.months]

    def passing(self, periods: Iterable[str]) -> Array:
        """Return for each number whether it stands for a month of these periods: 2020, 2020-03, or "" for none."""
        passing = np.zeros(len(self.months), dtype=bool)
        for period in periods:
            passing[self._spans.get(period, slice(0, 0)) if period else 0] = True
        return passing

    @cached_property
    def year_spans(self) -> Spans:
        """Return the years, and where the numbers of the months of each begin and end."""
        spans = [self._spans[year] for year in self.years]
        return self.years, np.array([edge for one in spans for edge in (one.start, one.stop)], dtype=np.int64)

    def count_years(self, by_month: Array) -> dict[str, int]:
        """Turn counts of months into counts of years, those that occur."""
        if not self.years:
            return {}
        counts = np.add.reduceat(by_month[1:], self._first_months).tolist()
        return {year: count for year, count in zip(self.years, counts, strict=True) if count}

    def counter(self, by_month: Array) -> Callable[[str], dict[str, int]]:
        """Return what counts the months of a year, those that occur."""

        def counted(year: str) -> dict[str, int]:
            held = [at for at in by_month.nonzero()[0].tolist() if self.months[at].startswith(f"{year}-")]
            return dict(zip(map(self.months.__getitem__, held), by_month[held].tolist(), strict=True))

        return counted
