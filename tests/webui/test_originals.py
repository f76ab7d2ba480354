"""Saved pages and attachments on the web: what is shown cannot act, and what is named cannot break a header."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from indexer.engine_choice import temporary_engine
from indexer.indexing.rebuild import rebuild
from tests import office_files as made
from webui import create_app
from webui.file_names import disposition, file_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

PAGE = """<html><head><title>关于甲方案的通知</title><link rel=preconnect href="https://elsewhere.example/">
<script>alert(1)</script></head><body><h1>关于甲方案的通知</h1><p>各单位：现将雪松甲方案印发给你们，请遵照执行。</p>
<p><a href="t.xlsx">任务表.xlsx</a></p><p><a href="z.pdf">扫描件.pdf</a></p></body></html>"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("saved")
    (folder / "甲").mkdir()
    (folder / "甲" / "a.html").write_bytes(PAGE.encode("gb18030"))
    (folder / "甲" / "t.xlsx").write_bytes(made.xlsx(("任务", "牵头单位"), ("产业帮扶", "示例市农业局")))
    (folder / "甲" / "z.pdf").write_bytes(made.pdf(""))
    (folder / "b.jsonl").write_text('{"id":"b1","title":"关于乙的公告","text":"正文"}\n', encoding="utf-8")
    with temporary_engine() as engine:
        rebuild([folder], engine)
        yield create_app(engine).test_client()


@pytest.fixture(scope="module")
def page_id(client: FlaskClient) -> str:
    hits = client.get("/api/search?q=雪松甲方案").get_json()["hits"]
    return str(hits[0]["id"])


def test_a_saved_page_is_shown_in_a_sandbox_that_asks_nobody(client: FlaskClient, page_id: str) -> None:
    answer = client.get(f"/announcements/{page_id}/original")
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert "雪松甲方案" in answer.text
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert "sandbox" in policy  # nothing is allowed in it
    assert "default-src 'none'" in policy
    assert "<link" not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_saved_page_is_given_byte_for_byte(client: FlaskClient, page_id: str) -> None:
    answer = client.get(f"/announcements/{page_id}/original?download=1")
    assert answer.data == PAGE.encode("gb18030")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="a.html"')


def test_an_announcement_leads_to_its_file_and_sets_an_attachments_text_apart(
    client: FlaskClient, page_id: str
) -> None:
    soup = BeautifulSoup(client.get(f"/announcements/{page_id}").text, "lxml")
    link = soup.select_one(".meta a[href$='/original']")
    assert link is not None
    assert link.get_text().endswith("甲/a.html")
    heading = soup.select_one(".body h2.file")
    assert heading is not None
    assert heading["id"] == "file1"
    assert "任务表.xlsx" in heading.get_text()
    opened = client.get(str(heading.select_one("a")["href"]))  # type: ignore[index]
    assert opened.data.startswith(b"PK")
    assert opened.headers["Content-Disposition"].startswith("attachment")


def test_a_row_is_shown_as_text_and_a_pdf_by_the_browser(client: FlaskClient, page_id: str) -> None:
    assert client.get("/announcements/b1/original").content_type == "text/plain; charset=utf-8"
    shown = client.get(f"/announcements/{page_id}/attachments/2")
    assert shown.mimetype == "application/pdf"
    assert shown.headers["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/announcements/nobody/original", 404),
        ("/announcements/b1/attachments/1", 404),
        ("/announcements/b1/attachments/0", 404),
        ("/announcements/b1/original?path=/etc/passwd", 400),
    ],
)
def test_what_is_not_there_is_told(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_why_a_file_is_not_shown_is_told_in_the_readers_language(client: FlaskClient) -> None:
    assert "它不在网页旁边" in client.get("/announcements/b1/attachments/1").text
    assert "does not lie beside" in client.get("/announcements/b1/attachments/1?lang=en").text


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("对口帮扶 2020", "对口帮扶 2020.csv"),
        ('a/b\\c"d\r\nX: 1', "a b c d X 1.csv"),
        ("…" * 200, "…" * 80 + ".csv"),
        (" .. ", "policy-search.csv"),
    ],
)
def test_file_names_are_safe_on_every_system(title: str, name: str) -> None:
    assert file_name(title, ".csv") == name


def test_a_header_names_a_file_in_ascii_and_as_it_is() -> None:
    assert disposition("对口帮扶.csv") == (
        "attachment; filename=\"policy-search.csv\"; filename*=UTF-8''%E5%AF%B9%E5%8F%A3%E5%B8%AE%E6%89%B6.csv"
    )
    assert "\n" not in disposition('a"\r\nSet-Cookie: x.html', inline=True)
