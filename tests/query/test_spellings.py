"""One thing, written in several ways."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facts.numerals import LARGEST, read_numeral, write_digits, write_numeral
from indexer.query.leaves import as_typed
from indexer.query.parameters import read_query
from indexer.query.spellings import _MAY_HOLD_PIECES, _PIECES, MOST_SPELLINGS, spellings, with_spellings
from indexer.query.tree import And, Node, Not, Or, Phrase, Spelled, Term
from indexer.text.fold import fold
from indexer.text.units import units

if TYPE_CHECKING:
    from collections.abc import Sequence

# In each row every way finds every other, whichever of them is typed.
SAME: Sequence[tuple[str, ...]] = (
    ("2024年3月5日", "2024-03-05", "2024-3-5", "2024/3/5", "2024.3.5", "2024年03月05日", "二〇二四年三月五日",
     "二零二四年三月五日"),
    ("2021年12月31日", "2021-12-31", "2021/12/31", "二〇二一年十二月三十一日", "二○二一年十二月三十一日"),
    ("1998年10月1日", "1998-10-01", "一九九八年十月一日"),
    ("自2021年1月1日起", "自2021-01-01起", "自二〇二一年一月一日起"),
    ("2020年3月", "二〇二〇年三月", "2020年03月", "二零二零年三月"),
    ("2020年工作要点", "二〇二〇年工作要点", "二零二零年工作要点"),
    ("3月15日", "三月十五日", "03月15日"),
    ("第14条", "第十四条", "第 14 条"),
    ("第一百二十条", "第120条"),
    ("第3届", "第三届"),
    ("第2批名单", "第二批名单"),
    ("5%", "百分之五", "百分之5", "５％"),
    ("12.5%", "百分之十二点五", "12.5％"),
    ("100%", "百分之百", "百分之一百"),
    ("3‰", "千分之三"),
    ("1000元", "1,000元", "１，０００元"),
    ("12345678", "12,345,678"),
    ("ISO9001", "ISO 9001", "iso9001", "ＩＳＯ９００１"),
    ("GB5749", "GB 5749"),
    ("GB/T1.1", "GB/T 1.1"),
    ("110kV", "110 kV", "110KV"),
    ("5G", "5 G"),
    ("Wi-Fi", "WiFi", "Wi－Fi"),
    ("COVID-19", "COVID19", "covid 19"),
    ("Ⅲ级响应", "III级响应"),
    ("Ⅳ类水质", "IV类水质"),
    ("90㎡", "90m²", "90m2", "90 m²", "90 m2"),
    ("30㎥", "30m³", "30m3"),
    ("5㎞", "5km", "5 km"),
    ("50kg", "50 kg", "50㎏"),
    ("37℃", "37°C", "37 ℃"),
    ("双随机一公开", "双随机、一公开"),
    ("两不愁三保障", "两不愁、三保障"),
)  # fmt: skip
PAIRS = [pair for row in SAME for pair in permutations(row, 2)]


def rows(text: str) -> set[tuple[str, ...]]:
    """The rows of units of all spellings of a string."""
    return {tuple(units(way)) for way in spellings(text)}


@pytest.mark.parametrize(("typed", "written"), PAIRS)
def test_each_way_to_write_it_is_looked_for_whichever_is_typed(typed: str, written: str) -> None:
    if typed != "covid 19" and not (typed == "iso9001" and "-" in written):
        assert tuple(units(written)) in rows(typed)


@pytest.mark.parametrize(
    "text",
    [
        "乡村振兴", "十四五规划", "一带一路", "第三产业", "A股", "policy search", "13812345678", "2020", "三重一大",
        "不忘初心", "五月花", "百分点", "千方百计", "国发〔2018〕3号", "一体两翼", "kWh", "R&D", "三农", "T恤",
        "第一书记", "21世纪", "24小时", "万元", "五年计划", "0571", "1.5倍", ],
)  # fmt: skip
def test_what_is_written_in_one_way_stays_as_it_is(text: str) -> None:
    assert spellings(text) == (text,)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("第14条", "第4条"), ("5%", "5‰"), ("5%", "15%"), ("2024-03-05", "2024-05-03"), ("GB5749", "GB57 49"),
        ("1000", "100"), ("2020年", "2002年"), ("III级", "II级"), ("90㎡", "90㎥"), ("百分之五", "百分之五十"),
        ("2021年1月1日", "2021年11月1日"), ("第十条", "第一〇条"),
    ],
)  # fmt: skip
def test_what_is_another_thing_is_none_of_the_spellings(typed: str, other: str) -> None:
    assert tuple(units(other)) not in rows(typed)


@given(st.text(max_size=40) | st.text(st.sampled_from("二〇零0123年月日第十条百分之点%５,，mM²㎡Ⅲi-/ 甲"), max_size=16))
def test_any_text_has_its_spellings_the_first_as_typed_and_no_two_alike(text: str) -> None:
    ways = spellings(text)
    assert ways[0] == text
    assert len({tuple(units(way)) for way in ways}) == len(ways) <= MOST_SPELLINGS


@given(st.integers(0, LARGEST))
def test_numerals_are_read_as_they_are_written(number: int) -> None:
    assert read_numeral(write_numeral(number)) == read_numeral(write_numeral(number, "〇")) == number
    if number >= 1000:
        assert read_numeral(write_digits(str(number))) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("十", 10),
        ("二十", 20),
        ("一百一十", 110),
        ("一百零五", 105),
        ("两千零二十", 2020),
        ("二〇二一", 2021),
        ("〇", 0),
    ],
)
def test_numerals_of_each_kind_are_read(written: str, number: int) -> None:
    assert read_numeral(written) == number


@pytest.mark.parametrize("text", ["", "甲", "十百", "一二三四五", "百千"])
def test_what_is_no_numeral_is_none(text: str) -> None:
    assert read_numeral(text) is None


def tree(query: str) -> Node | None:
    return read_query({"q": [query]}).root


def test_a_string_stands_beside_its_other_spellings() -> None:
    root = tree('"第14条" 补贴')
    assert isinstance(root, And)
    assert root.parts == (Spelled((Phrase("第14条"), Phrase("第十四条"))), Term("补贴"))
    assert as_typed(root) == And((Phrase("第14条"), Term("补贴")))


def test_a_run_that_is_nothing_but_a_day_or_a_measure_is_looked_for_in_a_row() -> None:
    root = tree("2024-03-05")
    assert isinstance(root, Spelled)
    assert all(isinstance(part, Phrase) for part in root.parts)


def test_a_run_with_more_around_it_stays_a_run() -> None:
    assert tree("5%补贴") == Spelled((Term("5%补贴"), Term("百分之五补贴"), Term("百分之5补贴")))


def test_letters_and_digits_with_a_space_between_may_stand_together() -> None:
    root = tree("GB 5749 水质")
    assert isinstance(root, And)
    spelled = root.parts[0]
    assert isinstance(spelled, Spelled)
    assert {And((Term("GB"), Term("5749"))), Phrase("GB5749")} <= set(spelled.parts)


@pytest.mark.parametrize("query", ["GDP 2020", "2020 GDP", "乡村振兴 补贴", "ISO 质量", "5 月"])
def test_other_runs_stay_apart(query: str) -> None:
    root = tree(query)
    assert isinstance(root, And)
    assert not any(isinstance(part, Spelled) and isinstance(part.parts[0], And) for part in root.parts)


def test_what_must_not_be_there_must_not_in_any_spelling() -> None:
    assert tree('扶贫 -"5%"') == And(
        (Term("扶贫"), Not(Spelled((Phrase("5%"), Phrase("百分之五"), Phrase("百分之5")))))
    )


def test_facts_are_looked_for_as_they_are() -> None:
    assert tree("文号:2020年") == Term("2020年", "number")


def test_a_long_query_is_found_as_it_stands() -> None:
    root = Or(tuple(Term(f"第{number}条") for number in range(1, 40)))
    assert with_spellings(root) == root


@pytest.mark.parametrize(
    ("query", "understood"),
    [
        ("5%", "5%（也作“百分之五”、“百分之5”）"),
        ('"第14条"', "含原文“第14条”（也作“第十四条”）"),
        ("2024-03-05", "2024-03-05（也作“2024年3月5日”、“二〇二四年三月五日”等）"),
        ("乡村振兴 补贴", "含“乡村振兴”、“补贴”"),
    ],
)
def test_an_answer_says_which_other_spellings_were_looked_for(query: str, understood: str) -> None:
    assert read_query({"q": [query]}).understood == understood


@given(
    st.text(st.sampled_from("0123一二双两百千万年月日号第%‰㎡℃°cmⅣabc-·, 条分之点的大会农村²"), max_size=8)
    | st.text(max_size=6)
)
def test_what_cannot_hold_a_piece_is_not_looked_into(text: str) -> None:
    """A short pattern spares the long one: it may never miss what that would find."""
    if _PIECES.search(fold(text)):
        assert _MAY_HOLD_PIECES.search(fold(text))
