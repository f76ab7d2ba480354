"""Choose and mark the stretches of text that show why an announcement matched.

Works on the stored text with the query's own strings, never on an engine's highlighter, so that every engine shows
the same. A string is found as finding goes: unit by unit, so the mark of 1号 never lies in 11号, and a mark covers
the spaces within what matched. Offsets count Unicode characters of the text as it is stored.
"""

from __future__ import annotations

import sys
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from indexer.answers.highlight_near import Near, closest, shown_near
from indexer.answers.marker import compiled, sought_by
from indexer.answers.results import Mark, Snippet
from indexer.answers.stretches import around, merged, stretches
from indexer.text.folded_text import folded_rows, folded_together, parts_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from indexer.answers.highlight_terms import LookedFor, Needle, Needles, Row, Together
    from indexer.answers.stretches import Place
    from indexer.text.fold import Codes
    from indexer.text.folded_text import FoldedRows
    from indexer.text.units import Offsets

SNIPPET_CHARS: Final = 120  # about three lines of the result list at 1280 px
START_CHARS: Final = SNIPPET_CHARS + 2  # of a text that tell the snippet from its start, and that the text goes on
JOINT: Final = " … "

# Looked at to choose a stretch: a common word stands in a long text hundreds of times, and looking for one more
# string takes 0.05 ms in 50,000 characters.
_MOST_PLACES, _MOST_NEEDLES = 160, 8
_LIMITS: Final = SNIPPET_CHARS, _MOST_PLACES, _MOST_NEEDLES


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────


def find_marks(text: str, needles: Needles) -> tuple[Mark, ...]:
    """Return what of a text matched, in order; marks that touch or overlap are one. For a body, ``needles.in_body``."""
    if native := compiled():
        return native.marks(text, sought_by(native, needles, _LIMITS)[0])
    return _Seen(folded_rows(text), needles).all_marks()


class _Seen:
    """A text made ready to look for the strings and numbers of one query."""

    def __init__(self, rows: FoldedRows, needles: Needles) -> None:
        self._rows = rows
        self._asked = needles
        self._needles = needles.longest_first
        self.elsewhere: Collection[Together] = ()  # stand together in another text of the same announcement

    @cached_property
    def together(self) -> dict[Together, Near]:
        """Return the runs whose strings stand near each other here, each with the first of these places."""
        found = {run: self._first_near(run) for run in self._asked.together}
        return {run: places for run, places in found.items() if places}

    def _first_near(self, run: Together) -> Near:
        end = len(self._rows.text)
        each = {needle: self._occurrences(needle, 0, end, _MOST_PLACES) for needle in run.rows}
        if not all(each.values()) or len(each) == 1:
            return each if all(each.values()) else {}
        # As far as all of them are known.
        known = min((places[-1][0] for places in each.values() if len(places) == _MOST_PLACES), default=end)
        begun = {needle: [place for place in places if place[0] <= known] for needle, places in each.items()}
        return closest(begun, run.window) or (self._near(run, 0, end) if known < end else {})

    def _near(self, run: Together, first: int, last: int) -> Near:
        """Return where strings of a run stand near each other and lie between two characters of the folded rows."""
        start, end = max(0, first - run.window), last + run.window
        each = {needle: self._occurrences(needle, start, end) for needle in run.rows}
        near = closest(each, run.window) if all(each.values()) else {}
        return {needle: [one for one in places if first <= one[0] and one[1] < last] for needle, places in near.items()}

    @cached_property
    def _runs(self) -> tuple[Offsets, Offsets, Codes]:
        return self._rows.runs()

    def telling_places(self) -> list[Place]:
        """Return enough places to choose a stretch by, in order: the first ones of each of the longest needles."""
        end = len(self._rows.text)
        near = shown_near(self._asked, self.together, self.together) if self._asked.together else {}
        for needles in (self._needles[:_MOST_NEEDLES], self._needles[_MOST_NEEDLES:]):
            # Of one string alone the first place is chosen, wherever others stand.
            alone = len(needles) == 1 and len(needles[0].ways) == 1 and not near
            most = 1 if alone else _MOST_PLACES // (len(needles) + 1)
            places: list[Mark] = []
            numbers: list[int] = []
            for number, needle in enumerate(needles):
                found = near[needle][:most] if needle in near else self._occurrences(needle, 0, end, most)
                places += found
                numbers += [number] * len(found)
            if places:
                marks = self._in_text(places)
                return sorted([(first, last, number) for (first, last), number in zip(marks, numbers, strict=True)])
        return []

    def all_marks(self) -> tuple[Mark, ...]:
        """Return all that matched, what touches as one."""
        return self._marks(0, len(self._rows.text))

    def marks(self, start: int, end: int) -> tuple[Mark, ...]:
        """Return all that matched and lies within [start, end), what touches as one."""
        return self._marks(self._rows.before(start), self._rows.before(end))

    def _marks(self, first: int, last: int) -> tuple[Mark, ...]:
        near = self._shown_near(first, last) if self._asked.together else {}
        found: list[Mark] = []
        for needle in self._needles:
            found += near[needle] if needle in near else self._occurrences(needle, first, last)
        return merged(self._in_text(found)) if found else ()

    def _shown_near(self, first: int, last: int) -> Near:
        runs = {**self.together, **dict.fromkeys(self.elsewhere)} if self.elsewhere else self.together
        here = {run: self._near(run, first, last) for run in self.together if len(run.rows) > 1}
        return shown_near(self._asked, here, runs)

    def _in_text(self, places: Sequence[Mark]) -> list[Mark]:
        """Turn places in the folded rows into such in the text."""
        if self._rows.is_spaceless:
            return [(first, last + 1) for first, last in places]
        starts = self._rows.places([first for first, _ in places])
        ends = self._rows.places([last for _, last in places])
        return [(start, end + 1) for start, end in zip(starts, ends, strict=True)]

    def _occurrences(self, needle: Needle, first: int, last: int, most: int = sys.maxsize) -> list[Mark]:
        """Return where in the folded rows a needle stands between two of their characters: its first and its last."""
        if len(needle.ways) == 1:
            return self._find(needle.ways[0], first, last, most)
        found: list[Mark] = []
        for way in needle.ways:
            if len(found) < most:
                found += self._find(way, first, last, most)
        return found

    def _find(self, string: LookedFor, first: int, last: int, most: int) -> list[Mark]:
        if string.is_plain:
            return _find_all(self._rows.text, string.rows[0].text, first, last, most)
        if self._rows.text.find(string.rows[0].text, first, last) < 0:
            return []
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

    def _has_whole_runs(self, rows: Sequence[Row], starts: Sequence[int]) -> bool:
        return all(
            self._is_whole_run(start + first, start + last)
            for row, start in zip(rows, starts, strict=True)
            for first, last in row.runs
        )

    def _is_whole_run(self, start: int, end: int) -> bool:
        """Return whether [start, end) is one run, not a part of a longer one nor two with a space between."""
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


def _with_breaks(text: str, rows: Sequence[Row], first: int, last: int) -> Iterator[tuple[int, ...]]:
    """Yield where the rows start, for each time that they follow each other with nothing but breaks between."""
    start, others = rows[0].text, rows[1:]
    at = text.find(start, first, last)
    while at >= 0:
        starts = _go_on(text, others, at, at + len(start)) if others else (at,)
        if starts and starts[-1] + len(rows[-1].text) <= last:
            yield starts
        at = text.find(start, at + 1, last)


def _go_on(text: str, rows: Sequence[Row], at: int, end: int) -> tuple[int, ...]:
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


def mark_and_cut(texts: Sequence[tuple[str, str]], needles: Needles) -> Iterator[tuple[tuple[Mark, ...], Snippet]]:
    """Yield for each title and body what ``find_marks`` and ``make_snippet`` return; all texts are folded together."""
    if not needles.longest_first:  # of a list that no words were asked for each text is shown from its start, unread
        yield from (((), _beginning(body)) for _, body in texts)
        return
    if native := compiled():
        for marks, snippet in native.show(list(texts), *sought_by(native, needles, _LIMITS), True):
            yield marks, Snippet(*snippet)
        return
    rows = iter(folded_together(list(chain.from_iterable(texts))))
    for (_, body), of_title, of_body in zip(texts, rows, rows, strict=True):
        title, seen = _of_one(of_title, of_body, needles)
        yield title.all_marks(), _snippet(body, seen)


def mark_both(title: str, body: str, needles: Needles) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """Return what of a title and what of a body matched."""
    if native := compiled():
        return native.show([(title, body)], *sought_by(native, needles, _LIMITS), False)[0]
    rows_of_title, rows_of_body = folded_together([title, body])
    of_title, of_body = _of_one(rows_of_title, rows_of_body, needles)
    return of_title.all_marks(), of_body.all_marks()


def _of_one(title: FoldedRows, body: FoldedRows, needles: Needles) -> tuple[_Seen, _Seen]:
    """Look at title and body of an announcement: what stands together in one need not be shown apart in the other."""
    of_title, of_body = _Seen(title, needles), _Seen(body, needles.in_body)
    if needles.together:
        of_title.elsewhere, of_body.elsewhere = of_body.together, of_title.together
    return of_title, of_body


# ── showing ──────────────────────────────────────────────────────────────────────────────────────────


def make_snippet(body: str, needles: Needles) -> Snippet:
    """Show the one or two stretches of a body that hold the most different strings of a query, marked.

    About ``SNIPPET_CHARS`` characters in all, cut at sentence ends where possible; the body's start when nothing of
    the query stands in it; "" for an empty body.
    """
    if native := compiled():
        return Snippet(*native.cut(body, sought_by(native, needles, _LIMITS)[1], True))
    return _snippet(body, _Seen(folded_rows(body), needles.in_body))


def cut(bodies: Sequence[str], needles: Needles) -> Iterator[Snippet]:
    """Yield for each body what ``make_snippet`` returns, without the marks.

    Where ``needles.in_body`` are none, a body need not be longer than ``START_CHARS``.
    """
    in_body = needles.in_body
    if not in_body.longest_first:
        yield from map(_beginning, bodies)
        return
    if native := compiled():
        sought = sought_by(native, in_body, _LIMITS)[1]
        yield from (Snippet(*native.cut(body, sought, False)) for body in bodies)
        return
    for body, rows in zip(bodies, folded_together(bodies), strict=True):
        yield _snippet(body, _Seen(rows, in_body), marked=False)


def _beginning(body: str) -> Snippet:
    """Show a text of which nothing was asked for, or nothing was found."""
    start, end = around(body, (0, 0), SNIPPET_CHARS)
    return Snippet(_in_one_line(body[start:end].strip()))


def _snippet(body: str, seen: _Seen, *, marked: bool = True) -> Snippet:
    places = seen.telling_places()
    if not places:
        return _beginning(body)
    text, marks, at = "", list[Mark](), -1
    for start, end in stretches(body, places, SNIPPET_CHARS):
        piece = body[start:end].lstrip()
        before = end - start - len(piece)
        shown = piece.rstrip()
        if text and shown:
            text += JOINT
        shift = len(text) - start - before
        inside = seen.marks(start, end) if marked else ()
        at = inside[0][0] if inside and at < 0 else at
        marks += [(first + shift, last + shift) for first, last in inside]
        text += _in_one_line(shown)
    return Snippet(text, tuple(marks), at)


def _in_one_line(text: str) -> str:
    return text if text.isprintable() else text.translate(_ONE_LINE)


_ONE_LINE = str.maketrans(dict.fromkeys(map(ord, "\n\r\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"), " "))
