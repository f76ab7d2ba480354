"""The parts in which a very long body is shown, and where each of its marks is.

A page of a body of ten million characters would have 150 MB, and browsers give up long before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.light_dataclass import dataclass
from webui.address import address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.answers.results import Mark
    from indexer.query.tree import Query

PART_CHARS = 200_000  # a page of about 1 MB; the Civil Code has 100,000 and stays whole
PART_LINES = 3_000  # each becomes an element or two; the Civil Code has 1,800
_SHOWN_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Part:
    """The stretch of a body that one page shows."""

    number: int  # from 1
    count: int
    start: int
    end: int
    marks: range  # numbers of the marks inside, from 1 over the whole body
    path: str  # of the announcement's page
    query: Query  # the search that led here; the marks are of its words

    def href(self, number: int) -> str:
        """Return the address of a part."""
        return address(self.path, self.query, **({"part": str(number)} if number > 1 else {}))

    def mark_href(self, number: int) -> str:
        """Return where a mark is: on this page, or in the part that holds it."""
        here = number in self.marks or self.count == 1
        return f"#m{number}" if here else f"{address(self.path, self.query, mark=str(number))}#m{number}"

    def clause_href(self, anchor: str, start: int) -> str:
        """Return where a clause is that begins at ``start``: on this page, or in the part that holds it."""
        here = self.count == 1 or self.start <= start < self.end
        return f"#{anchor}" if here else f"{address(self.path, self.query, clause=anchor)}#{anchor}"


def part_of(path: str, query: Query, body: str, marks: Sequence[Mark], asked: Mapping[str, Sequence[str]]) -> Part:
    """Return the part that ``asked`` names by ``part``, or by a ``mark`` inside; raises ``ParameterError``."""
    starts = cuts(body)
    place = _whole_number(asked, "part", len(starts)) - 1
    if "mark" in asked and marks:
        mark = _whole_number(asked, "mark", len(marks))
        place = max(0, bisect_left(starts, marks[mark - 1][0] + 1) - 1)
    start, end = starts[place], starts[place + 1] if place + 1 < len(starts) else len(body)
    inside = range(bisect_left(marks, (start, 0)) + 1, bisect_left(marks, (end, 0)) + 1)
    return Part(place + 1, len(starts), start, end, inside, path, query)


def part_at(body: str, offset: int) -> int:
    """Return the number of the part that holds a character of the body."""
    return bisect_right(cuts(body), offset)


def cuts(body: str) -> list[int]:
    """Return where the parts of a body begin: at a line where there is one, else in the middle of it."""
    starts = [0]
    while True:
        start = starts[-1]
        end = min(start + PART_CHARS, len(body))
        if body.count("\n", start, end) >= PART_LINES:
            end = _nth_line_end(body, start) + 1
        elif end < len(body):
            end = body.rfind("\n", start, end) + 1 or end
        if end >= len(body):
            return starts
        starts.append(end)


def _nth_line_end(body: str, start: int) -> int:
    place = start - 1
    for _ in range(PART_LINES):
        place = body.index("\n", place + 1)
    return place


def _whole_number(asked: Mapping[str, Sequence[str]], name: str, most: int) -> int:
    """Read a number from 1 to ``most``; 1 when it is not given."""
    given = asked.get(name) or ["1"]
    text = given[-1]
    if not (text.isascii() and text.isdecimal() and len(text) <= _SHOWN_DIGITS and 1 <= int(text) <= most):
        raise ParameterError([Problem(name, text[:_SHOWN_DIGITS], expect("number-to", count=most))])
    return int(text)
