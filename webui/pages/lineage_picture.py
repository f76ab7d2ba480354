"""A small picture of a lineage: a band for each level, a box for each announcement, a line for each tie.

Laid out as data that a template turns into SVG; nothing here needs a script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.relations.lineage import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from indexer.answers.relations import Lineage, Linked, Step
    from indexer.relations.lineage import Level

WIDTH: Final = 732  # SVG units; as many pixels on a desk
_LEFT: Final = 76  # of the first box; levels are named before it
_BOX_WIDTH: Final = 136
_BOX_HEIGHT: Final = 44
_GAP: Final = 12
_LINE_GAP: Final = 22  # between two lines of boxes, where ties run
_BAND_GAP: Final = 38  # between two levels
_TOP: Final = 26
_A_LINE: Final = 4  # boxes
_A_LEVEL: Final = 8  # boxes; the nearest are drawn
_NAME_CHARS: Final = 9  # of who issued it: what fits in a box


@dataclass(frozen=True, slots=True)
class Box:
    """One announcement, in SVG units."""

    x: int
    y: int
    href: str
    title: str
    name: str  # who issued it, in short
    day: str
    is_own: bool
    is_over: bool  # repealed, or its term is over


@dataclass(frozen=True, slots=True)
class Band:
    """One level."""

    name: str
    y: int  # of its first line
    more: int  # announcements that are not drawn
    more_y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A lineage, laid out."""

    width: int
    height: int
    box_width: int
    box_height: int
    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    lines: tuple[tuple[str, str], ...]  # path data of each tie, and its bond


def picture_of(lineage: Lineage, own: str, names: Mapping[Level, str], href: Callable[[str], str]) -> Picture | None:
    """Lay out a lineage; None for one that stands alone."""
    if not lineage.steps:
        return None
    bands: list[Band] = []
    boxes: dict[str, Box] = {}
    y = _TOP
    for steps in _held(lineage):
        drawn = _nearest(steps)
        for place, step in enumerate(drawn):
            line, column = divmod(place, _A_LINE)
            # Each other line is moved by half a box, so that ties to it run between the boxes above.
            x = _LEFT + column * (_BOX_WIDTH + _GAP) + line % 2 * (_BOX_WIDTH + _GAP) // 2
            boxes[step.one.id] = _box(step.one, x, y + line * (_BOX_HEIGHT + _LINE_GAP), own, href)
        lines = (len(drawn) - 1) // _A_LINE + 1
        bottom = y + lines * _BOX_HEIGHT + (lines - 1) * _LINE_GAP
        bands.append(Band(names[steps[0].one.level], y, len(steps) - len(drawn), bottom + 16))
        y = bottom + _BAND_GAP
    tops = {step.one.id: band.y for band, level in zip(bands, _held(lineage), strict=True) for step in level}
    ties = [tie for tie in lineage.ties if tie.upper in boxes and tie.lower in boxes]
    lines_drawn = tuple((_line(boxes[tie.upper], boxes[tie.lower], tops[tie.lower]), tie.bond) for tie in ties)
    height = y - _BAND_GAP + 24
    return Picture(WIDTH, height, _BOX_WIDTH, _BOX_HEIGHT, tuple(bands), tuple(boxes.values()), lines_drawn)


def _nearest(steps: Sequence[Step]) -> list[Step]:
    """Return the nearest that there is room for, by day as they came."""
    by_distance = sorted(range(len(steps)), key=lambda place: abs(steps[place].generation))
    return [steps[place] for place in sorted(by_distance[:_A_LEVEL])]


def _box(one: Linked, x: int, y: int, own: str, href: Callable[[str], str]) -> Box:
    name = one.source or one.title
    name = name if len(name) <= _NAME_CHARS else f"{name[: _NAME_CHARS - 1]}…"
    day = one.published.isoformat() if one.published else ""
    return Box(x, y, href(one.id), one.title, name, day, one.id == own, one.state in ("已废止", "已失效"))


def _held(lineage: Lineage) -> list[list[Step]]:
    """Return the announcements of each level that has some."""
    levels = ([step for step in lineage.steps if step.one.level == level] for level in LEVELS)
    return [steps for steps in levels if steps]


def _line(upper: Box, lower: Box, top: int) -> str:
    """Return a curve from one box to another, whose level begins at ``top``; over the heads of those in one line."""
    x1, x2 = upper.x + _BOX_WIDTH // 2, lower.x + _BOX_WIDTH // 2
    if upper.y >= top and upper.y <= lower.y:  # of one level
        return f"M{x1} {upper.y}C{x1} {upper.y - 18} {x2} {upper.y - 18} {x2} {upper.y}V{lower.y}"
    if upper.y > lower.y:
        return _curve(x1, upper.y, x2, lower.y + _BOX_HEIGHT)
    return _curve(x1, upper.y + _BOX_HEIGHT, x2, top) + (f"V{lower.y}" if lower.y > top else "")


def _curve(x1: int, y1: int, x2: int, y2: int) -> str:
    middle = (y1 + y2) // 2
    return f"M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {y2}"
