"""Read a run that is nothing but a year or a month: 2023年, 二〇二三年度, 2023年3月."""

from __future__ import annotations

from datetime import date
from typing import Final

from indexer.facts.numerals import read_numeral
from indexer.query.parser import last_day
from indexer.query.tree import DateSpan
from indexer.text.fold import fold
from indexer.text.patterns import lazily

YEAR_DIGITS: Final = r"(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3}"
MONTH_DIGITS: Final = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_TIME: Final = lazily(rf"(?P<year>{YEAR_DIGITS})(?:年度?|年(?P<month>{MONTH_DIGITS})月份?)?")


def time_of(run: str) -> DateSpan | None:
    """Return the days of the year or month that a run is; None if it is anything else."""
    match = _TIME.fullmatch(fold(run))
    if not match:
        return None
    year, month = numeral(match["year"]), numeral(match["month"] or "0")
    return DateSpan(date(year, month or 1, 1), last_day(year, month))


def numeral(text: str) -> int:
    """Return the number that digits of either kind write."""
    return int(text) if text.isdecimal() else read_numeral(text) or 0
