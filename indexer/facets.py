"""Which counts a facet lists, and in which order: the same lists by every engine, whoever counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.results import FacetValue

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

LISTED_VALUES: Final = 50  # of sources and forms; chosen ones come on top of these


def flat_value(value: str, count: int, chosen: Collection[str]) -> FacetValue:
    """Give a value that is read as it stands and has nothing below it."""
    return FacetValue(value, value, count, value in chosen)


def in_order(values: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    """Sort by count, then by value."""
    return tuple(sorted(values, key=lambda one: (-one.count, one.value)))


def list_years(
    counted: Mapping[str, int], months_of: Callable[[str], Mapping[str, int]], chosen: Collection[str]
) -> tuple[FacetValue, ...]:
    """List years, newest first; months below a year only if it or one of them is chosen or there is no other year.

    ``counted`` are the years that occur; ``months_of`` gives the months that occur in one.
    """
    years = {period[:4]: 0 for period in chosen} | dict(counted)
    opened = {period[:4] for period in chosen} or (set(years) if len(years) == 1 else set())

    def months(year: str) -> tuple[FacetValue, ...]:
        found = {period: 0 for period in chosen if period.startswith(f"{year}-")} | dict(months_of(year))
        return tuple(flat_value(month, found[month], chosen) for month in sorted(found, reverse=True))

    return tuple(
        FacetValue(year, year, years[year], year in chosen, months(year) if year in opened else ())
        for year in sorted(years, reverse=True)
    )


class Branches:
    """The regions to list: those below one only if it is chosen, lies above a chosen one or is the only one there."""

    def __init__(
        self, below: Mapping[str, Sequence[str]], count: Callable[[str], int], chosen: Collection[Sequence[str]]
    ) -> None:
        """Take the paths one step below each path, "" for the widest, and what counts a path."""
        self._below = below
        self._count = count
        self._chosen = {"/".join(path) for path in chosen}
        self._opened = {"/".join(path[: depth + 1]) for path in chosen for depth in range(len(path))}

    def listed(self, parent: str = "") -> tuple[FacetValue, ...]:
        """List the regions one step below a region, and what is opened of them."""
        paths = self.paths(parent)
        opened = self.opened(paths)
        return in_order(self._value(path, self.listed(path) if path in opened else ()) for path in paths)

    def paths(self, parent: str) -> list[str]:
        """Give the regions one step below a region that occur or are chosen."""
        paths = [path for path in self._below.get(parent, ()) if self._count(path)]
        return paths + [path for path in self._opened.difference(paths) if path.rpartition("/")[0] == parent]

    def opened(self, paths: Sequence[str]) -> set[str]:
        """Give those of which what lies below is listed."""
        return set(paths) if len(paths) == 1 else self._opened.intersection(paths)

    def _value(self, path: str, below: tuple[FacetValue, ...]) -> FacetValue:
        return FacetValue(path, path.rpartition("/")[2], self._count(path), path in self._chosen, below)
