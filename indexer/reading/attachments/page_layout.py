"""From where letters stand on a printed page to its lines in the order of reading: column after column.

Knows runs of letters in boxes, not which program found them. Coordinates grow to the right and upwards.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# They stand as lines of their own in a page of two columns.
COLUMN_END: Final = "\f"  # behind a column: its last sentence may go on in the next
BAND_END: Final = "\v"  # behind what runs over both, as a title: it does not go on
MARKS: Final = (COLUMN_END, BAND_END)

_MIDDLE = (0.3, 0.7)  # of the page's text, in which the gap between two columns is looked for
_STEPS = 60  # places that are tried
_FEWEST_LINES = 5  # of a column
_FULL_WIDTH = 0.75  # of its column that a line of running text has
_FULL_SHARE = 0.6  # of a column's lines that must be so wide, or it is one of a table
_COLUMN_WIDTH = 0.3  # of the page's text that each column has at least
_CROSSING_SHARE = 0.35  # of a page's lines that may run over both columns: title, header, tables
_TOUCH = 0.1  # of a line's height by which a run may reach into the gap
_BASELINE = 0.5  # of a line's height within which runs stand on one line
_WORD_GAP = 0.3  # of a line's height that parts two words; more than one height parts cells


@dataclass(frozen=True, slots=True)
class Run:
    """Letters beside each other on one line, with the box that they fill."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Return how high it is, never 0."""
        return max(self.top - self.bottom, 0.01)


def lines_in_order(runs: Sequence[Run]) -> list[str]:
    """Return the lines of a page from top to bottom; where it has two columns, one after the other.

    ``MARKS`` stand between columns, and between them and what runs over both.
    """
    gap = _gap(runs)
    if gap is None:
        return [_line(line) for line in _lines(runs)]
    crossing = [run for run in runs if _crosses(run, gap)]
    found: list[str] = []
    above = float("inf")
    for line in [*_lines(crossing), None]:
        below = max(run.bottom for run in line) if line else float("-inf")
        band = [run for run in runs if not _crosses(run, gap) and below <= (run.bottom + run.top) / 2 < above]
        for column in _sides(band, gap):
            if column:
                found += [*map(_line, _lines(column)), COLUMN_END]
        if line:
            found += [_line(line), BAND_END]
            above = below
    return found


def _sides(runs: Sequence[Run], gap: float) -> tuple[list[Run], list[Run]]:
    """Return the runs left and right of a gap that none of them crosses."""
    sides: tuple[list[Run], list[Run]] = ([], [])
    for run in runs:
        sides[(run.left + run.right) / 2 > gap].append(run)
    return sides


def _gap(runs: Sequence[Run]) -> float | None:
    """Return where the gap between two columns of running text is; None where there are none."""
    if len(runs) < 2 * _FEWEST_LINES:
        return None
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    width = right - left
    places = [left + width * (_MIDDLE[0] + (_MIDDLE[1] - _MIDDLE[0]) * step / _STEPS) for step in range(_STEPS + 1)]
    counts = [sum(_crosses(run, place) for run in runs) for place in places]
    fewest = min(counts)
    free = [place for place, count in zip(places, counts, strict=True) if count == fewest]
    gap = free[len(free) // 2]
    lines, others = map(_lines, _sides([run for run in runs if not _crosses(run, gap)], gap))
    if fewest > _CROSSING_SHARE * (len(lines) + len(others)):
        return None
    return gap if _is_column(lines, width) and _is_column(others, width) and _are_beside(lines, others) else None


def _is_column(lines: Sequence[Sequence[Run]], page_width: float) -> bool:
    """Return whether lines are running text in a column, wide and mostly full, unlike the cells of a table."""
    if len(lines) < _FEWEST_LINES:
        return False
    widths = [max(run.right for run in line) - min(run.left for run in line) for line in lines]
    widest = max(widths)
    full = sum(width >= _FULL_WIDTH * widest for width in widths)
    return widest >= _COLUMN_WIDTH * page_width and full >= _FULL_SHARE * len(lines)


def _are_beside(lines: Sequence[Sequence[Run]], others: Sequence[Sequence[Run]]) -> bool:
    """Return whether two columns stand at the same height, and not one below the other."""
    spans = [(min(run.bottom for run in side[-1]), max(run.top for run in side[0])) for side in (lines, others)]
    shared = min(top for _, top in spans) - max(bottom for bottom, _ in spans)
    return shared > 0.5 * min(top - bottom for bottom, top in spans)


def _crosses(run: Run, place: float) -> bool:
    slack = _TOUCH * run.height
    return run.left < place - slack and run.right > place + slack


def _lines(runs: Iterable[Run]) -> list[list[Run]]:
    """Return runs by the line that they stand on, from top to bottom, each from left to right."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda one: -(one.bottom + one.top) / 2):
        middle = (run.bottom + run.top) / 2
        if lines:
            first = lines[-1][0]
            if abs((first.bottom + first.top) / 2 - middle) < _BASELINE * min(first.height, run.height):
                lines[-1].append(run)
                continue
        lines.append([run])
    return [sorted(line, key=lambda run: run.left) for line in lines]


def _line(runs: Sequence[Run]) -> str:
    """Return the runs of a line as one text: words apart by a blank, cells by a tab."""
    text = runs[0].text if runs else ""
    for before, run in pairwise(runs):
        gap = (run.left - before.right) / run.height
        text += ("\t" if gap > 2 else " " if gap > _WORD_GAP else "") + run.text
    return text
