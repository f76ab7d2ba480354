"""Printed pages to paragraphs: lines that go on are joined, over page breaks too; headers and footers go.

A PDF knows only where letters stand. A line that is as long as the others of its page and ends no sentence goes on in
the next one; what stands at the top or foot of most pages belongs to none of them.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from indexer.reading.attachments.page_layout import BAND_END, MARKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FULL_LINE = 0.85  # of the longest line of its page: the paragraph goes on
_SHORTEST_LINE = 15  # characters; pages of shorter lines are lists and covers
_FRAME_LINES = 2  # at the top and at the foot of a page that may be its header and footer
_FRAMED_PAGES = 3  # fewer pages show no header that can be told from text
_FEWEST_OF_A_SIDE = 3  # left or right pages that share a header
_NEW_PARAGRAPH = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、．]|第\S{1,4}[章节条]|附件)"
)
_PAGE_NUMBER = re.compile(  # of a line without its spaces and without the dashes around it
    r"(?:第?[\d〇一二三四五六七八九十百]{1,4}页?|Page\d{1,4})(?:[，,/]?(?:of|共|总)?\d{1,4}页?)?",
    re.IGNORECASE,
)
_INDENTS = ("\u3000", "  ")  # a line that begins with them begins a paragraph
_DIGITS = re.compile(r"\d+")
_LATIN_END, _LATIN_START = re.compile(r"[A-Za-z0-9,;:)]$"), re.compile(r"^[A-Za-z0-9(]")
_HYPHENATED = re.compile(r"[A-Za-z]-$")
_SENTENCE_ENDS = ("。", "：", "！", "？", "；")


def paragraphs(pages: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the paragraphs of a document, given the printed lines of each of its pages."""
    held = ""  # the last of a page or column, if it ends no sentence: it may go on on the next
    for lines, may_go_on in _blocks(_without_frames([_printed(page) for page in pages])):
        of_page = list(_paragraphs(lines))
        if held and of_page and not lines[0].startswith(_INDENTS) and not _begins(of_page[0]):
            of_page[0] = _joined(held, of_page[0])
        elif held:
            yield held
        held = ""
        last = of_page[-1] if of_page else ""
        is_open = len(last) >= _SHORTEST_LINE and "\t" not in last and not last.endswith(_SENTENCE_ENDS)
        if is_open and may_go_on:
            held = of_page.pop()
        yield from of_page
    if held:
        yield held


def _begins(line: str) -> bool:
    """Return whether a line begins a paragraph or a row of a table, whatever stands before it."""
    return "\t" in line or _NEW_PARAGRAPH.match(line) is not None


def _blocks(pages: Sequence[Sequence[str]]) -> Iterator[tuple[list[str], bool]]:
    """Yield the columns of each page, and what runs over them; each with whether its last sentence may go on."""
    for page in pages:
        lines: list[str] = []
        for line in page:
            if line not in MARKS:
                lines.append(line)
            elif lines:
                yield lines, line != BAND_END
                lines = []
        if lines:
            yield lines, True


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Yield the paragraphs of one page."""
    longest = max((len(line.strip()) for line in lines), default=0)
    whole = ""
    for line in map(str.strip, lines):
        is_row = "\t" in line
        if whole and (is_row or _NEW_PARAGRAPH.match(line)):
            yield whole
            whole = ""
        whole = _joined(whole, line)
        if is_row or longest < _SHORTEST_LINE or len(line) < _FULL_LINE * longest or line.endswith(_SENTENCE_ENDS):
            yield whole
            whole = ""
    if whole:
        yield whole


def _printed(page: Sequence[str]) -> list[str]:
    shown = (line.rstrip() if line not in MARKS else line for line in page)
    return [line for line in shown if line in MARKS or (line and not _is_page_number(line))]


def _is_page_number(line: str) -> bool:
    return bool(_PAGE_NUMBER.fullmatch("".join(line.split()).strip("—–-·~")))


def _without_frames(pages: list[list[str]]) -> list[list[str]]:
    """Return the pages without the lines that stand at the top or foot of many of them, but for numbers.

    Left and right pages may have each their own: each stands on nearly half of them.
    """
    if len(pages) < _FRAMED_PAGES:
        return pages
    frames = [_frame(page) for page in pages]
    counts = Counter(shape for frame in frames for shape in set(frame.values()))
    half = len(pages) / 2
    repeated = {
        shape
        for shape, count in counts.items()
        if count > half or (count >= _FEWEST_OF_A_SIDE and count >= half - _FEWEST_OF_A_SIDE / 2)
    }
    return [
        [line for at, line in enumerate(page) if frame.get(at) not in repeated]
        for page, frame in zip(pages, frames, strict=True)
    ]


def _frame(page: list[str]) -> dict[int, tuple[bool, str]]:
    """Return which lines may be a header or footer, the first and last few that end no sentence, and how they read."""
    lines = [at for at, line in enumerate(page) if line not in MARKS]
    outer = [(at, True) for at in lines[:_FRAME_LINES]] + [(at, False) for at in lines[_FRAME_LINES:][-_FRAME_LINES:]]
    return {at: (is_top, _shape(page[at])) for at, is_top in outer if not page[at].endswith(_SENTENCE_ENDS)}


def _shape(line: str) -> str:
    return _DIGITS.sub("0", "".join(line.split()))


def _joined(whole: str, line: str) -> str:
    """Return a line behind those before it: Latin words with a space between, a hyphenated one put together."""
    if _HYPHENATED.search(whole) and line[:1].islower():
        return whole[:-1] + line
    between = " " if _LATIN_END.search(whole) and _LATIN_START.match(line) else ""
    return whole + between + line
