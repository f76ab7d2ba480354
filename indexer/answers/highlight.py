"""Choose and mark the stretches of text that show why an announcement matched.

Works on the stored text with the query's own strings, never on an engine's highlighter, so that every engine shows
the same. A string is found as finding goes: unit by unit, so the mark of 1号 never lies in 11号, and a mark covers
the spaces within what matched. Offsets count Unicode characters of the text as it is stored.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, groupby, islice, repeat
from typing import TYPE_CHECKING, Final

from indexer.answers.results import Mark, Snippet
from indexer.facts.document_number import ways_to_write
from indexer.query.runs import marked_strings
from indexer.query.tree import Near, Node, NumberSeries, NumberTerm, Phrase, Share, Term, walk
from indexer.text.folded_text import folded_rows, parts_rows
from indexer.text.units import BREAK, unit_spans, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.query.readings import Reading, ReadingName
    from indexer.text.fold import Codes
    from indexer.text.units import Offsets

SNIPPET_CHARS: Final = 120  # about three lines of the result list at 1280 px
JOINT: Final = " … "

# Looked at to choose a stretch: a common word stands in a long text hundreds of times, and looking for one more
# string takes 0.05 ms in 50,000 characters.
_MOST_PLACES, _MOST_NEEDLES = 160, 8
_SENTENCE_END = re.compile(r"[。！？!?；;\n]+[”’」』）)]*")
_CLAUSE_END = re.compile(r"[，,、：:\t\s]+")


@dataclass(frozen=True, slots=True)
class _Row:
    """Units without a break between them."""

    text: str  # as they read in ``FoldedRows``
    runs: tuple[Mark, ...]  # where in it runs of letters and digits lie


@dataclass(frozen=True, slots=True)
class _String:
    """One row, or several with breaks between."""

    rows: tuple[_Row, ...]

    @property
    def length(self) -> int:
        """Count its characters."""
        return sum(len(row.text) for row in self.rows)

    @property
    def is_plain(self) -> bool:
        """Whether finding its characters is finding it: one row, without letters and digits."""
        return len(self.rows) == 1 and not self.rows[0].runs

    @property
    def is_run(self) -> bool:
        """Whether it is letters and digits alone."""
        return len(self.rows) == 1 and self.rows[0].runs == ((0, len(self.rows[0].text)),)


@dataclass(frozen=True, slots=True)
class _Needle:
    """What to look for: a string, or the ways to write a document number."""

    ways: tuple[_String, ...]
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class Needles:
    """What of a query can be seen in a text: its strings and document numbers, without what must not be there."""

    looked_for: tuple[_Needle, ...] = ()

    @property
    def in_body(self) -> Needles:
        """Without what was asked of titles alone."""
        return Needles(tuple(one for one in self.looked_for if not one.title_only))


def needles_of(root: Node | None, reading: Reading | None = None) -> Needles:
    """Gather what a query looks for in titles and bodies; nothing from under a "not".

    Read near, what is marked is each run and its strings; read otherwise, each run and its words, but a character that
    is no word by itself only in a row with its neighbours: 万 of 万元 is no match of 万江.
    """
    needles: dict[_Needle, None] = {}
    for leaf in walk(root):
        if isinstance(leaf, NumberTerm):
            needles[_Needle(tuple(map(_string, ways_to_write(leaf.number))))] = None
        elif isinstance(leaf, NumberSeries):
            needles[_Needle((_string(leaf.name),))] = None
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


def _needles_of(strings: Iterable[str], field: str) -> dict[_Needle, None]:
    return dict.fromkeys(
        _Needle((string,), title_only=field == "title") for string in map(_string, strings) if string.rows
    )


@lru_cache(maxsize=4096)  # titles and bodies are looked through with the same strings, and so is the next page
def _string(text: str) -> _String:
    return _String(tuple(_row(list(part)) for is_break, part in groupby(units(text), BREAK.__eq__) if not is_break))


def _row(part: Sequence[str]) -> _Row:
    runs, length = [], 0
    for unit in part:
        if _is_run(unit):
            runs.append((length, length + len(unit)))
        length += len(unit)
    return _Row("".join(part), tuple(runs))


@lru_cache(maxsize=4096)
def _is_run(unit: str) -> bool:
    return bool(unit_spans(unit).runs)


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────


def find_marks(text: str, needles: Needles) -> tuple[Mark, ...]:
    """Return what of a text matched, in order; marks that touch or overlap are one. For a body, ``needles.in_body``."""
    return _Seen(text, needles).marks(0, len(text))


_Place = tuple[int, int, int]  # start, end, number of the string; hundreds of them are sorted for one snippet


class _Seen:
    """A text made ready to look for the strings and numbers of one query."""

    def __init__(self, text: str, needles: Needles) -> None:
        self._rows = folded_rows(text)
        self._needles = sorted(needles.looked_for, key=lambda needle: -needle.ways[0].length)

    @cached_property
    def _runs(self) -> tuple[Offsets, Offsets, Codes]:
        return self._rows.runs()

    def telling_places(self) -> list[_Place]:
        """Return enough places to choose a stretch by, in order: the first ones of each of the longest needles."""
        for needles in (self._needles[:_MOST_NEEDLES], self._needles[_MOST_NEEDLES:]):
            most = _MOST_PLACES // (len(needles) + 1)
            found = [self._occurrences(needle, 0, len(self._rows.text), most) for needle in needles]
            if any(found):
                numbers = chain.from_iterable(repeat(at, len(places)) for at, places in enumerate(found))
                marks = self._in_text(list(chain.from_iterable(found)))
                return sorted((start, end, number) for (start, end), number in zip(marks, numbers, strict=True))
        return []

    def marks(self, start: int, end: int) -> tuple[Mark, ...]:
        """Return all that matched and lies within [start, end), what touches as one."""
        first, last = self._rows.before(start), self._rows.before(end)
        found = (self._occurrences(needle, first, last) for needle in self._needles)
        return _merged(self._in_text(list(chain.from_iterable(found))))

    def _in_text(self, places: Sequence[Mark]) -> list[Mark]:
        """Turn places in the folded rows into such in the text."""
        starts = self._rows.places([first for first, _ in places])
        ends = self._rows.places([last for _, last in places])
        return [(start, end + 1) for start, end in zip(starts, ends, strict=True)]

    def _occurrences(self, needle: _Needle, first: int, last: int, most: int = sys.maxsize) -> list[Mark]:
        """Return where in the folded rows a needle stands between two of their characters: its first and its last."""
        found: list[Mark] = []
        for way in needle.ways:
            if len(found) < most:
                found += self._find(way, first, last, most)
        return found

    def _find(self, string: _String, first: int, last: int, most: int) -> list[Mark]:
        if string.is_plain:
            return _find_all(self._rows.text, string.rows[0].text, first, last, most)
        if string.is_run:
            return self._find_runs(string.rows[0].text, first, last, most)
        found = _with_breaks(self._rows.text, string.rows, first, last)
        if any(row.runs for row in string.rows):
            found = (starts for starts in found if self._has_whole_runs(string.rows, starts))
        to_last = len(string.rows[-1].text) - 1
        return [(starts[0], starts[-1] + to_last) for starts in islice(found, most)]

    def _find_runs(self, run: str, first: int, last: int, most: int) -> list[Mark]:
        """Find a run among those of its length: a digit by itself may be part of a thousand others."""
        starts, ends, firsts = self._runs
        alike = starts[
            (ends - starts == len(run)) & (firsts == ord(run[0])) & (starts >= first) & (ends <= last)
        ].tolist()
        found = ((at, at + len(run) - 1) for at in alike if self._rows.text.startswith(run, at))
        return list(islice(found, most))

    def _has_whole_runs(self, rows: Sequence[_Row], starts: Sequence[int]) -> bool:
        return all(
            self._is_whole_run(start + first, start + last)
            for row, start in zip(rows, starts, strict=True)
            for first, last in row.runs
        )

    def _is_whole_run(self, start: int, end: int) -> bool:
        """Whether [start, end) is one run, not a part of a longer one nor two with a space between."""
        starts, ends, _ = self._runs
        at = int(starts.searchsorted(start))
        return at < len(starts) and int(starts[at]) == start and int(ends[at]) == end


def _find_all(text: str, string: str, first: int, last: int, most: int) -> list[Mark]:
    """Find a string; the first ``most`` times that it stands in a part of a text."""
    found: list[Mark] = []
    to_last = len(string) - 1
    at = text.find(string, first, last)
    while at >= 0 and len(found) < most:
        found.append((at, at + to_last))
        at = text.find(string, at + 1, last)
    return found


def _with_breaks(text: str, rows: Sequence[_Row], first: int, last: int) -> Iterator[tuple[int, ...]]:
    """Return where the rows start, for each time that they follow each other with nothing but breaks between."""
    start, others = rows[0].text, rows[1:]
    at = text.find(start, first, last)
    while at >= 0:
        starts = _go_on(text, others, at, at + len(start)) if others else (at,)
        if starts and starts[-1] + len(rows[-1].text) <= last:
            yield starts
        at = text.find(start, at + 1, last)


def _go_on(text: str, rows: Sequence[_Row], at: int, end: int) -> tuple[int, ...]:
    """Find the rest of the rows behind the first, which lies at [at, end); () if they do not follow."""
    starts = [at]
    for row in rows:
        start = end
        while start < len(text) and parts_rows(text[start]):
            start += 1
        if start == end or not text.startswith(row.text, start):
            return ()
        starts.append(start)
        end = start + len(row.text)
    return tuple(starts)


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
    if len(_held(places, window)) == len({needle for *_, needle in places}):
        return (_around(body, window, SNIPPET_CHARS),)
    first = _best_window(places, width // 2)
    held = _held(places, first)
    others = [place for place in places if place[2] not in held]
    halves = (first, _best_window(others, width // 2)) if others else (first,)
    return _merged(_around(body, half, SNIPPET_CHARS // 2) for half in halves)


def _best_window(places: Sequence[_Place], width: int) -> Mark:
    """Return the first stretch, at most ``width`` long if a place is not longer, with the most different needles."""
    (first, last, _), most, left = places[0], 0, 0
    held, different = dict.fromkeys((needle for *_, needle in places), 0), 0
    for index, (_, end, needle) in enumerate(places):
        different += not held[needle]
        held[needle] += 1
        while end - places[left][0] > width and left < index:
            leaving = places[left][2]
            held[leaving] -= 1
            different -= not held[leaving]
            left += 1
        if different > most:
            # A place that began earlier may end later than this one.
            most, first, last = different, places[left][0], max(one[1] for one in places[left : index + 1])
            if most == len(held):
                break
    return first, last


def _held(places: Iterable[_Place], window: Mark) -> set[int]:
    first, last = window
    return {needle for start, end, needle in places if first <= start and end <= last}


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
