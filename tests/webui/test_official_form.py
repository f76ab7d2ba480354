"""How the text of an official document is set, and where its lines may break."""

from __future__ import annotations

import pytest

from indexer.relations.clauses import Structure
from webui.pages.breaks import breaking, title_breaks, unbroken
from webui.pages.document import lay_out
from webui.pages.official_form import looks

NOTICE = [
    "示例市人民政府关于保护古树的通知",
    "示府〔2024〕7号",
    "各区人民政府，市政府各部门：",
    "为保护古树，现就有关事项通知如下。",
    "一、总体要求",
    "各单位要认真执行。",
    "附件：古树名录",
    "示例市人民政府",
    "2024年3月1日",
    "（此件公开发布）",
]


def test_addressees_signature_and_day_are_set_as_in_an_official_document() -> None:
    found = looks(NOTICE, NOTICE[0])
    assert {NOTICE[place]: look for place, look in found.items()} == {
        "示例市人民政府关于保护古树的通知": "centre",
        "示府〔2024〕7号": "centre",
        "各区人民政府，市政府各部门：": "to",
        "示例市人民政府": "signed",
        "2024年3月1日": "day",
    }


def test_a_title_that_stands_over_the_text_again_is_centred_on_all_its_lines() -> None:
    lines = ["示例市人民政府关于", "保护古树的通知", *NOTICE[1:]]
    found = looks(lines, NOTICE[0])
    assert [found.get(place, "") for place in range(4)] == ["centre", "centre", "centre", "to"]
    assert looks(["示例市人民政府关于", *NOTICE[1:]], NOTICE[0]).get(0, "") == ""


@pytest.mark.parametrize("day", ["二〇二四年三月一日", "2024 年 3 月 1 日", "二○二四年十二月三十一日"])
def test_two_bodies_sign_above_a_day_in_any_writing(day: str) -> None:
    lines = ["各县：", "现将计划印发你们。", "请执行。", "甲县财政局", "甲县教育局", day]
    assert looks(lines, "通知") == {0: "to", 3: "signed", 4: "signed", 5: "day"}


def test_a_sentence_above_a_day_is_no_signature() -> None:
    lines = ["第一段话说明情况。", "第二段话说明情况。", "第三段，说明情况。", "特此通知。", "2024年3月1日"]
    assert looks(lines, "通知") == {4: "day"}


def test_lines_with_number_signs_are_headings_without_them() -> None:
    body = "# 示例条例\n## 第一章 总则\n第一条 为了示例，制定本条例。\n### 附则\n本条例自公布之日起施行。"
    blocks = lay_out(Structure(body), title="示例条例").blocks
    shown = [(block.kind, block.look, body[block.rows[0][0].start : block.rows[0][0].end]) for block in blocks]
    assert shown[:2] == [("paragraph", "centre", "示例条例"), ("heading", "", "第一章 总则")]
    assert shown[3] == ("heading", "", "附则")
    assert [block.level for block in blocks if block.kind == "heading"] == [2, 3]


def test_a_title_breaks_between_words_and_keeps_its_marks() -> None:
    title = "国务院办公厅关于印发《节约用水条例》的通知"
    assert [title[a:b] for a, b in zip([0, *title_breaks(title)], [*title_breaks(title), None], strict=True)][:3] == [
        "国务院办公厅", "关于", "印发",
    ]  # fmt: skip
    shown = str(breaking(title, ((11, 13), (13, 15))))
    assert shown.replace("<wbr>", "") == "国务院办公厅关于印发《<mark>节约</mark><mark>用水</mark>条例》的通知"
    assert "《<wbr>" not in shown


def test_a_title_does_not_break_within_a_number_or_a_day() -> None:
    title = "关于有序推动绿电直连有关事项的通知（发改能源〔2026〕688号）"
    pieces = str(breaking(title)).split("<wbr>")
    assert any("发改能源〔2026〕688号" in piece for piece in pieces)
    assert len(pieces) > 3


def test_a_long_address_fills_its_lines() -> None:
    address = "https://www.gd.gov.example/employment/internet/portal"
    assert str(unbroken(f"网址：{address}")) == f'网址：<span class="long">{address}</span>'
    assert "long" not in str(unbroken("大连市人民政府[Z].(2018-04-16)[2026-11-28]."))


def test_what_is_attached_is_no_signature() -> None:
    lines = ["各区：", "请遵照执行。", "附件：1. 办法.docx", "2. 名单.xlsx", "测试市教育局", "2021年5月6日"]
    assert looks(lines, "关于印发办法的通知") == {0: "to", 4: "signed", 5: "day"}


def test_a_title_stands_over_the_text_with_its_issuer_and_without_its_number() -> None:
    lines = [
        "国家发展改革委 国家能源局关于",
        "有序推动绿电直连有关事项的通知",
        "发改能源〔2026〕688号",
        "各省：",
        "现通知如下。",
    ]
    found = looks(lines, "关于有序推动绿电直连有关事项的通知(发改能源〔2026〕688号)")
    assert found == {0: "centre", 1: "centre", 2: "centre", 3: "to"}
    assert (
        looks(["为落实有关事项的通知要求，现就有序推动绿电直连有关事项的通知"], "有序推动绿电直连有关事项的通知") == {}
    )


def test_a_hostile_title_is_escaped() -> None:
    assert "<script" not in str(breaking("<script>alert(1)</script>关于通知", ((1, 7),)))
    assert "<b>" not in str(unbroken("<b>2024年3月5日</b>"))


@pytest.mark.parametrize("whole", ["国办发〔2017〕47号", "2024年3月5日", "3.5万元", "2026-11-27"])
def test_numbers_and_days_stay_on_one_line(whole: str) -> None:
    assert f'<span class="nobr">{whole}</span>' in str(unbroken(f"，{whole}，"))
