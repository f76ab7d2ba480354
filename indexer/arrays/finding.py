"""A query's tree to the set of documents it means: one truth value a document, combined like the tree.

Sets are arrays of bool: combining two of a hundred thousand documents takes 3 µs, whatever they hold.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.analyzer import fold, units
from indexer.arrays.matching import row_of
from indexer.arrays.units import FIELDS
from indexer.dates import NO_DAY, to_day
from indexer.leaves import wanted_words
from indexer.number import number_key, parse_number, ways_to_write
from indexer.query import And, DateSpan, Not, NumberTerm, Or, Phrase, Term
from indexer.ranking import RANKING, rarity
from indexer.region import parse_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.arrays.files import Array
    from indexer.arrays.matching import Postings, Row
    from indexer.arrays.snapshot import OpenSegment, Snapshot
    from indexer.query import Filters, Node
    from indexer.region import RegionPath

_BETWEEN = "\0"  # stands around each unit where rows are compared as strings; no unit holds it


@dataclass(frozen=True, slots=True)
class Found:
    """A set of documents, both ways."""

    held: Any  # for each document whether it is found
    documents: Any  # the numbers of those that are, ascending

    @classmethod
    def of(cls, held: Array) -> Found:
        """Number the documents of a set."""
        return cls(held, held.nonzero()[0])


class Finder:
    """Finds in one version of the index, for one query; deleted documents are the caller's to leave out."""

    def __init__(self, snapshot: Snapshot, *, title_only: bool = False) -> None:
        self._snapshot = snapshot
        self._fields = FIELDS[:1] if title_only else FIELDS
        # Finding and ranking ask for the same strings.
        self._held: dict[tuple[Row, tuple[str, ...]], Array] = {}
        self._pairs: dict[tuple[Row, str, int], Postings] = {}

    def find(self, node: Node) -> Array:
        """Say for each document whether it is meant."""
        match node:
            case And(parts):
                return self._all(map(self.find, parts))
            case Or(parts):
                return self._any(map(self.find, parts))
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
            return self._holding(row_of(leaf.text), leaf.field)
        wanted, sentence = wanted_words(leaf.text)
        if sentence:
            return self.holding_enough(Phrase(word, leaf.field) for word in wanted)
        return self._all(self._holding(row_of(word), leaf.field) for word in wanted)

    def holding_enough(self, parts: Iterable[Node]) -> Array:
        """Find what holds a fair share of these, the rare ones counting more (``ranking.enough``)."""
        covered = np.zeros(self._snapshot.size)
        for part in parts:
            held = self.find(part) & self._snapshot.live
            covered += rarity(int(np.count_nonzero(held)), self._snapshot.count) * held
        enough: Array = (covered > 0) & (covered >= RANKING.enough * covered.max(initial=0.0))
        return enough

    def _all(self, parts: Iterable[Array]) -> Array:
        found = list(parts)
        return reduce(np.logical_and, found) if found else np.ones(self._snapshot.size, dtype=bool)

    def _any(self, parts: Iterable[Array]) -> Array:
        found = list(parts)
        return reduce(np.logical_or, found) if found else np.zeros(self._snapshot.size, dtype=bool)

    def _holding(self, row: Row, field: str) -> Array:
        return self.holding(row, self._fields if field == "any" else (field,))

    def holding(self, row: Row, fields: tuple[str, ...] = FIELDS) -> Array:
        """Find a row of units in one of these fields, never across two; all documents if the row is empty."""
        if (row, fields) not in self._held:
            self._held[row, fields] = self._look_for(row, fields)
        return self._held[row, fields]

    def _look_for(self, row: Row, fields: tuple[str, ...]) -> Array:
        found = np.full(self._snapshot.size, not row)
        for segment in self._snapshot.segments if row else ():
            for field in fields:
                if len(row) == 2:
                    found[segment.part][self.pair(row, field, segment)[0]] = True
                elif numbers := segment.units.numbers(row):
                    segment.units.fields[field].mark(numbers, found[segment.part])
        return found

    def pair(self, pair: Row, field: str, segment: OpenSegment) -> Postings:
        """Give the documents of a segment that hold a pair of units in a field, ascending, and how often."""
        asked = pair, field, segment.part.start
        if asked not in self._pairs:
            self._pairs[asked] = segment.units.count_pair(pair, field)
        return self._pairs[asked]

    def count_holders(self, unit: str) -> int:
        """Count the live documents that hold a unit."""
        if self._snapshot.all_live:
            return sum(segment.units.count_holders(unit) for segment in self._snapshot.segments)
        return int(np.count_nonzero(self.holding((unit,)) & self._snapshot.live))

    def between(self, first: int | None, last: int | None) -> Array:
        """Find what was published between two days, both included; open at an end that is None."""
        published = self._snapshot.published
        found: Array = published > NO_DAY if first is None else published >= first
        if last is not None:
            found &= published <= last
        return found

    def bearing(self, number: str) -> Array:
        """Find announcements that bear a document number."""
        return self._snapshot.facts["number"].having([number_key(number)])

    def citing(self, number: str) -> Array:
        """Find announcements whose text names a document number, in whatever brackets and padding."""
        return self._any(self.holding(row_of(text)) for text in ways_to_write(number))

    def within(self, paths: Sequence[RegionPath]) -> Array:
        """Find announcements of these regions and all below them."""
        return self._any(self._snapshot.regions.within("/".join(path)) for path in paths)

    def _by_fact(self, field: str, text: str) -> Array:
        if field == "region" and (path := parse_path(text)):
            return self.within([path])
        if field == "number" and parse_number(text):
            return self.bearing(text)
        fact = self._snapshot.facts[field]
        if field == "form":
            return fact.having(value for value in fact.values if fold(value) == fold(text).strip())
        wanted = _spelled(text)
        return fact.having(value for value in fact.values if wanted in _spelled(value))

    def chosen(self, filters: Filters) -> dict[str, Array]:
        """Give for each filter that is set, by its parameter's name, what passes it."""
        passing: dict[str, Array] = {}
        if filters.source:
            passing["source"] = self._snapshot.facts["source"].having(filters.source)
        if filters.region:
            passing["region"] = self.within(filters.region)
        if filters.form:
            passing["form"] = self._snapshot.facts["form"].having(filters.form)
        if filters.year:
            passing["year"] = self._any(self.between(*_days_of(period)) for period in filters.year)
        if filters.first:
            passing["from"] = self.between(to_day(filters.first), None)
        if filters.last:
            passing["to"] = self.between(None, to_day(filters.last))
        if filters.number:
            passing["number"] = self.bearing(filters.number)
        return passing


def _days_of(period: str) -> tuple[int, int]:
    """Give the first and the last day of a year, 2020, or a month, 2020-03."""
    year, month = int(period[:4]), int(period[5:] or 0)
    last = date(year, month, monthrange(year, month)[1]) if month else date(year, 12, 31)
    return to_day(date(year, month or 1, 1)), to_day(last)


@lru_cache(maxsize=65536)  # every source of an index, once
def _spelled(text: str) -> str:
    return _BETWEEN + _BETWEEN.join(units(text)) + _BETWEEN
