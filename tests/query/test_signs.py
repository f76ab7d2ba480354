"""Signs in unquoted runs."""

from __future__ import annotations

import pytest

from indexer.query.signs import signed_words


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("5%", ["5%"]),
        ("C++", ["c++"]),
        ("c#", ["c#"]),
        ("GB/T", ["gb/t"]),
        ("R&D投入", ["r&d", "投入"]),
        ("A+B", ["a+b"]),
        ("C++/Java", ["c++/java"]),
        ("互联网＋", ["互联网+"]),
        ("互联网+政务服务", ["互联网+", "政务", "服务"]),
        ("37.3℃", ["37", "3℃"]),
        ("90㎡住房", ["90㎡", "住房"]),
        ("≥18周岁", ["≥18", "周岁"]),
        ("单价￥5", ["单价", "¥5"]),
        ("1#楼", ["1#", "楼"]),
        ("#1楼", ["#1", "楼"]),
        ("a@b.cn", ["a@b", "cn"]),
        ("2020/12/28", ["2020/12/28"]),
        ("℃", ["℃"]),
        ("++", ["+", "+"]),
    ],
)
def test_a_sign_stays_at_what_it_belongs_to(run: str, expected: list[str]) -> None:
    assert signed_words(run) == expected


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("和/或", ["和", "或"]),
        ("省/市", ["省", "市"]),
        ("60元/人", ["60", "元", "人"]),
        ("+扶贫", ["扶贫"]),
        ("扶贫，+", ["扶贫"]),
        ("http://www.gov.cn", ["http", "www", "gov", "cn"]),
    ],
)
def test_signs_that_only_part_words_are_left_out(run: str, expected: list[str]) -> None:
    assert signed_words(run) == expected
