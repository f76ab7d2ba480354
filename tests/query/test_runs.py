"""Runs are cut into strings that stand in a row: by the dictionary, and where it fails by what texts hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.runs import chains_of, content_of, marked_strings, strings_of
from indexer.text.units import BREAK, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.query.runs import Holding


@pytest.mark.parametrize(
    ("run", "strings"),
    [
        ("对口帮扶", ("对口", "帮扶")),
        ("换热站", ("换热站",)),
        ("公租房", ("公租房",)),
        ("郑晓梅", ("郑晓梅",)),
        ("村BA", ("村ba",)),
        ("5G基站", ("5g基站",)),
        ("扶贫的工作", ("扶贫", "工作")),
        ("为老服务", ("为老服务",)),
        ("2021年3月5日", ("2021年3月5日",)),
        ("2020年对口帮扶", ("2020年", "对口", "帮扶")),
        ("二〇二一年", ("二〇二一年",)),
        ("增长5%以上", ("增长", "5%", "以上")),
        ("污水和/或垃圾处理", ("污水", "垃圾处理")),
        ("乡村，振兴", ("乡村", "振兴")),
        ("雨", ("雨",)),
        ("的", ("的",)),
        ("，", ()),
    ],
)
def test_characters_left_over_stand_in_a_row_with_their_neighbours(run: str, strings: tuple[str, ...]) -> None:
    assert chains_of(run) == strings


def count_in(texts: Sequence[str]) -> Holding:
    return lambda strings: [sum(one in text for text in texts) for one in strings]


def test_a_chain_that_nothing_holds_comes_apart_into_what_texts_hold() -> None:
    texts = ["东莞万江的公租房", "东莞万江", "公租房"]
    assert strings_of("东莞万江公租房", count_in(texts)) == ("东莞万江", "公租房")


def test_a_chain_that_some_text_holds_stays_whole() -> None:
    texts = ["三孩政策", "三孩", "三孩生育", "政策"]
    assert strings_of("三孩政策", count_in(texts)) == ("三孩政策",)


def test_a_chain_stays_whole_when_nothing_holds_its_parts() -> None:
    assert strings_of("东莞万江公租房", count_in([])) == ("东莞万江公租房",)


def test_nothing_is_asked_of_the_texts_where_a_run_cannot_come_apart() -> None:
    def refuse(strings: Sequence[str]) -> Sequence[int]:
        raise AssertionError(strings)

    assert strings_of("对口帮扶", refuse) == ("对口", "帮扶")
    assert strings_of("公租房", refuse) == ("公租房",)


@pytest.mark.parametrize(
    ("run", "content"),
    [
        ("2021年3月5日", ()),
        ("自2021年1月1日起施行", ("自", "起", "施行")),
        ("如何申请补贴", ("申请", "补贴")),
        ("第3批30个项目", ("第", "批", "个", "项目")),
    ],
)
def test_numerals_and_dates_say_nothing_of_the_matter(run: str, content: tuple[str, ...]) -> None:
    assert content_of(run) == content


@given(st.text(st.sampled_from("花都区精准扶贫万江公租房的和在5%ａB1 年月/,，"), max_size=20))
def test_strings_are_whole_units_of_the_run_in_its_order(run: str) -> None:
    spelled = "\0" + "\0".join(units(run)) + "\0"
    for string in (*chains_of(run), *marked_strings(run)):
        assert BREAK not in units(string)
        assert "\0" + "\0".join(units(string)) + "\0" in spelled
    assert bool(chains_of(run)) == bool(units(run))
