"""Hits as tables: for people and for programs, all or those that are ticked, with nothing that a program would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.builders import announcement
from tests.webui.samples import SAMPLES
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.api.spreadsheets import COLUMNS, TICKED_AT_MOST

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.fixture
def client() -> FlaskClient:
    return create_app(MemoryEngine()).test_client()


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_headings_are_keys_for_programs_and_words_for_people(client: FlaskClient) -> None:
    assert list(table(client, "/export.csv")[0]) == list(COLUMNS)
    ticked = table(client, "/export.csv?id=a1&labels=zh")[0]
    days = [ticked[name] for name in ("成文日期", "施行日期")]
    assert (ticked["发文字号"], *days) == ("示府办〔2024〕7号", "2024-03-01", "2024-04-01")
    assert ticked["摘要"]
    assert "Effective" in table(client, "/export.csv?labels=en")[0]


def test_those_that_are_ticked_are_written_in_their_order(client: FlaskClient) -> None:
    ticked = table(client, "/export.csv?id=a3&id=a1&id=a3")
    assert [(row["id"], row["path"]) for row in ticked] == [("a3", "samples/a3.html"), ("a1", "samples/a1.html")]


def test_a_ticked_row_says_what_its_row_in_the_whole_table_says(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    number = "示府办〔2019〕3号"
    repealing = announcement("b", "关于废止文件的通知", f"《示例县补贴办法》（{number}）自即日起废止。")
    repealed = announcement("a", "示例县补贴办法", "补贴对象为示例县居民。", number=number)
    engine.replace_all([repealed, repealing], Report())
    client = create_app(engine).test_client()
    whole = {row["id"]: row for row in table(client, "/export.csv")}
    assert whole["a"]["validity"] == "已废止"
    assert table(client, "/export.csv?id=a&id=b") == [whole["a"], whole["b"]]


@pytest.mark.parametrize(
    "asked",
    [
        {"picked": "zh"},
        {"labels": "fr"},
        {"colour": "red"},
        {"id": [str(number) for number in range(TICKED_AT_MOST + 1)]},
    ],
)
def test_what_cannot_be_meant_is_refused(client: FlaskClient, asked: dict[str, str]) -> None:
    for address in ("/export.csv", "/export.xlsx"):
        assert client.get(address, query_string=asked).status_code == 400


def test_a_ticked_one_that_is_gone_is_told(client: FlaskClient) -> None:
    assert client.get("/export.csv?id=nobody").status_code == 404


def test_a_file_is_named_after_what_was_asked(client: FlaskClient) -> None:
    header = client.get("/export.csv?q=对口帮扶&region=广东省&year=2021").headers["Content-Disposition"]
    assert header.startswith('attachment; filename="2021.csv"')
    assert unquote(header.partition("UTF-8''")[2]) == "对口帮扶 广东省 2021.csv"


def test_a_workbook_holds_days_as_days_and_all_else_as_text() -> None:
    calamine = pytest.importorskip("python_calamine")
    pytest.importorskip("xlsxwriter")
    odd = replace(SAMPLES[0], title="=cmd|'/c calc'!A1", number="12345678901234567890", signed=date(1850, 1, 1))
    answer = create_app(MemoryEngine((odd,))).test_client().get("/export.xlsx?labels=zh&id=a1")
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    headings, row = book.get_sheet_by_index(0).to_python()
    held = dict(zip(headings, row, strict=True))
    assert held["标题"] == "=cmd|'/c calc'!A1"
    assert held["发文字号"] == "12345678901234567890"
    assert held["发布日期"] == date(2024, 3, 5)
    assert held["成文日期"] == "1850-01-01"


def test_hits_can_be_ticked_and_sent_without_a_script(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/?q=对口帮扶").text, "lxml")
    assert [box["value"] for box in soup.select('input[form="picks"][name="id"]')] == ["a1", "a2"]
    buttons = soup.select("#picks button")
    assert [str(button.get("formaction", "/cite")) for button in buttons][:2] == ["/cite", "/export.csv"]
    assert buttons[1]["name"] == "picked"
    kept = soup.select_one('#picks input[name="q"]')
    assert kept is not None
    assert kept["value"]  # the file is named after the search, and snippets show what it found
