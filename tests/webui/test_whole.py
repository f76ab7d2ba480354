"""The web layer over the real engine: every address answers, and the forms of one search agree."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from indexer.engine_choice import temporary_engine
from indexer.report import Report
from tests.webui.samples import SAMPLES
from tests.webui.test_hostile import HOSTILE
from webui import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with temporary_engine() as engine:
        engine.replace_all(SAMPLES, Report(read=len(SAMPLES), indexed=len(SAMPLES)))
        yield create_app(engine).test_client()


def test_page_json_feed_and_file_of_one_search_hold_the_same_hits(client: FlaskClient) -> None:
    parameters = {"q": "对口帮扶", "region": "广东省"}
    answer = client.get("/api/search", query_string=parameters).get_json()
    ids = {hit["id"] for hit in answer["hits"]}
    assert ids == {"a1", "a2"}
    page = BeautifulSoup(client.get("/", query_string=parameters).text, "lxml")
    assert {str(link["href"]).split("/")[2].split("?")[0] for link in page.select(".hit h2 a")} == ids
    rows = csv.DictReader(io.StringIO(client.get("/export.csv", query_string=parameters).data.decode("utf-8-sig")))
    assert {row["id"] for row in rows} == ids
    feed = ET.fromstring(client.get("/feed.atom", query_string=parameters).data)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == len(ids)


def test_those_without_a_day_are_left_out_of_the_oldest_at_one_click(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/?q=示例&sort=oldest").text, "lxml")
    (link,) = page.select(".note a")
    fewer = client.get(str(link["href"])).text
    assert (len(page.select(".hit")), len(BeautifulSoup(fewer, "lxml").select(".hit"))) == (4, 3)
    assert not BeautifulSoup(client.get("/?q=示例&sort=newest").text, "lxml").select(".note a")


def test_a_branch_is_opened_without_choosing_it(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/?open=广东省").text, "lxml")
    assert page.select_one('#region [data-key="广东省/广州市"]') is not None
    assert page.select(".tick.is-on") == []
    months = BeautifulSoup(client.get("/?open=2021").text, "lxml").select('#year [data-key^="2021-"]')
    assert [str(month["data-key"]) for month in months] == ["2021-06", "2021-01"]


def test_a_document_number_leads_to_its_announcement(client: FlaskClient) -> None:
    assert client.get("/number/示府办[2024]第7号").location == "/announcements/a1"
    assert urlsplit(client.get("/?q=示府办(2024) 7号").location).path == "/announcements/a1"


def test_a_walk_by_date_visits_every_hit_once(client: FlaskClient) -> None:
    answer = client.get("/api/search?per_page=1&sort=newest").get_json()
    visited, address = [hit["id"] for hit in answer["hits"]], answer["links"]["walk"]
    while address:
        answer = client.get(address).get_json()
        visited += [hit["id"] for hit in answer["hits"]]
        address = answer["links"]["next"]
    assert sorted(visited) == ["a1", "a2", "a3", "a4"]


@pytest.mark.parametrize(
    "address",
    ["/", "/?q=不存在的东西&form=通知", "/announcements/a1?q=帮扶", "/sources", "/api", "/healthz", "/opensearch.xml"],
)
def test_every_address_answers(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_a_hostile_announcement_is_indexed_and_shown_as_text() -> None:
    with temporary_engine() as engine:
        engine.replace_all((HOSTILE,), Report(read=1, indexed=1))
        client = create_app(engine).test_client()
        for address in (
            "/",
            "/?q=alert",
            "/announcements/evil?q=alert",
            "/sources",
            "/api/search?q=alert",
            "/feed.atom",
        ):
            answer = client.get(address)
            assert answer.status_code == 200, address
            if answer.mimetype == "text/html":
                assert "<script>alert" not in answer.text
