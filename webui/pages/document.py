"""An announcement's body as its page shows it: paragraphs, tables, headings, clauses with anchors, marks.

Works on ranges of the stored body, so that every mark stays where the engine found it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from indexer.announcement import attachment_line
from indexer.light_dataclass import dataclass
from webui.pages.contents import contents_of
from webui.pages.official_form import heading_mark, looks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.announcement import Announcement
    from indexer.answers.results import Mark
    from indexer.relations.clauses import Clause, Structure
    from webui.pages.contents import Entry
    from webui.pages.official_form import Look
    from webui.pages.parts import Part

HEADING_CHARS: Final = 60  # longest line that is a heading rather than a paragraph that opens with one
_DEEPEST: Final = 4  # h4; what lies deeper looks alike
_INDENT: Final = " \t\u3000\xa0\u2002\u200b#*"
_HEADED: Final = frozenset({"annex", "book", "chapter", "section", "title", "item", "subitem", "point"})


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
    anchor: str = ""  # of the clause, or the 款 or 项, that begins here; "" without
    also: str = ""  # anchor of the first 款 where an article of several begins; "" elsewhere
    clause: Clause | None = None  # what begins here, a 款 or 项 left out
    level: int = 0  # of a heading: 2 to 4, as in h2
    look: Look = ""  # how a paragraph is set
    attachment: int = 0  # number, from 1, of the attachment whose text begins here


@dataclass(frozen=True, slots=True)
class Document:
    """A body cut into blocks, with its contents list."""

    blocks: tuple[Block, ...]
    contents: tuple[Entry, ...] = field(default=())  # () when the text is short


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
    structure: Structure,
    marks: tuple[Mark, ...] = (),
    part: Part | None = None,
    texts: Mapping[int, int] | None = None,
    title: str = "",
) -> Document:
    """Cut a text, or a part of it, into blocks; lines with tabs that follow each other are one table.

    A clause that begins within a line, where a saved text has lost its line ends, begins a block of its own. ``texts``
    are those of attachments, see ``attachment_texts``; ``title`` is set as one where the text repeats it.
    """
    body, begins = structure.body, texts or {}
    begin, finish = (part.start, part.end) if part else (0, len(body))
    places = _Places(structure, begin, finish)
    set_as = _looks(body, begin, finish, begins, title)
    blocks: list[Block] = []
    table: list[tuple[Span, ...]] = []
    for start, end in _lines(body, begin, finish):
        if "\t" in body[start:end] and start not in begins:
            table.append(tuple(_span(a, b, marks) for a, b in _cells(body, start, end)))
            continue
        if table:
            blocks.append(Block("table", tuple(table)))
            table = []
        if number := begins.get(start):
            blocks.append(Block("attachment", ((_span(start, end, marks),),), f"file{number}", attachment=number))
            continue
        for first, last in places.cut(start, end):
            if body[first:last].strip():
                block = places.block(first, last, _span(first, last, marks))
                blocks.append(_without_signs(block, body, marks, set_as.get(first, "")))
    if table:
        blocks.append(Block("table", tuple(table)))
    return Document(tuple(blocks), contents_of(structure, begins))


def _looks(body: str, begin: int, finish: int, texts: Mapping[int, int], title: str) -> dict[int, Look]:
    """Return by where it begins how each line of the announcement's own text is set."""
    own = min(texts, default=finish)
    lines = [(start, line) for start, end in _lines(body, begin, min(own, finish)) if (line := body[start:end].strip())]
    found = looks([line for _, line in lines], title)
    return {lines[place][0]: look for place, look in found.items()}


def _without_signs(block: Block, body: str, marks: tuple[Mark, ...], look: Look) -> Block:
    """Set a block as its place asks for; number signs before a heading are not shown, unless they were asked for."""
    span = block.rows[0][0]
    text = body[span.start : span.end].lstrip()
    signs, depth = heading_mark(text)
    begin = span.end - len(text) + signs
    if signs and not any(start < begin for _, (start, _) in span.marks):
        block = replace(block, rows=((_span(begin, span.end, marks),),))
    if look and block.kind == "paragraph" and block.clause is None:
        return replace(block, look=look)
    if signs and block.kind == "paragraph" and block.clause is None:
        return replace(block, kind="heading", level=min(_DEEPEST, max(2, depth)))
    return block


class _Places:
    """Where the clauses of a stretch of the body begin, with their anchors."""

    def __init__(self, structure: Structure, begin: int, finish: int) -> None:
        self._structure = structure
        clauses = structure.clauses
        first = bisect_left(clauses, begin, key=lambda one: one.start)
        last = bisect_left(clauses, finish, key=lambda one: one.start)
        inside = clauses[max(0, first - 1) : last]
        self._clauses = {one.start: one for one in inside}
        self._starts = sorted(self._clauses)
        self._parts: dict[int, str] = {}
        self._first_parts: dict[int, str] = {}  # by the start of the article
        for one in inside:
            if one.kind == "article":
                self._name_parts(one)

    def _name_parts(self, article: Clause) -> None:
        parts = self._structure.parts(article)
        for part in parts[1:]:
            self._parts[part.start] = article.anchor + part.names[0]
        if parts and len(parts) > 1:
            self._first_parts[article.start] = article.anchor + parts[0].names[0]

    def cut(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Cut a line where clauses begin in it."""
        inner = self._starts[bisect_right(self._starts, start) : bisect_left(self._starts, end)]
        if inner and not self._structure.body[start : inner[0]].strip(_INDENT):
            del inner[0]
        yield from pairwise([start, *inner, end])

    def block(self, start: int, end: int, span: Span) -> Block:
        """Return a paragraph or a heading with its anchor."""
        body = self._structure.body
        opening = start + len(body[start:end]) - len(body[start:end].lstrip(_INDENT))
        clause = self._clauses.get(start) or self._clauses.get(opening)
        if clause is None:
            return Block("paragraph", ((span,),), self._parts.get(opening, ""))
        is_heading = clause.kind in _HEADED and end - opening <= HEADING_CHARS and _is_whole(body[opening:end], clause)
        level = min(_DEEPEST, 2 + sum(one.kind in _HEADED for one in self._structure.path(clause)[:-1]))
        kind: Literal["heading", "paragraph"] = "heading" if is_heading else "paragraph"
        return Block(kind, ((span,),), clause.anchor, self._first_parts.get(clause.start, ""), clause, level)


def _is_whole(line: str, clause: Clause) -> bool:
    """Return whether a line holds the number and heading of a clause and no sentence."""
    line = line.strip()
    headed = clause.kind in ("annex", "book", "chapter", "section", "title")
    return headed or (bool(clause.heading) and line.rstrip("。").endswith(clause.heading) and line[-1] not in "。；")


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
