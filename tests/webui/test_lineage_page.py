"""The lineage of a policy on its page, on a page of its own as list and picture, and as JSON."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from indexer.answers.relations import Bound, Lineage, Linked, Step
from indexer.relations.lineage import LEVELS, Level
from tests.webui.samples import SAMPLES
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.pages.lineage_picture import Picture, picture_of

OWN, OTHER = SAMPLES[0].id, SAMPLES[1].id
NAMES: dict[Level, str] = {level: level or "unknown" for level in LEVELS}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(MemoryEngine()).test_client()


def test_the_page_of_an_announcement_names_the_nearest_and_leads_to_all(client: FlaskClient) -> None:
    page = client.get(f"/announcements/{OWN}").text
    section = page.split("来龙去脉</h2>", 1)[1].split("</section>", 1)[0]
    assert "县级及以下" in section
    assert "贯彻本文" in section
    assert f'href="/compare?a={OWN}&amp;b={OTHER}">与上级文件对照' in section
    assert f'href="/announcements/{OWN}/lineage"' in section
    assert "来龙去脉" not in client.get(f"/announcements/{OTHER}").text


def test_a_page_of_its_own_has_a_picture_without_script_and_a_list_by_level(client: FlaskClient) -> None:
    page = client.get(f"/announcements/{OWN}/lineage").text
    picture = page.split('<svg class="lines"', 1)[1].split("</svg>", 1)[0]
    assert picture.count("<rect") == 2
    assert picture.count('<path class="is-carries_out"') == 1
    assert page.index("<h2>市级</h2>") < page.index("<h2>县级及以下</h2>")
    assert "没有能确定的" in client.get(f"/announcements/{OTHER}/lineage").text
    assert client.get(f"/announcements/{OWN}/lineage?q=1").status_code == 400
    assert client.get("/announcements/none/lineage").status_code == 404


def test_a_lineage_is_json(client: FlaskClient) -> None:
    told = client.get(f"/api/announcements/{OWN}/lineage").get_json()
    assert [(step["id"], step["level"], step["generation"]) for step in told["steps"]] == [
        (OWN, "city", 0),
        (OTHER, "county", 1),
    ]
    assert [(tie["upper"], tie["lower"], tie["relation"]) for tie in told["ties"]] == [(OWN, OTHER, "carries_out")]
    assert client.get(f"/api/announcements/{OWN}/lineage?as_of=2020-01-01").status_code == 400


def drawn(count: int) -> Picture:
    top = Step(Linked("top", "甲", None, "甲部", "", "nation"), 0)
    below = [
        Step(Linked(f"b{n}", "乙", None, "某某某某某某某某某某某县人民政府", "", "county"), 1) for n in range(count)
    ]
    ties = tuple(Bound("top", step.one.id, "forwards") for step in below)
    made = picture_of(Lineage((top, *below), ties), "top", NAMES, lambda one: f"/{one}")
    assert made is not None
    return made


def test_a_picture_draws_few_of_a_level_and_says_how_many_more_there_are() -> None:
    picture = drawn(11)
    assert (len(picture.boxes), [band.more for band in picture.bands]) == (9, [0, 3])
    assert all(box.x + picture.box_width <= picture.width for box in picture.boxes)
    assert all(box.y + picture.box_height <= picture.height for box in picture.boxes)
    assert len({(box.x, box.y) for box in picture.boxes}) == 9
    assert max(len(box.name) for box in picture.boxes) <= 10


def test_nothing_is_drawn_of_what_stands_alone() -> None:
    assert picture_of(Lineage(), "a", NAMES, str) is None
