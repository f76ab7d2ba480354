"""What Word, OpenDocument, PowerPoint and RTF files say: each thing once, as their readers show it."""

from __future__ import annotations

import pytest

from indexer.errors import PageUnreadable
from indexer.reading.attachments.attachment_text import read_attachment
from tests.office_files import docx, paragraph, table, zipped

_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_BOX = f"<w:txbxContent>{paragraph('联系电话见封底')}</w:txbxContent>"


def _run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_a_content_control_gives_its_text_and_no_prompt() -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    prompt = control.format("<w:showingPlcHdr/>", _run("单击此处输入"))
    filled = control.format("", _run("十二户"))
    assert read_attachment("a.docx", docx(f"<w:p>{_run('共')}{filled}{prompt}{_run('。')}</w:p>")) == "共十二户。"


def test_what_was_deleted_or_moved_away_is_not_read_and_what_was_moved_is_read_once() -> None:
    changed = (
        f"<w:p><w:ins>{_run('新增')}</w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        f"<w:moveFrom>{_run('移动')}</w:moveFrom>{_run('保留')}</w:p><w:p><w:moveTo>{_run('移动')}</w:moveTo></w:p>"
    )
    assert read_attachment("a.docx", docx(changed)) == "新增保留\n移动"


def test_a_text_box_that_is_written_for_old_and_new_readers_is_read_once() -> None:
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:drawing>{_BOX}</w:drawing></mc:Choice><mc:Fallback><w:pict>{_BOX}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert read_attachment("a.docx", docx(f"<w:p>{_run('请按时参加。')}{box}</w:p>")) == "请按时参加。\n联系电话见封底"


def test_a_table_in_a_cell_is_read_once_as_part_of_its_cell() -> None:
    nested = f"<w:tbl><w:tr><w:tc>{table(('甲', '乙'))}</w:tc><w:tc>{paragraph('丙')}</w:tc></w:tr></w:tbl>"
    assert read_attachment("a.docx", docx(nested)) == "甲 乙\t丙"


def test_a_note_follows_the_paragraph_that_refers_to_it() -> None:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = f"<w:p>{_run('按人均计算')}{reference}{_run('。')}</w:p>{paragraph('特此通知')}"
    content = zipped(
        {
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
            "word/footnotes.xml": f'<w:footnotes xmlns:w="{_W}"><w:footnote w:id="1">{paragraph("别的")}</w:footnote>'
            f'<w:footnote w:id="2">{paragraph("以上年末户籍人口为准。")}</w:footnote></w:footnotes>',
        }
    )
    assert read_attachment("a.docx", content) == "按人均计算。\n以上年末户籍人口为准。\n特此通知"


def test_a_document_of_the_strict_standard_under_another_part_name_is_read() -> None:
    relations = (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
        'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="word/main.xml"/>'
        "</Relationships>"
    )
    document = f'<w:document xmlns:w="{_STRICT}"><w:body>{paragraph("严格格式的文件")}</w:body></w:document>'
    assert read_attachment("a.docx", zipped({"_rels/.rels": relations, "word/main.xml": document})) == "严格格式的文件"


def _open_document(body: str) -> bytes:
    names = " ".join(f'xmlns:{name}="{_OFFICE}{name}:1.0"' for name in ("office", "text", "table", "drawing"))
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:document-content {names}>{text}</office:document-content>"
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def test_an_open_document_gives_paragraphs_rows_and_notes_and_no_deletions() -> None:
    body = (
        "<text:tracked-changes><text:p>删去的话</text:p></text:tracked-changes><text:h>关于植树的通知</text:h>"
        "<text:p>请各单位<text:s text:c='2'/>参加<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>含驻地单位</text:p></text:note-body></text:note>。</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>"
        "<table:table-cell table:number-columns-repeated='2'><text:p>乙</text:p></table:table-cell></table:table-row>"
        "</table:table>"
    )
    assert read_attachment("a.odt", _open_document(body)) == "关于植树的通知\n请各单位  参加。\n含驻地单位\n甲\t乙\t乙"


def test_slides_come_in_the_order_of_the_presentation() -> None:
    head = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="urn:p" xmlns:r="urn:r"'
    slide = f"<p:sld {head}><p:sp><p:txBody><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:txBody></p:sp></p:sld>"
    relation = '<Relationship Id="%s" Type="http://a.example/slide" Target="slides/%s.xml"/>'
    relations = relation % ("r1", "slide1") + relation % ("r2", "slide2")
    order = '<p:sldIdLst><p:sldId r:id="r2"/><p:sldId r:id="r1"/></p:sldIdLst>'
    content = zipped(
        {
            "ppt/presentation.xml": f"<p:presentation {head}>{order}</p:presentation>",
            "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>',
            "ppt/slides/slide1.xml": slide % "第二页",
            "ppt/slides/slide2.xml": slide % "第一页",
        }
    )
    assert read_attachment("a.pptx", content) == "第一页\n第二页"


def test_rich_text_is_read_in_its_code_page_without_what_is_no_text() -> None:
    written = "关于疏浚沟渠的通知".encode("gbk")
    escaped = "".join(f"\\'{byte:02x}" for byte in written)
    content = (
        r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}{\info{\author nobody}}{\*\generator x;}" + escaped
        + r"\par \u35831?\uc0\u21508 \uc1 3\~km{\v hidden}\par{\trowd A\cell B\cell\row}}"
    )  # fmt: skip
    assert read_attachment("a.doc", content.encode()) == "关于疏浚沟渠的通知\n请各3 km\nA\tB"


@pytest.mark.parametrize("content", [b"{\\rtf1", b"{\\rtf1" + b"{" * 5000, b"{\\rtf1\\ansicpg0}"])
def test_damaged_rich_text_ends_with_a_reason(content: bytes) -> None:
    with pytest.raises(PageUnreadable):
        read_attachment("a.rtf", content)


def test_entities_are_refused_in_any_encoding() -> None:
    declared = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY a "x">]><w>&a;</w>'.encode("utf-16")
    with pytest.raises(PageUnreadable, match="entities"):
        read_attachment("a.docx", zipped({"word/document.xml": declared}))
