"""Archives in archives, crawls, saved folders and files of other kinds."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from indexer.indexing.report_lines import report_lines
from indexer.reading.corpus import Corpus, find_roots
from indexer.reading.page import read_with_attachments
from indexer.report import Report, Skipped
from indexer.skip_reasons import because
from tests.office_files import docx, paragraph, zipped

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>关于疏浚沟渠的通知</title></head><body>"
    "<h1>关于疏浚沟渠的通知</h1><p>发布时间：2020-03-04</p><p>请各村在汛期前组织劳力疏浚沟渠，清理淤泥和杂草，确保排水畅通。</p>"
    "{}</body></html>"
)


def labels(corpus: Corpus) -> list[str]:
    return [page.path for page in corpus.pages()]


def test_an_archive_in_an_archive_is_read_to_a_depth(tmp_path: Path) -> None:
    content = zipped({"a.html": PAGE})
    for level in range(4):
        content = zipped({f"in{level}.zip": content, f"{level}.html": PAGE})
    (tmp_path / "all.zip").write_bytes(content)
    corpus = Corpus(find_roots([tmp_path]))
    assert [label.partition("!/")[2] for label in labels(corpus)] == [
        "3.html",
        "in3.zip!/2.html",
        "in3.zip!/in2.zip!/1.html",
    ]
    assert [one.why.code for one in corpus.skipped] == ["deep-archive"]


def test_an_archive_of_itself_over_and_over_ends(tmp_path: Path) -> None:
    content = zipped({"a.html": PAGE})
    for _ in range(3):
        content = zipped({f"{at}.zip": content for at in range(8)})
    (tmp_path / "all.zip").write_bytes(content)
    corpus = Corpus(find_roots([tmp_path]))
    assert not labels(corpus)
    assert len(corpus.skipped) == 8**3


def test_records_in_archives_are_read_row_by_row_and_no_bomb_unpacks(tmp_path: Path) -> None:
    rows = b'{"title": "1"}\n\n{"title": "2"}\n'
    packed = gzip.compress(rows)
    inner = zipped({"c.jsonl": rows})
    members = {"a.jsonl": rows, "b.jsonl.gz": packed, "in.zip": inner, "z.jsonl.gz": packed[:-9]}
    (tmp_path / "all.zip").write_bytes(zipped(members))
    (tmp_path / "bomb.zip").write_bytes(zipped({"x.jsonl": b" " * (120 * 1024**2)}))
    (tmp_path / "packed.zip").write_bytes(zipped({"x.jsonl.gz": gzip.compress(b'{"title": "1"}\n' * 500_000)}))
    corpus = Corpus(find_roots([tmp_path / name for name in ("all.zip", "bomb.zip", "packed.zip")]))
    found = labels(corpus)
    names = ("a.jsonl", "b.jsonl.gz", "in.zip!/c.jsonl")
    assert found[:6] == [f"all.zip!/{name}#{row}" for name in names for row in (1, 3)]
    assert [(one.path.partition("#")[0], one.why.code) for one in corpus.skipped] == [
        ("all.zip!/z.jsonl.gz", "damaged-in-archive"),
        ("bomb.zip!/x.jsonl", "unpacks-too-far"),
        ("packed.zip!/x.jsonl.gz", "unpacks-too-far"),
    ]


def _record(number: int, body: bytes, kind: str = "text/html") -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind.encode() + b"\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://www.a.example/{number}.html\r\n"
        f"WARC-Date: 2020-03-04T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number:032d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


@pytest.mark.parametrize("packed", [False, True])
def test_the_answers_of_a_crawl_are_pages_with_their_address(tmp_path: Path, packed: bool) -> None:
    pytest.importorskip("warcio")
    records = [_record(1, PAGE.encode()), _record(2, b"\x89PNG", "image/png")]
    content = b"".join(map(gzip.compress, records)) if packed else b"".join(records)
    (tmp_path / ("crawl.warc.gz" if packed else "crawl.warc")).write_bytes(content)
    corpus = Corpus(find_roots([tmp_path]))
    pages = list(corpus.pages())
    assert [read_with_attachments(page)[0].url for page in pages] == ["http://www.a.example/1.html"]
    assert corpus.ignored == {"image/png": 1}


def test_a_crawl_that_is_not_as_long_as_it_says_tells_nobody_but_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("warcio")
    (tmp_path / "crawl.warc").write_bytes(_record(1, PAGE.encode()).replace(b"Content-Length: ", b"Content-Length: -"))
    corpus = Corpus(find_roots([tmp_path]))
    assert not labels(corpus)
    assert capsys.readouterr().err == ""


def test_without_its_package_a_crawl_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "warcio.archiveiterator", None)
    (tmp_path / "crawl.warc").write_bytes(_record(1, PAGE.encode()))
    corpus = Corpus(find_roots([tmp_path]))
    assert not labels(corpus)
    assert "policy-search[warc]" in corpus.skipped[0].reason


def test_a_file_in_a_folder_below_its_page_belongs_to_it(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "名单.docx").write_bytes(docx(paragraph("沟渠责任人名单")))
    (tmp_path / "a.html").write_text(
        PAGE.format('<p><a href="files/名单.docx">附件：名单.docx</a></p>'), encoding="utf-8"
    )
    page = next(page for page in Corpus(find_roots([tmp_path])).pages() if page.kind == "html")
    announcement, attached = read_with_attachments(page)
    assert "沟渠责任人名单" in announcement.body
    assert attached == (f"{tmp_path.name}/files/名单.docx",)


def test_a_file_that_a_browser_saved_beside_its_page_has_no_address_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "a_files").mkdir()
    (tmp_path / "a_files" / "名单.docx").write_bytes(docx(paragraph("沟渠责任人名单")))
    note = "<!-- saved from url=(0031)http://www.a.example/2020/1.html -->"
    link = '<p><a href="./a_files/名单.docx">附件：名单.docx</a></p>'
    (tmp_path / "a.html").write_text(note + PAGE.format(link), encoding="utf-8")
    corpus = Corpus(find_roots([tmp_path]))
    (page,) = corpus.pages()
    announcement, _ = read_with_attachments(page)
    assert announcement.attachments[0].url == "./a_files/名单.docx"
    assert "沟渠责任人名单" in announcement.body
    assert corpus.ignored == {"_files/": 1}


@pytest.mark.parametrize("way", ["../秘.docx", "/etc/秘.docx", "a/b/秘.docx", "a\\..\\秘.docx"])
def test_no_other_way_leads_to_a_file(tmp_path: Path, way: str) -> None:
    folder = tmp_path / "pages"
    (folder / "a" / "b").mkdir(parents=True)
    for place in (tmp_path, folder / "a" / "b"):
        (place / "秘.docx").write_bytes(docx(paragraph("别处的文件")))
    (folder / "a.html").write_text(PAGE.format(f'<p><a href="{way}">附件：秘.docx</a></p>'), encoding="utf-8")
    page = next(page for page in Corpus(find_roots([folder])).pages() if page.kind == "html")
    assert "别处的文件" not in read_with_attachments(page)[0].body


def test_kinds_that_are_not_read_are_named_and_counted() -> None:
    report = Report(
        read=1,
        skipped=[Skipped("a.ceb", because("no-known-kind", ending=".ceb"))],
        ignored=3,
        ignored_kinds={".png": 2, ".*": 1},
    )
    assert report.unread_kinds == [(".png", 2), (".*", 1), (".ceb", 1)]
    assert "Kinds that are not read: .png 2, .* 1, .ceb 1." in [str(line) for line in report_lines(report, "Built")]


def test_a_member_that_is_damaged_costs_only_itself(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.html": PAGE * 50, "b.html": PAGE}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        start = archive.getinfo("a.html").header_offset + 60
    content[start : start + 20] = b"\xff" * 20
    (tmp_path / "all.zip").write_bytes(bytes(content))
    corpus = Corpus(find_roots([tmp_path]))
    assert [label.partition("!/")[2] for label in labels(corpus)] == ["b.html"]
    assert corpus.skipped[0].why.code == "damaged-in-archive"
