"""What visitors see when a proxy of ours stands in front: its scheme, its name, its path, and each as themselves."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.config import WebConfig

if TYPE_CHECKING:
    from flask.testing import FlaskClient

TOLD = {
    "Host": "policy.example.org",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "policy.example.org",
}
PAGES = (
    "/",
    "/?q=帮扶",
    "/?q=帮扶&region=示例省",
    "/announcements/a1?q=帮扶",
    "/sources",
    "/api",
    "/number/x",
    "/?page=0",
)


def client(**choices: object) -> FlaskClient:
    return create_app(MemoryEngine(), WebConfig(hosts=("policy.example.org",), **choices)).test_client()  # type: ignore[arg-type]


def links(text: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'\b(?:href|src|action)="(/[^"]*)"', text)]


@pytest.mark.parametrize("strips", [True, False], ids=["the proxy takes the path off", "the proxy leaves it on"])
@pytest.mark.parametrize("told_by", ["option", "header"])
def test_every_link_of_every_page_stays_under_the_prefix(strips: bool, told_by: str) -> None:
    asking = client(behind_proxy=1, prefix="/policy" if told_by == "option" else "")
    headers = TOLD if told_by == "option" else {**TOLD, "X-Forwarded-Prefix": "/policy"}
    for page in PAGES:
        text = asking.get(page if strips else f"/policy{page}", headers=headers).text
        assert links(text)
        assert [link for link in links(text) if not link.startswith("/policy/")] == []
        assert 'data-root="/policy"' in text
    for link in set(links(asking.get("/?q=帮扶", headers=headers).text)):
        with asking.get(link.removeprefix("/policy").partition("#")[0], headers=headers) as answer:
            # A form's address by itself, with nothing ticked, is answered too: with a sentence.
            assert answer.status_code == (400 if link.endswith("/cite") else 200), link


def test_programs_are_given_addresses_that_lead_back() -> None:
    asking = client(behind_proxy=1, prefix="/policy")
    base = "https://policy.example.org/policy"
    found = asking.get("/api/search?q=帮扶&per_page=1", headers=TOLD).get_json()
    assert all(link.startswith(f"{base}/") for link in found["links"].values() if link)
    assert found["hits"][0]["links"]["html"].startswith(f"{base}/announcements/")
    assert asking.get("/api/search?x=1", headers=TOLD).get_json()["type"] == "/policy/api#wrong-parameter"
    assert asking.get("/api/openapi.json", headers=TOLD).get_json()["servers"] == [{"url": "/policy/"}]
    for address in ("/feed.atom", "/export.csv", "/opensearch.xml"):
        text = asking.get(address, headers=TOLD).text
        assert f"{base}/" in text
        assert "http://localhost" not in text
    redirect = asking.get("/number/示府办〔2024〕7号", headers=TOLD)
    assert redirect.headers["Location"].startswith("/policy/announcements/")


def test_a_choice_is_remembered_for_the_prefix_alone_and_only_over_https() -> None:
    cookie = client(behind_proxy=1, prefix="/policy").get("/?lang=en", headers=TOLD).headers["Set-Cookie"]
    assert "Path=/policy" in cookie
    assert "Secure" in cookie


def test_without_a_word_of_the_operator_what_such_headers_say_counts_for_nothing() -> None:
    answer = client().get("/api/search?q=帮扶", headers={**TOLD, "X-Forwarded-Prefix": "/x"})
    assert answer.get_json()["links"]["self"].startswith("http://policy.example.org/api/search")
    limited = client(requests_per_minute=2)
    told = [{**TOLD, "X-Forwarded-For": f"203.0.113.{number}"} for number in range(3)]
    assert [limited.get("/api/search", headers=headers).status_code for headers in told] == [200, 200, 429]


def test_behind_a_proxy_each_visitor_is_counted_alone_and_cannot_pose_as_another() -> None:
    limited = client(requests_per_minute=2, behind_proxy=1)
    for number in range(6):
        headers = {**TOLD, "X-Forwarded-For": f"203.0.113.{number}"}
        assert limited.get("/api/search", headers=headers).status_code == 200
    forged = [{**TOLD, "X-Forwarded-For": f"198.51.100.{number}, 203.0.113.99"} for number in range(3)]
    assert [limited.get("/api/search", headers=headers).status_code for headers in forged] == [200, 200, 429]


@pytest.mark.parametrize("prefix", ["//evil.example", "/a b", '/"><script>', "/a//b", "https://evil.example", "/é"])
def test_a_prefix_that_is_no_path_is_not_taken(prefix: str) -> None:
    text = (
        client(behind_proxy=1).get("/", headers={**TOLD, "X-Forwarded-Prefix": prefix.encode().decode("latin-1")}).text
    )
    assert 'data-root=""' in text
    assert "evil" not in text


def test_two_hops_are_believed_when_there_are_two() -> None:
    answer = client(behind_proxy=2, requests_per_minute=1)
    first = {**TOLD, "X-Forwarded-For": "203.0.113.1, 10.0.0.1", "X-Forwarded-Proto": "https, http"}
    second = {**first, "X-Forwarded-For": "203.0.113.2, 10.0.0.1"}
    assert [answer.get("/api/search", headers=told).status_code for told in (first, second, first)] == [200, 200, 429]


# ── whose pages may read answers ──


def test_no_other_sites_pages_may_read_answers_unless_they_are_named() -> None:
    origin = {"Origin": "https://a.example"}
    assert "Access-Control-Allow-Origin" not in client().get("/api/search", headers=origin).headers
    named = client(origins=("https://a.example",))
    answer = named.get("/api/search", headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://a.example"
    assert "Origin" in answer.headers["Vary"]
    assert (
        "Access-Control-Allow-Origin" not in named.get("/api/search", headers={"Origin": "https://b.example"}).headers
    )
    assert "Access-Control-Allow-Origin" not in named.get("/", headers=origin).headers
    assert client(origins=("*",)).get("/feed.atom").headers["Access-Control-Allow-Origin"] == "*"
