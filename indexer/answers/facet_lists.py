"""Which counts a facet lists, and in which order: the same lists by every engine, whoever counts."""

from __future__ import annotations

from dataclasses import replace
from operator import neg
from typing import TYPE_CHECKING, Final

from indexer.answers.results import FacetValue
from indexer.fields import UNSTATED
from indexer.text.fold import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence

    from indexer.query.tree import Filters

LISTED_VALUES: Final = 50  # of sources and forms; chosen ones come on top of these


SOUGHT_VALUES: Final = 1_000  # of a facet in which something is sought


def flat_value(value: str, count: int, chosen: Collection[str]) -> FacetValue:
    """Return a value that is read as it stands and has nothing below it."""
    return FacetValue(value, value, count, value in chosen)


def in_order(values: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    """Sort by count, then by value."""
    return tuple(sorted(values, key=lambda one: (-one.count, one.value)))


def _ranked(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """Sort values by count, most first, then by value; half the time of ``in_order``, for no value is made yet."""
    return [(value, -count) for count, value in sorted(zip(map(neg, counted.values()), counted, strict=True))]


def with_unstated(
    values: Sequence[FacetValue], unstated: int, chosen: Collection[str], excluded: Collection[str]
) -> tuple[FacetValue, ...]:
    """Return the values of a facet, those that have none counted last, and what is left out told of each."""
    told = [*values]
    if unstated or UNSTATED in (*chosen, *excluded):
        told.append(flat_value(UNSTATED, unstated, chosen))
    if not excluded:
        return tuple(told)
    return tuple(_excluding(value, excluded) for value in told)


def _excluding(value: FacetValue, excluded: Collection[str]) -> FacetValue:
    children = tuple(_excluding(child, excluded) for child in value.children)
    return replace(value, excluded=value.value in excluded, children=children)


def stated(chosen: Collection[str]) -> tuple[str, ...]:
    """Return the chosen values that an announcement can have."""
    return tuple(value for value in chosen if value != UNSTATED)


def sought_in(filters: Filters, facet: str) -> str | None:
    """Return what the values of a facet must hold to be listed, folded; None where nothing is sought in it."""
    name, text = filters.sought
    return fold(text) if name == facet else None


def list_flat(counted: Mapping[str, int], chosen: Collection[str], sought: str | None = None) -> tuple[FacetValue, ...]:
    """List the values with the most announcements, of those that hold what is sought, and all chosen ones."""
    held = {value: count for value, count in counted.items() if sought in fold(value)} if sought else counted
    listed = dict(_ranked(held)[: LISTED_VALUES if sought is None else SOUGHT_VALUES])
    if not chosen:
        return tuple([FacetValue(value, value, count) for value, count in listed.items()])
    listed |= {value: counted.get(value, 0) for value in chosen}
    return tuple(flat_value(value, count, chosen) for value, count in _ranked(listed))


def list_years(
    counted: Mapping[str, int],
    months_of: Callable[[str], Mapping[str, int]],
    chosen: Collection[str],
    branch: str = "",
) -> tuple[FacetValue, ...]:
    """List years, newest first; months below one only if it or one of them is chosen, it is ``branch``, or alone.

    ``counted`` are the years that occur; ``months_of`` gives the months that occur in one.
    """
    if len(counted) > 1 and not chosen and not branch:
        return tuple([FacetValue(year, year, counted[year]) for year in sorted(counted, reverse=True)])
    years = {period[:4]: 0 for period in chosen} | dict(counted)
    opened = {period[:4] for period in chosen} or (set(years) if len(years) == 1 else set())
    opened.add(branch)

    def months(year: str) -> tuple[FacetValue, ...]:
        found = {period: 0 for period in chosen if period.startswith(f"{year}-")} | dict(months_of(year))
        return tuple(flat_value(month, found[month], chosen) for month in sorted(found, reverse=True))

    return tuple(
        FacetValue(year, year, years[year], year in chosen, months(year))
        if year in opened
        else flat_value(year, years[year], chosen)
        for year in sorted(years, reverse=True)
    )


def list_widest(counted: Mapping[str, int], with_more: Container[str] = ()) -> tuple[FacetValue, ...]:
    """List the widest regions or folders with nothing opened below them; it is told of which there is more."""
    return tuple(
        [
            FacetValue(path, path.rpartition("/")[2], count, has_more=path in with_more)
            for path, count in _ranked(counted)
        ]
    )


def list_paths(counted: Mapping[str, int], chosen: Collection[str], sought: str) -> tuple[FacetValue, ...]:
    """List regions or folders whose last step holds what is sought, each with its whole path, beside all chosen."""
    held = {path: count for path, count in counted.items() if sought in fold(path.rpartition("/")[2]) and count}
    listed = dict(_ranked(held)[:SOUGHT_VALUES]) | {path: counted.get(path, 0) for path in chosen}
    return tuple(flat_value(path, count, chosen) for path, count in _ranked(listed))


def _steps(path: str) -> set[str]:
    """Return a region's path and those of all above it; none of an empty one."""
    parts = path.split("/")
    return {"/".join(parts[: depth + 1]) for depth in range(len(parts))} - {""}


class Branches:
    """The regions or folders to list: those below one only if it is chosen, above a chosen one or the only one there.

    So is what lies below one more, ``branch``, and below those above it, where they occur.
    """

    def __init__(
        self,
        below: Mapping[str, Sequence[str]],
        count: Callable[[str], int],
        chosen: Collection[str],
        branch: str = "",
        *,
        tells_more: bool = False,
    ) -> None:
        """Take the paths one step below each path, "" for the widest, and what counts a path.

        With ``tells_more`` each value tells whether something lies below it.
        """
        self._tells_more = tells_more
        self._below = below
        self._count = count
        self._chosen = set(chosen)
        self._held = {step for path in chosen for step in _steps(path)}
        self._opened = self._held.union(_steps(branch))

    def listed(self, parent: str = "") -> tuple[FacetValue, ...]:
        """List the regions one step below a region, and what is opened of them."""
        paths = self.paths(parent)
        opened = self.opened(paths)
        ranked = _ranked(dict(zip(paths, map(self._count, paths), strict=True)))
        return tuple([self._value(path, count, self.listed(path) if path in opened else ()) for path, count in ranked])

    def paths(self, parent: str) -> list[str]:
        """Return the regions one step below a region that occur or are chosen."""
        paths = list(filter(self._count, self._below.get(parent, ())))
        return paths + [path for path in self._held.difference(paths) if path.rpartition("/")[0] == parent]

    def opened(self, paths: Sequence[str]) -> set[str]:
        """Return those of which what lies below is listed."""
        return set(paths) if len(paths) == 1 else self._opened.intersection(paths)

    def _value(self, path: str, count: int, below: tuple[FacetValue, ...]) -> FacetValue:
        label = path.rpartition("/")[2]
        has_more = self._tells_more and bool(self._below.get(path))
        if below or path in self._chosen or has_more:
            return FacetValue(path, label, count, path in self._chosen, below, has_more=has_more)
        return FacetValue(path, label, count)
