"""How a day is written on government pages, and which day is meant.

A small pattern of our own after folding widths: general date parsers miss Chinese numerals or
invent a first of January. Times are read over; a month without a day is not a day.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from indexer.light_dataclass import dataclass
from indexer.text.patterns import lazily

FIRST_YEAR, LAST_YEAR = 1900, 2099  # anything outside is a serial or a typing slip

EPOCH = date(1970, 1, 1)
_EPOCH_ORDINAL = EPOCH.toordinal()
NO_DAY = -(2**31)  # sorts before every day there is, and fits into 32 bits

BEIJING = timezone(timedelta(hours=8))

# Width and look-alikes are folded character by character, so that offsets stay true.
_FOLD = str.maketrans(
    {0xFF01 + i: 0x21 + i for i in range(94)}
    | dict.fromkeys(map(ord, "〇○◯Ｏ〇零"), "〇")
    | {"∶": ":", "﹣": "-", "−": "-", "–": "-", "—": "-", "‐": "-", "／": "/", "．": ".", "。": ".", "\u3000": " "}
)
_YEAR_DIGITS = "一二三四五六七八九〇O0"
_NUMERALS = "一二三四五六七八九十廿卅元正"

_DATE = lazily(
    rf"""
    (?<![\d{_YEAR_DIGITS}])
    (?P<year>(?:19|20)\d\d|[一二][{_YEAR_DIGITS}]{{3}})
    \s{{0,2}}
    (?:
        年\s{{0,2}}(?P<month>1[0-2]|0?[1-9]|[{_NUMERALS}]{{1,3}})
        \s{{0,2}}月\s{{0,2}}(?P<day>3[01]|[12]\d|0?[1-9]|[{_NUMERALS}]{{1,3}})
        (?:\s{{0,2}}[日号]|(?![\d{_NUMERALS}]))
      |
        (?P<separator>[-/.])\s?(?P<m>1[0-2]|0?[1-9])
        \s?(?P=separator)\s?(?P<d>3[01]|[12]\d|0?[1-9])
        (?:(?!\d)|(?=\d\d:\d\d))(?!\.\d)
    )
    """,
    re.VERBOSE,
)
_COMPACT = lazily(r"\A\D*+((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?\D*+")
_DIGIT = dict(zip("一二三四五六七八九〇O", "12345678900", strict=True))
_UNDER_HUNDRED = lazily("(?:([一二三四五六七八九]?)(十))?([一二三四五六七八九]?)")
_ZONED = lazily(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day written in a text, at characters [start, end)."""

    start: int
    end: int
    day: date


def parse_date(text: str) -> date | None:
    """Read the first day that a value names, with or without its label, brackets and time; None if none is valid.

    A moment with a time zone is moved to Beijing time; eight digits alone (20201228) are a day too.
    """
    folded = text.translate(_FOLD)
    if zoned := _ZONED.search(folded):
        return _beijing_day(zoned.group())
    found = _first(folded)
    if found:
        return found.day
    compact = _COMPACT.fullmatch(folded)
    return _day(*map(int, compact.groups())) if compact else None


def find_dates(text: str) -> list[FoundDate]:
    """Find every valid day written in a text, in order."""
    found = (_read(match) for match in _DATE.finditer(text.translate(_FOLD)))
    return [one for one in found if one]


def _first(folded: str) -> FoundDate | None:
    return next((found for match in _DATE.finditer(folded) if (found := _read(match))), None)


def _read(match: re.Match[str]) -> FoundDate | None:
    day = _day(_year(match["year"]), _small(match["month"] or match["m"]), _small(match["day"] or match["d"]))
    return FoundDate(match.start(), match.end(), day) if day else None


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:  # 30 February
        return None


def _beijing_day(moment: str) -> date | None:
    try:
        return datetime.fromisoformat(moment).astimezone(BEIJING).date()
    except ValueError:
        return None


def _year(text: str) -> int:
    return int("".join(_DIGIT.get(character, character) for character in text))


def _small(text: str) -> int:
    """Read 1 to 99 in digits or numerals; 0, which no calendar has, if it is neither."""
    if text.isdecimal():
        return int(text)
    if text in ("元", "正"):
        return 1
    match = _UNDER_HUNDRED.fullmatch(text.replace("廿", "二十").replace("卅", "三十"))
    if not match:
        return 0
    tens, ten, ones = match.groups()
    return (int(_DIGIT[tens] if tens else 1) * 10 if ten else 0) + int(_DIGIT[ones] if ones else 0)


def to_day(day: date | None) -> int:
    """Write a day as a number that sorts: days since 1970-01-01, ``NO_DAY`` for none."""
    return (day - EPOCH).days if day else NO_DAY


def from_day(number: int) -> date | None:
    """Read back what ``to_day`` wrote."""
    return None if number == NO_DAY else date.fromordinal(number + _EPOCH_ORDINAL)
