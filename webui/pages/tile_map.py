"""A map of counts over places: the provinces of a search, and the cities of the province that was chosen.

The map is our own drawing: one square for each province-level region, roughly where it lies.
"""

from __future__ import annotations

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
    """A place with what the search holds of it."""

    name: str
    row: int
    column: int
    count: int
    shade: int  # 0 none, 1 few … 5 most
    selected: bool
    href: str  # "" when nothing is held


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
    # Short names are the beginnings of the full ones, and two characters tell them all apart; the largest counts.
    held = {value.value[:2]: value for value in reversed(regions)}
    tiles = tuple(_tile(place, held.get(place.name[:2]), most, clicks) for place in PLACES)
    provinces = {path[0] for path in chosen_regions}
    chosen = [value for value in regions if value.value in provinces and value.children] if len(provinces) == 1 else []
    if not chosen:
        return TileMap(tiles, _legend(most, tiles))
    return _with_cities(tiles, most, chosen[0], lists, clicks)


def _with_cities(tiles: tuple[Tile, ...], most: int, province: FacetValue, lists: Addresses, clicks: Clicks) -> TileMap:
    largest = max(child.count for child in province.children)
    paths = {"/".join(path[:2]) for path in lists.query.filters.region}
    cities = tuple(
        Tile(
            city.label,
            0,
            0,
            city.count,
            shade(city.count, largest),
            city.selected or city.value in paths,
            clicks(city.value) if city.count else "",
        )
        for city in province.children[:CITIES_SHOWN]
    )
    everywhere = lists.varied("region", "") + "#region"
    return TileMap(tiles, _legend(most, tiles), province.label, everywhere, cities, _legend(largest, cities))


def _tile(place: Place, facet: FacetValue | None, most: int, clicks: Clicks) -> Tile:
    if facet is None or not (facet.count or facet.selected):
        return Tile(place.name, place.row, place.column, 0, 0, selected=False, href="")
    shown = facet.count, shade(facet.count, most), facet.selected, clicks(facet.value)
    return Tile(place.name, place.row, place.column, *shown)


def shade(count: int, most: int) -> int:
    """Put a count on a scale of 0 to 5 by its square root, so that small provinces stay visible."""
    return 0 if not count else max(1, round(SHADES * (count / most) ** 0.5)) if most else 0


def _legend(most: int, tiles: Iterable[Tile]) -> tuple[Shade, ...]:
    """Say from which count on each colour that is shown is used."""
    shown = {tile.shade for tile in tiles if tile.shade}
    least = {shade(count, most): count for count in _bounds(most)}
    return tuple(Shade(one, least[one]) for one in sorted(shown) if one in least)


def _bounds(most: int) -> Iterable[int]:
    """Return for each shade the least count that has it, the darkest first."""
    for one in range(SHADES, 0, -1):
        count = max(1, int(((one - 0.5) / SHADES) ** 2 * most) if one > 1 else 1)
        while count < most and shade(count, most) < one:
            count += 1
        yield count
