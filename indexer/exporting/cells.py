"""Texts as cells of a spreadsheet, which reads some texts as formulas and rounds long numbers."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from indexer.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

Cell = str | date | None

_PLAIN_DIGITS = 15  # a spreadsheet rounds longer numbers: 1234567890123456789 becomes 1234567890123460000
_LONG_NUMBER = re.compile(r"[0-9０-９][0-9０-９.,Ee+-]*")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_TELLING_STARTS = frozenset((*_FORMULA_STARTS, " ", *"0123456789", *"０１２３４５６７８９"))


def defuse(cell: str) -> str:
    """Keep a spreadsheet from reading a text as a formula or a number it rounds: an apostrophe stands before it."""
    if cell.isprintable() and cell[:1] not in _TELLING_STARTS:  # most cells: what is printable hides nothing
        return cell
    shown = cell if cell.isprintable() else plain(cell)
    is_formula = shown.startswith(_FORMULA_STARTS) or shown.lstrip().startswith(_FORMULA_STARTS)
    return "'" + shown if is_formula or _is_rounded(shown.strip()) else shown


def defused(column: Sequence[Cell]) -> Sequence[Cell]:
    """Return the cells of a column, its texts defused: in most columns no text needs it, and one look tells that."""
    texts = [cell for cell in column if isinstance(cell, str)]
    if "".join(texts).isprintable() and _TELLING_STARTS.isdisjoint([text[:1] for text in texts]):
        return column
    return [defuse(cell) if isinstance(cell, str) else cell for cell in column]


def _is_rounded(shown: str) -> bool:
    """Return whether a spreadsheet would read a text as a number and not keep all of it."""
    if not _LONG_NUMBER.fullmatch(shown):
        return False
    return sum(map(str.isdecimal, shown)) > _PLAIN_DIGITS or "e" in shown.lower()
