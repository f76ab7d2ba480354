"""An announcement's body as its page shows it: paragraphs, tables, headings with anchors, marks.

Works on ranges of the stored body, so that every mark stays where the engine found it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from indexer.announcement import attachment_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.announcement import Announcement
    from indexer.answers.results import Mark
    from webui.pages.parts import Part

_NUMERAL = "一二三四五六七八九十百千零〇0-9０-９"
_CHAPTER = re.compile(rf"第[{_NUMERAL}]{{1,7}}[编章节篇](?=[\s　:：]|.{{0,30}}$)")
_ITEM = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SUBITEM = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")
_ARTICLE = re.compile(rf"第[{_NUMERAL}]{{1,7}}条(?![款件例])")
HEADING_CHARS = 48  # longest line that is a heading rather than a paragraph that opens with one
LEAD_CHARS = 20  # longest opening of a paragraph that reads as its title: （一）基本原则。政府引导…
CONTENTS_FROM = 3  # headings; fewer need no list
CONTENTS_BODY_CHARS = 800  # about one screen of text; what fits on a screen needs no list either


@dataclass(frozen=True, slots=True)
class Heading:
    """A place in the body that can be pointed to."""

    anchor: str
    level: int  # 1 chapter or 一、; 2 （一）; 3 第X条
    label: str  # as the contents list shows it
    listed: bool  # False: a numbered sentence rather than a title; it has an anchor all the same


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the body with the marks inside it, by their place in the body."""

    start: int
    end: int
    marks: tuple[tuple[int, Mark], ...] = ()  # (number of the mark from 1, range in the body)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or table."""

    kind: Literal["paragraph", "heading", "table", "attachment"]
    rows: tuple[tuple[Span, ...], ...]  # a paragraph or heading is one row of one cell
    heading: Heading | None = None
    attachment: int = 0  # number, from 1, of the attachment whose text begins here


@dataclass(frozen=True, slots=True)
class Document:
    """A body cut into blocks, with its contents list."""

    blocks: tuple[Block, ...]
    contents: tuple[Heading, ...] = field(default=())  # () when the text is short


def attachment_texts(a: Announcement) -> dict[int, int]:
    """Return where in a body the texts of attachments begin, each with the number of its attachment from 1."""
    found: dict[int, int] = {}
    end = len(a.body)
    for number, one in reversed(list(enumerate(a.attachments, 1))):
        if one.has_text and (at := a.body.rfind(f"\n{attachment_line(one.name)}\n", 0, end)) >= 0:
            found[at + 1] = number
            end = at + 1
    return found


def lay_out(
    body: str, marks: tuple[Mark, ...] = (), part: Part | None = None, texts: Mapping[int, int] | None = None
) -> Document:
    """Cut a body, or a part of it, into blocks; lines with tabs that follow each other are one table.

    Anchors count from 1 in each part, the later ones with the part's number before. ``texts`` are those of
    attachments, see ``attachment_texts``.
    """
    begins = texts or {}
    begin, finish = (part.start, part.end) if part else (0, len(body))
    prefix = f"p{part.number}s" if part and part.number > 1 else "s"
    blocks: list[Block] = []
    table: list[tuple[Span, ...]] = []
    anchors = 0
    for start, end in _lines(body, begin, finish):
        if "\t" in body[start:end] and start not in begins:
            table.append(tuple(_span(a, b, marks) for a, b in _cells(body, start, end)))
            continue
        if table:
            blocks.append(Block("table", tuple(table)))
            table = []
        if number := begins.get(start):
            named = Heading(f"file{number}", 1, body[start:end].strip(), listed=True)
            blocks.append(Block("attachment", ((_span(start, end, marks),),), named, number))
        elif line := body[start:end].strip():
            heading = _heading(line, f"{prefix}{anchors + 1}")
            anchors += heading is not None
            blocks.append(Block(_kind(line, heading), ((_span(start, end, marks),),), heading))
    if table:
        blocks.append(Block("table", tuple(table)))
    return Document(tuple(blocks), _contents(blocks, finish - begin))


def _kind(line: str, heading: Heading | None) -> Literal["heading", "paragraph"]:
    """Tell a heading on a line of its own from a paragraph that opens with one."""
    alone = heading is not None and heading.level < 3 and heading.label == line
    return "heading" if alone else "paragraph"


def _lines(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in body[start:end].split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _cells(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for cell in body[start:end].split("\t"):
        yield start, start + len(cell)
        start += len(cell) + 1


def _span(start: int, end: int, marks: tuple[Mark, ...]) -> Span:
    """Take the marks that begin in this stretch; marks never cross a line or cell (matches do not)."""
    first, after = bisect_left(marks, (start, 0)), bisect_left(marks, (end, 0))
    inside = tuple((n + 1, (marks[n][0], min(marks[n][1], end))) for n in range(first, after))
    return Span(start, end, inside)


def _heading(line: str, anchor: str) -> Heading | None:
    for level, pattern in ((1, _CHAPTER), (1, _ITEM), (2, _SUBITEM), (3, _ARTICLE)):
        if found := pattern.match(line):
            lead = found[0] if level == 3 else re.split("[。；;：:]", line, maxsplit=1)[0]
            label = lead if len(lead) <= HEADING_CHARS else lead[: HEADING_CHARS - 1] + "…"
            runs_on = len(lead) < len(line.rstrip("。；;：:"))
            listed = level == 3 or label == line or (runs_on and len(lead) <= LEAD_CHARS)
            return Heading(anchor, level, label, listed)
    return None


def _contents(blocks: list[Block], body_chars: int) -> tuple[Heading, ...]:
    """Choose what the contents list shows: chapters and items; articles only where there is nothing above them."""
    headings = [block.heading for block in blocks if block.heading and block.heading.listed]
    upper = [heading for heading in headings if heading.level < 3]
    listed = upper or headings
    if len(listed) < CONTENTS_FROM or body_chars < CONTENTS_BODY_CHARS:
        return ()
    return tuple(listed)
