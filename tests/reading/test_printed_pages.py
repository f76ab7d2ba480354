"""Printed pages: paragraphs go on over lines and pages, headers and footers belong to none."""

from __future__ import annotations

import pytest

from indexer.errors import PageUnreadable
from indexer.reading.attachments.attachment_text import read_attachment
from indexer.reading.attachments.printed_pages import paragraphs
from tests import office_files as made

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


def test_the_header_of_left_pages_and_that_of_right_pages_are_left_out() -> None:
    heads = ("示例市人民政府公报", "市政府文件")
    pages = [[heads[number % 2], f"{FULL}第{number}项", "落实。", f"第{number}页 共7页"] for number in range(1, 8)]
    told = "".join(paragraphs(pages))
    assert not any(head in told for head in heads)
    assert "共7页" not in told


COLUMN = (
    "各县区人民政府要切实加强组织领导，",
    "把防汛抗旱各项措施落到实处，做到守",
    "土有责、守土尽责，确保人民群众生命",
    "财产安全，对工作不力的要严肃问责并",
    "及时通报全市，同时要认真总结经验和",
    "教训，完善各类应急预案和值班值守的",
)


def columns(order: str) -> bytes:
    """Two columns below a title, whose lines stand in the file column by column or row by row."""
    left = [(60, 700 - 18 * at, line) for at, line in enumerate(COLUMN)]
    right = [(310, 700 - 18 * at, line) for at, line in enumerate(COLUMN[::-1])]
    body = [*left, *right] if order == "columns" else [one for pair in zip(left, right, strict=True) for one in pair]
    return made.printed_pdf([(150, 760, "示例市人民政府关于加强防汛工作的通知"), *body])


@pytest.mark.parametrize("order", ["columns", "rows"])
def test_columns_are_read_one_after_the_other_and_a_sentence_goes_on_between_them(order: str) -> None:
    pytest.importorskip("pypdfium2")
    text = read_attachment("a.pdf", columns(order))
    assert text.startswith("示例市人民政府关于加强防汛工作的通知\n")
    assert "".join(COLUMN) + COLUMN[-1] in text


def test_the_rows_of_a_table_are_no_columns() -> None:
    pytest.importorskip("pypdfium2")
    cells = [("单位名称", "联系电话"), ("县水利局", "0000-1"), ("县气象局预报科", "0000-2"), ("县住建局", "0000-3")] * 2
    table = made.printed_pdf(
        [(left, 700 - 18 * at, cell) for at, row in enumerate(cells) for left, cell in zip((60, 310), row, strict=True)]
    )
    lines = read_attachment("a.pdf", table).split("\n")
    assert [line.split() for line in lines][:2] == [["单位名称", "联系电话"], ["县水利局", "0000-1"]]


def test_a_row_of_cells_is_a_line_of_its_own() -> None:
    rows = ["县水利局防汛办公室\t0000-1111111", "县气象局预报科\t0000-22222"]
    assert list(paragraphs([[FULL, *rows], [*rows, FULL]])) == [FULL, *rows, *rows, FULL]
    assert list(paragraphs([[FULL, *rows, "以上电话全天有人值守。"]])) == [FULL, *rows, "以上电话全天有人值守。"]


def test_a_form_that_draws_itself_ends() -> None:
    pytest.importorskip("pypdfium2")
    form = (
        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>/Length 5>>"
        "stream\n/A Do\nendstream"
    )
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>/Contents 5 0 R>>"
    tree = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page]
    with pytest.raises(PageUnreadable):  # what calls itself twice takes for ever, and ends with the page's time
        read_attachment("a.pdf", made.pdf_of([*tree, form, "<</Length 5>>stream\n/A Do\nendstream"]))
