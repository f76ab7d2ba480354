from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.answers.highlight import JOINT, SNIPPET_CHARS, find_marks, make_snippet
from indexer.answers.highlight_terms import Needles, needles_of
from indexer.answers.results import Mark
from indexer.query.parser import parse
from indexer.query.runs import marked_strings
from indexer.text.units import unit_spans, units

NUMBER = "国办发〔2017〕47号"


def needles(query: str) -> Needles:
    return needles_of(parse(query)[0])


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in find_marks(text, needles(query))]


def shown(body: str, query: str) -> str:
    """The snippet with its marks in square brackets."""
    snippet = make_snippet(body, needles(query))
    text, at = "", 0
    for start, end in snippet.marks:
        text += f"{snippet.text[at:start]}[{snippet.text[start:end]}]"
        at = end
    return text + snippet.text[at:]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("做好对口帮扶工作", "对口帮扶", ["对口帮扶"]),
        ("做好對口幫扶工作", "对口帮扶", ["對口幫扶"]),
        ("做好对口帮扶工作", "對口幫扶", ["对口帮扶"]),
        ("做好对 口　帮扶工作", "对口帮扶", ["对 口　帮扶"]),
        ("对口支援与帮扶", "对口帮扶", ["对口", "帮扶"]),
        ("第11号 第１号 第1号", "“1号”", ["１号", "1号"]),
        ("ＣＯＶＩＤ－19 covid19 covid", "covid", ["ＣＯＶＩＤ", "covid"]),
        ("ab c abc a bc", "“ab c”", ["ab c"]),
        ("甲，乙 甲乙 甲。\n乙", "“甲，乙”", ["甲，乙", "甲。\n乙"]),
        ("\U00020000田\U00020000", "“\U00020000”", ["\U00020000", "\U00020000"]),
        ("扶贫与脱贫", "扶贫 -脱贫", ["扶贫"]),
        ("扶贫与脱贫", "扶贫 NOT (脱贫 OR 攻坚)", ["扶贫"]),
        ("扶贫与脱贫", "扶贫|脱贫", ["扶贫", "脱贫"]),
        ("教育部的通知", "来源:教育部 文种:通知 地区:广东", []),
        (
            "依照国办发[2017]47号、国办发（2017）第４７号和国办发〔2017〕48号",
            NUMBER,
            ["国办发[2017]47号", "国办发（2017）第４７号"],
        ),
        ("依照国务院令第721号和第722号", "国务院令第721号", ["国务院令第721号"]),
        ("甲，乙，甲，乙", "“甲，乙，甲”", ["甲，乙，甲"]),
        ("", "扶贫", []),
        ("扶贫", "", []),
    ],
)
def test_marks_lie_exactly_on_what_matched(text: str, query: str, expected: list[str]) -> None:
    assert marked(text, query) == expected


def test_words_that_only_join_are_marked_where_the_whole_run_stands() -> None:
    assert marked("扶贫的工作。脱贫的。", "扶贫的") == ["扶贫的"]
    assert marked("甲的乙", "的") == ["的"]


def test_a_character_that_is_no_word_is_marked_only_in_a_row_with_its_neighbours() -> None:
    assert marked("万江街道投入5万元治理江河", "万江") == ["万江"]


def test_what_was_asked_of_titles_alone_is_not_marked_in_bodies() -> None:
    found = needles("标题:扶贫 补贴")
    assert find_marks("扶贫补贴", found) == ((0, 4),)
    assert find_marks("扶贫补贴", found.in_body) == ((2, 4),)


# ── against the definition ──

PIECES = (
    "对口",
    "帮扶",
    "對",
    "口 ",
    "1",
    "１",
    "11",
    "号",
    " ",
    "　",
    "，",
    "。\n",
    "a",
    "B",
    "-",
    "\U00020000",
    "\u200b",
    "的",
)
made_text = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
made_query = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)


def brute_marks(text: str, strings: list[str]) -> tuple[Mark, ...]:
    """Every place where a string's units stand in a row, by going through the units one after the other."""
    spans = unit_spans(text)
    there = spans.units
    covered = [False] * len(text)
    for string in strings:
        row = units(string)
        for at in range(len(there) - len(row) + 1):
            if row and there[at : at + len(row)] == row:
                start, end = int(spans.starts[at]), int(spans.ends[at + len(row) - 1])
                covered[start:end] = [True] * (end - start)
    marks: list[Mark] = []
    for at, inside in enumerate(covered):
        if inside and marks and marks[-1][1] == at:
            marks[-1] = (marks[-1][0], at + 1)
        elif inside:
            marks.append((at, at + 1))
    return tuple(marks)


@given(made_text, made_query)
def test_a_string_is_marked_wherever_its_units_stand_in_a_row(text: str, query: str) -> None:
    assert find_marks(text, needles(f'"{query}"')) == brute_marks(text, [query])


@given(
    made_text,
    st.lists(st.sampled_from(["对口帮扶", "1号", "口", "ab", "帮扶11", "对口1号的a"]), min_size=1, max_size=3),
)
def test_the_words_of_runs_are_marked_wherever_they_stand(text: str, runs: list[str]) -> None:
    strings = [string for run in runs for string in marked_strings(run)]
    assert find_marks(text, needles(" ".join(runs))) == brute_marks(text, runs + strings)


# ── choosing ──

SENTENCE = "本通知自印发之日起施行，有关部门要认真贯彻落实，确保各项工作落到实处。"


def test_a_snippet_is_cut_at_sentence_ends_around_what_matched() -> None:
    body = SENTENCE * 10 + "各地要做好对口帮扶工作。" + SENTENCE * 10
    assert shown(body, "对口帮扶").count("[对口帮扶]") == 1
    snippet = make_snippet(body, needles("对口帮扶"))
    assert snippet.text.startswith("各地要")
    assert snippet.text.endswith("。")
    assert SNIPPET_CHARS // 2 < len(snippet.text) <= SNIPPET_CHARS


def test_two_stretches_hold_what_one_cannot() -> None:
    body = SENTENCE * 5 + "做好对口帮扶。" + SENTENCE * 20 + "发放产业补贴。" + SENTENCE * 5
    text = shown(body, "对口帮扶 产业补贴")
    first, second = text.split(JOINT)
    assert "[对口帮扶]" in first
    assert "[产业补贴]" in second


def test_a_long_match_that_shorter_ones_stand_in_is_not_lost() -> None:
    run = "咨询甲县天然气收费流程相关问题"
    body = "天然气。" + "无关的话。" * 20 + f"来信“{run}”已经收到，收费流程另行说明。" + "无关的话。" * 20
    snippet = make_snippet(body, needles_of(parse(run)[0]))
    assert run in snippet.text


def test_the_stretch_with_the_most_different_words_wins_over_the_first() -> None:
    body = "帮扶。" + SENTENCE * 9 + "乡村振兴补贴和帮扶。" + SENTENCE * 9
    assert shown(body, "帮扶 补贴 乡村振兴").count("[") == 2
    assert "[乡村振兴补贴]和[帮扶]" in shown(body, "帮扶 补贴 乡村振兴")


def test_without_a_match_a_snippet_is_the_start_of_the_body() -> None:
    assert make_snippet(SENTENCE * 9, needles("扶贫")).text == SENTENCE * 3
    assert make_snippet("很短。", needles("")).text == "很短。"
    assert make_snippet("", needles("扶贫")).text == ""


def test_a_snippet_is_one_line() -> None:
    assert shown("第一条\t适用\n对口帮扶。\r\n附则", "对口帮扶") == "第一条 适用 [对口帮扶]。  附则"


def test_a_cut_never_makes_one_number_look_like_another() -> None:
    body = "7" * 500 + "1号" + "，" + SENTENCE * 3 + "第1号。"
    assert shown(body, "“1号”").count("[") == 1
    assert "第[1号]。" in shown(body, "“1号”")


@given(
    st.lists(st.sampled_from((*PIECES, SENTENCE, "x" * 50, "\t", "乡村振兴")), max_size=40).map("".join),
    st.lists(made_query, min_size=1, max_size=4).map(" ".join),
)
def test_a_snippet_shows_stretches_of_the_body_and_marks_only_matches(body: str, query: str) -> None:
    looked_for = needles(query).in_body
    snippet = make_snippet(body, looked_for)
    flat = "".join(" " if character in "\n\r\t" else character for character in body)
    stretches = snippet.text.split(JOINT) if JOINT not in flat else [snippet.text]
    assert len(stretches) <= 2
    assert all(stretch in flat for stretch in stretches)
    everywhere = find_marks(body, looked_for)
    assert bool(snippet.marks) == bool(everywhere)
    assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.marks)
    for start, end in snippet.marks:
        assert any(snippet.text[start:end] in flat[first:last] for first, last in everywhere)
