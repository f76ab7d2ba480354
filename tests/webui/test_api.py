"""JSON, problems, caching headers and the OpenAPI file."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from indexer.query.parameters import NAMES
from tests.webui.web_engine import MemoryEngine
from tests.webui.web_examples import OPENAPI, answers
from webui import create_app
from webui.config import MAX_ADDRESS_CHARS

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

DESCRIPTION = json.loads(OPENAPI.read_text(encoding="utf-8"))


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture
def client(engine: MemoryEngine) -> FlaskClient:
    return create_app(engine).test_client()


def fits(value: Any, schema: str) -> None:
    """Fail unless a value has the shape that the OpenAPI file promises."""
    registry: Registry[Any] = Registry().with_resource("urn:api", DRAFT202012.create_resource(DESCRIPTION))
    OAS31Validator({"$ref": f"urn:api#/components/schemas/{schema}"}, registry=registry).validate(value)


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    told: dict[str, Any] = answer.get_json()
    fits(told, "Problem")
    assert told["status"] == status
    return told


def test_an_answer_has_the_promised_shape(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=对口帮扶&region=广东省").get_json()
    fits(answer, "Search")
    assert answer["total"] == 2
    assert answer["understood"] == "对口帮扶"
    assert [hit["id"] for hit in answer["hits"]] == ["a1", "a2"]
    first = answer["hits"][0]
    start, end = first["title_marks"][0]
    assert first["title"][start:end] == "对口帮扶"
    region = answer["facets"]["region"][0]
    assert (region["value"], region["label"], region["selected"]) == ("广东省", "广东省", True)
    assert region["children"][0]["children"][0] == {
        "value": "广东省/广州市/花都区",
        "label": "花都区",
        "count": 1,
        "selected": False,
        "excluded": False,
        "children": [],
    }


def test_following_next_visits_every_hit_once(client: FlaskClient) -> None:
    visited, address = [], "/api/search?per_page=1"
    while address:
        answer = client.get(address).get_json()
        visited += [hit["id"] for hit in answer["hits"]]
        address = answer["links"]["next"]
    assert sorted(visited) == ["a1", "a2", "a3", "a4"]


def test_following_walk_visits_every_hit_once_by_cursor(client: FlaskClient) -> None:
    first = client.get("/api/search?per_page=1&sort=oldest").get_json()
    visited, address = [hit["id"] for hit in first["hits"]], first["links"]["walk"]
    while address:
        assert "cursor=" in address
        answer = client.get(address).get_json()
        fits(answer, "Search")
        visited += [hit["id"] for hit in answer["hits"]]
        address = answer["links"]["next"]
    assert sorted(visited) == ["a1", "a2", "a3", "a4"]


def test_a_hit_leads_to_its_page_with_the_whole_search(client: FlaskClient) -> None:
    hit = client.get("/api/search?q=帮扶&region=广东省&sort=newest").get_json()["hits"][0]
    page = client.get(hit["links"]["html"]).get_data(as_text=True)
    assert 'href="/?q=帮扶&amp;region=广东省&amp;sort=newest"' in page
    assert client.get(hit["links"]["self"]).status_code == 200


def test_what_few_hits_are_kept_away_by_leads_to_what_it_says(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=本文 干部").get_json()
    fits(answer, "Search")
    assert answer["relief"]
    for one in answer["relief"]:
        assert client.get(one["links"]["self"]).get_json()["total"] == one["count"] > answer["total"]


def test_the_table_of_sources_is_described_and_answers_problems(client: FlaskClient) -> None:
    assert DESCRIPTION["paths"]["/sources.csv"]["get"]["operationId"] == "sources"
    assert client.get("/sources.csv").mimetype == "text/csv"
    problem(client.get("/sources.csv?q=a"), 400)


def test_links_lead_to_the_same_search_in_every_form(client: FlaskClient) -> None:
    links = client.get("/api/search?q=帮扶 资金&region=广东省/广州市&page=2&per_page=1").get_json()["links"]
    for name in ("self", "html", "atom", "csv", "prev"):
        assert client.get(links[name]).status_code == 200
        assert links[name].isascii()
        assert "region=%E5%B9%BF%E4%B8%9C%E7%9C%81%2F%E5%B9%BF%E5%B7%9E%E5%B8%82" in links[name]


def test_an_announcement_has_the_promised_shape(client: FlaskClient) -> None:
    answer = client.get("/api/announcements/a1?q=帮扶").get_json()
    fits(answer, "Announcement")
    assert answer["number"] == "示府办〔2024〕7号"
    start, end = answer["body_marks"][0]
    assert answer["body"][start:end] == "帮扶"


def test_suggestions_complete_what_was_typed(client: FlaskClient) -> None:
    answer = client.get("/api/suggest?q= 花都 &limit=1").get_json()
    fits(answer, "Suggestions")
    assert answer["q"] == "花都"
    assert [suggestion["text"] for suggestion in answer["suggestions"]] == ["花都区农业农村局"]
    assert client.get("/api/suggest").get_json()["suggestions"] == []


def test_every_problem_of_a_request_is_told_at_once(client: FlaskClient) -> None:
    told = problem(client.get("/api/search?page=0&sort=up&colour=red"), 400)
    assert {wrong["name"] for wrong in told["errors"]} == {"page", "sort", "colour"}


@pytest.mark.parametrize(
    "address", ["/api/announcements/a1?colour=red", "/api/suggest?q=a&sort=newest", "/api/suggest?limit=0"]
)
def test_each_address_refuses_what_it_does_not_know(client: FlaskClient, address: str) -> None:
    assert len(problem(client.get(address), 400)["errors"]) == 1


@pytest.mark.parametrize("address", ["/api/announcements/none", "/api/nowhere"])
def test_what_is_not_there_is_a_404_problem(client: FlaskClient, address: str) -> None:
    problem(client.get(address), 404)


def test_writing_is_refused(client: FlaskClient) -> None:
    answer = client.post("/api/search", json={"q": "帮扶"})
    problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_an_endless_address_is_refused(client: FlaskClient) -> None:
    problem(client.get("/api/search?q=" + "a" * MAX_ADDRESS_CHARS), 414)


def test_without_an_index_programs_get_a_503_problem() -> None:
    client = create_app(MemoryEngine(missing=True)).test_client()
    for address in (
        "/api/search",
        "/api/announcements/a1",
        "/api/suggest?q=a",
        "/feed.atom",
        "/export.csv",
        "/healthz",
        "/readyz",
    ):
        answer = client.get(address)
        assert "policy-search rebuild" in problem(answer, 503)["detail"]
        assert answer.headers["Retry-After"]
    assert client.get("/livez").get_json() == {"status": "ok"}


def test_health_tells_the_version_and_age_of_the_index(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    fits(answer.get_json(), "Health")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address", ["/api/search?q=帮扶", "/api/announcements/a1", "/", "/announcements/a1", "/feed.atom"]
)
def test_an_unchanged_index_answers_304_without_a_search(
    engine: MemoryEngine, client: FlaskClient, address: str
) -> None:
    first = client.get(address)
    asked = engine.searches
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    by_date = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert by_date.status_code == 304
    assert engine.searches == asked


def test_a_new_index_is_answered_anew(engine: MemoryEngine, client: FlaskClient) -> None:
    first = client.get("/api/search")
    engine.commit += 1
    assert client.get("/api/search", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_another_language_is_another_answer(client: FlaskClient) -> None:
    chinese = client.get("/").headers["ETag"]
    client.set_cookie("lang", "en")
    assert client.get("/", headers={"If-None-Match": chinese}).status_code == 200


def test_large_answers_are_compressed_when_the_client_can_read_it(client: FlaskClient) -> None:
    packed = client.get("/api/search", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert json.loads(gzip.decompress(packed.data))["total"] == 4
    assert "Content-Encoding" not in client.get("/api/search").headers


def test_head_answers_without_a_body(client: FlaskClient) -> None:
    answer = client.head("/api/search")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"]


def test_the_openapi_file_is_valid_and_is_served(client: FlaskClient) -> None:
    validate(DESCRIPTION)
    with client.get("/api/openapi.json") as served:
        assert served.get_json() == DESCRIPTION


PAGES = {  # what people look at
    "/", "/announcements/{id}", "/announcements/{id}/lineage", "/api", "/check", "/compare", "/help", "/saved",
    "/sources", "/static/{filename}", "/trends",
}  # fmt: skip


def test_every_address_is_a_page_or_stands_in_the_openapi_file() -> None:
    rules = (rule.rule for rule in create_app(MemoryEngine()).url_map.iter_rules())
    routed = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule).replace("{announcement_id}", "{id}") for rule in rules}
    assert routed == PAGES | set(DESCRIPTION["paths"])


def test_an_announcement_takes_the_whole_search_and_its_links_carry_it(client: FlaskClient) -> None:
    found = client.get("/api/search?q=对口帮扶&region=广东省&sort=newest&per_page=1").get_json()
    links = client.get(found["hits"][0]["links"]["self"]).get_json()["links"]
    assert links == found["hits"][0]["links"]
    asked = dict(parse_qsl(urlsplit(links["html"]).query))
    assert asked == {"q": "对口帮扶", "region": "广东省", "sort": "newest", "per_page": "1"}
    assert client.get(links["html"]).status_code == 200


def test_every_example_in_the_openapi_file_is_what_the_app_answers() -> None:
    held = {name: example["value"] for name, example in DESCRIPTION["components"]["examples"].items()}
    assert held == answers(DESCRIPTION), "write them anew: python -m tests.webui.web_examples"


def test_the_openapi_file_and_the_guide_know_every_parameter(client: FlaskClient) -> None:
    assert set(DESCRIPTION["components"]["parameters"]) == set(NAMES)
    guide = client.get("/api").text
    for name in NAMES:
        assert f"<code>{name}" in guide or f", {name}" in guide
