"""The help page and the front page give examples that find something, whatever index is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from indexer.announcement import Announcement
from tests.webui.samples import SAMPLES
from tests.webui.web_engine import MemoryEngine
from webui import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

FEW = (Announcement("x", "关于渔港停泊的告示", "渔船应当在渔港停泊。"),)


def examples(client: FlaskClient, address: str, selector: str) -> list[str]:
    soup = BeautifulSoup(client.get(address).text, "lxml")
    return [str(link["href"]) for link in soup.select(selector)]


@pytest.mark.parametrize("held", [SAMPLES, FEW])
@pytest.mark.parametrize(("address", "selector"), [("/help", ".guide th a"), ("/", ".hint a[href*='q=']")])
def test_every_example_finds_something(held: tuple[Announcement, ...], address: str, selector: str) -> None:
    client = create_app(MemoryEngine(held)).test_client()
    found = examples(client, address, selector)
    assert found
    for href in found:
        asked = href.partition("?")[2]
        assert client.get(f"/api/search?{asked}").get_json()["total"] > 0, asked


def test_an_empty_index_has_pages_without_examples() -> None:
    client = create_app(MemoryEngine(())).test_client()
    for address in ("/", "/help", "/help?lang=en"):
        assert client.get(address).status_code == 200
    assert not examples(client, "/help", ".guide th a")


def test_both_languages_explain_the_same_ways() -> None:
    client = create_app(MemoryEngine()).test_client()
    assert examples(client, "/help", ".guide th a") == examples(client, "/help?lang=en", ".guide th a")
