"""A query's tree to the set of documents it means: one truth value a document, combined like the tree.

Sets are arrays of bool: combining two of a hundred thousand documents takes 3 µs, whatever they hold.
"""

from __future__ import annotations

from functools import reduce
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from indexer.analyzer import fold, units, words
from indexer.arrays.documents import NO_DAY, number_key, to_day
from indexer.arrays.matching import row_of
from indexer.arrays.units import FIELDS
from indexer.number import parse_number
from indexer.query import And, DateSpan, Not, NumberTerm, Or, Phrase, Term
from indexer.ranking import RANKING, is_sentence, matter, rarity
from indexer.region import parse_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from indexer.arrays.files import Array
    from indexer.arrays.matching import Row
    from indexer.arrays.snapshot import Snapshot
    from indexer.query import Filters, Node
    from indexer.region import RegionPath

_BETWEEN = "\0"  # stands around each unit where rows are compared as strings; no unit holds it


class Finder:
    """Finds in one version of the index; deleted documents are the caller's to leave out."""

    def __init__(self, snapshot: Snapshot, *, title_only: bool = False) -> None:
        self._snapshot = snapshot
        self._fields = FIELDS[:1] if title_only else FIELDS
        self._held: dict[tuple[Row, tuple[str, ...]], Array] = {}

    def find(self, node: Node) -> Array:
        """Say for each document whether it is meant."""
        match node:
            case And(parts):
                return self._all(self.find(part) for part in parts)
            case Or(parts):
                return self._any(self.find(part) for part in parts)
            case Not(part):
                return ~self.find(part)
            case DateSpan(first, last):
                return self.between(to_day(first) if first else None, to_day(last) if last else None)
            case NumberTerm(number):
                return self.bearing(number) | self.citing(number)
            case Term() | Phrase():
                return self._leaf(node)

    def _leaf(self, leaf: Term | Phrase) -> Array:
        if leaf.field not in ("any", "title"):
            return self._by_fact(leaf.field, leaf.text)
        if isinstance(leaf, Phrase):
            return self.holding(leaf.text, leaf.field)
        wanted = matter(words(leaf.text))
        if is_sentence(leaf.text):
            return self.holding_enough(Phrase(word, leaf.field) for word in wanted)
        return self._all(self.holding(word, leaf.field) for word in wanted)

    def holding_enough(self, parts: Iterable[Node]) -> Array:
        """Find what holds a fair share of these, the rare ones counting more (``ranking.enough``)."""
        covered = np.zeros(self._snapshot.size)
        for part in parts:
            held = self.find(part) & self._snapshot.live
            covered += rarity(int(np.count_nonzero(held)), self._snapshot.count) * held
        enough: Array = (covered > 0) & (covered >= RANKING.enough * covered.max(initial=0.0))
        return enough

    def _all(self, parts: Iterable[Array]) -> Array:
        return reduce(np.logical_and, parts, self._every())

    def _any(self, parts: Iterable[Array]) -> Array:
        return reduce(np.logical_or, parts, self._none())

    def _every(self) -> Array:
        return np.ones(self._snapshot.size, dtype=bool)

    def _none(self) -> Array:
        return np.zeros(self._snapshot.size, dtype=bool)

    def holding(self, text: str, field: str = "any") -> Array:
        """Find a string of units in a row, in the title or in the body, never across; all if it has none."""
        fields = self._fields if field == "any" else (field,)
        asked = row_of(text), fields
        if asked not in self._held:  # matching and ranking ask for the same strings
            self._held[asked] = self._holding(*asked)
        return self._held[asked]

    def _holding(self, row: Row, fields: tuple[str, ...]) -> Array:
        if not row:
            return self._every()
        found = self._none()
        for segment in self._snapshot.segments:
            numbers = segment.units.numbers(row)
            if numbers is not None:
                for field in fields:
                    segment.units.fields[field].mark(numbers, found[segment.part])
        return found

    def with_title(self, text: str) -> Array:
        """Find titles that are this string and nothing else."""
        row, found = row_of(text), self._none()
        for segment in self._snapshot.segments:
            numbers = segment.units.numbers(row)
            if numbers is not None:
                found[segment.part][segment.units.fields["title"].whole(numbers)] = True
        return found

    def between(self, first: int | None, last: int | None) -> Array:
        """Find what was published between two days, both included; open at an end that is None."""
        published = self._snapshot.published
        found: Array = published != NO_DAY
        if first is not None:
            found &= published >= first
        if last is not None:
            found &= published <= last
        return found

    def bearing(self, number: str) -> Array:
        """Find announcements that bear a document number."""
        key = number_key(number)
        return self.with_value("number", lambda value: value == key)

    def citing(self, number: str) -> Array:
        """Find announcements whose text names a document number, in whatever brackets and padding."""
        return self._any(self.holding(text) for text in ways_to_write(number))

    def with_value(self, fact: str, wanted: Callable[[str], bool]) -> Array:
        """Find by the values of a fact."""
        known = self._snapshot.facts[fact]
        chosen = np.fromiter(map(wanted, known.values), dtype=bool, count=len(known.values))
        found: Array = chosen[known.of]
        return found

    def within(self, paths: Sequence[RegionPath]) -> Array:
        """Find announcements of these regions and all below them."""
        wanted = {"/".join(path) for path in paths}
        above = tuple(f"{path}/" for path in wanted)
        return self.with_value("region", lambda value: value in wanted or value.startswith(above))

    def _by_fact(self, field: str, text: str) -> Array:
        if field == "region":
            path = parse_path(text)
            return self.within([path]) if path else self._holding_value("region", text)
        if field == "form":
            wanted = fold(text).strip()
            return self.with_value("form", lambda value: fold(value) == wanted)
        if field == "number" and parse_number(text):
            return self.bearing(text)
        return self._holding_value(field, text)

    def _holding_value(self, fact: str, text: str) -> Array:
        wanted = _spelled(text)
        return self.with_value(fact, lambda value: wanted in _spelled(value))

    def chosen(self, filters: Filters) -> dict[str, Array]:
        """Give for each filter that is set, by its parameter's name, what passes it."""
        passing: dict[str, Array] = {}
        if filters.source:
            passing["source"] = self.with_value("source", set(filters.source).__contains__)
        if filters.region:
            passing["region"] = self.within(filters.region)
        if filters.form:
            passing["form"] = self.with_value("form", set(filters.form).__contains__)
        if filters.year:
            passing["year"] = self._any(self.between(*_days_of(period)) for period in filters.year)
        if filters.first:
            passing["from"] = self.between(to_day(filters.first), None)
        if filters.last:
            passing["to"] = self.between(None, to_day(filters.last))
        if filters.number:
            passing["number"] = self.bearing(filters.number)
        return passing


def ways_to_write(number: str) -> tuple[str, ...]:
    """Give the strings that name a document number in a text; brackets of any kind break a row alike."""
    parsed = parse_number(number)
    if parsed is None:
        return (number,)
    year = f"{parsed.year}年" if parsed.counted else f"〔{parsed.year}〕"
    heads = (f"{parsed.prefix}{year}" if parsed.year else parsed.prefix,)
    padded = dict.fromkeys(parsed.serial.rjust(width, "0") for width in range(4))
    return tuple(f"{head}{nth}{serial}号" for head, nth, serial in product(heads, ("", "第"), padded))


def _days_of(period: str) -> tuple[int, int]:
    first = np.datetime64(period)
    return int(first.astype("datetime64[D]").astype(int)), int((first + 1).astype("datetime64[D]").astype(int)) - 1


def _spelled(text: str) -> str:
    return _BETWEEN + _BETWEEN.join(units(text)) + _BETWEEN
