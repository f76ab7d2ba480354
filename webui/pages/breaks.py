"""Where lines of text may break: titles between words, numbers and days nowhere."""

from __future__ import annotations

import re
from itertools import pairwise

from markupsafe import Markup, escape

from indexer.text.fold import fold
from indexer.text.segmenter import words

_OPENING = "《〈（(“‘「『〔[【"
_SHORT = 200  # characters of a title that is cut into words; longer ones are no titles
# A document number with its prefix, a day, an amount with its unit: 国办发〔2017〕47号, 2024年3月5日, 3.5万元. And an
# address that is too long for the rest of a line: it may break anywhere, or the line before it would be torn apart.
_WHOLE = re.compile(
    r"(?P<long>(?:https?://|www\.)[!-~]{16,})"
    r"|[一-鿿]{0,6}[〔\[（(][12][0-9]{3}[〕\]）)][第 ]{0,2}[0-9]{1,6}号"
    r"|[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9][0-9,.]{0,15}[万亿]?(?:元|%|％|人|个|年|月|日|倍|亩|户|家|项|公里|平方米|吨)"
)


def unbroken(text: str) -> Markup:
    """Escape a text; document numbers, days and amounts in it are kept on one line, addresses fill their lines."""
    pieces, at = [], 0
    for found in _WHOLE.finditer(text):
        look = "long" if found["long"] else "nobr"
        pieces.append(f'{escape(text[at : found.start()])}<span class="{look}">{escape(found[0])}</span>')
        at = found.end()
    pieces.append(str(escape(text[at:])))
    return Markup("".join(pieces))  # noqa: S704 - every piece of text was escaped above


def title_breaks(title: str) -> list[int]:
    """Return before which characters a title may break: at words, but not before one of a single character.

    Numbers and days are not broken.
    """
    if len(title) > _SHORT:
        return list(range(1, len(title)))
    folded, at, found = fold(title), 0, []
    for word in words(title):
        start = folded.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        while start and title[start - 1] in _OPENING:
            start -= 1
        if len(word) > 1 and start and not title[start - 1].isascii():
            found.append(start)
    whole = [one.span() for one in _WHOLE.finditer(title)]
    return [place for place in found if not any(first < place < after for first, after in whole)]


def breaking(title: str, marks: tuple[tuple[int, int], ...] = ()) -> Markup:
    """Escape a title with its marked ranges; lines may break between its words."""
    edges = {edge for mark in marks for edge in mark}
    breaks = set(title_breaks(title))
    starts = {start for start, _ in marks}
    inside = {place for start, end in marks for place in range(start, end)}
    pieces = []
    for first, last in pairwise(sorted({0, len(title), *edges, *breaks})):
        piece = str(escape(title[first:last]))
        gap = "<wbr>" if first in breaks else ""
        opened = gap + "<mark>" if first in starts else gap
        closed = "</mark>" if first in inside and (last not in inside or last in starts) else ""
        pieces.append(opened + piece + closed)
    return Markup("".join(pieces))  # noqa: S704 - every piece of text was escaped above
