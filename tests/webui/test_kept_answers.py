"""Answers that are kept: the same for everybody, of one version, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask, Response, g

from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.kept_answers import KeptAnswers

if TYPE_CHECKING:
    from indexer.answers.results import ResultPage
    from indexer.query.tree import Query


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


def test_an_answer_is_kept_with_its_headers_and_the_count_for_the_log(app: Flask) -> None:
    answers = KeptAnswers()
    with app.test_request_context():
        g.hits = 7
        answers.keep("a", Response("text", headers={"Link": "<b>"}, mimetype="application/json"))
    with app.test_request_context():
        kept = answers.get("a")
        assert kept is not None
        assert (kept.get_data(), kept.headers["Link"], kept.mimetype) == (b"text", "<b>", "application/json")
        assert g.hits == 7
        assert answers.get("b") is None


def test_those_asked_for_longest_ago_make_room(app: Flask) -> None:
    answers = KeptAnswers(most_bytes=4_000)
    with app.test_request_context():
        for name in "ab":
            answers.keep(name, Response("x" * 500))
        assert answers.get("a")
        answers.keep("c", Response("x" * 500))
        assert [name for name in "abc" if answers.get(name)] == ["a", "c"]


@pytest.mark.parametrize(
    "answer",
    [
        Response("x", status=404),
        Response(iter(["x"])),
        Response("x", headers={"Set-Cookie": "name=a"}),
        Response("x" * 300_000),
    ],
)
def test_what_is_no_whole_and_plain_answer_is_not_kept(app: Flask, answer: Response) -> None:
    answers = KeptAnswers()
    with app.test_request_context():
        answers.keep("a", answer)
        assert answers.get("a") is None


class _Counting(MemoryEngine):
    asked = 0

    def search(self, query: Query) -> ResultPage:
        self.asked += 1
        return super().search(query)


def test_the_same_question_is_answered_once_for_everybody() -> None:
    engine = _Counting()
    client = create_app(engine).test_client()
    first, again = client.get("/api/search?q=a").get_json(), client.get("/api/search?q=a").get_json()
    assert (first, engine.asked) == (again, 1)
    client.get("/api/search?q=a", headers={"Host": "127.0.0.1:81"})  # its links begin with another address
    client.get("/api/search?q=a", headers={"Accept-Language": "en"})
    assert engine.asked == 3


def test_who_brings_a_name_or_a_cookie_of_his_own_gets_an_answer_of_his_own() -> None:
    engine = _Counting()
    client = create_app(engine).test_client(use_cookies=False)
    for headers in ({"Cookie": "lang=zh"}, {"Cookie": "somebody=1"}, {"Authorization": "Basic YTpi"}):
        client.get("/api/search?q=a", headers=headers)
        client.get("/api/search?q=a", headers=headers)
    assert engine.asked == 1 + 2 + 2
