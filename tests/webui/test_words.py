"""What values of our own are called in the reader's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from indexer.facts.document_form import FORMS
from indexer.facts.document_kind import KINDS
from indexer.fields import UNSTATED
from indexer.relations.validity import STATES
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.pages.words import OURS, said

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.fixture
def client() -> FlaskClient:
    return create_app(MemoryEngine()).test_client()


def test_every_value_of_ours_has_an_english_name_and_stays_itself_in_chinese() -> None:
    ours = {*FORMS, *KINDS, *filter(None, STATES), UNSTATED}
    assert set(OURS) == ours
    app = create_app(MemoryEngine())
    with app.test_request_context("/?lang=en"):
        assert [value for value in ours if said(value) == value] == []
        assert said("通知") == "通知 (notice)"
        assert said("广东省") == "广东省"
    with app.test_request_context("/?lang=zh"):
        assert {said(value) for value in ours} == ours


def test_an_english_page_says_forms_kinds_and_validity_in_english(client: FlaskClient) -> None:
    facet = client.get("/?q=示例&lang=en").text
    assert re.search(r'data-key="[^"]+"><bdi>(?:News|Documents|No repeal found)</bdi>', facet)  # not said to be Chinese
    listed = client.get("/?q=对口帮扶&form=通知&not.kind=动态&lang=en").text
    assert "通知 (notice)" in listed
    assert ">News<" in listed
    assert "form=通知" in listed  # in addresses it stays as it is
    document = client.get("/announcements/a1?lang=en").text
    assert "(notice)" in document or "(circular)" in document


def test_a_chinese_page_says_them_as_they_are(client: FlaskClient) -> None:
    assert "(notice)" not in client.get("/?q=对口帮扶&form=通知&lang=zh").text
