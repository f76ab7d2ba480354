"""Printed pages: paragraphs go on over lines and pages, headers and footers belong to none."""

from __future__ import annotations

from indexer.reading.attachments.printed_pages import paragraphs

FULL = "各地各部门要把安全生产放在更加突出的位置认真排查风险隐患并"


def test_a_full_line_at_the_end_of_a_page_goes_on_over_the_break() -> None:
    assert list(paragraphs([["关于安全生产的通知", FULL], ["及时整改到位。", "一、总体要求"]])) == [
        "关于安全生产的通知",
        FULL + "及时整改到位。",
        "一、总体要求",
    ]


def test_a_last_line_that_ends_no_sentence_goes_on_unless_the_next_page_opens_a_paragraph() -> None:
    page = [FULL, "限期整"]
    assert list(paragraphs([page, ["改到位并及时报告。"]])) == [FULL + "限期整改到位并及时报告。"]
    assert list(paragraphs([page, ["\u3000\u3000另行通知。"]])) == [FULL + "限期整", "另行通知。"]


def test_latin_words_at_line_ends_keep_their_space_and_lose_their_hyphen() -> None:
    lines = ["The programme supports all the co-", "operation of the offices with their", "partners abroad."]
    assert list(paragraphs([lines]))[-1].endswith("all the cooperation of the offices with their partners abroad.")


def test_what_stands_on_most_pages_and_page_numbers_are_left_out() -> None:
    pages = [
        ["示例市人民政府公报 2024年第3期", f"{FULL}第{number}项", "落实。", f"— {number} —"] for number in (1, 2, 3, 4)
    ]
    told = "".join(paragraphs(pages))
    assert "公报" not in told
    assert told.count("落实。") == 4
    assert "—" not in told


def test_a_heading_that_two_pages_share_is_no_header() -> None:
    pages = [["附件", "名单一览表的说明"], ["附件", "经费一览表的说明"]]
    assert list(paragraphs(pages)).count("附件") == 2
