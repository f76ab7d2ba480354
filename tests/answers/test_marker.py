"""The compiled way to mark and to choose what is shown gives what Python gives, and refuses what cannot be.

Skipped where it was not compiled; POLICY_SEARCH_KERNEL_TESTS=required, as in the gate, wants it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.answers import marker
from indexer.answers.highlight import cut, find_marks, make_snippet, mark_and_cut, mark_both
from indexer.answers.highlight_terms import Needle, Needles, Together, needles_of
from indexer.query.parser import parse
from indexer.query.readings import readings
from indexer.text.fold import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.query.tree import Match

NATIVE: Any = marker.compiled()
if NATIVE is None:
    assert os.environ.get("POLICY_SEARCH_KERNEL_TESTS") != "required", "the marker was not compiled"
    pytest.skip("the marker was not compiled", allow_module_level=True)

LIMITS = (120, 160, 8)
PIECES = (
    *("对口", "帮扶", "對", "口 ", "政府", "网站", "政府网站", "的", "某", "\U00020000"),
    *("1", "１", "11", "2021年", "a", "B", "ab ", "号", "%", "国办发〔2017〕47号"),
    *(" ", "　", "\u200b", "，", "、 ", "。\n", "；”", "！）)", "\t", "\x1c", "\x85", "\u2028", "\ud83d", "\0"),
    *("各地要认真贯彻落实。", "x" * 50, "某" * 60, "本通知自印发之日起施行，"),
)
TEXT = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=30)
QUERIES = (
    *(
        "对口帮扶",
        "“政府网站”",
        "政府网站 政府",
        "政府 NEAR/3 网站",
        "标题:政府网站 对口帮扶",
        "对口 政府网站的 帮扶ab",
    ),
    *(
        "1号 11",
        "“1号，a”",
        "国办发〔2017〕47号",
        "2021年 ab",
        "的",
        "某",
        "a OR 1 OR 对 OR 口 OR 某 OR 号 OR 政 OR 府 OR 网",
    ),
)
QUERY = st.sampled_from(QUERIES) | st.lists(st.sampled_from(PIECES[:20]), min_size=1, max_size=6).map("".join)


def asked(query: str) -> list[Needles]:
    """What each reading of a query looks for."""
    root = parse(query)[0]
    match: tuple[Match, ...] = ("near", "exact", "loose")
    read = [one for way in match if root for one in readings(root, way, lambda strings: [1] * len(strings))]
    return [needles_of(root, one) for one in (None, *read)]


def list_of(function: Callable[..., Iterator[Any]]) -> Callable[..., list[Any]]:
    return lambda *given_: list(function(*given_))


def by_python(function: Callable[..., Any], *given_: Any) -> Any:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("indexer.answers.highlight.compiled", lambda: None)
        return function(*given_)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=3), QUERY)
@example([("政府网站管理", "政府。" * 200 + "网站" + "某" * 200 + "政府的网站")], "政府网站")
@example([("", "甲。" * 100 + "政府，" * 170 + "某" * 90 + "政府网站")], "政府 NEAR/3 网站")
def test_both_ways_show_the_same(texts: list[tuple[str, str]], query: str) -> None:
    title, body = texts[0]
    for needles in asked(query):
        assert list(mark_and_cut(texts, needles)) == by_python(list_of(mark_and_cut), texts, needles)
        assert list(cut([title, body], needles)) == by_python(list_of(cut), [title, body], needles)
        assert mark_both(title, body, needles) == by_python(mark_both, title, body, needles)
        assert find_marks(body, needles) == by_python(find_marks, body, needles)
        shown, same = make_snippet(body, needles), by_python(make_snippet, body, needles)
        assert (shown, shown.at) == (same, same.at)


def sought(needles: Any = (), runs: Any = (), limits: Any = LIMITS, folded: Any = None) -> Any:
    return NATIVE.Sought(table() if folded is None else folded, needles, runs, limits)


ROW = (("对口1", ((2, 3),)),)
RUN = ((0,), (), (), 9, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"needles": [(ROW,)]},
        {"needles": ((ROW,), None)},
        {"needles": (((),),)},
        {"needles": (((("", ()),),),)},
        {"needles": (((("对", ((0, 2),)),),),)},
        {"needles": (((("对", ((-1, 1),)),),),)},
        {"needles": (((("对", ((1, 1),)),),),)},
        {"needles": (((("对", ((0, 1 << 80),)),),),)},
        {"needles": ((ROW,),), "runs": (((1,), (), (), 9, 0),)},
        {"needles": ((ROW,),), "runs": (((-1,), (), (), 9, 0),)},
        {"needles": ((ROW,),), "runs": (((0,), (), (7,), 9, 0),)},
        {"needles": ((ROW,),), "runs": (((0,), (), (), -9, 0),)},
        {"needles": ((ROW,),), "runs": (((0,), (), (), 9, -1),)},
        {"needles": ((ROW,),), "runs": (((0,), (), (), 9, 1 << 40),)},
        {"needles": ((ROW,),), "runs": (((), (), (), 9, 0),)},
        {"limits": (0, 160, 8)},
        {"limits": (120, 0, 8)},
        {"limits": (120, 160, 0)},
        {"limits": (120, 160)},
        {"folded": np.zeros(0, dtype=np.uint32)},
        {"folded": np.zeros(9, dtype=np.int64)},
        {"folded": np.zeros(9, dtype=np.float32)},
        {"folded": b"abcd"},
    ],
)
def test_what_cannot_be_looked_for_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError, OverflowError)):
        sought(**wrong)
    assert NATIVE.marks("对口1", sought(((ROW,),), (RUN,))) == ((0, 3),)


def test_a_table_that_ends_early_is_not_read_behind_its_end() -> None:
    few = sought(((ROW,),), folded=table()[:200].copy())
    assert NATIVE.marks("对口1", few) == ()
    assert NATIVE.cut("对口1", few, True) == ("对口1", (), -1)


def test_what_is_no_text_is_refused() -> None:
    one = sought(((ROW,),), (RUN,))
    calls: list[Callable[[], Any]] = [
        lambda: NATIVE.marks(b"1", one),
        lambda: NATIVE.marks("1", None),
        lambda: NATIVE.cut(None, one, True),
        lambda: NATIVE.show([("1", None)], one, one, True),
        lambda: NATIVE.show(["12"], one, one, True),
        lambda: NATIVE.show((), one, one, True),
        lambda: NATIVE.show([], one, None, True),
    ]
    for call in calls:
        with pytest.raises(TypeError):
            call()
    assert NATIVE.show([], one, one, True) == []


def test_a_run_that_two_runs_share_a_string_with_is_marked_as_python_marks_it() -> None:
    first, second, third = (needles_of(parse(f"“{text}”")[0]).looked_for[0] for text in ("政府", "网站", "帮扶"))
    runs = tuple(Together(rows, 9) for rows in ((first, second), (first, third), (third,)))
    needles = Needles((), runs)
    body = "政府某网站。" * 3 + "帮扶" + "某" * 30 + "政府帮扶。网站"
    assert isinstance(first, Needle)
    assert make_snippet(body, needles) == by_python(make_snippet, body, needles)
    assert mark_both("政府", body, needles) == by_python(mark_both, "政府", body, needles)


def test_what_was_compiled_from_other_sources_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    marker.compiled.cache_clear()
    monkeypatch.setattr(marker, "REVISION", 0)
    assert marker.compiled() is None
    marker.compiled.cache_clear()
