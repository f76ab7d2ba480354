"""Saved pages as text, in the ways of browsers, converters and copy-and-paste: made here from markup.

Each way keeps something else: the page's title, bullets, numbers or addresses of links, line ends at a fixed
width, hidden elements. A cleaner must read from each what it reads from the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from unicodedata import east_asian_width

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

_SKIPPED_NAMES = "script style noscript svg template textarea select iframe object head title"
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_BLOCK_NAMES = (
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p pre section table tbody tfoot thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_COLUMNS = 80  # of a terminal


@dataclass(frozen=True, slots=True)
class _Way:
    """What one converter writes for what it finds."""

    title: bool = True  # the page's title first
    bullet: str = ""
    indent: int = 0  # columns before a bullet, for each level
    margin: int = 0  # columns before everything
    numbered_links: bool = False  # [12]text
    addressed_links: bool = False  # [text](address)
    headings: bool = False  # ## text
    keeps_hidden: bool = False
    wide: int = 0  # columns at which lines end; 0 for as long as they are
    cells: str = "\t"
    blank_lines: bool = True  # between blocks


WAYS: dict[str, _Way] = {
    "reader": _Way(bullet="• ", indent=2, keeps_hidden=True),
    "copied from a browser": _Way(title=False, blank_lines=False),
    "saved by a browser": _Way(title=True, blank_lines=True, keeps_hidden=False),
    "terminal browser": _Way(
        title=True, bullet="* ", indent=5, margin=3, numbered_links=True, keeps_hidden=True, wide=_COLUMNS, cells=" "
    ),
    "terminal pager": _Way(title=False, bullet="• ", indent=2, wide=_COLUMNS, keeps_hidden=True, cells="  "),
    "markdown": _Way(
        title=False, bullet="* ", indent=2, addressed_links=True, headings=True, keeps_hidden=True, cells=" | "
    ),
}


def as_text(markup: str, way: str) -> str:
    """Return a page as a text save in one of ``WAYS``."""
    return _Writer(WAYS[way]).written(BeautifulSoup(markup, "lxml"))


class _Writer:
    def __init__(self, way: _Way) -> None:
        self.way = way
        self.lines: list[str] = []
        self.line = ""
        self.level = 0
        self.opening = ""  # what the next line begins with
        self.in_cell = 0
        self.numbers = count(1)

    def written(self, soup: BeautifulSoup) -> str:
        if self.way.title and soup.title:
            self.lines += [" " * self.way.margin + " ".join(soup.title.get_text().split()), ""]
        self._children(soup)
        self._end()
        text = "\n".join(line for one in self.lines for line in self._wrapped(one))
        return re.sub(r"\n{3,}", "\n\n", text) + "\n"

    def _children(self, tag: Tag) -> None:
        for child in tag.children:
            if type(child) is NavigableString:
                self._text(str(child), preformatted=tag.name == "pre")
            elif (
                isinstance(child, Tag) and child.name not in _SKIPPED and (self.way.keeps_hidden or not _hidden(child))
            ):
                self._element(child)

    def _text(self, text: str, *, preformatted: bool) -> None:
        if preformatted:
            for part in text.split("\n"):
                self.line += part
                self._end()
            return
        text = re.sub(r"[ \t\r\n]+", " ", text)
        self.line += text if self.line.strip() else text.lstrip(" ")

    def _element(self, tag: Tag) -> None:
        way, name = self.way, tag.name
        if name == "br":
            self._end()
        elif name in ("td", "th"):
            self._cell(tag)
        elif name == "a" and tag.get("href") and tag.get_text(strip=True):
            start = len(self.line)
            if way.numbered_links:
                self.line += f"[{next(self.numbers)}]"
            self._children(tag)
            if way.addressed_links and self.line[start:].strip():
                self.line = f"{self.line[:start]}[{self.line[start:].strip()}]({tag['href']})"
        elif name in _BLOCKS:
            self._block(tag)
        else:
            self._children(tag)

    def _block(self, tag: Tag) -> None:
        way, name = self.way, tag.name
        self._end()
        if way.blank_lines and name in ("p", "table", "ul", "ol", *_HEADINGS):
            self.lines.append("")
        self.level += name in ("ul", "ol")
        if name == "li" and way.bullet:
            self.opening = " " * (way.indent * self.level) + way.bullet
        if name in _HEADINGS and way.headings:
            self.opening = "#" * _HEADINGS[name] + " "
        self._children(tag)
        self._end()
        self.level -= name in ("ul", "ol")
        self.opening = ""
        if way.blank_lines and name in ("p", "table", "ul", "ol", *_HEADINGS):
            self.lines.append("")

    def _cell(self, tag: Tag) -> None:
        if any(isinstance(one, Tag) and one.name in _BLOCKS for one in tag.descendants) and tag.find("table"):
            self._end()
            self._children(tag)
            return
        before, self.line = self.line, ""
        lines, self.lines = self.lines, []
        self._children(tag)
        self._end()
        held, self.lines = [line.strip() for line in self.lines if line.strip()], lines
        self.line = (before + self.way.cells if before else "") + " ".join(held)

    def _end(self) -> None:
        if self.line.strip():
            self.lines.append(" " * self.way.margin + self.opening + self.line.rstrip())
            self.opening = " " * len(self.opening) if not self.opening.startswith("#") else ""
        self.line = ""

    def _wrapped(self, line: str) -> Iterator[str]:
        if not self.way.wide:
            yield line
            return
        indent = " " * (len(line) - len(line.lstrip(" ")))
        start, columns, at = 0, 0, 0
        for at, character in enumerate(line):
            columns += 2 if east_asian_width(character) in "WF" else 1
            if columns > self.way.wide and character not in "，。；：、！？）》”":
                yield (indent if start else "") + line[start:at]
                start, columns = at, len(indent) + 2
        yield (indent if start else "") + line[start:]


def _hidden(tag: Tag) -> bool:
    return tag.has_attr("hidden") or "display:none" in str(tag.get("style", "")).replace(" ", "")
