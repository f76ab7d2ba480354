"""Small pictures of counts, drawn as data that templates turn into SVG and lists: no styles, no scripts.

The tile map is our own drawing: one square for each province-level region, roughly where it lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import get_locale

from webui.address import Clicks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.answers.results import FacetValue
    from indexer.query.tree import Query

CHART_WIDTH, CHART_HEIGHT = 280, 84  # in SVG units; the chart scales with its column
LABEL_WIDTH = 28  # of "2024" at 11 units, with a little air
BARS_AT_MOST = 30  # years drawn: what still can be hit with a finger at the column's width
SHADES = 5

# Row by row from north to south; "·" is an empty place.
_MAP_ROWS = (
    "· · · · · · · 黑龙江",
    "· · · 内蒙古 · · · 吉林",
    "新疆 甘肃 宁夏 山西 河北 北京 天津 辽宁",
    "西藏 青海 陕西 河南 山东 · · ·",
    "· 四川 重庆 湖北 安徽 江苏 上海 ·",
    "· 云南 贵州 湖南 江西 浙江 · ·",
    "· · 广西 广东 福建 · 台湾 ·",
    "· · 海南 澳门 香港 · · ·",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A province's square on the tile map."""

    name: str  # short: 内蒙古
    row: int  # from 1
    column: int


PLACES = tuple(
    Place(name, row, column)
    for row, names in enumerate(_MAP_ROWS, 1)
    for column, name in enumerate(names.split(), 1)
    if name != "·"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A province's square with what the search holds of it."""

    name: str
    row: int
    column: int
    count: int
    shade: int  # 0 none, 1 few … 5 most
    selected: bool
    href: str  # "" when nothing is held


@dataclass(frozen=True, slots=True)
class Bar:
    """One year or month of the histogram: a thick line from the axis up, in SVG units."""

    value: str
    count: int
    selected: bool
    href: str
    middle: float
    top: float


@dataclass(frozen=True, slots=True)
class Label:
    """A name under the axis."""

    text: str
    middle: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts over time, oldest left; what holds nothing has no bar."""

    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    bar_width: float
    unit: str  # "year" or "month"


def tiles(regions: Sequence[FacetValue], query: Query) -> tuple[Tile, ...]:
    """Lay the provinces of a region facet out as a map, those without announcements empty; () when all are."""
    clicks = Clicks(query, "region")
    most = max((value.count for value in regions if value.value != "全国"), default=0)
    if not most:
        return ()
    # Short names are the beginnings of the full ones, and two characters tell them all apart; the largest counts.
    held = {value.value[:2]: value for value in reversed(regions)}
    return tuple(_tile(place, held.get(place.name[:2]), most, clicks) for place in PLACES)


def _tile(place: Place, facet: FacetValue | None, most: int, clicks: Clicks) -> Tile:
    if facet is None:
        return Tile(place.name, place.row, place.column, 0, 0, selected=False, href="")
    shown = facet.count, shade(facet.count, most), facet.selected, clicks(facet.value)
    return Tile(place.name, place.row, place.column, *shown)


def shade(count: int, most: int) -> int:
    """Put a count on a scale of 0 to 5 by its square root, so that small provinces stay visible."""
    return 0 if not count else max(1, round(SHADES * (count / most) ** 0.5))


def histogram(years: Sequence[FacetValue], query: Query) -> Histogram | None:
    """Draw years, or the months of the only year chosen; None when there is nothing to compare."""
    chosen = {value[:4] for value in query.filters.year}
    counted = {value.value: value for value in years}
    if len(chosen) == 1:
        year = chosen.pop()
        months = counted[year].children if year in counted else ()
        names = get_locale().months["stand-alone"]["abbreviated"]
        slots = {f"{year}-{month:02}": names[month] for month in range(1, 13)}
        return _draw(slots, {month.value: month for month in months}, query, "month")
    if len(counted) < 2:
        return None
    last = int(max(counted))
    first = max(int(min(counted)), last - BARS_AT_MOST + 1)
    return _draw({str(year): str(year) for year in range(first, last + 1)}, counted, query, "year")


def _draw(slots: dict[str, str], counted: dict[str, FacetValue], query: Query, unit: str) -> Histogram | None:
    """Return each slot its part of the width; ``slots`` has the names to write under the axis by value."""
    clicks, step = Clicks(query, "year"), CHART_WIDTH / len(slots)
    middles = {value: round((place + 0.5) * step, 1) for place, value in enumerate(slots)}
    held = [counted[value] for value in slots if value in counted and counted[value].count]
    if not held:
        return None
    most = max(one.count for one in held)
    bars = tuple(
        Bar(one.value, one.count, one.selected, clicks(one.value), middles[one.value], _top(one.count, most))
        for one in held
    )
    every = -(-len(slots) // 4)  # four names fit
    labels = tuple(Label(slots[value], _inside(middles[value])) for value in list(slots)[::every])
    return Histogram(bars, labels, round(step * 0.8, 1), unit)


def _top(count: int, most: int) -> float:
    """Place a bar's upper end; the smallest count still shows."""
    return round(CHART_HEIGHT - max(2, CHART_HEIGHT * count / most), 1)


def _inside(middle: float) -> float:
    """Keep a name under the axis within the chart."""
    return min(max(middle, LABEL_WIDTH / 2), CHART_WIDTH - LABEL_WIDTH / 2)
