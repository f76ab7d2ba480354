"""Two texts side by side."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.relations.comparison import Comparison, compare

OLD = """示例条例
第一章 总则
第一条 为了规范管理，制定本条例。
第二条 市人民政府负责本市的示例工作，区人民政府协助。
第三条 违反规定的，处五百元以下罚款。
第四条 单位应当建立台账，每年报送一次。
第二章 附则
第五条 本条例自2010年1月1日起施行。"""
NEW = """示例条例
第一章 总则
第一条 为了规范管理，制定本条例。
第二条 单位应当建立台账，每年报送一次。
第三条 市人民政府负责本市的示例工作，区、县人民政府协助。
第四条 鼓励公众参与监督，具体办法另行制定。
第二章 附则
第五条 本条例自2020年7月1日起施行。"""


def told(a: str, b: str) -> list[tuple[str, str, str]]:
    return [
        (row.change + (" moved" if row.moved else ""), row.a.anchor if row.a else "", row.b.anchor if row.b else "")
        for row in compare(a, b).rows
    ]


def joined(comparison: Comparison, a: str, b: str) -> tuple[str, str]:
    """The texts, put together from what is shown of each."""
    texts = []
    for side, text in (("a", a), ("b", b)):
        shown = sorted(
            (getattr(row, side) for row in comparison.rows if getattr(row, side)), key=lambda one: (one.start, one.end)
        )
        texts.append("".join(text[start:end] for one in shown for start, end, _ in one.pieces))
    return texts[0], texts[1]


def test_clauses_are_aligned_by_what_they_say_and_by_their_numbers() -> None:
    assert told(OLD, NEW) == [
        ("same", "", ""),
        ("same", "第一章", "第一章"),
        ("same", "第一条", "第一条"),
        ("gone", "第三条", ""),
        ("renumbered", "第四条", "第二条"),
        ("changed moved", "第二条", "第三条"),
        ("added", "", "第四条"),
        ("same", "第二章", "第二章"),
        ("changed", "第五条", "第五条"),
    ]


def test_words_that_differ_are_marked_and_no_others() -> None:
    row = next(row for row in compare(OLD, NEW).rows if row.b and row.b.anchor == "第五条")
    assert row.a
    assert row.b
    assert [OLD[start:end] for start, end, changed in row.a.pieces if changed] == ["2010年1"]
    assert [NEW[start:end] for start, end, changed in row.b.pieces if changed] == ["2020年7"]


def test_equal_texts_are_the_same_throughout() -> None:
    assert set(compare(OLD, OLD).counts.items()) == {
        ("same", 8), ("renumbered", 0), ("changed", 0), ("added", 0), ("gone", 0),
    }  # fmt: skip
    assert compare("", "").rows == ()


def test_texts_without_clauses_are_compared_line_by_line() -> None:
    assert told("甲乙丙丁。\n戊己庚辛。", "甲乙丙丁。\n\n戊己庚壬。") == [("same", "", ""), ("changed", "", "")]


_PIECES = ["第一条 ", "第二条 ", "第三条 ", "甲乙丙丁", "戊己", "，", "。", "\n", "的", "第一章 总则\n", "A1", " ", "“"]
PIECES = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)


@given(PIECES, PIECES)
def test_what_is_shown_of_each_text_is_the_text(a: str, b: str) -> None:
    comparison = compare(a, b)
    assert joined(comparison, a, b) == (a, b)
    for row in comparison.rows:
        if row.a and row.b and not row.coarse and row.change != "same":
            kept = ["".join(text[start:end] for start, end, changed in side.pieces if not changed)
                    for text, side in ((a, row.a), (b, row.b))]  # fmt: skip
            assert kept[0] == kept[1]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("甲" * 300_000, "甲乙" * 150_000),
        ("第一条 甲乙\n" * 20_000, "第一条 甲丙\n" * 20_000),
        ("\n".join(f"第{n}条 {'的，' * 400}{n}" for n in range(1, 300)),
         "\n".join(f"第{n}条 {'，的' * 400}{n + 1}" for n in range(1, 300))),
    ],
)  # fmt: skip
def test_texts_made_to_take_long_take_seconds_at_most_and_lose_nothing(a: str, b: str) -> None:
    began = time.process_time()
    comparison = compare(a, b)
    assert time.process_time() - began < 5
    assert joined(comparison, a, b) == (a, b)
