"""What a file is, is told by what it begins with; what is read of it is the page inside."""

from __future__ import annotations

import gzip
import io
import plistlib
import zipfile
from pathlib import Path

import pytest

from indexer.announcement import Page
from indexer.reading.corpus import Corpus, find_roots
from indexer.reading.encoding import decode
from indexer.reading.file_kind import kind_of
from indexer.reading.page import read_page
from tests import office_files as made

HTML = "<!DOCTYPE html><title>关于示例的通知</title><h1>关于示例的通知</h1><p>各单位：请遵照执行，特此通知。</p>"
BODY = "请遵照执行"


def read(folder: Path) -> tuple[list[Page], list[str]]:
    corpus = Corpus(find_roots([folder]))
    return list(corpus.pages()), [f"{one.path}: {one.reason}" for one in corpus.skipped]


@pytest.mark.parametrize("name", ["a.txt", "b.jsp", "c.aspx", "content.php?id=3", "index.html?page=2", "none", "d.doc"])
def test_markup_is_read_as_a_page_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(HTML, encoding="utf-8")
    pages, skipped = read(tmp_path)
    assert not skipped
    assert read_page(pages[0]).title == "关于示例的通知"


def test_a_packed_page_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(HTML.encode()))
    assert BODY in read_page(read(tmp_path)[0][0]).body


@pytest.mark.parametrize("name", ["a.docx", "b.html", "c.txt", "content.php?id=3", "none", "d.bin", "e.doc"])
def test_an_office_file_is_read_as_one_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(made.docx(made.paragraph("关于示例的通知") + made.paragraph("各单位：请遵照执行。")))
    pages, skipped = read(tmp_path)
    assert not skipped
    assert BODY in read_page(pages[0]).body


def test_each_kind_of_office_file_is_told_by_its_first_bytes() -> None:
    with zipfile.ZipFile(odt := io.BytesIO(), "w") as archive:  # stored, not packed, as the standard asks
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    parts = ("[Content_Types].xml", "docProps/app.xml", "ppt/presentation.xml", "OFD.xml")
    files = [made.xlsx((1, "甲")), made.ofd((10, 10, "甲")), made.pdf("甲"), made.xls(), made.doc("甲"), odt.getvalue()]
    files += [made.zipped({part: "x"}) for part in parts]
    assert {kind_of("a.html", head) for head in files} == {"attachment"}
    assert kind_of("a.html", made.zipped({"a/b.html": HTML})) == "html"


def mhtml() -> bytes:
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.example.cn/a.html\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----B"\r\n\r\n------B\r\n'
        "Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    quoted = "".join(f"={byte:02X}" for byte in HTML.encode("gb18030"))
    return f"{head}{quoted}\r\n------B--\r\n".encode()


@pytest.mark.parametrize("name", ["a.mht", "a.html", "a.eml"])
def test_a_page_saved_as_one_file_is_taken_out_of_it_with_its_address(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(mhtml())
    found = read_page(read(tmp_path)[0][0])
    assert BODY in found.body
    assert found.url == "https://www.example.cn/a.html"


def test_a_web_archive_is_read_with_its_address() -> None:
    main = {"WebResourceData": HTML.encode(), "WebResourceURL": "https://www.example.cn/b.html"}
    for form in (plistlib.FMT_BINARY, plistlib.FMT_XML):
        content = plistlib.dumps({"WebMainResource": main}, fmt=form)
        found = read_page(Page("a.webarchive", content, "html"))
        assert (found.url, BODY in found.body) == ("https://www.example.cn/b.html", True)


def test_what_is_no_page_is_named_with_its_ending(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_bytes(b"\x00\x01")
    assert read(tmp_path) == ([], [f"{tmp_path.name}/a.dat: no page, and no kind of file that is read (.dat)"])
    assert kind_of("readme", b"plain words") is None


def test_links_that_lead_out_of_the_folder_or_nowhere_cost_only_themselves(tmp_path: Path) -> None:
    outside, pages = tmp_path / "outside", tmp_path / "pages"
    outside.mkdir()
    pages.mkdir()
    (outside / "secret.html").write_text(HTML, encoding="utf-8")
    (pages / "a.html").write_text(HTML, encoding="utf-8")
    (pages / "b.html").symlink_to(outside / "secret.html")
    (pages / "c").symlink_to(outside)
    (pages / "d.html").symlink_to(pages / "a.html")
    (pages / "x.pdf").symlink_to(pages / "nothing.pdf")
    read_pages, skipped = read(pages)
    assert [page.path for page in read_pages] == ["pages/a.html", "pages/d.html"]
    assert sum("outside the folders" in one for one in skipped) == 2


TEXT = "关于做好今年防汛抗旱工作的通知，各县区人民政府要高度重视，落实责任。"


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "koi8-r", "us-ascii"])
def test_a_label_of_a_code_for_other_scripts_is_not_believed_of_chinese(label: str) -> None:
    assert TEXT in decode(f'<meta charset="{label}"><p>{TEXT}</p>'.encode("gb18030"))


def test_such_a_label_is_believed_of_other_scripts() -> None:
    assert "été à la plage" in decode('<meta charset="iso-8859-1"><p>été à la plage'.encode("latin-1"))
    assert "Приказ о мерах" in decode('<meta charset="koi8-r"><p>Приказ о мерах по защите'.encode("koi8-r"))


def test_one_missing_byte_does_not_make_utf_8_another_code() -> None:
    raw = TEXT.encode()
    assert "防汛抗旱工作的通知" in decode(raw[:4] + raw[5:])
