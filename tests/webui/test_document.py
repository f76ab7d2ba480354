"""How a body becomes blocks, headings and marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.relations.clauses import Structure
from indexer.text.plain import plain
from tests.webui.samples import LONG_BODY
from webui.pages.document import Span, lay_out
from webui.pages.markup import marked, marked_span, safe_url


def kinds(body: str) -> list[tuple[str, str]]:
    document = lay_out(Structure(body))
    return [(block.kind, body[block.rows[0][0].start : block.rows[-1][-1].end]) for block in document.blocks]


def test_lines_with_tabs_that_follow_each_other_are_one_table() -> None:
    assert kinds("前文\n甲\t乙\n丙\t丁\n后文") == [
        ("paragraph", "前文"),
        ("table", "甲\t乙\n丙\t丁"),
        ("paragraph", "后文"),
    ]


def test_a_numbered_line_is_a_heading_and_a_numbered_sentence_is_not() -> None:
    assert kinds("一、总体要求\n（一）完善机制。各单位应当落实。\n二、每日九时开放。") == [
        ("heading", "一、总体要求"),
        ("paragraph", "（一）完善机制。各单位应当落实。"),
        ("paragraph", "二、每日九时开放。"),
    ]


def test_every_clause_can_be_pointed_to_by_its_number() -> None:
    body = "第一章 总则\n第一条 甲。\n乙：\n（一）丙；\n（二）丁。\n第二条 戊。"
    blocks = lay_out(Structure(body)).blocks
    anchors = ["第一章", "第一条", "第一条第二款", "第一条第二款第一项", "第一条第二款第二项", "第二条"]
    assert [block.anchor for block in blocks] == anchors
    assert [block.also for block in blocks if block.also] == ["第一条第一款"]
    assert [(block.kind, block.level) for block in blocks if block.clause] == [
        ("heading", 2), ("paragraph", 3), ("paragraph", 3),
    ]  # fmt: skip


def test_a_clause_that_begins_within_a_line_begins_a_block() -> None:
    body = "某办法。第一条 甲。第二条 乙。第三条 丙。"
    assert kinds(body) == [("paragraph", text) for text in ("某办法。", "第一条 甲。", "第二条 乙。", "第三条 丙。")]


def test_the_list_of_contents_has_the_chapters_with_their_articles_and_what_each_is_about() -> None:
    articles = [f"第{n}条 " + "各单位应当遵守本办法的规定，不得有误。" * 12 for n in "一二三四"]
    body = "\n".join(["第一章 总则", *articles[:2], "第二章 分则", *articles[2:]])
    contents = lay_out(Structure(body)).contents
    assert [(one.label, one.gist, [below.label for below in one.below]) for one in contents] == [
        ("第一章", "总则", ["第一条", "第二条"]), ("第二章", "分则", ["第三条", "第四条"]),
    ]  # fmt: skip
    assert contents[0].below[0].gist == "各单位应当遵守本办法的规定，不得有误"


def test_a_reference_to_an_article_is_no_clause() -> None:
    assert not any(block.anchor for block in lay_out(Structure("第三条款项由财政拨付。\n第一季度完成。")).blocks)


def test_a_short_text_has_no_contents_list() -> None:
    assert lay_out(Structure("一、甲\n二、乙\n三、丙")).contents == ()


@given(st.text(alphabet="甲一、（）第条章\n\t 。<&", max_size=60), st.data())
def test_no_character_and_no_mark_is_lost(body: str, data: st.DataObject) -> None:
    bounds = sorted(data.draw(st.sets(st.integers(0, len(body)), max_size=6)))
    marks = tuple(
        (start, end)
        for start, end in zip(bounds[::2], bounds[1::2], strict=False)
        if not set(body[start:end]) & {"\n", "\t"}
    )
    spans = [cell for block in lay_out(Structure(body), marks).blocks for row in block.rows for cell in row]
    shown = "".join(body[span.start : span.end] for span in spans)
    assert shown.replace(" ", "") == body.replace("\n", "").replace("\t", "").replace(" ", "")
    found = [mark for span in spans for mark in span.marks]
    visible = [(n, mark) for n, mark in enumerate(marks, 1) if body[mark[0] : mark[1]].strip()]
    assert [pair for pair in found if body[pair[1][0] : pair[1][1]].strip()] == visible


@given(st.text(alphabet="#甲 \n　", max_size=40), st.data())
def test_no_mark_is_lost_among_number_signs(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(body) - 1)))
    marks = ((start, start + 1),) if body[start : start + 1].strip() else ()
    spans = [cell for block in lay_out(Structure(body), marks).blocks for row in block.rows for cell in row]
    assert [mark for span in spans for _, mark in span.marks] == list(marks)


def test_marks_and_text_are_escaped_together() -> None:
    assert marked("a<b>&c", ((1, 4),)) == "a<mark>&lt;b&gt;</mark>&amp;c"
    span = Span(0, 6, ((1, (1, 4)),))
    assert '<mark id="m1" tabindex="-1">&lt;b&gt;</mark>' in marked_span("a<b>&c", span, 1)


def test_what_reorders_or_hides_text_is_left_out() -> None:
    assert plain("示\u202e例\u2066\x00\ud800\t好\n") == "示例\t好\n"


def test_only_web_addresses_are_linked() -> None:
    assert safe_url("https://example.gov.cn/a") == "https://example.gov.cn/a"
    for address in ("javascript:alert(1)", "data:text/html,x", "java\tscript:x", "//example.org", "http://[", "", "/a"):
        assert safe_url(address) == ""


def test_the_sample_body_is_laid_out_whole() -> None:
    assert [block.kind for block in lay_out(Structure(LONG_BODY)).blocks].count("table") == 1
