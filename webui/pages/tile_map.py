"""A map of counts over places: the provinces of a search, and the cities of the province that was chosen.

The map is our own drawing: one square for each province-level region, roughly where it lies.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.light_dataclass import dataclass
from webui.address import Clicks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.answers.results import FacetValue
    from webui.address import Addresses

SHADES = 5
CITIES_SHOWN = 24  # the largest; a province has 21 at most, a municipality up to 38 districts

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
class Tile:
    """A place with what the search holds of it."""

    name: str
    row: int
    column: int
    count: int
    shade: int  # 0 none, 1 few … 5 most
    selected: bool
    href: str  # "" when nothing is held


# Short names are the beginnings of the full ones, and two characters tell them all apart.
_EMPTY_TILES = {
    name[:2]: Tile(name, row, column, 0, 0, selected=False, href="")
    for row, names in enumerate(_MAP_ROWS, 1)
    for column, name in enumerate(names.split(), 1)
    if name != "·"
}


@dataclass(frozen=True, slots=True)
class Shade:
    """One colour of the legend."""

    shade: int
    least: int  # announcements from which on a place has it


@dataclass(frozen=True, slots=True)
class TileMap:
    """The provinces with their legend; the cities of the one that was chosen with theirs."""

    tiles: tuple[Tile, ...] = ()
    legend: tuple[Shade, ...] = ()
    province: str = ""  # that was chosen; "" for none
    all_href: str = ""  # without the choice
    cities: tuple[Tile, ...] = ()
    city_legend: tuple[Shade, ...] = ()


def tile_map(regions: Sequence[FacetValue], lists: Addresses) -> TileMap | None:
    """Lay a region facet out as a map, provinces without announcements empty; None when all are.

    ``lists`` are of the query's first page.
    """
    clicks, chosen_regions = Clicks(lists, "region"), lists.query.filters.region
    most = max((value.count for value in regions if value.value != "全国"), default=0)
    if not most:
        return None
    least = _least_counts(most)
    held = {value.value[:2]: value for value in reversed(regions)}  # the largest counts
    tiles = tuple([_tile(empty, held.get(name), least, clicks) for name, empty in _EMPTY_TILES.items()])
    provinces = {path[0] for path in chosen_regions}
    chosen = [value for value in regions if value.value in provinces and value.children] if len(provinces) == 1 else []
    if not chosen:
        return TileMap(tiles, _legend(least, tiles))
    return _with_cities(TileMap(tiles, _legend(least, tiles)), chosen[0], lists, clicks)


def _with_cities(provinces: TileMap, province: FacetValue, lists: Addresses, clicks: Clicks) -> TileMap:
    least = _least_counts(max(child.count for child in province.children))
    paths = {"/".join(path[:2]) for path in lists.query.filters.region}
    cities = tuple(
        Tile(
            city.label,
            0,
            0,
            city.count,
            bisect_right(least, city.count),
            city.selected or city.value in paths,
            clicks(city.value) if city.count else "",
        )
        for city in province.children[:CITIES_SHOWN]
    )
    everywhere = lists.varied("region", "") + "#region"
    return TileMap(provinces.tiles, provinces.legend, province.label, everywhere, cities, _legend(least, cities))


def _tile(empty: Tile, facet: FacetValue | None, least: Sequence[int], clicks: Clicks) -> Tile:
    if facet is None or not (facet.count or facet.selected):
        return empty
    count, shown = facet.count, bisect_right(least, facet.count)
    return Tile(empty.name, empty.row, empty.column, count, shown, facet.selected, clicks(facet.value))


def shade(count: int, most: int) -> int:
    """Put a count on a scale of 0 to 5 by its square root, so that small provinces stay visible."""
    return 0 if not count else max(1, round(SHADES * (count / most) ** 0.5)) if most else 0


def _legend(least: Sequence[int], tiles: Iterable[Tile]) -> tuple[Shade, ...]:
    """Say from which count on each colour that is shown is used."""
    shown = {tile.shade for tile in tiles if tile.shade}
    return tuple([Shade(one, least[one - 1]) for one in sorted(shown)])


@lru_cache(maxsize=1024)
def _least_counts(most: int) -> tuple[int, ...]:
    """Return for each shade the least count that has it, the lightest first; a count's shade is how many it reaches."""
    return tuple(_least_count(one, most) for one in range(1, SHADES + 1))


def _least_count(one: int, most: int) -> int:
    count = max(1, int(((one - 0.5) / SHADES) ** 2 * most) if one > 1 else 1)
    while count < most and shade(count, most) < one:
        count += 1
    return count
