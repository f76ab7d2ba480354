"""What is marked and what is shown, by the compiled way and by Python alone: the same tests of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.answers.highlight import JOINT, SNIPPET_CHARS, find_marks, make_snippet, mark_and_cut, mark_both
from indexer.answers.highlight_terms import Needles, needles_of
from indexer.answers.marker import compiled
from indexer.answers.results import Mark
from indexer.query.parser import parse
from indexer.query.readings import readings
from indexer.query.runs import marked_strings
from indexer.query.tree import Near, Node, Term, walk
from indexer.text.units import unit_spans, units

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBER = "国办发〔2017〕47号"


@pytest.fixture(scope="module", params=["compiled", "python"], autouse=True)
def _way(request: pytest.FixtureRequest) -> Iterator[None]:
    native = compiled() if request.param == "compiled" else None
    if request.param == "compiled" and native is None:
        pytest.skip("the marker was not compiled")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("indexer.answers.highlight.compiled", lambda: native)
        yield


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


FAR = "，本通知自印发之日起施行，各地要认真贯彻落实。"


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("政府" + FAR + "政府网站" + FAR + "网站", "政府网站", ["政府网站"]),
        ("政府" + FAR + "政府的网站" + FAR + "网站", "政府网站", ["政府", "网站"]),
        ("政府和政府的网站", "政府网站", ["政府", "网站"]),
        ("网站" + FAR + "政府", "政府网站", ["网站", "政府"]),
        ("政府" + FAR + "政府网站", "政府网站 政府", ["政府", "政府网站"]),
        ("政府" + FAR + "政府网站", "政府 NEAR/3 网站", ["政府网站"]),
        ("东莞" + FAR + "东莞万江", "东莞万江", ["东莞万江"]),
        ("东莞" + FAR + "东莞万江", "的东莞万江", ["东莞万江"]),
        ("COVID" + FAR + "COVID疫苗", "covid疫苗", ["COVID疫苗"]),
    ],
)
def test_words_are_marked_by_themselves_only_where_they_nowhere_stand_together(
    text: str, query: str, expected: list[str]
) -> None:
    assert marked(text, query) == expected
    root = parse(query)[0]
    assert root is not None
    near = next(readings(root, "near", lambda asked: [1] * len(asked)))
    marks = find_marks(text, needles_of(root, near))
    assert [text[start:end] for start, end in marks] == expected


def test_what_stands_together_in_a_title_is_not_marked_apart_in_the_body() -> None:
    found = needles("政府网站")
    body = "政府。" * 3 + FAR + "网站"
    assert mark_both("政府网站管理", body, found) == (((0, 4),), ())
    assert mark_both("网站管理", body, found) == (((0, 2),), find_marks(body, found))
    [(of_title, snippet)] = mark_and_cut([("政府网站管理", body)], found)
    assert (of_title, snippet.marks) == (((0, 4),), ())


def test_a_snippet_is_chosen_where_words_stand_together_behind_hundreds_that_do_not() -> None:
    body = ("政府。" + FAR) * 300 + "政府网站要安全。" + FAR
    snippet = make_snippet(body, needles("政府网站"))
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["政府网站"]


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
    st.lists(st.sampled_from(["1号", "口", "ab", "帮扶"]), min_size=1, max_size=3),
)
def test_the_words_of_runs_are_marked_wherever_they_stand(text: str, runs: list[str]) -> None:
    strings = [string for run in runs for string in marked_strings(run)]
    assert find_marks(text, needles(" ".join(runs))) == brute_marks(text, runs + strings)


@given(made_text, st.sampled_from(["对口帮扶", "对口 NEAR/3 帮扶", "对口1号的a", "帮扶ab"]))
def test_nothing_is_marked_that_is_not_asked_and_something_is_where_anything_stands(text: str, query: str) -> None:
    root = parse(query)[0]
    strings = [string for leaf in walk(root) for row in _texts(leaf) for string in (row, *marked_strings(row))]
    apart = brute_marks(text, strings)
    found = find_marks(text, needles(query))
    assert all(any(first <= start and end <= last for first, last in apart) for start, end in found)
    assert bool(found) == bool(apart)


def _texts(leaf: Node) -> tuple[str, ...]:
    return leaf.rows if isinstance(leaf, Near) else (leaf.text,) if isinstance(leaf, Term) else ()


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


def test_without_a_query_texts_are_shown_from_their_start_as_each_by_itself() -> None:
    texts = [("标题", SENTENCE * 9), ("", "很短。"), ("空", "")]
    shown = list(mark_and_cut(texts, needles("")))
    assert shown == [((), make_snippet(body, needles(""))) for _, body in texts]
