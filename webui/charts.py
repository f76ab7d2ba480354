"""Small pictures of counts, drawn as data that templates turn into SVG and lists: no styles, no scripts.

The tile map is our own drawing: one square for each province-level region, roughly where it lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webui.address import toggled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.query import Query
    from indexer.results import FacetValue

CHART_WIDTH, CHART_HEIGHT = 280, 84  # in SVG units; the chart scales with its column
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
    """A province with what the search holds of it."""

    place: Place
    value: str  # what the region parameter takes; "" when nothing is held
    count: int
    shade: int  # 0 none, 1 few … 5 most
    selected: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One year or month of the histogram, in SVG units."""

    value: str
    count: int
    selected: bool
    query: Query  # where a click leads
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts over time, oldest left."""

    bars: tuple[Bar, ...]
    unit: str  # "year" or "month"
    year: str = ""  # the year whose months are shown

    @property
    def labels(self) -> tuple[Bar, ...]:
        """Bars whose names fit under the axis: the first and about three more."""
        step = max(1, -(-len(self.bars) // 4))
        return tuple(bar for place, bar in enumerate(self.bars) if place % step == 0)


def tiles(regions: Sequence[FacetValue]) -> tuple[Tile, ...]:
    """Lay the provinces of a region facet out as a map; places without announcements are shown empty."""
    held = {value.value: value for value in regions}
    most = max((value.count for value in regions if value.value != "全国"), default=0)
    return tuple(_tile(place, held, most) for place in PLACES)


def _tile(place: Place, held: dict[str, FacetValue], most: int) -> Tile:
    """Find the province by its short name; each is the beginning of exactly one full name."""
    for value, facet in held.items():
        if value.startswith(place.name):
            return Tile(place, value, facet.count, shade(facet.count, most), facet.selected)
    return Tile(place, "", 0, 0, selected=False)


def shade(count: int, most: int) -> int:
    """Put a count on a scale of 0 to 5 by its square root, so that small provinces stay visible."""
    return 0 if not count or not most else max(1, round(SHADES * (count / most) ** 0.5))


def histogram(years: Sequence[FacetValue], query: Query) -> Histogram | None:
    """Draw years, or the months of the only year chosen; None when there is nothing to compare."""
    chosen = {value[:4] for value in query.filters.year}
    if len(chosen) == 1:
        year = chosen.pop()
        months = next((value.children for value in years if value.value == year), ())
        counted = {month.value: month for month in months}
        slots = [f"{year}-{month:02}" for month in range(1, 13)]
        return Histogram(_bars(slots, counted, query), "month", year)
    counted = {value.value: value for value in years}
    if len(counted) < 2:
        return None
    last = int(max(counted))
    first = max(int(min(counted)), last - BARS_AT_MOST + 1)
    return Histogram(_bars([str(year) for year in range(first, last + 1)], counted, query), "year")


def _bars(slots: list[str], counted: dict[str, FacetValue], query: Query) -> tuple[Bar, ...]:
    most = max((counted[slot].count for slot in slots if slot in counted), default=0) or 1
    step = CHART_WIDTH / len(slots)
    bars = []
    for place, slot in enumerate(slots):
        facet = counted.get(slot)
        count = facet.count if facet else 0
        height = max(2.0, round(CHART_HEIGHT * count / most, 1)) if count else 0.0
        x, width = round(place * step + step * 0.1, 1), round(step * 0.8, 1)
        selected = bool(facet and facet.selected)
        bars.append(Bar(slot, count, selected, toggled(query, "year", slot), x, CHART_HEIGHT - height, width, height))
    return tuple(bars)
