"""A query's tree to the set of documents it means: one truth value a document, combined like the tree.

Sets are arrays of bool: combining two of a hundred thousand documents takes 3 µs, whatever they hold.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.search.near_matching import documents_near
from indexer.embedded.search.phrase_matching import row_of
from indexer.embedded.store.bigram_index import TEXT_FIELDS
from indexer.facts.dates import NO_DAY, to_day
from indexer.facts.document_number import number_key, parse_number, ways_to_write
from indexer.facts.region import parse_path
from indexer.fields import PATH, SITE, WHOLE_VALUES, lies_in
from indexer.query.tree import And, DateSpan, Near, Not, NumberSeries, NumberTerm, Or, Phrase, Share, Term
from indexer.ranking.bm25f import RANKING, idf
from indexer.relations.titles import title_key
from indexer.text.fold import fold
from indexer.text.units import units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indexer.embedded.search.phrase_matching import Postings, Row
    from indexer.embedded.search.snapshot import OpenSegment, Snapshot
    from indexer.embedded.store.array_file import Array
    from indexer.query.tree import Node

_BITS = {TEXT_FIELDS: 3, TEXT_FIELDS[:1]: 1, TEXT_FIELDS[1:]: 2}  # how the kernel is told of fields
_BETWEEN = "\0"  # stands around each unit where rows are compared as strings; no unit holds it


class DocSet:
    """A set of documents: their numbers, ascending."""

    def __init__(self, documents: Array, size: int, held: Array | None = None) -> None:
        """Take the documents, how many there are in all, and for each of these whether it is found, if known."""
        self.documents = documents
        self._size = size
        self._held = held

    @classmethod
    def of(cls, held: Array) -> DocSet:
        """Number the documents of a set."""
        return cls(held.nonzero()[0], len(held), held)

    @property
    def nbytes(self) -> int:
        """Count the bytes of what is known of it."""
        return int(self.documents.nbytes) + (0 if self._held is None else int(self._held.nbytes))

    @property
    def held(self) -> Array:
        """Return for each document whether it is found."""
        if self._held is None:
            self._held = np.zeros(self._size, dtype=bool)
            self._held[self.documents] = True
        return self._held


class Finder:
    """Finds in one version of the index, for one query; deleted documents are the caller's to leave out."""

    def __init__(self, snapshot: Snapshot, *, title_only: bool = False) -> None:
        self._snapshot = snapshot
        self._fields = TEXT_FIELDS[:1] if title_only else TEXT_FIELDS
        # Finding and ranking ask for the same strings.
        self._held: dict[tuple[Row, tuple[str, ...]], Array] = {}
        self._bigrams: dict[tuple[Row, str, int], Postings] = {}

    def documents(self, root: Node | None) -> DocSet:
        """Return the live documents that are meant."""
        # A copy: what is found may lie in a file, which whoever keeps it would keep open beyond its version.
        return DocSet.of(self._snapshot.live if root is None else self.find(root) & self._snapshot.live)

    def find(self, node: Node) -> Array:
        """Return for each document whether it is meant."""
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
            case _:
                return self._leaf(node)

    def _leaf(self, leaf: Term | Phrase | Near | Share | NumberSeries) -> Array:
        if isinstance(leaf, NumberSeries):
            return self._snapshot.doc_values["number"].having(self.series(leaf.key))
        if isinstance(leaf, Near):
            return self._near(tuple(map(row_of, leaf.rows)), leaf.window, leaf.field)
        if isinstance(leaf, Share):
            return self._holding_minimum(leaf.parts)
        if leaf.field not in ("any", "title"):
            return self._by_fact(leaf.field, leaf.text)
        return self._holding(row_of(leaf.text), leaf.field)  # what runs mean is read before: ``query.readings``

    def _near(self, rows: tuple[Row, ...], window: int, field: str) -> Array:
        """Find several rows within one window of a field."""
        found = np.zeros(self._snapshot.size, dtype=bool)
        for segment in self._snapshot.segments:
            numbers = [segment.units.numbers(row) for row in rows]
            known = [row for row in numbers if row]
            for name in self._fields_of(field) if len(known) == len(rows) else ():
                found[segment.part][documents_near(segment.units.fields[name], known, window)] = True
        return found

    def _holding_minimum(self, parts: Iterable[Node]) -> Array:
        """Find what holds a fair share of these, the rare ones counting more (``ranking.minimum_should_match``)."""
        covered = np.zeros(self._snapshot.size)
        for part in parts:
            held = self.find(part) & self._snapshot.live
            covered += idf(int(np.count_nonzero(held)), self._snapshot.count) * held
        held_enough: Array = (covered > 0) & (covered >= RANKING.minimum_should_match * covered.max(initial=0.0))
        return held_enough

    def _all(self, parts: Iterable[Array]) -> Array:
        found = list(parts)
        return reduce(np.logical_and, found) if found else np.ones(self._snapshot.size, dtype=bool)

    def _any(self, parts: Iterable[Array]) -> Array:
        found = list(parts)
        return reduce(np.logical_or, found) if found else np.zeros(self._snapshot.size, dtype=bool)

    def _holding(self, row: Row, field: str) -> Array:
        return self.holding(row, self._fields_of(field))

    def _fields_of(self, field: str) -> tuple[str, ...]:
        return self._fields if field == "any" else (field,)

    def holding(self, row: Row, fields: tuple[str, ...] = TEXT_FIELDS) -> Array:
        """Find a row of units in one of these fields, never across two; all documents if the row is empty."""
        if (row, fields) not in self._held:
            self._held[row, fields] = self._look_for(row, fields)
        return self._held[row, fields]

    def _look_for(self, row: Row, fields: tuple[str, ...]) -> Array:
        if not row:
            return np.ones(self._snapshot.size, dtype=bool)
        found = np.zeros(self._snapshot.size, dtype=bool)
        for segment in self._snapshot.segments:
            if segment.compiled is not None:
                if compiled_row := segment.units.numbers(row):
                    segment.compiled.mark(compiled_row, _BITS[fields], found[segment.part])
                continue
            if len(row) == 1:
                segment.units.mark_unit(row, fields, found[segment.part])
            for field in fields if len(row) > 1 else ():
                if len(row) == 2:
                    found[segment.part][self.bigram(row, field, segment)[0]] = True
                elif numbers := segment.units.numbers(row):
                    segment.units.fields[field].mark(numbers, found[segment.part])
        return found

    def bigram(self, bigram: Row, field: str, segment: OpenSegment) -> Postings:
        """Return the documents of a segment that hold a bigram in a field, ascending, and how often."""
        asked = bigram, field, segment.part.start
        if asked not in self._bigrams:
            self._bigrams[asked] = segment.units.bigram_postings(bigram, field)
        return self._bigrams[asked]

    def between(self, first: int | None, last: int | None) -> Array:
        """Find what was published between two days, both included; open at an end that is None."""
        published = self._snapshot.published
        found: Array = published > NO_DAY if first is None else published >= first
        if last is not None:
            found &= published <= last
        return found

    def bearing(self, number: str) -> Array:
        """Find announcements that bear a document number."""
        return self._snapshot.doc_values["number"].having([number_key(number)])

    def series(self, key: str) -> list[str]:
        """Return the keys of the document numbers that begin so."""
        values = self._snapshot.doc_values["number"].values
        return values[bisect_left(values, key) : bisect_right(values, key, key=lambda one: one[: len(key)])]

    def citing(self, number: str) -> Array:
        """Find announcements whose text names a document number, in whatever brackets and padding."""
        return self._any(self._holding(row_of(text), "any") for text in ways_to_write(number))

    def _related(self, field: str, text: str) -> Array:
        """Find what cites an announcement for sure, or what it cites; named by its id, its number or its title."""
        snapshot, edges = self._snapshot, self._snapshot.graph.edges
        number, by_id = parse_number(text), snapshot.find(text.strip()) if text.isascii() and text.strip() else -1
        named = np.zeros(snapshot.size, dtype=bool)
        if by_id >= 0:
            named[by_id] = True
        elif number:
            named = self.bearing(number.normal)
        else:
            key = title_key(text)
            holding = np.flatnonzero(self._holding(row_of(text), "title") & snapshot.live).tolist()
            named[[one for one in holding if title_key(snapshot.title(one)) == key]] = True
        ends = ("target", "source") if field == "cites" else ("source", "target")
        found = np.zeros(snapshot.size, dtype=bool)
        found[edges[ends[1]][named[edges[ends[0]]] & (edges["sure"] == 1)]] = True
        if number and field == "cites":
            found |= self.citing(number.normal) & ~named
        return found

    def _by_fact(self, field: str, text: str) -> Array:
        if field in ("cites", "cited-by"):
            return self._related(field, text)
        if field == "region" and (path := parse_path(text)):
            return self._snapshot.regions.within("/".join(path))
        if field == "number" and parse_number(text):
            return self.bearing(text)
        values = self._snapshot.doc_values[field]
        wanted = fold(text).strip()
        tests: dict[str, Callable[[str], bool]] = {
            PATH.name: lambda value: fold(value).startswith(wanted),
            SITE.name: lambda value: lies_in(value, wanted),
            **dict.fromkeys(WHOLE_VALUES, lambda value: fold(value) == wanted),
        }
        if field in tests:
            return values.having(filter(tests[field], values.values))
        row = _spelled(text)
        return values.having(value for value in values.values if row in _spelled(value))


@lru_cache(maxsize=65536)  # every source of an index, once
def _spelled(text: str) -> str:
    return _BETWEEN + _BETWEEN.join(units(text)) + _BETWEEN
