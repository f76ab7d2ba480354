"""A snippet as a list shows it: without the title once more, and without the signs that mark headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.answers.results import Snippet

if TYPE_CHECKING:
    from indexer.answers.results import Hit

_SIGNS = re.compile(r"(?:(?<=\s)|^)#{1,6}[ 　]+")
_LEAD = frozenset("# \t\u3000")
_JOINTS = _LEAD | frozenset("-–—_|·，。、：；")  # between a title and what follows it


def shown_snippet(hit: Hit) -> Snippet:
    """Return the snippet of a hit without what its title says already; marks stay on what they marked."""
    text = hit.snippet.text
    end = _title_end(text, hit.title)
    cuts = [found.span() for found in _SIGNS.finditer(text) if found.start() >= end] if "#" in text else []
    return _without(hit.snippet, [(0, end), *cuts]) if end or cuts else hit.snippet


def _title_end(text: str, title: str) -> int:
    """Return where a text goes on after the title with which it begins, whatever blanks stand in either; else 0."""
    at = _after_signs(text, 0)
    if title and text.startswith(title, at) and not title[-1].isspace():  # as most do, blank by blank
        return _after_signs(text, at + len(title), _JOINTS)
    for character in title:
        if character.isspace():
            continue
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text) or text[at] != character:
            return 0
        at += 1
    return _after_signs(text, at, _JOINTS) if title else 0


def _after_signs(text: str, at: int, signs: frozenset[str] = _LEAD) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at


def _without(snippet: Snippet, cuts: list[tuple[int, int]]) -> Snippet:
    """Cut stretches out; a mark that lies in one goes with it."""
    kept, pieces, places = 0, [], []  # places: (start in the old text, end, start in the new one)
    length = 0
    for start, end in [*cuts, (len(snippet.text), len(snippet.text))]:
        if start > kept:
            pieces.append(snippet.text[kept:start])
            places.append((kept, start, length))
            length += start - kept
        kept = max(kept, end)
    marks = [
        (max(first, start) - start + at, min(last, end) - start + at)
        for first, last in snippet.marks
        for start, end, at in places
        if max(first, start) < min(last, end)
    ]
    return Snippet("".join(pieces), tuple(marks))
