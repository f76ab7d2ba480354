"""A page that attacks its readers shows as text everywhere."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.announcement import Announcement, Attachment, Repost
from tests.webui.web_engine import MemoryEngine
from webui import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

EVIL = (
    "=cmd|'/c calc'!A1 示例</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    '" onmouseover="alert(1) {{7*7}} %s ${x} &lt;b&gt; <!-- ]]> \u202e反\u2066 \x00\x0b\x1b[31m \ud800 \ufffe'
)
HOSTILE = Announcement(
    id="evil",
    title=EVIL,
    body=f"{EVIL}\n一、{EVIL}\n甲\t{EVIL}\n" + "帮扶" * 3,
    source=EVIL,
    region=(EVIL,),
    number=EVIL,
    form=EVIL,
    index_number=EVIL,
    url="javascript:alert(1)",
    path=EVIL,
    attachments=(Attachment(EVIL, "javascript:alert(1)"), Attachment(EVIL, "data:text/html,<script>")),
    reposts=(Repost(EVIL, "javascript:alert(1)", EVIL),),
)
PAGES = (
    "/",
    "/?q=示例",
    "/?q=帮扶",
    "/announcements/evil",
    "/announcements/evil?q=alert",
    "/sources",
    "/?open=" + "示例",
)


@pytest.fixture
def client() -> FlaskClient:
    neighbour = Announcement("good", "示例", "帮扶", region=(EVIL,), number="示府办〔2024〕7号")
    engine = MemoryEngine((HOSTILE, neighbour))
    return create_app(engine).test_client()


def harmless(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    scripts = {str(script.get("src", "")).split("?")[0] for script in soup.find_all("script")}
    assert scripts <= {"/static/app.js", "/static/document.js", "/static/saved.js"}
    assert soup.find_all(["img", "iframe", "object", "style"]) == []
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        assert not str(tag.get("href", "")).startswith(("javascript:", "data:"))
    assert not set(html) & set("\u202e\u2066\x00\x0b\x1b\ufffe")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_holds_markup_of_an_announcement(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    harmless(answer.text)


def test_what_was_typed_is_never_markup(client: FlaskClient) -> None:
    for name in ("q", "source", "region", "form", "number", "colour", "open", "cursor"):
        answer = client.get("/", query_string={name: EVIL.replace("\ud800", "")})
        assert answer.status_code in {200, 400}
        harmless(answer.text)
    harmless(client.get("/number/<script>alert(1)<").text)


def test_json_carries_the_text_as_data(client: FlaskClient) -> None:
    answer = client.get("/api/announcements/evil")
    assert answer.mimetype == "application/json"
    assert "<script>alert(1)</script>" in answer.get_json()["title"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_feed_stays_well_formed(client: FlaskClient) -> None:
    root = ET.fromstring(client.get("/feed.atom").data)
    titles = [title.text or "" for title in root.iter("{http://www.w3.org/2005/Atom}title")]
    assert any("<script>alert(1)</script>" in title for title in titles)


def test_the_csv_file_holds_no_formula(client: FlaskClient) -> None:
    text = client.get("/export.csv").data.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "'=cmd|" in text


def test_headers_cannot_be_split(client: FlaskClient) -> None:
    answer = client.get("/number/x%0d%0aSet-Cookie:%20a=b")
    assert "Set-Cookie" not in answer.headers


FUZZED = create_app(MemoryEngine()).test_client()


@settings(max_examples=50, deadline=None)
@given(
    name=st.sampled_from(["q", "region", "year", "cursor", "page", "lang", "open", "more"]), value=st.text(max_size=40)
)
def test_no_address_makes_the_server_fail(name: str, value: str) -> None:
    typed = value.encode("utf-8", "replace").decode()
    for path in ("/", "/api/search", "/feed.atom", "/announcements/a1"):
        answer = FUZZED.get(path, query_string={name: typed})
        assert answer.status_code < 500, (path, name, value)
