"""How days are written, and what is none."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facts.dates import find_dates, parse_date

DAY = date(2020, 12, 28)


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-28",
        "2020/12/28",
        "2020.12.28",
        "2020年12月28日",
        "2020 年 12 月 28 日",
        "2020年12月28号",
        "２０２０年１２月２８日",
        "２０２０－１２－２８",
        "二〇二〇年十二月二十八日",
        "二○二○年十二月二十八日",
        "二O二O年十二月二十八日",
        "二零二零年十二月廿八日",
        "[2020-12-28]",
        "【2020-12-28】",
        "发布日期：2020-12-28 14:49",
        "发布日期2020-12-28",
        "发布时间：2020-12-28 14∶06",
        "2020-12-2814:06",
        "2020-12-28 14:06:33 来源：云溪市财政局",
        "20201228",
        "20201228140633",
        "2020-12-28T09:30:00+08:00",
        "2020-12-27T17:30:00Z",
        "2020-12-28T23:30:00",
        "（2020年12月28日云溪市第九届人民代表大会通过）",
    ],
)
def test_a_day_is_read_in_every_writing(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2020年12月",
        "2020-12",
        "2020年2月30日",
        "2020-13-01",
        "0020-12-28",
        "3020-12-28",
        "192.168.1.1",
        "2020.12.28.3",
        "12020-12-28",
        "2020-12/28",
        "索引号：000014349/2020-00110",
        "国办发〔2020〕12号",
        "二〇二〇年十五月一日",
        "电话：02012281234",
    ],
)
def test_what_is_no_valid_day_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_small_numerals_and_the_first_month_are_read() -> None:
    assert parse_date("一九九八年元月十日") == date(1998, 1, 10)
    assert parse_date("二〇〇九年十月三十一日") == date(2009, 10, 31)


def test_all_days_of_a_text_are_found_with_their_places() -> None:
    text = "自2021年1月1日起施行，有效期至２０２５年１２月３１日。"
    found = find_dates(text)
    assert [(one.day, text[one.start : one.end]) for one in found] == [
        (date(2021, 1, 1), "2021年1月1日"),
        (date(2025, 12, 31), "２０２５年１２月３１日"),
    ]


NUMERALS = ["", *"一二三四五六七八九十", *(f"十{ones}" for ones in "一二三四五六七八九"), "二十"]
NUMERALS += [*(f"二十{ones}" for ones in "一二三四五六七八九"), "三十", "三十一"]


@given(st.integers(0, 73_000))
def test_every_day_reads_back_from_chinese_numerals(days: int) -> None:
    day = date(1900, 1, 1) + timedelta(days)
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    assert parse_date(f"{year}年{NUMERALS[day.month]}月{NUMERALS[day.day]}日") == day


WRITINGS = (
    "{0.year}-{0.month}-{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{0:%Y/%m/%d}",
    "{0:%Y.%m.%d}",
    "{0:%Y%m%d}",
)


@given(st.integers(0, 73_000), st.sampled_from(WRITINGS))
def test_every_day_of_two_centuries_reads_back(days: int, writing: str) -> None:
    day = date(1900, 1, 1) + timedelta(days)
    assert parse_date(f"发布日期：{writing.format(day)}") == day


@given(st.text("0123456789年月日-/.〇一二十廿T:Z ", max_size=40))
def test_any_text_gives_days_in_order_or_none(text: str) -> None:
    found = find_dates(text)
    assert all(one.start < one.end <= other.start for one, other in pairwise(found))
    assert all(1900 <= one.day.year < 2100 for one in found)
