"""Choose the one or two stretches of a text that hold the most different strings, cut at ends of sentences.

Where strings stand is told by ``highlight``; nothing here looks for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.answers.results import Mark

Place = tuple[int, int, int]  # start, end, number of the string; hundreds of them are sorted for one snippet

_CLAUSE_END = re.compile(r"[，,、：:\t\s]+")
_SENTENCE_END, _ANY_CLAUSE_END = re.compile(r"[。！？!?；;\n]"), re.compile(r"[，,、：:\t\s]")
_CLOSING = re.compile(r"[”’」』）)]*")  # behind the end of a sentence


def stretches(body: str, places: Sequence[Place], size: int) -> tuple[Mark, ...]:
    """Choose what to show, about ``size`` characters; the places are in order, and there is one at least."""
    width = size * 3 // 4
    if len(places) == 1:
        return (around(body, places[0][:2], size),)
    window = _best_window(places, width)
    if len(_held(places, window)) == len({place[2] for place in places}):
        return (around(body, window, size),)
    first = _best_window(places, width // 2)
    held = _held(places, first)
    others = [place for place in places if place[2] not in held]
    halves = (first, _best_window(others, width // 2)) if others else (first,)
    return merged(around(body, half, size // 2) for half in halves)


def _best_window(places: Sequence[Place], width: int) -> Mark:
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


def _held(places: Iterable[Place], window: Mark) -> set[int]:
    first, last = window
    return {needle for start, end, needle in places if first <= start and end <= last}


def around(body: str, window: Mark, size: int) -> Mark:
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


def merged(places: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return stretches in order, those that touch or overlap as one."""
    merged: list[Mark] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
