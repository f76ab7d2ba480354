"""Join lines that a writer's tool broke inside a sentence, at a fixed width or with an indent before the first.

A sentence must be found across its line ends. What stands on a line of its own, such as a signature and its day,
a heading, or an entry of a list, stays so: only a run that ends like a sentence is joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol
from unicodedata import east_asian_width

_MOST_COLUMNS = 110  # a longer line was not broken by hand
_LEAST_COLUMNS = 40  # a narrower text may be a poem or a list of names
_RAGGED_COLUMNS = 8  # that a full line may be short of the widest one
_FULL_SHARE = 0.5  # of the lines that must be full where no indent says which line opens a paragraph
_OPEN_SHARE = 0.6  # or of those that end no sentence, where paragraphs are short
_FEWEST_FULL = 3
_FEWEST_LINES = 4
_ENDED = re.compile(r"[。！？!?；;：:…]['\"”’」』）)\]】]*$")
_OPENS = re.compile(
    r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|第[一二三四五六七八九十百零〇\d]{1,6}[章节条款编]|[【〔•·*●■◆▪—－-]|附件|附：|抄送"
    r"|[\u4e00-\u9fff]{2,5}[：:](?=\S)|各[^。]{1,40}[：:]$)"
)
_DAY_ALONE = re.compile(r"(?:\d{4}|[二一][〇○ＯO0零一二三四五六七八九]{3})\s?年\s?\S{1,3}?\s?月\s?\S{1,3}?\s?日")
_LATIN_ENDS = re.compile(r"[A-Za-z0-9]$")
_LATIN_STARTS = re.compile(r"[A-Za-z0-9]")
_WIDE = frozenset(("W", "F"))


class Wrapped(Protocol):
    """What is known of a line."""

    @property
    def text(self) -> str:
        """Return what stands on it."""

    @property
    def indented(self) -> bool:
        """Return whether blanks that a reader sees stand before it."""


def columns(text: str) -> int:
    """Return how wide a text stands in a terminal: two columns for a Chinese character."""
    return len(text) + sum(map(_WIDE.__contains__, map(east_asian_width, text)))


def wrapped_runs(lines: Sequence[Wrapped]) -> Iterator[range]:
    """Yield the runs of neighbouring lines that are one paragraph each, of two lines or more."""
    if any(len(line.text) > _MOST_COLUMNS for line in lines):
        return
    widths = [columns(line.text) for line in lines]
    limit = max(widths, default=0)
    if limit > _MOST_COLUMNS:
        return
    full = [width >= limit - _RAGGED_COLUMNS for width in widths]
    open_lines = sum(not _ENDED.search(line.text) for line in lines)
    is_block = len(lines) >= _FEWEST_LINES and limit >= _LEAST_COLUMNS
    is_block &= sum(full) >= _FULL_SHARE * len(lines) or _FEWEST_FULL <= sum(full) >= _OPEN_SHARE * open_lines
    start = 0
    while start < len(lines):
        end = start + 1
        while (
            end < len(lines)
            and (full[end - 1] if is_block else lines[start].indented)
            and _goes_on(lines[end - 1], lines[end])
        ):
            end += 1
        if end - start > 1 and _ENDED.search(lines[end - 1].text):
            yield range(start, end)
        start = end


def joined(parts: Sequence[str]) -> str:
    """Return broken lines as one, with a blank only between Latin words."""
    text = parts[0]
    for part in parts[1:]:
        text += f" {part}" if _LATIN_ENDS.search(text) and _LATIN_STARTS.match(part) else part
    return text


def _goes_on(line: Wrapped, following: Wrapped) -> bool:
    """Return whether a sentence may run from one line into the next."""
    return not (
        _ENDED.search(line.text)
        or following.indented
        or _OPENS.match(following.text)
        or _DAY_ALONE.fullmatch(following.text)
    )
