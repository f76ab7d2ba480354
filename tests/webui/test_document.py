"""How a body becomes blocks, headings and marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.text.plain import plain
from tests.webui.samples import LONG_BODY
from webui.pages.document import Span, lay_out
from webui.pages.markup import marked, marked_span, safe_url


def kinds(body: str) -> list[tuple[str, str]]:
    document = lay_out(body)
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


def test_every_numbered_place_can_be_pointed_to() -> None:
    anchors = [block.heading.anchor for block in lay_out("一、甲\n第一条 乙\n丙\n（二）丁。戊").blocks if block.heading]
    assert anchors == ["s1", "s2", "s3"]


def test_articles_are_listed_only_where_nothing_stands_above_them() -> None:
    articles = "\n".join(f"第{n}条 各单位应当遵守本办法的规定，不得有误。" * 8 for n in "一二三四五")
    assert [heading.label for heading in lay_out(articles).contents] == [f"第{n}条" for n in "一二三四五"]
    chapters = "第一章 总则\n第二章 分则\n第三章 附则\n" + articles
    assert [heading.label for heading in lay_out(chapters).contents] == ["第一章 总则", "第二章 分则", "第三章 附则"]


def test_a_reference_to_an_article_is_no_heading() -> None:
    assert all(block.heading is None for block in lay_out("第三条款项由财政拨付。\n第一季度完成。").blocks)


def test_a_short_text_has_no_contents_list() -> None:
    assert lay_out("一、甲\n二、乙\n三、丙").contents == ()


@given(st.text(alphabet="甲一、（）第条章\n\t 。<&", max_size=60), st.data())
def test_no_character_and_no_mark_is_lost(body: str, data: st.DataObject) -> None:
    bounds = sorted(data.draw(st.sets(st.integers(0, len(body)), max_size=6)))
    marks = tuple(
        (start, end)
        for start, end in zip(bounds[::2], bounds[1::2], strict=False)
        if not set(body[start:end]) & {"\n", "\t"}
    )
    spans = [cell for block in lay_out(body, marks).blocks for row in block.rows for cell in row]
    shown = "".join(body[span.start : span.end] for span in spans)
    assert shown.replace(" ", "") == body.replace("\n", "").replace("\t", "").replace(" ", "")
    found = [mark for span in spans for mark in span.marks]
    visible = [(n, mark) for n, mark in enumerate(marks, 1) if body[mark[0] : mark[1]].strip()]
    assert [pair for pair in found if body[pair[1][0] : pair[1][1]].strip()] == visible


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
    assert [block.kind for block in lay_out(LONG_BODY).blocks].count("table") == 1
