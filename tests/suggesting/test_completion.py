"""Suggestions and spelling: what is offered to go on with, and what a slip was meant for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.answers.hits import other_spellings
from indexer.query.parser import parse
from indexer.query.tree import Query
from indexer.suggesting.completion import ARRAYS, KINDS, Suggester, build
from indexer.suggesting.pinyin import cuts, homophones
from indexer.suggesting.spelling import did_you_mean, falls_apart
from indexer.text.units import units

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLES = [
    "关于印发花都区乡村振兴补贴办法的通知",
    "乡村振兴工作要点",
    "长乐区5G基站建设公告",
    "转发《乡村振兴促进办法》的通知",
    "西安路养老服务站选址公示",
    "市财政局关于𠮷祥街改造的公告",
    "乡村振兴：乡村振兴先进名单",
]
SOURCES = [("花都区人民政府", 12), ("长乐区卫生健康局", 30)]


def suggester(titles: Sequence[str] = TITLES) -> Suggester:
    lists = {
        "title": build([(title, 1) for title in titles]),
        "source": build(SOURCES),
        "region": build([("广东省/广州市/花都区", 40)]),
        "number": build([("花府办〔2024〕7号", 1), ("花府〔2023〕17号", 1)]),
    }
    return Suggester(lists)


def texts(typed: str, limit: int = 8) -> list[str]:
    return [suggestion.text for suggestion in suggester().complete(typed, limit)]


def test_what_begins_with_the_typed_comes_first_then_what_opens_with_it_then_what_holds_it() -> None:
    assert [TITLES.index(text) for text in texts("乡村")] == [1, 6, 3, 0]


def test_a_text_is_offered_once_however_often_it_holds_the_typed() -> None:
    assert len(texts("乡村振兴")) == len(set(texts("乡村振兴")))


@pytest.mark.parametrize("typed", ["huadu", "hd", "hdq", "huadq", "huad", "花du", "Hua Du", "花都"])
def test_pinyin_whole_begun_or_down_to_first_letters_finds_what_the_characters_find(typed: str) -> None:
    assert texts(typed)[:2] == ["花都区人民政府", "广东省/广州市/花都区"]


def test_letters_may_be_letters() -> None:
    assert texts("5g基") == ["长乐区5G基站建设公告"]


def test_letters_that_can_be_cut_in_two_ways_find_both() -> None:
    assert texts("xianlu") == ["西安路养老服务站选址公示"]


@pytest.mark.parametrize("typed", ["花府办2024", "花府办[2024]7", "花府办〔２０２４〕"])
def test_a_number_is_completed_in_whatever_brackets(typed: str) -> None:
    assert texts(typed) == ["花府办〔2024〕7号"]


def test_traditional_characters_find_simplified_ones() -> None:
    assert texts("鄉村振興工") == ["乡村振兴工作要点"]


def test_more_announcements_behind_it_come_first_and_kinds_share_the_room() -> None:
    entries = [(f"花园{at}号公寓公告", 1) for at in range(20)]
    lists = {"title": build(entries), "source": build([("花山镇人民政府", 3), ("花城街道办事处", 9)])}
    kinds = [(one.kind, one.count) for one in Suggester(lists).complete("花", 6)]
    assert kinds == [("source", 9), ("source", 3), ("title", 1), ("title", 1), ("title", 1), ("title", 1)]


@pytest.mark.parametrize("typed", ["", " ", "，。", "\n", "x" * 200, "绝无此事", "\ud800", "𠮷祥街𠮷"])
def test_what_nothing_goes_on_from_gives_nothing(typed: str) -> None:
    assert texts(typed) == []


def test_an_index_without_titles_gives_nothing() -> None:
    assert Suggester({kind: build([]) for kind in KINDS}).complete("花都") == ()


def test_characters_beyond_the_first_plane_are_found_and_given_back_as_written() -> None:
    assert texts("𠮷祥") == ["市财政局关于𠮷祥街改造的公告"]


def test_lists_are_flat_arrays_that_can_be_stored() -> None:
    arrays = build([(title, 1) for title in TITLES])
    assert set(arrays) == set(ARRAYS)
    assert all(array.ndim == 1 and array.dtype != np.dtype(object) for array in arrays.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="甲乙丙 ，A1", min_size=1, max_size=8), max_size=8), st.data())
def test_any_part_of_a_text_within_a_row_finds_it(entries: list[str], data: st.DataObject) -> None:
    entries = [entry for entry in entries if entry.strip()]
    for entry in entries:
        row = [unit for unit in units(entry) if unit]
        if row:
            low = data.draw(st.integers(0, len(row) - 1))
            typed = "".join(row[low : data.draw(st.integers(low + 1, len(row)))])
            found = Suggester({"title": build([(one, 1) for one in entries])}).complete(typed, 99)
            assert " ".join(entry.split()) in [one.text for one in found]


def test_cuts_of_letters_begin_with_whole_syllables() -> None:
    first, *others = [characters for characters, _ in cuts("xian")]
    assert "先" in first[0]
    assert any("西" in two[0] and "安" in two[1] for two in others if len(two) == 2)


def test_homophones_hold_the_character_itself() -> None:
    assert {"振", "震", "镇"} <= set(homophones("震"))
    assert homophones("5") == "5"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("乡村震兴", "乡村振兴"),  # read alike
        ("乡村振光", "乡村振兴"),  # wrong
        ("乡振村兴", "乡村振兴"),  # changed round
        ("乡村村振兴", "乡村振兴"),  # one too many
        ("乡村振补贴", "乡村振兴补贴"),  # one missing
        ("xiangcunzhenxing", "乡村振兴"),  # the keyboard was still in English
        ("鄉村震興", "乡村振兴"),
    ],
)
def test_a_slip_is_offered_as_what_titles_hold(typed: str, meant: str) -> None:
    held = "乡村振兴补贴"
    assert did_you_mean(typed, suggester(), held.count)[:1] == (meant,)


@pytest.mark.parametrize("typed", ["乡村振兴", "乡村", "龙舟竞渡安全须知", "", "，", "x", "xyz", "5"])
def test_what_is_right_or_like_nothing_is_left_alone(typed: str) -> None:
    assert did_you_mean(typed, suggester(), "乡村振兴补贴".count) == ()


def test_only_what_something_holds_is_offered() -> None:
    assert did_you_mean("乡村震兴", suggester(), lambda _: 0) == ()


@pytest.mark.parametrize(
    ("run", "apart"), [("乡村震兴", True), ("乡村振兴补贴", False), ("5号", False), ("扶贫的事", False), ("", False)]
)
def test_a_run_with_two_characters_that_make_no_word_looks_misspelt(run: str, apart: bool) -> None:
    assert falls_apart(run) is apart


def test_a_misspelt_run_whose_characters_stand_apart_in_a_long_text_is_still_offered_as_meant() -> None:
    asked = parse("乡村震兴")[0]
    query = Query(text="乡村震兴", root=asked)
    assert other_spellings(query, suggester(), "乡村振兴补贴".count, none_whole=False) == ("乡村振兴",)
    right = Query(text="乡村补贴", root=parse("乡村补贴")[0])
    assert other_spellings(right, suggester(), "乡村振兴补贴".count, none_whole=False) == ()


def test_a_place_comes_before_the_titles_that_begin_with_its_name() -> None:
    lists = {"region": build([("广东省/佛山市", 3)]), "title": build([("佛山经验值得学习", 1), ("通知", 1)])}
    found = Suggester(lists).complete("佛山")
    assert [(one.kind, one.parameters) for one in found] == [
        ("region", (("region", "广东省/佛山市"),)),
        ("title", (("q", '"佛山经验值得学习"'), ("in", "title"))),
    ]


def test_of_equal_counts_short_titles_come_before_long_ones() -> None:
    titles = ["养老服务工作座谈会在我市隆重召开取得圆满成功", "养老服务条例"]
    found = Suggester({"title": build((title, 1) for title in titles)}).complete("养老服务")
    assert [one.text for one in found] == titles[::-1]
