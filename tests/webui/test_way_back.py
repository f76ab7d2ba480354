"""The whole search stays in every link, and wrong input at its field."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from tests.webui.page_reading import page, parameters, text
from tests.webui.web_engine import MemoryEngine
from webui import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.fixture
def client() -> FlaskClient:
    return create_app(MemoryEngine()).test_client()


def test_a_hit_leads_to_its_page_and_back_to_the_whole_search(client: FlaskClient) -> None:
    address = "/?q=帮扶&form=通知&from=2020-01-01&sort=newest&per_page=50"
    soup = page(client, address)
    hit = soup.select_one(".hit h2 a")
    assert hit is not None
    asked = parse_qs(address.partition("?")[2])
    assert parameters(hit) == asked
    assert "q=帮扶&form=通知&" in str(hit["href"])
    back = page(client, str(hit["href"])).select_one(".back a")
    assert back is not None
    assert str(back["href"]).startswith("/?")
    assert parameters(back) == asked


def test_the_way_back_leads_to_the_page_that_was_left_even_without_words(client: FlaskClient) -> None:
    back = page(client, "/announcements/a1?source=示例市人民政府办公室&page=2").select_one(".back a")
    assert parameters(back) == {"source": ["示例市人民政府办公室"], "page": ["2"]}
    assert page(client, "/announcements/a1").select_one(".back") is None


def test_what_a_stranger_put_into_the_way_back_stays_text(client: FlaskClient) -> None:
    answer = client.get("/announcements/a1", query_string={"source": '"><script>alert(1)</script>', "q": "帮扶"})
    assert "<script>alert" not in answer.text
    assert client.get("/announcements/a1?back=https://example.org").status_code == 400


def test_a_wrong_day_is_marked_at_its_field_with_everything_in_place(client: FlaskClient) -> None:
    soup = page(client, "/?q=帮扶&form=通知&from=2023-01-01&to=2020-01-01", status=400)
    held = soup.select_one("#to")
    assert held is not None
    assert (held["value"], held["aria-invalid"]) == ("2020-01-01", "true")
    assert "2020-01-01" in text(soup.find(id=held["aria-describedby"]))
    begins = soup.select_one("#from")
    assert begins is not None
    assert begins["value"] == "2023-01-01"
    assert begins.get("aria-invalid") is None
    assert "to=2020-01-01：" in text(soup.select_one(".problems"))
    assert {"通知", "2023-01-01"} <= {text(chip) for chip in soup.select(".chips bdi")}
    told = client.get("/api/search?from=2023-01-01&to=2020-01-01")
    assert told.status_code == 400
    assert [one["name"] for one in told.get_json()["errors"]] == ["to"]


def test_a_query_that_is_too_long_stays_in_the_box_that_is_marked(client: FlaskClient) -> None:
    soup = page(client, "/?q=" + "字" * 1001, status=400)
    box = soup.select_one("#q")
    assert box is not None
    assert (len(str(box["value"])), box["aria-invalid"]) == (1001, "true")
    assert soup.find(id=box["aria-describedby"]) is not None
