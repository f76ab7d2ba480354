"""Nearness, and what other engines write at a word."""

from __future__ import annotations

import pytest

from indexer.query.parser import parse
from indexer.query.printer import write
from indexer.query.tree import And, Near, Node, Term, walk


def read(text: str) -> Node | None:
    return parse(text)[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('"**" 扶贫', "扶贫（略去“**”）"),
        ("扶贫*", "扶贫（略去“*”）"),
        ("“办法》的通知”", "含原文“办法》的通知”（引号内的“》”只作间隔）"),
        ("扶贫 ADJ 脱贫", "含“扶贫”、“ADJ”、“脱贫”（“ADJ”按文字查找）"),
        ("“5%”", "含原文“5%”"),
        ("“℃”", "含原文“℃”"),
        ('"…"', "全部公告（略去“…”）"),
    ],
)
def test_what_is_not_looked_for_is_said(typed: str, said: str) -> None:
    assert parse(typed)[1] == said


@pytest.mark.parametrize(
    ("typed", "node", "written"),
    [
        ("扶贫 NEAR/5 产业", Near(("扶贫", "产业"), 9), '"扶贫" NEAR/5 "产业"'),
        ("扶贫 NEAR 产业", Near(("扶贫", "产业"), 14), '"扶贫" NEAR/10 "产业"'),
        ("标题:扶贫 NEAR/3 “乡村振兴”", Near(("扶贫", "乡村振兴"), 9, "title"), '标题:"扶贫" NEAR/3 "乡村振兴"'),
        ("扶贫 NEAR/2 产业 NEAR/3 就业", Near(("扶贫", "产业", "就业"), 11), '"扶贫" NEAR/5 "产业" NEAR/0 "就业"'),
    ],
)
def test_strings_may_be_asked_for_near_each_other(typed: str, node: Near, written: str) -> None:
    assert read(typed) == node
    assert write(node) == written
    assert read(written) == node


def test_nearness_is_said_with_its_distance() -> None:
    assert parse("扶贫 NEAR/5 产业")[1] == "含相隔不超过 5 个字的“扶贫”、“产业”"


@pytest.mark.parametrize(
    "typed", ["扶 NEAR/5 产业", "(甲 OR 乙) NEAR 产业", "来源:财政局 NEAR 扶贫", "扶贫 NEAR/99 乡村"]
)
def test_what_is_no_string_cannot_be_near_and_the_answer_says_so(typed: str) -> None:
    root, understood = parse(typed)
    assert isinstance(root, And)
    assert "两边须是两个字以上的词，按“且”查找" in understood


@pytest.mark.parametrize("typed", ["NEAR/5", "扶贫 NEAR", "NEAR(扶贫)", "扶贫NEAR产业"])
def test_an_operator_for_nearness_with_nothing_beside_it_is_text(typed: str) -> None:
    assert not any(isinstance(leaf, Near) for leaf in walk(read(typed)))


@pytest.mark.parametrize(
    ("typed", "suffix"),
    [("扶贫*", "*"), ("扶贫~1", "~1"), ("扶贫^2", "^2"), ("扶贫~", "~"), ("+扶贫", "+"), ("扶贫^0.5", "^0.5")],
)
def test_what_other_engines_write_at_a_word_is_left_out_and_said(typed: str, suffix: str) -> None:
    assert read(typed) == Term("扶贫")
    assert parse(typed)[1] == f"扶贫（略去“{suffix}”）"


@pytest.mark.parametrize("typed", ["2020~2021", "5~10", "C++", "互联网+", "5*3"])
def test_signs_between_figures_and_at_names_stay(typed: str) -> None:
    assert read(typed) == Term(typed)
