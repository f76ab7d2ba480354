"""Two announcements side by side on the web."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.webui.samples import SAMPLES
from tests.webui.web_engine import MemoryEngine
from webui import create_app

TITLE, OLD_DAY, NEW_DAY = "示例管理条例", date(2010, 1, 1), date(2020, 1, 1)
OLD_BODY = "第一条 处五百元罚款。\n第二条 <b>完。\n第三条 甲。"
OLD = replace(SAMPLES[0], id="old", title=TITLE, published=OLD_DAY, body=OLD_BODY)
NEW_BODY = "第一条 处八百元罚款。\n第二条 <b>完。"
NEW = replace(OLD, id="new", title=f"{TITLE}（2020修订）", published=NEW_DAY, body=NEW_BODY)


@pytest.fixture
def client() -> FlaskClient:
    return create_app(MemoryEngine((OLD, NEW, *SAMPLES[1:]))).test_client()


def test_what_was_changed_is_marked_by_words_and_nothing_of_a_text_becomes_markup(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/compare?a=old&b=new").text, "lxml")
    assert [one.text for one in page.select("del")] == ["五百元", "第三条 甲。"]
    assert [one.text for one in page.select("ins")] == ["八百元"]
    assert "<b>完" in page.text
    assert len(page.select(".pair.is-same")) == 1
    only = BeautifulSoup(client.get("/compare?a=old&b=new&only=changes").text, "lxml")
    assert not only.select(".pair.is-same")


def test_the_pieces_of_json_are_the_two_texts(client: FlaskClient) -> None:
    told = client.get("/api/compare?a=old&b=new").json
    assert told is not None
    for name, body in (("a", OLD.body), ("b", NEW.body)):
        sides = sorted((row[name] for row in told["rows"] if row[name]), key=lambda side: side["range"])
        assert "".join(piece["text"] for side in sides for piece in side["pieces"]) == body
    assert told["counts"] == {"same": 1, "renumbered": 0, "changed": 1, "added": 0, "gone": 1}


@pytest.mark.parametrize(("shown", "leads"), [("new", "与旧版对照"), ("old", "与新版对照")])
def test_a_page_offers_to_compare_it_with_its_other_versions(client: FlaskClient, shown: str, leads: str) -> None:
    page = BeautifulSoup(client.get(f"/announcements/{shown}").text, "lxml")
    versions = page.select('section:has(h2:-soup-contains("其他版本")) a[href^="/compare"]')
    assert [(link.text, link["href"]) for link in versions] == [(leads, "/compare?a=old&b=new")]


@pytest.mark.parametrize(
    ("address", "status"),
    [("?a=old", 400), ("", 400), ("?a=old&b=nobody", 404), ("?a=old&b=new&c=1", 400), ("?a=old&b=new&only=x", 400)],
)
def test_what_cannot_be_compared_is_told(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(f"/compare{address}").status_code == status
