"""Choose and mark the stretches of text that show why an announcement matched.

Works on the stored text with the query's own strings, never on an engine's highlighter, so that every engine shows
the same. A string is found as finding goes: unit by unit, so the mark of 1号 never lies in 11号, and a mark covers
the spaces within what matched. Offsets count Unicode characters of the text as it is stored.
"""

from __future__ import annotations

import re
import sys
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from indexer.answers.highlight_near import Near, closest, shown_near
from indexer.answers.results import Mark, Snippet
from indexer.text.folded_text import folded_rows, folded_together, parts_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from indexer.answers.highlight_terms import LookedFor, Needle, Needles, Row, Together
    from indexer.text.fold import Codes
    from indexer.text.folded_text import FoldedRows
    from indexer.text.units import Offsets

SNIPPET_CHARS: Final = 120  # about three lines of the result list at 1280 px
START_CHARS: Final = SNIPPET_CHARS + 2  # of a text that tell the snippet from its start, and that the text goes on
JOINT: Final = " … "

# Looked at to choose a stretch: a common word stands in a long text hundreds of times, and looking for one more
# string takes 0.05 ms in 50,000 characters.
_MOST_PLACES, _MOST_NEEDLES = 160, 8
_CLAUSE_END = re.compile(r"[，,、：:\t\s]+")
_SENTENCE_END, _ANY_CLAUSE_END = re.compile(r"[。！？!?；;\n]"), re.compile(r"[，,、：:\t\s]")
_CLOSING = re.compile(r"[”’」』）)]*")  # behind the end of a sentence


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────


def find_marks(text: str, needles: Needles) -> tuple[Mark, ...]:
    """Return what of a text matched, in order; marks that touch or overlap are one. For a body, ``needles.in_body``."""
    return _Seen(folded_rows(text), needles).all_marks()


_Place = tuple[int, int, int]  # start, end, number of the string; hundreds of them are sorted for one snippet


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

    def telling_places(self) -> list[_Place]:
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
        return _merged(self._in_text(found)) if found else ()

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
    """Return where the rows start, for each time that they follow each other with nothing but breaks between."""
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


def _merged(places: Iterable[Mark]) -> tuple[Mark, ...]:
    merged: list[Mark] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def mark_and_cut(texts: Sequence[tuple[str, str]], needles: Needles) -> Iterator[tuple[tuple[Mark, ...], Snippet]]:
    """Yield for each title and body what ``find_marks`` and ``make_snippet`` return; all texts are folded together."""
    if not needles.longest_first:  # of a list that no words were asked for each text is shown from its start, unread
        yield from (((), _beginning(body)) for _, body in texts)
        return
    rows = iter(folded_together(list(chain.from_iterable(texts))))
    for (_, body), of_title, of_body in zip(texts, rows, rows, strict=True):
        title, seen = _of_one(of_title, of_body, needles)
        yield title.all_marks(), _snippet(body, seen)


def mark_both(title: str, body: str, needles: Needles) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """Return what of a title and what of a body matched."""
    rows_of_title, rows_of_body = folded_together([title, body])
    of_title, of_body = _of_one(rows_of_title, rows_of_body, needles)
    return of_title.all_marks(), of_body.all_marks()


def _of_one(title: FoldedRows, body: FoldedRows, needles: Needles) -> tuple[_Seen, _Seen]:
    """Look at title and body of an announcement: what stands together in one need not be shown apart in the other."""
    of_title, of_body = _Seen(title, needles), _Seen(body, needles.in_body)
    if needles.together:
        of_title.elsewhere, of_body.elsewhere = of_body.together, of_title.together
    return of_title, of_body


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────────


def make_snippet(body: str, needles: Needles) -> Snippet:
    """Show the one or two stretches of a body that hold the most different strings of a query, marked.

    About ``SNIPPET_CHARS`` characters in all, cut at sentence ends where possible; the body's start when nothing of
    the query stands in it; "" for an empty body.
    """
    return _snippet(body, _Seen(folded_rows(body), needles.in_body))


def cut(bodies: Sequence[str], needles: Needles) -> Iterator[Snippet]:
    """Yield for each body what ``make_snippet`` returns, without the marks.

    Where ``needles.in_body`` are none, a body need not be longer than ``START_CHARS``.
    """
    in_body = needles.in_body
    if not in_body.longest_first:
        yield from map(_beginning, bodies)
        return
    for body, rows in zip(bodies, folded_together(bodies), strict=True):
        yield _snippet(body, _Seen(rows, in_body), marked=False)


def _beginning(body: str) -> Snippet:
    """Show a text of which nothing was asked for, or nothing was found."""
    start, end = _around(body, (0, 0), SNIPPET_CHARS)
    return Snippet(_in_one_line(body[start:end].strip()))


def _snippet(body: str, seen: _Seen, *, marked: bool = True) -> Snippet:
    places = seen.telling_places()
    if not places:
        return _beginning(body)
    text, marks, at = "", list[Mark](), -1
    for start, end in _stretches(body, places):
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


def _stretches(body: str, places: Sequence[_Place]) -> tuple[Mark, ...]:
    """Choose what to show."""
    width = SNIPPET_CHARS * 3 // 4
    if len(places) == 1:
        return (_around(body, places[0][:2], SNIPPET_CHARS),)
    window = _best_window(places, width)
    if len(_held(places, window)) == len({place[2] for place in places}):
        return (_around(body, window, SNIPPET_CHARS),)
    first = _best_window(places, width // 2)
    held = _held(places, first)
    others = [place for place in places if place[2] not in held]
    halves = (first, _best_window(others, width // 2)) if others else (first,)
    return _merged(_around(body, half, SNIPPET_CHARS // 2) for half in halves)


def _best_window(places: Sequence[_Place], width: int) -> Mark:
    """Return the first stretch, at most ``width`` long if a place is not longer, with the most different needles."""
    (first, last, _), most, left = places[0], 0, 0
    held, different = dict.fromkeys([place[2] for place in places], 0), 0
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
            most, first, last = different, places[left][0], max([one[1] for one in places[left : index + 1]])
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
    """Return where to begin, from ``earliest`` to ``first``."""
    if earliest == 0:
        return 0
    if sentences := _end_of_sentences(body, earliest, first):
        return sentences
    if clause := _CLAUSE_END.search(body, earliest, first):
        return clause.end()
    return _outside_run(body, first - (first - earliest) // 2)


def _end(body: str, last: int, latest: int) -> int:
    """Return where to stop, from ``last`` to ``latest``."""
    if latest == len(body):
        return latest
    if whole := _end_of_sentences(body, last, latest) or _last(_ANY_CLAUSE_END, body, last, latest):
        return whole
    return max(last, _outside_run(body, latest))


def _end_of_sentences(body: str, start: int, end: int) -> int:
    """Return where the last sentence ends that ends in a stretch, with what closes it; 0 if none does."""
    at = _last(_SENTENCE_END, body, start, end)
    closing = _CLOSING.match(body, at, end) if at else None
    return closing.end() if closing else at


def _last(character: re.Pattern[str], body: str, start: int, end: int) -> int:
    """Return the place behind the last such character of a stretch; 0 if it has none."""
    found = character.search(body[start:end][::-1])
    return end - found.start() if found else 0


def _outside_run(body: str, at: int) -> int:
    """Move back to where no run of letters and digits is cut in two."""
    while 0 < at < len(body) and body[at].isascii() and body[at].isalnum() and body[at - 1].isalnum():
        at -= 1
    return at


_ONE_LINE = str.maketrans(dict.fromkeys(map(ord, "\n\r\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"), " "))
