"""Ask for a page and read it, for the tests of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from bs4 import Tag
    from flask.testing import FlaskClient


def page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "text/html"
    return BeautifulSoup(answer.text, "lxml")


def text(found: Tag | None) -> str:
    assert found is not None
    return " ".join(found.get_text().split())


def parameters(link: Tag | None) -> dict[str, list[str]]:
    assert link is not None
    return parse_qs(urlsplit(str(link["href"])).query)
