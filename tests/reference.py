"""A tiny engine by brute force: what every engine must find and count, written to be read, not to be fast."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from typing import TYPE_CHECKING

from indexer.facts.document_number import parse_number
from indexer.facts.region import parse_path
from indexer.fields import UNSTATED
from indexer.query.readings import readings
from indexer.query.tree import (
    And,
    DateSpan,
    Filters,
    Near,
    Node,
    Not,
    NumberSeries,
    NumberTerm,
    Or,
    Phrase,
    Share,
    Term,
)
from indexer.ranking.bm25f import idf, minimum_should_match
from indexer.text.units import units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from indexer.announcement import Announcement

Ids = frozenset[str]


def spelled(text: str) -> str:
    """Units in a row as one string, so that holding a row is holding a string."""
    return "\0" + "\0".join(units(text)) + "\0" if units(text) else "\0"


def holds(text: str, row: str) -> bool:
    """Whether a text holds the units of ``row`` side by side."""
    return spelled(row) in spelled(text)


class Reference:
    """Finds and counts over a list of announcements."""

    def __init__(self, announcements: Iterable[Announcement]) -> None:
        self.by_id = {one.id: one for one in announcements}
        self.all: Ids = frozenset(self.by_id)

    def _where(self, wanted: Callable[[Announcement], object]) -> Ids:
        return frozenset(one.id for one in self.by_id.values() if wanted(one))

    def _having(self, facet: str, values: Iterable[str]) -> Ids:
        """Those that have one of some values of a facet."""
        return self._where(lambda one: not set(values).isdisjoint(values_of(one, facet)))

    def holding(self, row: str, *, title_only: bool = False) -> Ids:
        """Those whose title or body, by itself, holds a row."""
        return self._where(lambda one: holds(one.title, row) or (not title_only and holds(one.body, row)))

    def count(self, strings: Sequence[str]) -> list[int]:
        """How many hold each string."""
        return [len(self.holding(one)) for one in strings]

    def near(self, rows: Sequence[str], window: int, *, title_only: bool = False) -> Ids:
        """Those whose title or body, by itself, holds all rows within some stretch of so many units."""

        def has_window(text: str) -> bool:
            row = units(text)
            stretches = ["\0" + "\0".join(row[at : at + window]) + "\0" for at in range(len(row))]
            return any(all(spelled(one) in stretch for one in rows) for stretch in stretches)

        return self._where(lambda one: has_window(one.title) or (not title_only and has_window(one.body)))

    def matching(self, root: Node | None, *, title_only: bool = False) -> Ids:
        """Those that a query's tree means as it is read first."""
        if root is None:
            return self.all
        return self._meant(next(iter(readings(root, "near", self.count))).root, title_only=title_only)

    def _meant(self, node: Node, *, title_only: bool) -> Ids:
        match node:
            case And(parts):
                return reduce(Ids.__and__, (self._meant(part, title_only=title_only) for part in parts), self.all)
            case Or(parts):
                return reduce(Ids.__or__, (self._meant(part, title_only=title_only) for part in parts), Ids())
            case Not(part):
                return self.all - self._meant(part, title_only=title_only)
            case DateSpan(first, last):
                return self.passing(Filters(first=first, last=last)) & self._where(lambda one: one.published)
            case NumberTerm() | NumberSeries():
                return self._numbered(node)
            case Phrase(text, "any" | "title" as field):
                return self.holding(text, title_only=title_only or field == "title")
            case Near(rows, window, field):
                return self.near(rows, window, title_only=title_only or field == "title")
            case Share(parts):
                return self._enough([self._meant(part, title_only=title_only) for part in parts])
            case Term(text, field) | Phrase(text, field):
                return self._by_fact(field, text)

    def _numbered(self, node: NumberTerm | NumberSeries) -> Ids:
        if isinstance(node, NumberSeries):
            return self._where(lambda one: _key(one.number).startswith(node.key))
        key, number = _key(node.number), node.number
        return self._where(lambda one: _key(one.number) == key or holds(f"{one.title}\n{one.body}", number))

    def _enough(self, wanted: list[Ids]) -> Ids:
        """Those that hold a fair share of the words of a sentence."""
        weights = [idf(len(holding), len(self.all)) for holding in wanted]
        every = list(zip(wanted, weights, strict=True))
        covered = {one: sum(weight for holding, weight in every if one in holding) for one in self.all}
        return self._where(lambda one: minimum_should_match(covered[one.id], max(covered.values())))

    def _by_fact(self, field: str, text: str) -> Ids:
        path = parse_path(text)
        if field == "region" and path:
            return self.passing(Filters(region=(path,)))
        if field == "region":
            return self._where(lambda one: any(holds(step, text) for step in one.region))
        if field == "form":
            return self._where(lambda one: one.form == text)
        if field == "kind":
            return self._where(lambda one: one.kind == text)
        if field == "path":
            return self._where(lambda one: one.path.startswith(text))
        if field == "site":
            return self._where(lambda one: f".{_host(one.url)}".endswith(f".{text}"))
        if field == "number":
            return self._where(lambda one: one.number and _key(one.number) == _key(text))
        return self._where(lambda one: holds(one.source, text))

    def passing(self, filters: Filters, without: str = "") -> Ids:
        """Those that pass every filter but one."""
        kept = self.all
        for facet in ("source", "form", "kind", "region", "year", "folder"):
            if (chosen := filters.chosen(facet)) and without != facet:
                kept &= self._having(facet, chosen)
        if (first := filters.first) and without != "from":
            kept &= self._where(lambda one: one.published and one.published >= first)
        if (last := filters.last) and without != "to":
            kept &= self._where(lambda one: one.published and one.published <= last)
        if filters.number == UNSTATED and without != "number":
            kept &= self._where(lambda one: not one.number)
        elif filters.number and without != "number":
            kept &= self._where(lambda one: _key(one.number) == _key(filters.number))
        for facet, value in filters.left_out:
            if without not in (facet, f"not.{facet}"):
                kept -= self._having(facet, (value,))
        return kept

    def found(self, node: Node | None, filters: Filters, without: str = "") -> Ids:
        """Those that match and pass."""
        return self.matching(node, title_only=filters.title_only) & self.passing(filters, without)

    def counts(self, facet: str, node: Node | None, filters: Filters) -> Counter[str]:
        """How many have each value of a facet, without the facet's own filter; regions with all above them."""
        counts: Counter[str] = Counter()
        for one in self.found(node, filters, facet):
            counts.update(values_of(self.by_id[one], facet))
        return counts

    def newest_first(self, ids: Iterable[str]) -> list[str]:
        """By day, newest first, those without one last; then by id."""
        return sorted(ids, key=lambda one: (-_day(self.by_id[one]), one))


def values_of(one: Announcement, facet: str) -> list[str]:
    """The values for which an announcement counts in a facet."""
    if facet == "folder":
        steps = one.path.partition("#")[0].split("/") if "#" in one.path else one.path.split("/")[:-1]
        return ["/".join(steps[: depth + 1]) for depth in range(len(steps))] or [UNSTATED]
    if facet == "region":
        return ["/".join(one.region[: depth + 1]) for depth in range(len(one.region))] or [UNSTATED]
    if facet == "year":
        return [one.published.isoformat()[:4], one.published.isoformat()[:7]] if one.published else [UNSTATED]
    return [value] if (value := getattr(one, facet)) else [UNSTATED]


def _host(url: str) -> str:
    return url.partition("//")[2].partition("/")[0]


def _day(one: Announcement) -> int:
    return one.published.toordinal() if one.published else 0


def _key(number: str) -> str:
    parsed = parse_number(number) if number else None
    return parsed.key if parsed else number
