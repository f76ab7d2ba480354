"""From one hit to the next without the list between."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.webui.web_engine import MemoryEngine
from webui import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.fixture
def client() -> FlaskClient:
    return create_app(MemoryEngine()).test_client()


def walked(client: FlaskClient, address: str, rel: str) -> list[str]:
    """Follow one link from page to page; gives the ids on the way."""
    ids = []
    while address:
        ids.append(urlsplit(address).path.rpartition("/")[2])
        link = BeautifulSoup(client.get(address).text, "lxml").select_one(f".back a[rel={rel}]")
        address = str(link["href"]) if link else ""
    return ids


def test_next_and_previous_walk_the_whole_list_over_its_pages(client: FlaskClient) -> None:
    asked = "q=示例&per_page=2&sort=newest"
    listed = [hit["id"] for hit in client.get("/api/search?q=示例&per_page=50&sort=newest").get_json()["hits"]]
    assert len(listed) == 4
    assert walked(client, f"/announcements/{listed[0]}?{asked}", "next") == listed
    assert walked(client, f"/announcements/{listed[-1]}?{asked}&page=2", "prev") == listed[::-1]


def test_the_way_keeps_the_search_and_says_the_place(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/announcements/a3?q=示例&per_page=2&sort=newest").text, "lxml")
    way = soup.select_one(".back")
    assert way is not None
    assert "第 2 条，共 4 条" in way.get_text()
    following = way.select_one("a[rel=next]")
    assert following is not None
    assert parse_qs(urlsplit(str(following["href"])).query) == {
        "q": ["示例"], "per_page": ["2"], "sort": ["newest"], "page": ["2"]
    }  # fmt: skip


def test_a_page_that_the_search_does_not_hold_has_no_neighbours(client: FlaskClient) -> None:
    for address in ("/announcements/a1", "/announcements/a1?q=老旧小区", "/announcements/a1?q=示例&page=9"):
        assert not BeautifulSoup(client.get(address).text, "lxml").select(".back a[rel]")
