"""Searches beside each other: exact counts that lead to their hits."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from indexer.engine_choice import temporary_engine
from indexer.report import Report
from tests.builders import announcement
from webui import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    kept = [
        announcement("a", "扶贫通知", published=date(2018, 3, 1), region=("广东省", "广州市")),
        announcement("b", "扶贫公告", published=date(2020, 3, 1), region=("云南省",)),
        announcement("c", "扶贫与振兴", published=date(2020, 5, 1), region=("广东省",)),
        announcement("d", "振兴办法", published=date(2021, 5, 1)),
        announcement("e", "振兴意见", published=None),
    ]
    with temporary_engine() as engine:
        engine.replace_all(kept, Report(read=len(kept), indexed=len(kept)))
        yield create_app(engine).test_client()


def rows(page: BeautifulSoup) -> dict[str, list[str]]:
    read = {}
    for row in page.select(".counts tbody tr"):
        label, *counts = (cell.get_text() for cell in row.select("th, td"))
        read[label] = counts
    return read


def test_years_are_counted_for_each_search_without_a_gap(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/trends?q=扶贫&q=振兴").text, "lxml")
    assert rows(page) == {
        "2021": ["0", "1"],
        "2020": ["2", "1"],
        "2019": ["0", "0"],
        "2018": ["1", "0"],
        "未注明": ["0", "1"],
    }
    assert [cell.get_text() for cell in page.select(".counts tfoot td")] == ["3", "3"]
    assert len(page.select(".trend polyline")) == 2


def test_each_count_leads_to_as_many_hits(client: FlaskClient) -> None:
    for by in ("year", "region"):
        page = BeautifulSoup(client.get(f"/trends?q=扶贫&q=振兴&by={by}").text, "lxml")
        links = page.select(".counts a")
        assert links
        for link in links:
            found = client.get("/api/search" + str(link["href"]).removeprefix("/")).get_json()
            assert str(found["total"]) == link.get_text()


def test_searches_share_filters_and_the_file_holds_the_same(client: FlaskClient) -> None:
    table = list(
        csv.reader(io.StringIO(client.get("/trends.csv?q=扶贫&q=振兴&region=广东省").data.decode("utf-8-sig")))
    )
    assert table == [["year", "扶贫", "振兴"], ["2020", "1", "1"], ["2019", "0", "0"], ["2018", "1", "0"]]
    page = BeautifulSoup(client.get("/trends?q=扶贫&by=region").text, "lxml")
    assert rows(page) == {"广东省": ["2"], "云南省": ["1"]}


def test_without_searches_there_is_a_form(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/trends").text, "lxml")
    assert len(page.select('.compare input[name="q"]')) == 3
    assert not page.select(".counts")


@pytest.mark.parametrize("asked", ["by=month", "q=1&q=2&q=3&q=4&q=5&q=6", "q=a&page=2", "q=a&colour=red"])
def test_what_cannot_be_meant_is_refused(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/trends?{asked}").status_code == 400
