"""What to look for in a text: the strings and document numbers of a query, ready to be found unit by unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from indexer.answers.results import Mark
from indexer.facts.document_number import ways_to_write
from indexer.query.runs import marked_strings
from indexer.query.tree import Near, Node, NumberSeries, NumberTerm, Phrase, Share, Term, walk
from indexer.text.units import BREAK, unit_spans, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.query.readings import Reading, ReadingName


@dataclass(frozen=True, slots=True)
class Row:
    """Units without a break between them."""

    text: str  # as they read in ``FoldedRows``
    runs: tuple[Mark, ...]  # where in it runs of letters and digits lie


@dataclass(frozen=True)
class LookedFor:
    """One row, or several with breaks between."""

    rows: tuple[Row, ...]

    @cached_property
    def length(self) -> int:
        """Count its characters."""
        return sum(len(row.text) for row in self.rows)

    @cached_property
    def is_plain(self) -> bool:
        """Return whether finding its characters is finding it: one row, without letters and digits."""
        return len(self.rows) == 1 and not self.rows[0].runs

    @cached_property
    def is_run(self) -> bool:
        """Return whether it is letters and digits alone."""
        return len(self.rows) == 1 and self.rows[0].runs == ((0, len(self.rows[0].text)),)


@dataclass(frozen=True, slots=True)
class Needle:
    """What to look for: a string, or the ways to write a document number."""

    ways: tuple[LookedFor, ...]
    title_only: bool = False


@dataclass(frozen=True)
class Needles:
    """What of a query can be seen in a text: its strings and document numbers, without what must not be there."""

    looked_for: tuple[Needle, ...] = ()

    @cached_property
    def longest_first(self) -> tuple[Needle, ...]:
        """Return the same in the order in which they are looked for."""
        return tuple(sorted(self.looked_for, key=lambda needle: -needle.ways[0].length))

    @cached_property
    def in_body(self) -> Needles:
        """Without what was asked of titles alone."""
        return Needles(tuple(one for one in self.looked_for if not one.title_only))


def needles_of(root: Node | None, reading: Reading | None = None) -> Needles:
    """Gather what a query looks for in titles and bodies; nothing from under a "not".

    Read near, what is marked is each run and its strings; read otherwise, each run and its words, but a character that
    is no word by itself only in a row with its neighbours: 万 of 万元 is no match of 万江.
    """
    needles: dict[Needle, None] = {}
    for leaf in walk(root):
        if isinstance(leaf, NumberTerm):
            needles[Needle(tuple(map(_string, ways_to_write(leaf.number))))] = None
        elif isinstance(leaf, NumberSeries):
            needles[Needle((_string(leaf.name),))] = None
        elif isinstance(leaf, Near):
            needles.update(_needles_of(leaf.rows, leaf.field))
        elif isinstance(leaf, Term | Phrase) and leaf.field in {"any", "title"}:
            apart = _by_words(leaf, reading.name if reading else "part")
            needles.update(_needles_of((leaf.text, *(marked_strings(leaf.text) if apart else ())), leaf.field))
    if reading and reading.name == "near":
        for strings, field in _strings_in(reading.root):
            needles.update(_needles_of(strings, field))
    return Needles(tuple(needles))


def _by_words(leaf: Term | Phrase, reading: ReadingName) -> bool:
    """Return whether the words of a leaf are looked for one by one."""
    return reading == "sentence" or (isinstance(leaf, Term) and reading in ("loose", "part"))


def _strings_in(root: Node) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the strings of a reading with their field, without single characters of a sentence."""
    for node in walk(root):
        match node:
            case Share(parts):
                yield from (one for part in parts for one in _strings_in(part) if len(units(one[0][0])) > 1)
            case Near(rows, field=field):
                yield rows, field
            case Phrase(text, "any" | "title" as field):
                yield (text,), field
            case _:
                continue


def _needles_of(strings: Iterable[str], field: str) -> dict[Needle, None]:
    return dict.fromkeys(
        Needle((string,), title_only=field == "title") for string in map(_string, strings) if string.rows
    )


@lru_cache(maxsize=4096)  # titles and bodies are looked through with the same strings, and so is the next page
def _string(text: str) -> LookedFor:
    return LookedFor(tuple(_row(list(part)) for is_break, part in groupby(units(text), BREAK.__eq__) if not is_break))


def _row(part: Sequence[str]) -> Row:
    runs, length = [], 0
    for unit in part:
        if _is_run(unit):
            runs.append((length, length + len(unit)))
        length += len(unit)
    return Row("".join(part), tuple(runs))


@lru_cache(maxsize=4096)
def _is_run(unit: str) -> bool:
    return bool(unit_spans(unit).runs)
