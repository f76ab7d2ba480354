"""Figures for Prometheus: there when asked for, of our own labels only, and honest when there is no index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.embedded.engine import WhooshEngine
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.config import WebConfig

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("prometheus_client")


def test_figures_are_off_unless_asked_for() -> None:
    assert create_app(MemoryEngine()).test_client().get("/metrics").status_code == 404


def test_requests_and_the_index_are_counted() -> None:
    client = create_app(MemoryEngine(), WebConfig(metrics=True)).test_client()
    for address in ("/api/search", "/api/search?nonsense=1", "/made/up", "/made/up/too"):
        client.get(address)
    told = client.get("/metrics").text
    assert 'policy_search_requests_total{endpoint="api.search",status="200"} 1.0' in told
    assert 'policy_search_requests_total{endpoint="api.search",status="400"} 1.0' in told
    assert 'policy_search_requests_total{endpoint="none",status="404"} 2.0' in told
    assert 'policy_search_request_seconds_count{endpoint="api.search"} 2.0' in told
    assert "policy_search_ready 1.0" in told
    assert "policy_search_index_documents 4.0" in told
    assert "made" not in told


def test_without_an_index_the_server_is_not_ready(tmp_path: Path) -> None:
    client = create_app(WhooshEngine(tmp_path / "none"), WebConfig(metrics=True)).test_client()
    told = client.get("/metrics").text
    assert "policy_search_ready 0.0" in told
    assert "policy_search_index_documents" not in told
