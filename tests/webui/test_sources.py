"""The page of sources: order without a script, gaps in time, what is missing, folders, and a file of it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from indexer.report import Report, Skipped
from indexer.skip_reasons import because
from tests.webui.samples import SAMPLES
from tests.webui.web_engine import MemoryEngine
from webui import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

OLD, LATE = SAMPLES[1], SAMPLES[0]
HELD = (
    *SAMPLES,
    *(replace(OLD, id=f"y{year}", published=date(year, 5, 1)) for year in (2010, 2011, 2015)),
    *(replace(LATE, id=f"m{number}", source=f"示例单位{number}") for number in range(80)),
)


@pytest.fixture
def client() -> FlaskClient:
    skipped = [
        Skipped("甲/空白.html", because("no-text")),
        Skipped("甲/又一页.html", because("list")),
        Skipped("乙/表格.xlsx", because("password")),
    ]
    return create_app(
        MemoryEngine(HELD, report=Report(read=len(HELD) + 3, indexed=len(HELD), skipped=skipped))
    ).test_client()


def rows(client: FlaskClient, address: str) -> list[list[str]]:
    soup = BeautifulSoup(client.get(address).text, "lxml")
    table = soup.select_one("table")
    assert table is not None
    return [[" ".join(cell.get_text().split()) for cell in row.select("th, td")] for row in table.select("tbody tr")]


def test_gaps_in_time_and_sources_that_fell_silent_are_shown(client: FlaskClient) -> None:
    found = next(row for row in rows(client, "/sources") if row[0] == OLD.source)
    assert found[2:5] == ["2010-05-01", "2021-01-28 早于多数来源 37 个月", "2012–2014, 2016–2020"]


def test_every_head_orders_the_table_by_a_plain_link(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/sources").text, "lxml")
    for head in soup.select("table:first-of-type thead a"):
        assert rows(client, str(head["href"]))
    lasts = [row[3][:10] for row in rows(client, "/sources?sort=last")]
    assert lasts == sorted(lasts)
    assert rows(client, "/sources?sort=count")[0][0] == OLD.source


def test_many_sources_stand_on_several_pages_or_on_one(client: FlaskClient) -> None:
    first, second = rows(client, "/sources?sort=name"), rows(client, "/sources?sort=name&page=2")
    assert len(first) == 60
    assert len(rows(client, "/sources?more=all")) == len(first) + len(second)
    for wrong in ("sort=up", "page=0", "page=9", "colour=red"):
        assert client.get(f"/sources?{wrong}").status_code == 400


def test_skipped_pages_are_told_by_folder_and_reason_in_chinese(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/sources").text, "lxml")
    folders = soup.select("table")[-1]
    told = {str(row.th.get_text()): row.get_text(" ", strip=True) for row in folders.select("tbody tr") if row.th}
    assert list(told) == ["甲", "乙"]
    assert told["乙"].endswith("有密码保护 1")


def test_the_table_is_a_file_too(client: FlaskClient) -> None:
    answer = client.get("/sources.csv")
    table = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert answer.mimetype == "text/csv"
    assert table[0][0] == "source"
    assert next(row for row in table if row[0] == OLD.source)[1:4] == ["4", "2010-05-01", "2021-01-28"]
