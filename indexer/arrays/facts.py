"""The values that announcements are filtered by and counted in, in memory for a whole version of the index."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from indexer.dates import NO_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.arrays.files import Array


class Fact:
    """One value a document."""

    def __init__(self, values: list[str], of: Array) -> None:
        self.values = values  # ascending, so that numbers sort like values
        self.of = of.astype(np.intp)  # the number of each document's; what bincount takes without a copy

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Give the number of a value."""
        return {value: number for number, value in enumerate(self.values)}

    def having(self, wanted: Iterable[str]) -> Array:
        """Say for each document whether it has one of these values."""
        chosen = np.zeros(len(self.values), dtype=bool)
        chosen[[self.numbers[value] for value in wanted if value in self.numbers]] = True
        found: Array = chosen[self.of]
        return found


class RegionTree:
    """All regions that occur and those above them; a document counts for its own and all above it."""

    def __init__(self, fact: Fact) -> None:
        self._fact = fact
        self.numbers: dict[str, int] = {}  # path → its number
        self.below: dict[str, list[str]] = {}  # path → the paths one step down; "" → the widest
        lines = [self._line(value.split("/")) if value else [] for value in fact.values]
        # Per value its region and those above, filled up with a number that stands for none.
        depth = max(map(len, lines), default=0)
        filled = [line + [len(self.numbers)] * (depth - len(line)) for line in lines]
        self._lines = np.array(filled, dtype=np.intp).reshape(len(lines), depth)

    def _line(self, steps: list[str]) -> list[int]:
        line = []
        for depth in range(len(steps)):
            path, above = "/".join(steps[: depth + 1]), "/".join(steps[:depth])
            if path not in self.numbers:
                self.numbers[path] = len(self.numbers)
                self.below.setdefault(above, []).append(path)
            line.append(self.numbers[path])
        return line

    def within(self, path: str) -> Array:
        """Say for each document whether it belongs to a region or one below it."""
        number = self.numbers.get(path, -1)
        found: Array = (self._lines == number).any(axis=1)[self._fact.of]
        return found

    def count(self, by_value: Array) -> list[int]:
        """Turn counts of values into counts of regions."""
        weights = np.repeat(by_value, self._lines.shape[1])
        counts = np.bincount(self._lines.ravel(), weights=weights, minlength=len(self.numbers) + 1)
        whole: list[int] = counts.astype(np.int64).tolist()
        return whole


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
        places = {year: place for place, year in enumerate(self.years)}
        self._year_of_month = np.array([places[name[:4]] for name in names], dtype=np.intp)

    def count_years(self, by_month: Array) -> list[int]:
        """Turn counts of months into counts of years."""
        counts = np.bincount(self._year_of_month, weights=by_month[1:], minlength=len(self.years))
        whole: list[int] = counts.astype(np.int64).tolist()
        return whole
