"""What a list shows of a text: no title twice, no signs of headings, marks where they were."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.answers.results import Hit, Snippet
from webui.pages.snippets import shown_snippet

HIT = Hit("1", "示例市 节水条例", (), "", None, (), "", "", "", 0.0, Snippet(""))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# 示例市节水条例 ## 第一章 总则 第一条 为了节水", "第一章 总则 第一条 为了节水"),
        ("示例市 节水条例", ""),
        ("示例市节水条例 - 示例市水务局网站", "示例市水务局网站"),
        ("为了节水，示例市节水条例规定", "为了节水，示例市节水条例规定"),
        ("示例市节水办法 第一条", "示例市节水办法 第一条"),
        ("编号 #5 的水表", "编号 #5 的水表"),
    ],
)
def test_what_repeats_the_title_is_left_out(text: str, shown: str) -> None:
    assert shown_snippet(replace(HIT, snippet=Snippet(text))).text == shown


def test_marks_stay_on_what_they_marked() -> None:
    text = "# 示例市节水条例 ## 第一章 总则 为了节水"
    marks = tuple((at, at + 2) for at in range(len(text)) if text.startswith("节水", at))
    found = shown_snippet(replace(HIT, snippet=Snippet(text, marks)))
    assert [found.text[start:end] for start, end in found.marks] == ["节水"]


def test_a_hit_without_title_keeps_its_text() -> None:
    assert shown_snippet(replace(HIT, title="", snippet=Snippet("正文"))).text == "正文"
