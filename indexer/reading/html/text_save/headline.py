"""Which line of a text save is the announcement's headline, where no saved title of the page tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.facts.dates import find_dates
from indexer.facts.document_form import form_of_title
from indexer.facts.document_number import WRITTEN_NUMBER
from indexer.reading.html.boilerplate import boilerplate, is_hijacked
from indexer.reading.html.labels import is_label, is_label_line
from indexer.reading.html.line_kinds import is_date_line, is_prose
from indexer.text.spaces import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.reading.html.document import Line
    from indexer.reading.html.text_save.marks import SavedLine

_LENGTHS = range(4, 120)  # characters of a headline
_USUAL = 10  # from this many on it is hardly a column's name
_ABOUT = re.compile("关于|印发|转发|公布|公开|召开|举行|开展|启动|举办|成立|发布会")
_NO_HEADLINE = re.compile(
    r"[。；：:|｜<>＜＞»]|^首页|^附件|^[（(【〔]?[一二三四五六七八九十\d]{1,3}[）)、.．]|\d{4}年\d{1,2}月\d{1,2}日|^[\d年月日/.\s-]+$"
)
_ADDRESSED = re.compile(r"[:：]$")
_NUMBER = re.compile(rf"{WRITTEN_NUMBER}|第\d+号")
_COLONS = ("：", ":")
_VALUE_CHARS = 16
_LABEL_CHARS = 5  # with its colon; an addressee is longer: 各镇人民政府：
_NEAR = 3  # lines below a headline stand date and source, number or the addressee
_ENOUGH = 4  # marks that a headline has at least


def guess_headline(saved: Sequence[SavedLine], lines: Sequence[Line]) -> int:
    """Return the index of the line that looks most like a headline above the first paragraph; -1 if none does."""
    first = next((at for at, line in enumerate(lines) if is_prose(line)), len(lines))
    plain = [squeeze(line.text) for line in lines[:first]]
    best, most = -1, _ENOUGH - 1
    way = max((at for at in range(first) if boilerplate(lines[at].text) == "breadcrumb"), default=-1)
    for at in range(first):
        if not _may_be(saved[at], lines[at]) or (at and _is_value_of(lines[at - 1], lines[at].text)):
            continue
        if at < way and len(lines[at].text) < _USUAL:
            continue  # of a menu
        marks = _marks(saved, lines, plain, at, first)
        if marks >= most + (best < 0) or (marks == most and not is_info(lines, best + 1)):
            best, most = at, marks
    return best


def _may_be(saved: SavedLine, line: Line) -> bool:
    return (
        len(line.text) in _LENGTHS
        and not (saved.bullet or line.is_row or saved.is_menu_like or _NO_HEADLINE.search(line.text))
        and not boilerplate(line.text)
        and not is_hijacked(line.text)
        and not line.text.endswith(_COLONS)
        and not is_label_line(line)
        and not is_date_line(line.text)
        and not _NUMBER.fullmatch(line.text)
        and len(line.text.split()) <= _NEAR + 1
    )


def _is_open_label(line: Line) -> bool:
    """Return whether a line is a label whose value stands on the next: 地点：."""
    text = line.text.rstrip()
    return text.endswith(_COLONS) and (is_label(text) or len(text) <= _LABEL_CHARS)


def _is_value_of(label: Line, text: str) -> bool:
    """Return whether a text is the value of the label on the line above it."""
    return _is_open_label(label) and len(text) <= _VALUE_CHARS and not _ABOUT.search(text) and not form_of_title(text)


def _marks(saved: Sequence[SavedLine], lines: Sequence[Line], plain: Sequence[str], at: int, first: int) -> int:
    """Return how much a line looks like a headline, by its words and by what stands around it."""
    text = lines[at].text
    below = lines[at + 1 : min(len(lines), at + 1 + _NEAR)]
    return (
        3 * (1 <= saved[at].heading <= 2)
        + 3 * bool(form_of_title(text))
        + 2 * bool(_ABOUT.search(text))
        + 3 * (is_info(lines, at + 1) or is_info(lines, at + 2) or any(map(_is_open_label, below[:1])))
        + (is_info(lines, at + 1) and bool(find_dates(lines[at + 1].text)))
        + (len(text) >= _USUAL)
        + 2 * any(_ADDRESSED.search(line.text) or _NUMBER.fullmatch(line.text) for line in below)
        + 2 * (at > 0 and boilerplate(lines[at - 1].text) == "breadcrumb")
        + (plain.count(plain[at]) > 1)
        + (first - at <= _NEAR)
    )


def is_info(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line is one of date and source, or of other labels."""
    return 0 <= at < len(lines) and (is_date_line(lines[at].text) or is_label_line(lines[at]))
