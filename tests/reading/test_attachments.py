"""Files beside pages or alone: their text, or why there is none."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from indexer.announcement import Announcement, Attachment
from indexer.errors import PageUnreadable
from indexer.reading.attachments.attachment_text import (
    announcement_from_attachment,
    attachment_file_names,
    read_attachment,
    with_attachment_texts,
)
from tests import office_files as made

NOTICE = (
    "云溪市人民政府办公室关于印发校园午餐试行办法的通知",
    "云府办〔2024〕3号",
    "各县区人民政府：现将办法印发给你们，请遵照执行。",
    "云溪市人民政府办公室",
    "2024年3月5日",
)


def test_a_docx_gives_paragraphs_and_table_rows_by_lines() -> None:
    content = made.docx(made.paragraph("一、标准") + made.table(("项目", "标准"), ("午餐", "5元")))
    assert read_attachment("标准.docx", content) == "一、标准\n项目\t标准\n午餐\t5元"


def test_a_docx_gives_what_stands_in_form_fields() -> None:
    field = f"<w:sdt><w:sdtContent>{made.paragraph('姓名')}</w:sdtContent></w:sdt>"
    assert read_attachment("表.docx", made.docx(field)) == "姓名"


def test_an_ofd_gives_lines_from_top_to_bottom_and_left_to_right() -> None:
    content = made.ofd((60, 40, "的通知"), (20, 60, "各有关单位："), (20, 40.4, "关于放假"))
    assert read_attachment("通知.ofd", content) == "关于放假的通知\n各有关单位："


def test_an_ofd_whose_places_are_no_numbers_ends() -> None:
    assert read_attachment("通知.ofd", made.ofd((20, float("nan"), "关于放假"))) == "关于放假"


def test_a_pdf_joins_printed_lines_to_paragraphs() -> None:
    pytest.importorskip("pypdfium2")
    content = made.pdf("为进一步做好全市义务教育阶段学生营养午餐工作，现将有关事项", "通知如下。", "一、总体要求")
    assert (
        read_attachment("通知.pdf", content)
        == "为进一步做好全市义务教育阶段学生营养午餐工作，现将有关事项通知如下。\n一、总体要求"
    )


def test_a_pdf_without_text_says_that_it_may_be_a_scan() -> None:
    pytest.importorskip("pypdfium2")
    with pytest.raises(PageUnreadable, match="scan"):
        read_attachment("扫描.pdf", made.pdf())


def test_an_old_word_file_gives_all_its_pieces_without_field_codes_and_cells_by_tabs() -> None:
    pytest.importorskip("olefile")
    text = "No. 3\r云溪市\x13 HYPERLINK x\x14通知\x15\r项目\x07标准\x07\x07午餐\x075元\x07\x07"
    for name in ("通知.doc", "通知.wps"):
        assert read_attachment(name, made.doc(text)) == "No. 3\n云溪市通知\n项目\t标准\n午餐\t5元"


def test_workbooks_give_rows_with_whole_numbers_written_whole() -> None:
    pytest.importorskip("python_calamine")
    rows = "序号\t单位\t金额\n1\t测试市第一小学\t1200.5\n2\t测试市第二小学\t300"
    assert read_attachment("表.xls", made.xls()) == rows
    content = made.xlsx(("序号", "单位", "金额"), (1, "测试市第一小学", 1200.5), (2, "测试市第二小学", 300))
    assert read_attachment("表.xlsx", content) == rows


def test_the_kind_of_a_file_is_told_by_its_bytes_not_by_its_name() -> None:
    assert read_attachment("其实是.pdf", made.docx(made.paragraph("正文"))) == "正文"


ENTITY_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"", "no PDF, Word, Excel or OFD"),
        ("a.docx", b"PK\x03\x04 and then nothing", "damaged"),
        ("a.docx", made.zipped({"readme.txt": "x"}), "ZIP archive"),
        ("a.docx", made.zipped({"word/document.xml": "<broken"}), "damaged"),
        ("a.docx", made.zipped({"word/document.xml": ENTITY_BOMB}), "entities"),
        ("a.docx", made.zipped({"word/document.xml": ENTITY_BOMB.encode("utf-16")}), "entities"),
        ("a.docx", made.zipped({"word/document.xml": b" " * 140_000_000}), "unfold"),
        ("a.ofd", made.zipped({"OFD.xml": "<OFD><DocRoot>Doc_0/Document.xml</DocRoot></OFD>"}), "lacks Doc_0"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "name it .html"),
        ("a.docx", made.docx(""), "holds no text"),
    ],
)
def test_an_unreadable_file_says_why(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(PageUnreadable, match=reason):
        read_attachment(name, content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (made.doc("秘密", flags=0x0300), "password"),
        (made.doc("旧", version=0x68), "Word 95"),
        (made.compound({"EncryptedPackage": b"x"}), "password"),
        (made.doc("正文")[:1500], "damaged"),
        (made.doc("正文")[:8] + b"\xff" * 5000, "damaged"),  # its sectors are of 2 ** 65535 bytes
    ],
)
def test_an_unreadable_word_file_says_why(content: bytes, reason: str) -> None:
    pytest.importorskip("olefile")
    with pytest.raises(PageUnreadable, match=reason):
        read_attachment("a.doc", content)


def test_a_damaged_or_locked_pdf_says_so() -> None:
    pytest.importorskip("pypdfium2")
    with pytest.raises(PageUnreadable, match="damaged"):
        read_attachment("a.pdf", b"%PDF-1.4\nnothing")


def test_without_its_package_a_file_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(PageUnreadable, match=r"policy-search\[attachments\]"):
        read_attachment("a.pdf", made.pdf("正文"))


def test_a_file_alone_becomes_an_announcement_with_its_fields() -> None:
    content = made.docx("".join(map(made.paragraph, NOTICE)))
    found = announcement_from_attachment("附件/2024-3.docx", content)
    assert found.title == NOTICE[0]
    assert found.number == "云府办〔2024〕3号"
    assert found.source == "云溪市人民政府办公室"
    assert found.signed == date(2024, 3, 5)
    assert found.form == "通知"
    assert found.path == "附件/2024-3.docx"


def test_a_title_set_in_two_lines_is_one() -> None:
    content = made.docx(
        "".join(map(made.paragraph, ("附件1", "云溪市校园午餐", "补贴管理办法", "第一条 为了规范补贴。")))
    )
    assert announcement_from_attachment("1.docx", content).title == "云溪市校园午餐补贴管理办法"


def test_a_list_without_a_title_is_called_by_its_file() -> None:
    pytest.importorskip("python_calamine")
    assert announcement_from_attachment("附件2 受助学校名单.xls", made.xls()).title == "附件2 受助学校名单"


def test_an_attachment_may_lie_beside_its_page_under_its_address_or_its_name_but_never_elsewhere() -> None:
    listed = Attachment("受助学校名单.xls", "https://yunxi.example/files/../P02024%E8%A1%A8.xls?download=1")
    assert attachment_file_names(listed) == ("P02024表.xls", "受助学校名单.xls")
    assert attachment_file_names(Attachment("..\\..\\secret.pdf", "")) == ("secret.pdf",)
    assert attachment_file_names(Attachment("登记系统", "https://yunxi.example/login.do")) == ()


def test_texts_of_attachments_join_their_page_and_failures_are_told() -> None:
    page = Announcement(
        id="a", title="通知", body="见附件。", attachments=(Attachment("办法.docx", ""), Attachment("坏.docx", ""))
    )
    files = {"办法.docx": made.docx(made.paragraph("第一条 为了规范。")), "坏.docx": b"PK"}
    joined, problems = with_attachment_texts(page, files.get)
    assert joined.body == "见附件。\n附件：办法.docx\n第一条 为了规范。"
    assert len(problems) == 1
    assert problems[0].startswith("坏.docx: is damaged")
