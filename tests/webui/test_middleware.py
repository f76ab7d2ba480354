"""What every answer carries, who may ask, and what the log says."""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING

import pytest

from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.config import WebConfig
from webui.server.middleware import host_allowed
from webui.server.rate_limit import Limiter

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.fixture
def client() -> FlaskClient:
    return create_app(MemoryEngine()).test_client()


@pytest.mark.parametrize("address", ["/", "/announcements/a1", "/nowhere", "/api/search", "/export.csv", "/healthz"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith(("default-src 'self';", "default-src 'none';"))
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "Server" not in headers


def test_pages_hold_no_inline_style_or_script(client: FlaskClient) -> None:
    for address in ("/?q=帮扶", "/announcements/a1?q=帮扶", "/sources", "/api", "/help", "/number/x", "/?page=0"):
        text = client.get(address).text
        assert "style=" not in text
        assert "<style" not in text
        assert text.count("<script") == text.count('<script src="/static/')
        assert " onclick" not in text


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("[::1]:8000", True),
        ("192.168.1.20", True),
        ("policy.example.org:443", True),
        ("POLICY.example.org.", True),
        ("evil.example.org", False),
        ("127.0.0.1.evil.org", False),
        ("", False),
    ],
)
def test_only_known_names_and_bare_addresses_are_answered(host: str, allowed: bool) -> None:
    assert host_allowed(host, ("policy.example.org",)) is allowed


def test_a_strangers_host_name_is_refused(client: FlaskClient) -> None:
    answer = client.get("/api/search", headers={"Host": "evil.example.org"})
    assert answer.status_code == 400
    assert "--allow-host" in answer.get_json()["detail"]


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    client = create_app(MemoryEngine(), WebConfig(requests_per_minute=2)).test_client()
    assert [client.get("/api/search").status_code for _ in range(3)] == [200, 200, 429]
    assert 1 <= int(client.get("/api/search").headers["Retry-After"]) <= 30


def test_a_bucket_refills_evenly_and_each_address_has_its_own() -> None:
    now = [0.0]
    limiter = Limiter(60, clock=lambda: now[0])
    assert [limiter.seconds_to_wait("a") for _ in range(61)] == [0] * 60 + [1]
    assert limiter.seconds_to_wait("b") == 0
    now[0] += 1.0
    assert limiter.seconds_to_wait("a") == 0
    assert limiter.seconds_to_wait("a") == 1


def test_the_limiter_forgets_the_address_that_asked_least_recently() -> None:
    now = [0.0]
    limiter = Limiter(1, clock=lambda: now[0])
    for number in range(40_000):
        now[0] += 0.001
        limiter.seconds_to_wait(str(number))
    assert limiter.seconds_to_wait("0") == 0
    assert limiter.seconds_to_wait("39999") == 60


def test_neighbours_in_one_ipv6_network_are_one_visitor() -> None:
    limiter = Limiter(1, clock=lambda: 0.0)
    assert [limiter.seconds_to_wait(f"2001:db8:1:2::{number}") for number in (1, 2)] == [0, 60]
    assert limiter.seconds_to_wait("2001:db8:1:3::1") == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_processes_count_together() -> None:
    limiter = Limiter(3, clock=lambda: 0.0)
    for expected in (True, True, True, False):
        pid = os.fork()
        if not pid:
            os._exit(0 if (limiter.seconds_to_wait("a") == 0) is expected else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def log_line(caplog: pytest.LogCaptureFixture) -> dict[str, object]:
    line: dict[str, object] = json.loads(caplog.records[-1].message)
    return line


def test_each_request_writes_one_line(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="webui.access")
    answer = client.get("/api/search?q=帮扶&per_page=1")
    line = log_line(caplog)
    assert len(caplog.records) == 1
    assert (line["path"], line["status"], line["hits"]) == ("/api/search", 200, 2)
    assert line["id"] == answer.headers["X-Request-Id"]
    assert isinstance(line["ms"], float)
    assert "per_page=1" in str(line["query"])


def test_queries_can_be_left_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="webui.access")
    create_app(MemoryEngine(), WebConfig(log_queries=False)).test_client().get("/api/search?q=secret")
    assert "secret" not in caplog.text


@pytest.mark.parametrize("address", ["/number/secret", "/secret", "/secret/secret"])
def test_what_was_asked_by_a_path_is_left_out_too(caplog: pytest.LogCaptureFixture, address: str) -> None:
    caplog.set_level(logging.INFO)
    create_app(MemoryEngine(), WebConfig(log_queries=False)).test_client().get(address)
    assert "secret" not in caplog.text
    assert log_line(caplog)["status"] == 404


@pytest.mark.parametrize("address", ["/", "/feed.atom", "/opensearch.xml", "/announcements/a1"])
def test_what_is_said_in_a_language_varies_by_what_chooses_it(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert {"cookie", "accept-language"} <= {name.lower() for name in first.vary}
    again = client.get(address, headers={"If-None-Match": first.headers.get("ETag", '"none"')})
    assert {"cookie", "accept-language"} <= {name.lower() for name in again.vary}


@pytest.mark.parametrize(
    ("asked", "lang"),
    [
        ("en-GB,en;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("fr", "zh-CN"),
        ("", "zh-CN"),
        ("zh-TW", "zh-CN"),
    ],
)
def test_without_a_choice_the_browsers_language_counts(client: FlaskClient, asked: str, lang: str) -> None:
    assert f'<html lang="{lang}"' in client.get("/", headers={"Accept-Language": asked}).text
    assert '<html lang="zh-CN"' in client.get("/?lang=zh", headers={"Accept-Language": "en"}).text


def test_a_line_cannot_be_forged_by_an_address(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="webui.access")
    client.get("/a%0d%0a{}%22")
    assert len(caplog.records[-1].message.splitlines()) == 1
    assert log_line(caplog)["path"] == '/a\r\n{}"'


def test_styles_and_scripts_are_kept_by_browsers_and_change_name_with_the_program(client: FlaskClient) -> None:
    page = client.get("/").text
    start = page.index("/static/style.css?v=")
    with client.get(page[start : page.index('"', start)]) as style:
        assert style.cache_control.max_age == 365 * 24 * 3600
