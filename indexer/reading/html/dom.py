"""Parse a page with BeautifulSoup's lxml builder and read it into a ``Document`` while it is parsed.

What the builder would make a tree of is read as it comes: a tree of its own costs more than parser and reading
together. The reading keeps its own stack, so that no depth of nesting can exhaust Python's. It starts at the root,
never at ``<body>``: parsers put the text of some genuine pages outside of it.
"""

from __future__ import annotations

import gc
import re
import warnings
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.builder._lxml import LXMLTreeBuilder
from lxml.etree import HTMLParser

from indexer.errors import PageUnreadable
from indexer.reading.html.attachment_links import address_in_call
from indexer.reading.html.document import Box, Document, Line, Link
from indexer.reading.html.labels import info_in_heading
from indexer.reading.html.line_ends import is_indent, join_wraps
from indexer.reading.html.unshown_elements import BREAK, slimmed
from indexer.skip_reasons import because
from indexer.text.spaces import collapse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_TAGS = 150_000  # opening and closing, and line ends, of one page; each costs about 0.7 kB and 15 µs

_SAVED_FROM = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:)\s*(\S+)", re.IGNORECASE)
_SAVED_FROM_CHARS = 4096
# The site's code often stands only in the script that reports mistakes, which goes before parsing.
_SITE_CODE = re.compile(r"""[Ss]ite_?(?:[Ii][Dd])?[Cc]ode["']?\s*[=:]\s*["']?(bm\d{8}|\d{10})\b""")

_SKIPPED_NAMES = (
    "script style noscript svg template textarea select option iframe object embed canvas video audio input button map "
    "rt rp"  # how a word is read aloud
)
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_INLINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr nobr o:p st1 basefont"
)
_INLINE = frozenset(_INLINE_NAMES.split())
_CELLS = frozenset(("td", "th"))
_NOTED = frozenset(("meta", "link", "title", "base"))
_NO_NAME = "   "  # of an element without id and class
_BLANKS = " \n\t\f\r"
_HEADINGS = frozenset(("h1", "h2", "h3"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASSES = frozenset(
    ("hidden", "hide", "none", "d-none", "dn", "ng-hide", "layui-hide", "visually-hidden", "sr-only", "displaynone")
)
_MAX_CELL_LINES = 40  # a cell with more is a column of the layout, not of a table


def parse(markup: str) -> Document:
    """Read a page's markup; raises ``PageUnreadable`` if there is more of it than a page can have."""
    saved_from = _SAVED_FROM.search(markup[:_SAVED_FROM_CHARS])
    slim = slimmed(markup)
    if (tags := slim.count("<") + slim.count(BREAK)) > MAX_TAGS:
        raise PageUnreadable(because("many-tags", count=f"{tags:,}"))
    with _collection_paused():
        document = _read(slim)
    document.saved_from = saved_from.group(1) if saved_from else ""
    site_code = _SITE_CODE.search(markup)
    document.site_code = site_code.group(1).lower() if site_code else ""
    return document


class _Reader(LXMLTreeBuilder):
    """The builder for lxml whose parser hands what it reads to a walk instead of a tree."""

    walk: _Walk

    def parser_for(self, encoding: Any) -> Any:
        """Begin anew: what is rejected is fed again."""
        self.walk = _Walk()
        return HTMLParser(target=self.walk, recover=True, huge_tree=self.huge_tree, encoding=encoding)


def _read(markup: str) -> Document:
    reader = _Reader(multi_valued_attributes=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        BeautifulSoup(markup, builder=reader)
    return reader.walk.document


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Keep Python from looking for garbage in what only grows: it finds none, and takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Walk:
    """One pass over a page; what is open at the moment is its state. The parser calls ``start``, ``end``, ``data``."""

    def __init__(self) -> None:
        self.document = Document(boxes=[Box("", "", -1, 0)])
        self.box = 0
        self.open: list[tuple[str, Mapping[str, str], bool]] = []  # name, attributes, whether it hides
        self.skipped = 0  # open elements below one of which nothing is read, and that one
        self.title: list[str] | None = None  # text of the page's title while it is open
        self.kept_spaces = 0  # open preformatted elements
        self.texts: list[str] = []  # since the last tag; the parser may hand one over in pieces
        self.data = self.texts.append
        self.hidden = 0  # open elements that hide what is in them
        self.link_pieces: list[str] | None = None  # text of the open link
        self.pieces: list[str] = []
        self.link_chars = 0
        self.aside: list[tuple[list[str], int]] = []  # lines that an unseen element inside of them interrupts
        self.rows: list[_Row] = []
        self.run = -1  # index of the first of the lines that only line ends part; -1 while there is none

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open an element, or skip it if nothing in it is to be read."""
        if self.texts:
            self._end_data()
        if self.skipped:
            self.skipped += 1
        elif name in _SKIPPED:
            self.skipped = 1
        elif name in _NOTED:
            self._note(name, attributes)
            self.skipped = 1
        else:
            self._enter(name, attributes)

    def end(self, _: str) -> None:
        """Close the element that was opened last."""
        if self.texts:
            self._end_data()
        if not self.skipped:
            self._leave()
            return
        self.skipped -= 1
        if self.title is not None and not self.skipped:
            self.document.title = self.document.title or collapse("".join(self.title))
            self.title = None

    def _end_data(self) -> None:
        """Read the text between two tags; what is nothing but blanks counts as one."""
        text = "".join(self.texts)
        self.texts.clear()
        if self.skipped:
            if self.title is not None:
                self.title.append(text)
            return
        if not self.kept_spaces and not text.strip(_BLANKS):
            text = "\n" if "\n" in text else " "
        self._text(text)

    def close(self) -> None:
        """End what is open at the page's end."""
        if self.texts:
            self._end_data()
        self._flush()
        self.document.boxes[0].end = len(self.document.lines)

    def _text(self, text: str) -> None:
        if BREAK in text:
            *lines, text = text.split(BREAK)
            for line in lines:
                self._piece(line)
                if self.run < 0:
                    self.run = len(self.document.lines)
                self._end_line()
        self._piece(text)

    def _piece(self, text: str) -> None:
        self.pieces.append(text)
        if self.link_pieces is not None:
            self.link_pieces.append(text)
            self.link_chars += len(text.strip())

    def _enter(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open an element that is read."""
        if name == "time" and (moment := attributes.get("datetime")):
            self.document.metas.setdefault("datetime", moment)
        hides = bool(attributes) and _is_hidden(attributes)
        if hides:
            self._hide(name)
        if name == "a":
            self.link_pieces = [] if attributes.get("href") else None  # an anchor without address is no link
        elif name not in _INLINE:
            self._flush()
            self._open_box(name, attributes)
            self.kept_spaces += name == "pre"
        self.open.append((name, attributes, hides))

    def _open_box(self, name: str, attributes: Mapping[str, str]) -> None:
        document = self.document
        label = f" {attributes.get('id', '')} {attributes.get('class', '')} ".lower() if attributes else _NO_NAME
        document.boxes.append(Box(name, label, self.box, len(document.lines)))
        self.box = len(document.boxes) - 1
        if name == "tr":
            self.rows.append(_Row(self.box, len(document.lines)))
        elif name in _CELLS and self.rows:
            self.rows[-1].cells.append(len(document.lines))
        elif name == "table" and self.rows:
            self.rows[-1].holds_table = True

    def _leave(self) -> None:
        """Close an element that is read."""
        name, attributes, hides = self.open.pop()
        if name == "a":
            self._close_link(attributes)
        elif name not in _INLINE:
            self._flush()
            self.document.boxes[self.box].end = len(self.document.lines)
            closed, self.box = self.box, self.document.boxes[self.box].parent
            if name == "tr" and self.rows and self.rows[-1].box == closed:
                self._join_row(self.rows.pop())
            self.kept_spaces -= name == "pre"
        if hides:
            self._show(name)

    def _hide(self, name: str) -> None:
        """Begin what is not shown; within a line it is put before that line, which goes on behind it."""
        if name in _INLINE:
            self.aside.append((self.pieces, self.link_chars))
            self.pieces, self.link_chars = [], 0
        else:
            self._flush()
        self.hidden += 1

    def _show(self, name: str) -> None:
        if name in _INLINE:
            self._end_line()
            self.pieces, self.link_chars = self.aside.pop()
        else:
            self._flush()
        self.hidden -= 1

    def _close_link(self, attributes: Mapping[str, str]) -> None:
        href = attributes.get("href", "").strip()
        pieces, self.link_pieces = self.link_pieces or (), None
        if href.startswith(("#", "javascript:")):
            href = address_in_call(f"{href} {attributes.get('onclick', '')}")
        if href and not href.startswith(("#", "javascript:", "mailto:")):
            line = len(self.document.lines) - (not self.pieces)  # the line that is open, or that a block in it closed
            title = collapse(attributes.get("title") or attributes.get("download") or "")
            self.document.links.append(Link(collapse("".join(pieces)), href, title, max(0, line)))

    def _flush(self) -> None:
        """End the current line, and the run of lines that it stands in."""
        self._end_line()
        if self.run >= 0:
            join_wraps(self.document, self.run)
            self.run = -1

    def _end_line(self) -> None:
        if not self.pieces:
            return
        pieces = self.pieces
        parts = tuple([part for piece in pieces if (part := collapse(piece))])
        if parts:
            text = parts[0] if len(parts) == 1 else collapse("".join(pieces))
            box = self.document.boxes[self.box]
            indented = self.run >= 0 and is_indent("".join(pieces))
            line = Line(text, parts, self.box, self.link_chars, self.hidden > 0, tag=box.tag, indented=indented)
            self.document.lines += _without_info(line) if box.tag in _HEADINGS else (line,)
        self.pieces = []
        self.link_chars = 0

    def _join_row(self, row: _Row) -> None:
        """Make the lines of a data row one line; rows that only lay out the page stay as they are."""
        document = self.document
        shown = row.shown_cells(document.lines)
        cells = [" ".join(line.text for line in cell) for cell in shown]
        if row.holds_table or sum(map(bool, cells)) < 2 or row.longest_cell(len(document.lines)) > _MAX_CELL_LINES:
            return
        lines = document.lines[row.first :]
        joined = Line(
            "\t".join(cells).rstrip("\t"),
            tuple(cell for cell in cells if cell),
            row.box,
            sum(line.link_chars for cell in shown for line in cell),
            all(line.hidden for line in lines),
            is_row=True,
            tag="tr",
        )
        del document.lines[row.first :]
        document.lines.append(joined)
        del document.boxes[row.box + 1 :]
        document.boxes[row.box].end = len(document.lines)
        for at in range(len(document.links) - 1, -1, -1):
            link = document.links[at]
            if link.line <= row.first:
                break
            document.links[at] = Link(link.text, link.href, link.title, row.first)

    def _note(self, name: str, attributes: Mapping[str, str]) -> None:
        document = self.document
        if name == "meta":
            key = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
            content = collapse(attributes.get("content", ""))
            if (key := key.strip().lower()) and content:
                document.metas.setdefault(key, content)
        elif name == "title":
            self.title = []
        elif name == "link" and attributes.get("rel", "").lower() == "canonical":
            document.canonical = document.canonical or attributes.get("href", "").strip()


def _without_info(heading: Line) -> tuple[Line, ...]:
    """Return a heading, and the date and source that a template put into it as a line of their own."""
    text, parts = heading.text, heading.parts
    cut = info_in_heading(text)
    if not cut:
        return (heading,)
    behind = parts[1:] if len(parts) > 1 and len(parts[0]) <= cut else (text[cut:],)
    title = text[:cut].rstrip()
    return (
        replace(heading, text=title, parts=(title,), link_chars=min(len(title), heading.link_chars)),
        replace(heading, text=text[cut:], parts=behind, link_chars=0),
    )


class _Row:
    """A table row while it is open."""

    __slots__ = ("box", "cells", "first", "holds_table")

    def __init__(self, box: int, first: int) -> None:
        self.box = box
        self.first = first  # index of its first line
        self.cells: list[int] = []  # index of each cell's first line
        self.holds_table = False

    def shown_cells(self, lines: list[Line]) -> list[list[Line]]:
        """Return the lines of each cell, without what a reader does not see, unless the row is hidden as a whole."""
        cells = [lines[start:end] for start, end in pairwise([*self.cells, len(lines)])]
        seen = [[line for line in cell if not line.hidden] for cell in cells]
        if not any(seen):
            return cells
        return [left for cell, left in zip(cells, seen, strict=True) if left or not cell]

    def longest_cell(self, end: int) -> int:
        """Return the number of lines in the longest cell."""
        return max((after - start for start, after in pairwise([*self.cells, end])), default=0)


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if style and _HIDDEN_STYLE.search(style):
        return True
    classes = attributes.get("class")
    return classes is not None and not _HIDDEN_CLASSES.isdisjoint(classes.lower().split())
