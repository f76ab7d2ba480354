"""Clauses on the web: their text for programs, references to them, and the page that leads to each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from tests.webui.samples import SAMPLES
from tests.webui.web_engine import MemoryEngine
from webui import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ARTICLES = [f"第{n}条 " + "各单位应当遵守本办法的规定，不得有误。" * 12 for n in "一二三"]
BODY = "\n".join(
    [
        "第一章 总则", *ARTICLES, "第二章 <分则>", "第四条 下列<b>单位</b>：", "（一）甲；", "（二）乙。",
        "前款以外的，从其规定。", "附件", "第一条 附件的条文。", "第二条 完。",
    ]
)  # fmt: skip


@pytest.fixture
def client() -> FlaskClient:
    return create_app(MemoryEngine((replace(SAMPLES[0], body=BODY), *SAMPLES[1:]))).test_client()


def test_a_clause_is_given_as_the_body_has_it(client: FlaskClient) -> None:
    told = client.get("/api/announcements/a1/clauses/第4条").json
    assert told is not None
    start, end = told["range"]
    assert told["text"] == BODY[start:end] == "第四条 下列<b>单位</b>：\n（一）甲；\n（二）乙。\n前款以外的，从其规定。"
    assert (told["anchor"], told["path"], told["cited"]) == ("第四条", ["第二章", "第四条"], "第四条")
    assert [one["label"] for one in told["below"]] == ["第一款", "第一项", "第二项", "第二款"]
    assert client.get(told["links"]["self"]).json == told
    page = BeautifulSoup(client.get(told["links"]["html"]).text, "lxml")
    assert page.find(id="第四条") is not None


def test_an_item_has_an_address_too_and_a_number_may_stand_in_the_text_again(client: FlaskClient) -> None:
    told = client.get("/api/announcements/a1/clauses/第四条第一款第(二)项").json
    assert told is not None
    assert (told["text"], told["anchor"]) == ("（二）乙。", "第四条第一款第二项")
    first = client.get("/api/announcements/a1/clauses/第一条").json
    assert first is not None
    assert first["same_number"] == ["第一条-2"]
    assert client.get("/api/announcements/a1/clauses/第一条-2").json["cited"] == "附件第一条"  # type: ignore[index]


def test_all_clauses_are_listed_in_order(client: FlaskClient) -> None:
    told = client.get("/api/announcements/a1/clauses").json
    assert told is not None
    assert [one["anchor"] for one in told["clauses"]][:3] == ["第一章", "第一条", "第二条"]
    assert {(one["anchor"], one["gist"]) for one in told["clauses"]} >= {("第一章", "总则"), ("第二章", "<分则>")}


@pytest.mark.parametrize("name", ["第九条", "民法典", "第四条第九款", "%20", "第一条/第二条"])
def test_a_clause_that_is_not_there_is_told(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/api/announcements/a1/clauses/{name}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_page_leads_from_its_contents_to_each_clause_and_offers_its_reference(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/announcements/a1").text, "lxml")
    for link in page.select(".contents a"):
        assert page.find(id=str(link["href"])[1:]) is not None
    article = page.find(id="第四条")
    assert article is not None
    links = [str(link["href"]) for link in article.select(".of-clause a")]
    assert links == ["/announcements/a1/cite?clause=第四条", "#第四条"]
    assert page.find(id="第四条第一款第二项") is not None
    assert len({str(one["id"]) for one in page.select("[id]")}) == len(page.select("[id]"))


def test_the_page_says_when_it_has_no_such_clause(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/announcements/a1?clause=第九条").text, "lxml")
    assert "本文没有“第九条”" in page.select_one("article p.note").text  # type: ignore[union-attr]
    named = BeautifulSoup(client.get("/announcements/a1?clause=第4条").text, "lxml")
    assert ", 第四条[EB/OL]" in named.select_one("#citation").text  # type: ignore[union-attr]


def test_a_reference_to_a_clause_is_given_in_three_formats(client: FlaskClient) -> None:
    page = client.get("/announcements/a1/cite?clause=第四条第2款").text
    assert "GB/T 7714" in page
    assert "前款以外的，从其规定。" in page
    ris = client.get("/announcements/a1/cite?clause=第四条第2款&format=ris")
    assert ris.mimetype == "application/x-research-info-systems"
    assert "attachment" in ris.headers["Content-Disposition"]
    assert "SE  - 第四条第二款" in ris.text
    assert client.get("/announcements/a1/cite?format=bibtex").text.startswith("@misc{a1,")


def test_references_to_several_announcements_come_in_one_file(client: FlaskClient) -> None:
    ids = [one.id for one in SAMPLES[:3]]
    asked = "&".join(f"id={one}" for one in ids)
    ris = client.get(f"/cite?{asked}&format=ris").text
    assert [line for line in ris.split("\n") if line.startswith("ID")] == [f"ID  - {one}" for one in ids]
    assert client.get(f"/cite?{asked}").status_code == 200
    named = client.get(f"/cite?{asked}&q=对口帮扶&format=ris").headers["Content-Disposition"]
    assert unquote(named).endswith("对口帮扶.ris")
    assert "q=%E5%AF%B9%E5%8F%A3%E5%B8%AE%E6%89%B6&amp;format=ris" in client.get(f"/cite?{asked}&q=对口帮扶").text


@pytest.mark.parametrize(
    "address",
    ["/cite", "/cite?id=", "/cite?id=a1&format=doc", "/cite?id=a1&page=2", "/announcements/a1/cite?format=x",
     "/cite?" + "&".join(f"id=x{n}" for n in range(101))],
)  # fmt: skip
def test_what_cannot_be_cited_is_told(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400


_GONE = ["/cite?id=nobody", "/announcements/a1/cite?clause=第九条", "/announcements/x/cite"]


@pytest.mark.parametrize("address", _GONE)
def test_what_is_not_there_cannot_be_cited(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_clause_that_is_not_there_is_named_with_the_way_to_the_announcement(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/announcements/a1/cite?clause=第九条").text, "lxml")
    assert page.select_one("h1").text == "没有找到这个条款"  # type: ignore[union-attr]
    assert "没有“第九条”" in page.text
    assert page.select_one('main a[href="/announcements/a1"]') is not None
    assert "no clause named 第九条" in client.get("/announcements/a1/cite?clause=第九条&lang=en").text


@pytest.mark.parametrize("typed", ["示例管理条例 第四条", "《示例管理条例》第4条", "中华人民共和国示例管理条例4条"])
def test_a_query_that_names_a_clause_leads_to_it(typed: str) -> None:
    named = replace(SAMPLES[0], id="law", title="中华人民共和国示例管理条例（2020修订）", body=BODY)
    client = create_app(MemoryEngine((named, *SAMPLES[1:]))).test_client()
    page = BeautifulSoup(client.get("/", query_string={"q": typed}).text, "lxml")
    links = [str(link["href"]) for link in page.select(".best a")]
    assert links == ["/announcements/law?clause=第四条#第四条"]
    told = client.get("/api/search", query_string={"q": typed}).json
    assert told is not None
    assert [(one["id"], one["cited"]) for one in told["clauses"]] == [("law", "第四条")]


@pytest.mark.parametrize("typed", ["示例管理条例 第九条", "管理条例 第四条", "第四条", "示例管理条例 条款"])
def test_what_names_no_clause_of_one_title_offers_none(typed: str) -> None:
    named = replace(SAMPLES[0], id="law", title="示例管理条例", body=BODY)
    client = create_app(MemoryEngine((named, *SAMPLES[1:]))).test_client()
    assert client.get("/api/search", query_string={"q": typed}).json["clauses"] == []  # type: ignore[index]
