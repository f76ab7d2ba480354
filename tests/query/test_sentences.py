"""What is a sentence, and what is a name, a number or a few words side by side."""

from __future__ import annotations

import pytest

from indexer.query.parser import parse
from indexer.query.sentences import is_sentence, sentence_of
from indexer.query.tree import Not, Term


@pytest.mark.parametrize(
    "text",
    [
        "企业复工后口罩不够怎么办？",
        "请问灵活就业人员如何缴纳医保",
        "反映桃源小区二期电梯经常停运无人维修",
    ],
)
def test_questions_and_long_runs_are_sentences(text: str) -> None:
    assert is_sentence(text)


@pytest.mark.parametrize("text", ["对口帮扶", "农机购置补贴", "如何申请补贴", "花都区精准扶贫", "的", ""])
def test_what_clerks_type_is_none(text: str) -> None:
    assert not is_sentence(text)


@pytest.mark.parametrize("text", ["2021年3月5日", "自2021年1月1日起施行", "2020年1月至6月", "一二三四五六七八九十"])
def test_numerals_and_dates_make_no_sentence(text: str) -> None:
    assert not is_sentence(text)


@pytest.mark.parametrize("text", ["广东省广州市花都区人力资源和社会保障局", "某某省某某市退役军人事务管理委员会"])
def test_the_name_of_a_body_is_none_however_long(text: str) -> None:
    assert not is_sentence(text)


@pytest.mark.parametrize(
    "typed", ["村里说的“一户一宅”怎么认定", "村里说的 一户一宅 怎么认定", "“一户一宅”村里怎么认定"]
)
def test_a_question_stays_one_with_quotes_and_spaces_in_it(typed: str) -> None:
    root, _ = parse(typed)
    assert root
    taken = sentence_of(root)
    assert taken
    assert taken[0] == ()


def test_what_a_sentence_must_be_without_stays_required() -> None:
    root, _ = parse("请问灵活就业人员如何缴纳医保 -疫情")
    assert root
    taken = sentence_of(root)
    assert taken
    assert taken[0] == (Not(Term("疫情")),)


@pytest.mark.parametrize("typed", ["“对口帮扶”", "“对口帮扶” 广东", "乡村振兴 补贴 标准", "甲 或 怎么认定宅基地面积"])
def test_strings_alone_or_among_short_runs_are_no_sentence(typed: str) -> None:
    root, _ = parse(typed)
    assert root
    assert sentence_of(root) is None
