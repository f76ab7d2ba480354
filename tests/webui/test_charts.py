"""Counts over time and place as pictures: what is drawn, and what its scale and legend say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from indexer.answers.results import FacetValue
from indexer.query.tree import Filters, Query
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.address import Addresses
from webui.pages.charts import COLUMN, histogram, scale_lines
from webui.pages.tile_map import shade, tile_map

if TYPE_CHECKING:
    from collections.abc import Iterator


def years(*counts: tuple[int, int]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(str(year), str(year), count) for year, count in sorted(counts, reverse=True))


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    with create_app(MemoryEngine()).test_request_context():
        yield


def test_years_before_those_drawn_stand_together_in_one_bar() -> None:
    drawn = histogram(years((1958, 2), (1990, 3), (1996, 1), (2025, 9)), Addresses(Query()))
    assert drawn is not None
    first = drawn.bars[0]
    assert (first.value, first.count) == ("-1995", 5)
    assert "to=1995-12-31" in first.href
    assert sum(bar.count for bar in drawn.bars) == 15


def test_a_bar_can_be_a_share_of_what_the_index_holds() -> None:
    found = years((2020, 10), (2021, 10))
    drawn = histogram(found, Addresses(Query()), COLUMN, {"2020": 1000, "2021": 20}, by_share=True)
    assert drawn is not None
    assert [bar.share for bar in drawn.bars] == [1.0, 50.0]
    assert drawn.bars[0].top > drawn.bars[1].top
    assert drawn.scale[0].text.endswith("%")


def test_shares_are_left_out_where_the_whole_is_not_known() -> None:
    drawn = histogram(years((2020, 10), (2021, 10)), Addresses(Query()), COLUMN, {"2020": 5}, by_share=True)
    assert drawn is not None
    assert (drawn.has_shares, drawn.by_share, drawn.bars[0].share) == (False, False, None)


@pytest.mark.parametrize("most", [1, 2, 3, 7, 10, 99, 1234, 3573, 100_000])
def test_a_scale_has_few_round_lines_and_covers_the_largest(most: int) -> None:
    lines = scale_lines(most, whole_numbers=True)
    assert 1 <= len(lines) <= 5
    assert lines[-1] >= most
    assert all(line == int(line) for line in lines)
    assert lines[-1] < 2.5 * most


@pytest.mark.parametrize("most", [0.004, 0.35, 0.9, 1.5, 33.3, 100.0])
def test_shares_have_a_scale_too(most: float) -> None:
    lines = scale_lines(most, whole_numbers=False)
    assert 2 <= len(lines) <= 5
    assert lines[-1] >= most


def test_the_legend_says_from_which_count_on_a_colour_is_used() -> None:
    counts = {"广东省": 2556, "河南省": 1556, "浙江省": 700, "海南省": 90, "西藏自治区": 3}
    regions = tuple(FacetValue(name, name, count) for name, count in counts.items())
    drawn = tile_map(regions, Addresses(Query()))
    assert drawn is not None
    for one in drawn.legend:
        assert shade(one.least, 2556) == one.shade
        assert one.least == 1 or shade(one.least - 1, 2556) == one.shade - 1
    assert [tile.count for tile in drawn.tiles if tile.name == "西藏"] == [3]


def test_a_chosen_province_shows_its_cities_and_the_way_back() -> None:
    cities = (FacetValue("广东省/广州市", "广州市", 8), FacetValue("广东省/珠海市", "珠海市", 2))
    regions = (FacetValue("广东省", "广东省", 12, selected=True, children=cities),)
    drawn = tile_map(regions, Addresses(Query(filters=Filters(region=(("广东省",),)))))
    assert drawn is not None
    assert [(city.name, city.count) for city in drawn.cities] == [("广州市", 8), ("珠海市", 2)]
    assert "region=" not in drawn.all_href
    page = create_app(MemoryEngine()).test_client().get("/?region=广东省").text
    assert BeautifulSoup(page, "lxml").select(".cities a")


def test_the_chosen_measure_is_remembered() -> None:
    client = create_app(MemoryEngine()).test_client()
    assert client.get("/?q=示例&chart=share").status_code == 200
    chosen = BeautifulSoup(client.get("/?q=示例").text, "lxml").select_one(".measures [aria-current]")
    assert chosen is not None
    assert "比例" in chosen.get_text()
