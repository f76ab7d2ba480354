"""Atom, CSV and the OpenSearch description."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.exporting.cells import defuse
from tests.webui.samples import SAMPLES
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.api import spreadsheets
from webui.api.spreadsheets import COLUMNS

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def client() -> FlaskClient:
    return create_app(MemoryEngine()).test_client()


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def feed(client: FlaskClient, address: str) -> ET.Element:
    answer = client.get(address)
    assert answer.mimetype == "application/atom+xml"
    return ET.fromstring(answer.data)


def texts(root: ET.Element, part: str) -> list[str]:
    return [found.text or "" for found in root.findall(f"a:entry/a:{part}", ATOM)]


def test_a_feed_has_what_atom_asks_for(client: FlaskClient) -> None:
    root = feed(client, "/feed.atom?q=帮扶&region=广东省")
    for part in ("a:id", "a:title", "a:updated", "a:link[@rel='self']", "a:author/a:name"):
        assert len(root.findall(part, ATOM)) == 1
    for entry in root.findall("a:entry", ATOM):
        for part in ("a:id", "a:title", "a:updated", "a:link[@rel='alternate']"):
            assert len(entry.findall(part, ATOM)) == 1


def test_a_feed_names_itself_and_its_page_as_they_were_asked_for(client: FlaskClient) -> None:
    links = {link.attrib["rel"]: link.attrib["href"] for link in feed(client, "/feed.atom?q=a").findall("a:link", ATOM)}
    assert links == {"self": "http://localhost/feed.atom?q=a", "alternate": "http://localhost/?q=a"}


def test_a_feed_is_newest_first_whatever_sort_says(client: FlaskClient) -> None:
    titles = texts(feed(client, "/feed.atom?sort=oldest&q=示例"), "title")
    assert titles[0] == SAMPLES[0].title


def test_entries_keep_their_ids_over_rebuilds_and_host_names() -> None:
    one = create_app(MemoryEngine()).test_client()
    other = create_app(MemoryEngine(commit=7)).test_client()
    first = texts(feed(one, "/feed.atom"), "id")
    later = other.get("/feed.atom", base_url="http://127.0.0.1:9")
    assert texts(ET.fromstring(later.data), "id") == first
    assert len(set(first)) == len(first)


def test_an_undated_entry_keeps_its_moment_over_versions() -> None:
    moments = []
    for commit in (1, 7):
        client = create_app(MemoryEngine((replace(SAMPLES[0], published=None),), commit=commit)).test_client()
        moments.append(texts(feed(client, "/feed.atom"), "updated"))
    assert moments[0] == moments[1] == ["1970-01-01T00:00:00+08:00"]


def test_the_page_names_its_feed(client: FlaskClient) -> None:
    assert (
        'type="application/atom+xml" title="帮扶" href="/feed.atom?q=帮扶&amp;form=通知"'
        in client.get("/?q=帮扶&form=通知&page=1").text
    )


def test_a_csv_file_holds_every_hit(client: FlaskClient) -> None:
    held = rows(client, "/export.csv?sort=oldest&per_page=1")
    assert tuple(held[0]) == tuple(COLUMNS)
    assert [row["id"] for row in held] == ["a2", "a3", "a1", "a4"]
    assert held[2]["region"] == "广东省/广州市"
    assert held[2]["link"] == "http://localhost/announcements/a1"
    assert held[2]["citation"].startswith("示例市人民政府办公室. ")


def test_a_csv_file_is_walked_by_cursor_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(replace(SAMPLES[1], id=f"b{n}") for n in range(250))
    client = create_app(MemoryEngine(many)).test_client()
    assert len({row["id"] for row in rows(client, "/export.csv")}) == 250
    monkeypatch.setattr(spreadsheets, "EXPORT_LIMIT", 120)
    answer = client.get("/export.csv")
    assert answer.headers["X-Total-Count"] == "250"
    assert answer.headers["X-Export-Limit"] == "120"
    assert len(rows(client, "/export.csv")) == 120


@pytest.mark.parametrize("cell", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1", "＝1", "\u202e=1"])
def test_what_a_spreadsheet_reads_as_a_formula_becomes_text(cell: str) -> None:
    assert defuse(cell).startswith("'")


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("=+-@\t\r\n\u202e\0 　")))
def test_no_cell_ever_begins_like_a_formula(cell: str) -> None:
    assert not defuse(cell).lstrip().startswith(("=", "+", "-", "@"))


def test_ordinary_cells_stay_as_they_are() -> None:
    assert defuse("示府办〔2024〕7号") == "示府办〔2024〕7号"


def test_the_opensearch_description_leads_to_the_search(client: FlaskClient) -> None:
    root = ET.fromstring(client.get("/opensearch.xml").data)
    urls = root.findall("o:Url", {"o": "http://a9.com/-/spec/opensearch/1.1/"})
    assert urls[0].attrib["template"] == "http://localhost/?q={searchTerms}"


@pytest.mark.parametrize(
    "text",
    ["1234567890123456789", "12345678901234567890.5", "1e5", "1234567890e12345", "１２３４５６７８９０１２３４５６"],
)
def test_what_a_spreadsheet_would_round_is_text(text: str) -> None:
    assert defuse(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["123456789012345", "2020-03-01", "007", "1b5", "示例〔2020〕1号", "12345678901234567号"]
)
def test_what_a_spreadsheet_keeps_stays_as_it_is(text: str) -> None:
    assert defuse(text) == text
