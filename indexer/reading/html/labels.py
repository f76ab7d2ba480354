"""Visible labels such as 发布日期 or 索 引 号, wherever a page puts them and their values.

A label may stand in a table cell, a ``<dt>``, a span, a bullet with its value on the next line, or
glued to other labels in one line; with a full- or half-width colon or none; with spaced letters.
Says which label has which value, not which value to believe.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.facts.dates import find_dates, parse_date
from indexer.light_dataclass import dataclass
from indexer.reading.html.label_words import ASIDE, CLEAR, FIELD_OF, WEAK
from indexer.text.spaces import simplified, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.reading.html.document import Line


_PIECES_KEPT = 4096  # of a page or two: each is looked at for labels three times
_ANYWHERE_CHARS = 4  # labels this long are believed even when glued to the word before them
_LONGEST_LABEL = max(map(len, FIELD_OF))
_COLON = re.compile("[:：︰∶]")
_COLONS = ":：︰∶"
_CLOSING = "】])）"  # between a label and its colon: 【来源】：
_EDGE = " 【】[]()（）|｜丨·•:：︰∶,，;；>《-—_*◆■▪▲●※\u3000\xa0\t"
_VALUE_EDGE = " 【[(（|｜丨·•:：︰∶,，;；>-—_*◆■▪▲●※\u3000\xa0\t"
_LONGEST_LINE = 400  # characters; metadata lines are short, and prose that holds a label is not one
_LONGEST_LEAD = 40  # characters before a line's first label: a date, a bullet, a name


_DAYS = frozenset(("published", "updated", "time", "signed", "effective"))
_NAMES = frozenset(("source", "issuer", "publisher"))
_LONGEST_NAME = 40  # characters of a name, a form or a date on the line after its label
_LONGEST_VALUE = 24  # of a value that we do not keep; what is longer is the headline below an unfilled label
_LONGEST_TITLE = 120
_SHORTEST_HEADING = 6
_CLOCK = re.compile(r"\d{1,2}[:：∶]\d{2}(?:[:：∶]\d{2})?")
_STATE_WORDS = "有效 现行有效 继续有效 失效 已失效 废止 已废止 已修改 尚未生效 是 否 主动公开 依申请公开"
_STATES = frozenset(_STATE_WORDS.split())  # values of labels that we do not keep


@dataclass(frozen=True, slots=True)
class Labelled:
    """One label on the page, with the text that stands as its value."""

    field: str  # what the label stands for: "source", "published", "number", …
    label: str  # without spaces
    value: str  # "" if nothing follows
    line: int  # index of the line with the label
    colon: bool  # whether a colon says that it is a label
    value_line: int = -1  # index of the line with the value; -1: the same


def read_labels(lines: Sequence[Line]) -> list[Labelled]:
    """Return every label of a page with its value, in the order of the page."""
    found: list[Labelled] = []
    waiting: list[Labelled] = []  # labels whose value has not come yet
    for at, line in enumerate(lines):
        waiting = [one for one in waiting if one.line == at - 1]
        if len(line.text) > _LONGEST_LINE:
            continue
        if line.is_row and lines[at - 1].is_row and len(waiting) > 1 and len(waiting) >= len(line.parts):
            found += [_filled(label, value, at) for label, value in zip(waiting, line.parts, strict=False)]
            continue
        if line.is_row:
            waiting = []  # no cell holds the value of a label in the row above, but under heads of columns
        if filled := _filled_cells(line, at):
            found += filled
            continue
        for piece in line.parts:
            spotted = _in_piece(piece, at)
            if not spotted and waiting:
                following = lines[at + 1] if at + 1 < len(lines) else None
                if waiting[-1].line == at or _fits(waiting[-1].field, line.text, following):
                    found.append(_filled(waiting[-1], piece, at))
                waiting = []
            found += [one for one in spotted if one.value]
            waiting += [one for one in spotted if not one.value]
    return found


def _filled_cells(line: Line, at: int) -> list[Labelled]:
    """Return the labels of a row whose every cell is a label, a colon or blank, and its value; [] of any other row."""
    if not line.is_row:
        return []
    found = [_opening_label(cell, at) or _labelled_cell(cell, at) for cell in line.parts]
    return [one for one in found if one] if all(found) else []


def _labelled_cell(cell: str, at: int) -> Labelled | None:
    """Return the label that a cell begins with, a colon, and the value behind it: 发布日期：2022-03-05."""
    marks = _marks(cell)
    if not marks or cell[: marks[0][0]].strip(_EDGE):
        return None
    _, after, name = marks[0]
    return Labelled(FIELD_OF[name], name, cell[after:].strip(_VALUE_EDGE), at, colon=True)


def _opening_label(cell: str, at: int) -> Labelled | None:
    """Return the label without a colon that a cell begins with, and what stands behind it: 索 引 号 0110/2022-31."""
    letters, found = "", None
    for place, character in enumerate(simplified(cell[: 2 * _LONGEST_LABEL])):
        if not character.isspace():
            letters += character
        elif letters in FIELD_OF:  # perhaps the beginning of a longer one, as 索引 is of 索引号
            found = Labelled(FIELD_OF[letters], letters, cell[place:].strip(_VALUE_EDGE), at, colon=True)
    return found


def _filled(label: Labelled, value: str, at: int) -> Labelled:
    return replace(label, value=value, value_line=at if at != label.line else -1)


def _fits(field: str, text: str, following: Line | None) -> bool:
    """Return whether a whole line can be the value of the label on the line before it, and not the text's first."""
    if field in ASIDE:
        alone = following is not None and all(map(is_label, following.parts))  # as this label stands on its own line
        return text in _STATES or (len(text) <= _LONGEST_VALUE and alone)
    if field in _DAYS:
        return len(text) <= _LONGEST_NAME and parse_date(text) is not None
    if field in ("number", "index_number"):
        return len(text) <= _LONGEST_NAME and any(character.isdigit() for character in text)
    return len(text) <= (_LONGEST_TITLE if field == "title" else _LONGEST_NAME) and not text.endswith(
        ("。", "：", "；", ":")
    )


def _in_piece(piece: str, at: int) -> list[Labelled]:
    """Return the labels in one piece of a line, each with what follows it up to the next."""
    if (bare := _bare(piece)) in FIELD_OF:
        return [Labelled(FIELD_OF[bare], bare, "", at, colon=piece.rstrip()[-1] in _COLONS)]
    marks = _marks(piece)
    if not marks:
        return []
    ends = (*(start for start, _, _ in marks[1:]), len(piece))
    return [
        Labelled(FIELD_OF[name], name, piece[after:end].strip(_VALUE_EDGE), at, colon=True)
        for (_, after, name), end in zip(marks, ends, strict=False)
    ]


@lru_cache(_PIECES_KEPT)
def _marks(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return for every label before a colon where it starts, where its value starts, and its name."""
    text = simplified(text)
    found = ((_label_before(text, colon.start()), colon.end()) for colon in _COLON.finditer(text))
    return tuple([(label[0], value, label[1]) for label, value in found if label])


def _label_before(text: str, colon: int) -> tuple[int, str] | None:
    """Return the longest label that ends at a colon, with where it starts; spaces between its letters do not count."""
    letters, places = "", []
    for at in range(colon - 1, -1, -1):
        character = text[at]
        if "\u4e00" <= character <= "\u9fff":
            letters = character + letters
            places.append(at)
        elif not (character.isspace() or (character in _CLOSING and not letters)):
            break
        if len(letters) == _LONGEST_LABEL:
            break
    for size in range(len(letters), 1, -1):
        name = letters[-size:]
        if name in FIELD_OF and _is_believed(name, text, places[size - 1]):
            return places[size - 1], name
    return None


def _is_believed(name: str, text: str, start: int) -> bool:
    """Return whether a label stands for itself: 来源 in 资金来源 does not."""
    if len(name) >= _ANYWHERE_CHARS or name in CLEAR or start == 0:
        return True
    before = text[start - 1]
    return before == "次" or not ("\u4e00" <= before <= "\u9fff" or before.isalpha())


def info_in_heading(text: str) -> int:
    """Return where in a heading date, source and tools begin, which some templates put into it; 0 if nowhere."""
    if len(text) > _LONGEST_LINE:
        return 0
    start = next((start for start, _, name in _marks(text) if name not in WEAK), 0)
    for one in find_dates(text[:start]):
        if not _CLOCK.sub("", text[one.end : start]).strip(_EDGE):
            start = one.start
            break
    return start if len(text[:start].strip(_EDGE)) >= _SHORTEST_HEADING else 0


def is_label_line(line: Line) -> bool:
    """Return whether a line is metadata: it begins with a label, or with a date that a label follows."""
    if len(line.text) > _LONGEST_LINE:
        return False
    if all(map(is_label, line.parts)):
        return True
    if line.is_row:
        return _is_label_row(line) or bool(_filled_cells(line, 0))
    if _opens_with_label(line):
        return True
    marks = _marks(line.text)
    if not marks:
        return False
    lead = line.text[: marks[0][0]].strip(_EDGE)
    return not lead or (len(lead) <= _LONGEST_LEAD and bool(find_dates(lead)))


def is_weak_label_line(line: Line) -> bool:
    """Return whether all labels of a label line are words that announcements use in their text too."""
    if line.is_row:
        return bool(cells := _filled_cells(line, 0)) and all(cell.label in WEAK for cell in cells)
    names = [name for _, _, name in _marks(line.text)]
    return all(name in WEAK for name in names or [_bare(line.parts[0])])


def _opens_with_label(line: Line) -> bool:
    """Return whether an element of its own holds the label, so that it needs no colon."""
    field = FIELD_OF.get(_bare(line.parts[0])) if len(line.parts) > 1 else None
    return field is not None and field not in ASIDE


def is_label(text: str) -> bool:
    """Return whether a piece of text is a label and nothing else."""
    return _bare(text) in FIELD_OF


@lru_cache(_PIECES_KEPT)
def _bare(text: str) -> str:
    """Return a piece of text as labels are looked up."""
    return simplified(squeeze(text)).strip(_EDGE)


def _is_label_row(line: Line) -> bool:
    first = simplified(squeeze(line.parts[0]))
    if first.strip(_EDGE) not in FIELD_OF:
        return False
    return first[-1] in _COLONS or len(line.parts) in (2, 4, 6) or all(map(is_label, line.text.split("\t")[::2]))
