"""A day whose parts stand in elements of their own, as on the leaf of a calendar: 07 above 2023-03; 28, 12月, 2021."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from indexer.facts.dates import find_dates, parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.reading.html.document import Line

_LONGEST = 9  # characters of one of the parts: 2023年12月
_MOST = 3  # parts
_Y, _M, _D = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12]\d|0?[1-9])"
_BETWEEN = r"\s?[-/.年月]\s?"
# Each way to part a day, its parts with a line end between. A month that stands beside a day must say that it is one.
_WAYS = tuple(
    re.compile(way)
    for way in (
        rf"{_Y}{_BETWEEN}{_M}\s?月?\n{_D}\s?日?",
        rf"{_D}\s?日?\n{_Y}{_BETWEEN}{_M}\s?月?",
        rf"{_Y}\s?年?\n{_M}{_BETWEEN}{_D}\s?日?",
        rf"{_M}{_BETWEEN}{_D}\s?日?\n{_Y}\s?年?",
        rf"{_Y}\s?年?\n{_M}\s?月?\n{_D}\s?日?",
        rf"{_D}\s?日?\n{_M}\s?月\n{_Y}\s?年?",
        rf"{_M}\s?月\n{_D}\s?日?\n{_Y}\s?年?",
    )
)


def boxed_days(lines: Sequence[Line]) -> Iterator[tuple[range, date]]:
    """Yield each parted day with the lines that it stands on, which are one, two or three."""
    at = 0
    while at < len(lines):
        found = _at(lines, at)
        if found:
            yield found
        at = found[0].stop if found else at + 1


def _at(lines: Sequence[Line], at: int) -> tuple[range, date] | None:
    if lines[at].is_row or not lines[at].text[0].isdigit():
        return None
    if 1 < len(lines[at].parts) <= _MOST and (day := _day(lines[at].parts)):
        return None if find_dates(lines[at].text) else (range(at, at + 1), day)  # a signature's day in pieces
    for count in range(2, _MOST + 1):
        if day := _day([line.text for line in lines[at : at + count]]):
            return range(at, at + count), day
    return None


def _day(parts: Sequence[str]) -> date | None:
    if any(len(part) > _LONGEST for part in parts):
        return None
    written = "\n".join(parts)
    found = next((match for way in _WAYS if (match := way.fullmatch(written))), None)
    return parse_date(f"{found['y']}-{found['m']}-{found['d']}") if found else None
