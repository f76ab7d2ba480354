"""A headline that is set in several lines of their own: the issuer, what it is about, the form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.facts.document_form import form_of_title
from indexer.facts.organisations import ISSUER
from indexer.reading.html.boilerplate import boilerplate
from indexer.reading.html.labels import is_label_line
from indexer.reading.html.line_kinds import TEXT, is_prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.reading.html.document import Document, Line

_GOES_ON = re.compile("关于|印发|转发|批转|公布|发布")  # the second line of a headline whose first is the issuer
_ISSUER = re.compile(ISSUER)
_ISSUED = re.compile(rf"{ISSUER}关于")
_PART = re.compile(r"[\u4e00-\u9fff、\s《》“”\d（）()]{3,40}")
_LENGTHS = range(8, 120)  # characters of a headline
_MOST_LINES = 4  # of a headline
_HEAD_LINES = 2_000  # menus reach no further


def opening_lines(lines: Sequence[Line], headline: int, first: int = 1) -> int:
    """Return the index where a headline opens: lines above it where it is broken, as behind its issuers.

    No line before ``first`` belongs to it: a name on the very first line is the site's.
    """
    text, opening = lines[headline].text, headline
    for at in range(headline - 1, max(first - 1, headline - _MOST_LINES), -1):
        above = lines[at].text
        if not _PART.fullmatch(above) or boilerplate(above) or is_label_line(lines[at]):
            break
        if _GOES_ON.match(text) and _ISSUER.fullmatch(above):
            opening = at  # another one may stand above it
            continue
        if opening < headline and _ISSUER.fullmatch(lines[opening].text):
            break
        text = above + text
        if _GOES_ON.match(above) or _ISSUED.match(above):
            opening = at
    return opening


def headline_above_text(document: Document, reasons: Sequence[str]) -> range:
    """Return the lines above the first paragraph that make up the title of a document by their words: 关于…的通知.

    An empty range where there are none.
    """
    lines = document.lines
    for at, line in enumerate(lines):
        if is_prose(line) or at > _HEAD_LINES:
            break
        if reasons[at] != TEXT or line.is_row:
            continue
        opening = opening_lines(lines, at, first_beside(document, reasons, at))
        text = "".join(one.text for one in lines[opening : at + 1])
        if len(text) in _LENGTHS and "关于" in text and form_of_title(text):
            return range(opening, at + 1)
    return range(0)


def first_beside(document: Document, reasons: Sequence[str], at: int) -> int:
    """Return the first of the lines of text that stand in a row in like elements with a line, which is the last."""
    boxes = document.boxes
    box = boxes[document.lines[at].box]
    around = boxes[max(0, box.parent)]
    if (around.first, around.end) == (at - 1, at + 1) and reasons[at - 1] == TEXT:
        return at - 1
    first = at
    while first and at - first < _MOST_LINES and reasons[first - 1] == TEXT:
        above = boxes[document.lines[first - 1].box]
        if (above.parent, above.tag) != (box.parent, box.tag):
            break
        first -= 1
    return first
