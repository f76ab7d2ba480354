"""What a page says of an announcement's validity and citations."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from tests.webui.samples import SAMPLES
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.pages.document import Span
from webui.pages.markup import marked_span
from webui.pages.relations import TextLink


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(MemoryEngine()).test_client()


def test_the_lists_say_what_is_cited_by_whom_and_what_is_not_in_this_index(client: FlaskClient) -> None:
    page = client.get(f"/announcements/{SAMPLES[0].id}").text
    assert "引用 2 件 · 被 1 件引用" in page
    assert "不在本索引中" in page
    assert "《示例办法》同时废止。" in page


def test_all_relations_are_shown_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(MemoryEngine()).test_client()
    monkeypatch.setattr("webui.pages.relations.CITED_SHOWN", 1)
    address = f"/announcements/{SAMPLES[0].id}"
    first, everything = client.get(address).text, client.get(f"{address}?relations=all").text
    assert f'{address}?relations=all#relations">全部 2 件</a>' in first
    assert "不在本索引中" not in first
    assert "不在本索引中" in everything
    assert "全部 2 件" not in everything
    assert client.get(f"{address}?relations=some").status_code == 400


def test_a_banner_says_the_state_with_its_evidence(client: FlaskClient) -> None:
    page = client.get(f"/announcements/{SAMPLES[0].id}").text
    banner = page.split('class="note validity"', 1)[1].split("</div>", 1)[0]
    assert "已废止" in banner
    assert f"/announcements/{SAMPLES[1].id}" in banner
    assert "2024-01-01" in banner
    assert 'class="note validity"' not in client.get(f"/announcements/{SAMPLES[1].id}").text


def test_what_a_page_labels_its_validity_with_is_shown_as_its_word() -> None:
    labelled = replace(SAMPLES[1], validity_label="有效性：现行有效")
    page = create_app(MemoryEngine((labelled,))).test_client().get(f"/announcements/{labelled.id}").text
    assert "网页标明的时效</th><td><bdi>有效性：现行有效</bdi>" in page


def test_relations_are_json_and_a_wrong_day_is_refused(client: FlaskClient) -> None:
    told = client.get(f"/api/announcements/{SAMPLES[0].id}/relations").get_json()
    assert told["validity"]["evidence"][0]["sentence"] == "《示例办法》同时废止。"
    assert [one["in_this_index"] for one in told["cites"]] == [True, False]
    assert client.get(f"/api/announcements/{SAMPLES[0].id}/relations?as_of=2020-13-01").status_code == 400
    refused = client.get(f"/api/announcements/{SAMPLES[0].id}/relations?as_of=2020")
    assert refused.get_json()["errors"][0]["expected"] == "a day such as 2020-03-15"
    assert client.get(f"/api/announcements/{SAMPLES[0].id}/relations?day=1").status_code == 400


def test_links_in_a_text_are_escaped_and_keep_its_marks() -> None:
    body = "见《<甲>法》和乙"
    links = [TextLink(1, 7, "/a?b=1&c=2")]
    shown = marked_span(body, Span(0, len(body), ((1, (3, 4)),)), 1, None, links)
    assert shown.count('<a href="/a?b=1&amp;c=2">') == 3
    assert "&lt;" in shown
    assert '<mark id="m1" tabindex="-1"><a href="/a?b=1&amp;c=2">甲</a></mark>' in shown
    assert marked_span(body, Span(7, len(body)), 0, None, links) == "和乙"
