"""Printed pages to paragraphs: lines that go on are joined, over page breaks too; headers and footers go.

A PDF knows only where letters stand. A line that is as long as the others of its page and ends no sentence goes on in
the next one; what stands at the top or foot of most pages belongs to none of them.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FULL_LINE = 0.85  # of the longest line of its page: the paragraph goes on
_SHORTEST_LINE = 15  # characters; pages of shorter lines are lists and covers
_FRAME_LINES = 2  # at the top and at the foot of a page that may be its header and footer
_FRAMED_PAGES = 3  # fewer pages show no header that can be told from text
_NEW_PARAGRAPH = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、．]|第\S{1,4}[章节条]|附件)"
)
_PAGE_NUMBER = re.compile(r"^[—–\-\s]*(?:第\s*)?\d{1,4}(?:\s*页)?[—–\-\s]*$")
_INDENTS = ("\u3000", "  ")  # a line that begins with them begins a paragraph
_DIGITS = re.compile(r"\d+")
_LATIN_END, _LATIN_START = re.compile(r"[A-Za-z0-9,;:)]$"), re.compile(r"^[A-Za-z0-9(]")
_HYPHENATED = re.compile(r"[A-Za-z]-$")
_SENTENCE_ENDS = ("。", "：", "！", "？", "；")


def paragraphs(pages: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the paragraphs of a document, given the printed lines of each of its pages."""
    held = ""  # the last of a page, if it ends no sentence: it may go on on the next
    for lines in _without_frames([_printed(page) for page in pages]):
        of_page = list(_paragraphs(lines))
        if held and of_page and not lines[0].startswith(_INDENTS) and not _NEW_PARAGRAPH.match(of_page[0]):
            of_page[0] = _joined(held, of_page[0])
        elif held:
            yield held
        held = ""
        if of_page and len(of_page[-1]) >= _SHORTEST_LINE and not of_page[-1].endswith(_SENTENCE_ENDS):
            held = of_page.pop()
        yield from of_page
    if held:
        yield held


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Yield the paragraphs of one page."""
    longest = max((len(line.strip()) for line in lines), default=0)
    whole = ""
    for line in map(str.strip, lines):
        if whole and _NEW_PARAGRAPH.match(line):
            yield whole
            whole = ""
        whole = _joined(whole, line)
        if longest < _SHORTEST_LINE or len(line) < _FULL_LINE * longest or line.endswith(_SENTENCE_ENDS):
            yield whole
            whole = ""
    if whole:
        yield whole


def _printed(page: Sequence[str]) -> list[str]:
    return [line.rstrip() for line in page if line.strip() and not _PAGE_NUMBER.match(line.strip())]


def _without_frames(pages: list[list[str]]) -> list[list[str]]:
    """Return the pages without the lines that stand at the top or foot of more than half of them, but for numbers."""
    if len(pages) < _FRAMED_PAGES:
        return pages
    counts = Counter(shape for page in pages for shape in {_shape(page[at]) for at in _frame(page)})
    repeated = {shape for shape, count in counts.items() if count > len(pages) / 2}
    return [
        [line for at, line in enumerate(page) if at not in _frame(page) or _shape(line) not in repeated]
        for page in pages
    ]


def _frame(page: list[str]) -> set[int]:
    """Return which lines may be a header or footer: the first and last few that end no sentence."""
    last = len(page)
    outer = {*range(min(_FRAME_LINES, last)), *range(max(0, last - _FRAME_LINES), last)}
    return {at for at in outer if not page[at].endswith(_SENTENCE_ENDS)}


def _shape(line: str) -> str:
    return _DIGITS.sub("0", "".join(line.split()))


def _joined(whole: str, line: str) -> str:
    """Return a line behind those before it: Latin words with a space between, a hyphenated one put together."""
    if _HYPHENATED.search(whole) and line[:1].islower():
        return whole[:-1] + line
    between = " " if _LATIN_END.search(whole) and _LATIN_START.match(line) else ""
    return whole + between + line
