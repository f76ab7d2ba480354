"""Choose and mark the stretches of text that show why an announcement matched.

Works on the stored text with the query's own strings, never on an engine's highlighter, so that every engine shows
the same. A string is found as finding goes: unit by unit, so the mark of 1号 never lies in 11号, and a mark covers
the spaces within what matched. Offsets count Unicode characters of the text as it is stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from indexer.analyzer import BREAK, ROW_END, FoldedRows, fold, folded_rows, units, words
from indexer.number import DocumentNumber, find_numbers, parse_number
from indexer.query import And, Node, NumberTerm, Or, Phrase, Term
from indexer.results import Mark, Snippet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SNIPPET_CHARS: Final = 120  # about three lines of the result list at 1280 px
JOINT: Final = " … "

# Looked at to choose a stretch: a common word stands in a long text hundreds of times, and looking for one more
# string takes 0.05 ms in 50,000 characters.
_MOST_PLACES, _MOST_STRINGS = 256, 8
_SENTENCE_END = re.compile(r"[。！？!?；;\n]+[”’」』）)]*")
_CLAUSE_END = re.compile(r"[，,、：:\t\s]+")
# Words that only join others: marked where the run they were typed in stands whole, not each time they occur.
_JOINING = frozenset("的了和与及或等在是于为之对")


@dataclass(frozen=True, slots=True)
class _Row:
    """Units without a break between them."""

    text: str  # as they read in ``FoldedRows``
    runs: tuple[Mark, ...]  # where in it runs of letters and digits lie


@dataclass(frozen=True, slots=True)
class _Needle:
    """A string to look for: one row, or several with breaks between."""

    rows: tuple[_Row, ...]
    title_only: bool


@dataclass(frozen=True, slots=True)
class Needles:
    """What of a query can be seen in a text: its strings and document numbers, without what must not be there."""

    strings: tuple[_Needle, ...] = ()
    numbers: tuple[DocumentNumber, ...] = ()

    @property
    def in_body(self) -> Needles:
        """Without what was asked of titles alone."""
        return replace(self, strings=tuple(one for one in self.strings if not one.title_only))


def needles_of(root: Node | None) -> Needles:
    """Gather what a query looks for in titles and bodies; nothing from under a "not"."""
    needles: dict[_Needle, None] = {}
    numbers: dict[DocumentNumber, None] = {}
    for leaf in _leaves(root):
        if isinstance(leaf, NumberTerm):
            number = parse_number(leaf.number)
            numbers |= {number: None} if number else {}
        elif leaf.field in {"any", "title"}:
            needles.update(dict.fromkeys(_needles_of_leaf(leaf)))
    return Needles(tuple(needles), tuple(numbers))


def _leaves(root: Node | None) -> Iterator[Term | Phrase | NumberTerm]:
    match root:
        case And() | Or():
            for part in root.parts:
                yield from _leaves(part)
        case Term() | Phrase() | NumberTerm():
            yield root


def _needles_of_leaf(leaf: Term | Phrase) -> Iterator[_Needle]:
    strings = [leaf.text]
    if isinstance(leaf, Term):
        cut = words(leaf.text)
        strings += [word for word in cut if word not in _JOINING] or cut
    for string in strings:
        if row := units(string):
            yield _Needle(_rows(row), title_only=leaf.field == "title")


def _rows(row: Sequence[str]) -> tuple[_Row, ...]:
    return tuple(_row(list(part)) for is_break, part in groupby(row, BREAK.__eq__) if not is_break)


def _row(part: Sequence[str]) -> _Row:
    runs, length = [], 0
    for unit in part:
        if folded_rows(unit).in_run[0]:
            runs.append((length, length + len(unit)))
        length += len(unit)
    return _Row("".join(part), tuple(runs))


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────


def find_marks(text: str, needles: Needles) -> tuple[Mark, ...]:
    """Give what of a text matched, in order; marks that touch or overlap are one. For a body, ``needles.in_body``."""
    return _Seen(text, needles).marks(0, len(text))


class _Place(NamedTuple):  # hundreds of them are sorted for one snippet
    start: int
    end: int
    needle: int


class _Seen:
    """A text made ready to look for the strings and numbers of one query."""

    def __init__(self, text: str, needles: Needles) -> None:
        self._rows = folded_rows(text)
        self._strings = needles.strings
        self._numbers = [_number_places(text, number) for number in needles.numbers]

    def telling_places(self) -> list[_Place]:
        """Give, in order, enough places to choose a stretch by: of the longest strings, and of each the first ones."""
        longest = sorted(self._strings, key=lambda string: -sum(len(row.text) for row in string.rows))
        for strings in (longest[:_MOST_STRINGS], longest[_MOST_STRINGS:]):
            most = _MOST_PLACES // (len(strings) + 1)
            found = [self._string_places(string, 0, len(self._rows.text), most) for string in strings] + self._numbers
            if any(found):
                return sorted(_Place(*place, needle) for needle, places in enumerate(found) for place in places)
        return []

    def marks(self, start: int, end: int) -> tuple[Mark, ...]:
        """Give all that matched and lies within [start, end), what touches as one."""
        first, last = self._rows.at.searchsorted([start, end]).tolist()
        found = [place for string in self._strings for place in self._string_places(string, first, last)]
        found += [place for of_number in self._numbers for place in of_number if start <= place[0] and place[1] <= end]
        return _merged(found)

    def _string_places(self, string: _Needle, first: int, last: int, most: int | None = None) -> list[Mark]:
        """Give where a string stands between two characters of the folded rows."""
        rows, at = string.rows, self._rows.at
        found: Iterator[list[int]] = _occurrences(self._rows.text, rows, first, last)
        if any(row.runs for row in rows):
            found = (starts for starts in found if _has_whole_runs(self._rows, rows, starts))
        starts = list(islice(found, most))
        if not starts:
            return []
        begins = at.take([one[0] for one in starts]).tolist()
        ends = at.take([one[-1] + len(rows[-1].text) - 1 for one in starts]).tolist()
        return [(begin, end + 1) for begin, end in zip(begins, ends, strict=True)]


def _occurrences(text: str, rows: Sequence[_Row], first: int, last: int) -> Iterator[list[int]]:
    """Give where the rows start, for each time that they follow each other with nothing but breaks between."""
    start, others = rows[0].text, rows[1:]
    at = text.find(start, first, last)
    while at >= 0:
        starts = _go_on(text, others, at, at + len(start)) if others else [at]
        if starts and starts[-1] + len(rows[-1].text) <= last:
            yield starts
        at = text.find(start, at + 1, last)


def _go_on(text: str, rows: Sequence[_Row], at: int, end: int) -> list[int]:
    """Find the rest of the rows behind the first, which lies at [at, end); [] if they do not follow."""
    starts = [at]
    for row in rows:
        start = end
        while text[start : start + 1] == ROW_END:
            start += 1
        if start == end or not text.startswith(row.text, start):
            return []
        starts.append(start)
        end = start + len(row.text)
    return starts


def _has_whole_runs(text: FoldedRows, rows: Sequence[_Row], starts: Sequence[int]) -> bool:
    return all(
        _is_whole_run(text, start + first, start + last)
        for row, start in zip(rows, starts, strict=True)
        for first, last in row.runs
    )


def _is_whole_run(text: FoldedRows, start: int, end: int) -> bool:
    """Whether [start, end) is one run, not a part of a longer one nor two with a space between."""
    first, last = int(text.at[start]), int(text.at[end - 1])
    goes_back = first > 0 and text.in_run[first - 1]
    goes_on = last + 1 < len(text.in_run) and text.in_run[last + 1]
    return last - first == end - 1 - start and not goes_back and not goes_on


_BEFORE_ANCHOR, _AFTER_ANCHOR = 48, 24  # characters of a number before and after its year


def _number_places(text: str, number: DocumentNumber) -> list[Mark]:
    """Give where a document number stands, in whatever way it is written.

    Reading numbers takes 100 times as long as finding a string, so it is done only around the number's year, or
    around the last character of its prefix when it has none.
    """
    anchor = str(number.year) if number.year else fold(number.prefix[-1:])
    folded, key = fold(text), fold(number.key)
    places: dict[Mark, None] = {}
    at = folded.find(anchor) if anchor else -1
    while at >= 0:
        start = max(0, at - _BEFORE_ANCHOR)
        for found in find_numbers(text[start : at + _AFTER_ANCHOR]):
            if fold(found.number.key) == key:
                places[start + found.start, start + found.end] = None
        at = folded.find(anchor, at + 1)
    return list(places)


def _merged(places: Iterable[Mark]) -> tuple[Mark, ...]:
    merged: list[Mark] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────────


def make_snippet(body: str, needles: Needles) -> Snippet:
    """Show the one or two stretches of a body that hold the most different strings of a query, marked.

    About ``SNIPPET_CHARS`` characters in all, cut at sentence ends where possible; the body's start when nothing of
    the query stands in it; "" for an empty body.
    """
    needles = needles.in_body
    seen = _Seen(body, needles)
    text, marks = "", list[Mark]()
    for start, end in _stretches(body, seen.telling_places()):
        piece = body[start:end]
        shown = piece.strip()
        if text and shown:
            text += JOINT
        shift = len(text) - start - (len(piece) - len(piece.lstrip()))
        marks += [(first + shift, last + shift) for first, last in seen.marks(start, end)]
        text += shown.translate(_ONE_LINE)
    return Snippet(text, tuple(marks))


def _stretches(body: str, places: Sequence[_Place]) -> tuple[Mark, ...]:
    """Choose what to show."""
    if not places:
        return (_around(body, (0, 0), SNIPPET_CHARS),)
    width = SNIPPET_CHARS * 3 // 4
    window = _best_window(places, width)
    if len(_held(places, window)) == len({place.needle for place in places}):
        return (_around(body, window, SNIPPET_CHARS),)
    first = _best_window(places, width // 2)
    held = _held(places, first)
    others = [place for place in places if place.needle not in held]
    halves = (first, _best_window(others, width // 2)) if others else (first,)
    return _merged(_around(body, half, SNIPPET_CHARS // 2) for half in halves)


def _best_window(places: Sequence[_Place], width: int) -> Mark:
    """Give the first stretch, at most ``width`` long if a place is not longer, with the most different needles."""
    best, most = (places[0].start, places[0].end), 0
    held: dict[int, int] = {}
    left = 0
    for index, place in enumerate(places):
        held[place.needle] = held.get(place.needle, 0) + 1
        while place.end - places[left].start > width and places[left] is not place:
            leaving = places[left].needle
            held[leaving] -= 1
            if not held[leaving]:
                del held[leaving]
            left += 1
        if len(held) > most:
            # A place that began earlier may end later than this one.
            best = places[left].start, max(one.end for one in places[left : index + 1])
            most = len(held)
    return best


def _held(places: Iterable[_Place], window: Mark) -> set[int]:
    return {place.needle for place in places if window[0] <= place.start and place.end <= window[1]}


def _around(body: str, window: Mark, size: int) -> Mark:
    """Widen a window to ``size`` characters: from a sentence's start, else a clause's, to an end of the same kind."""
    first, last = window
    rest = max(0, size - (last - first))
    start = _start(body, first, max(0, first - rest * 2 // 3)) if first else 0
    return start, _end(body, last, min(len(body), max(last, start + size)))


def _start(body: str, first: int, earliest: int) -> int:
    """Where to begin, from ``earliest`` to ``first``."""
    if earliest == 0:
        return 0
    for ending in (_SENTENCE_END, _CLAUSE_END):
        ends = [match.end() for match in ending.finditer(body, earliest, first)]
        if ends:
            return ends[0] if ending is _CLAUSE_END else ends[-1]
    return _outside_run(body, first - (first - earliest) // 2)


def _end(body: str, last: int, latest: int) -> int:
    """Where to stop, from ``last`` to ``latest``."""
    if latest == len(body):
        return latest
    for ending in (_SENTENCE_END, _CLAUSE_END):
        ends = [match.end() for match in ending.finditer(body, last, latest)]
        if ends:
            return ends[-1]
    return max(last, _outside_run(body, latest))


def _outside_run(body: str, at: int) -> int:
    """Move back to where no run of letters and digits is cut in two."""
    while 0 < at < len(body) and body[at].isascii() and body[at].isalnum() and body[at - 1].isalnum():
        at -= 1
    return at


_ONE_LINE = str.maketrans(dict.fromkeys(map(ord, "\n\r\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"), " "))
