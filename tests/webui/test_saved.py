"""Saved searches: each user's own, changed by our own forms alone, in a file that ``notify`` reads."""

from __future__ import annotations

import stat
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from indexer.notifying.searches import read_searches
from tests.webui.samples import SAMPLES
from tests.webui.test_sign_in import RIGHT, basic
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.cli import cli
from webui.config import WebConfig
from webui.saved_searches import MOST_SAVED, SavedSearches, SavedSearchRefused
from webui.server.sign_in import add_user

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

SECOND = ("李四", "another long one")
ASKED = "q=帮扶&region=广东省"
EARLIER, LATER = 1_700_000_000, 1_700_086_400


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("users") / "users.txt"
    add_user(path, *RIGHT)
    add_user(path, *SECOND)
    return path


@pytest.fixture
def users(written: Path, tmp_path: Path) -> Path:
    path = tmp_path / "users.txt"
    path.write_bytes(written.read_bytes())
    path.chmod(0o600)
    return path


def engine(*moments: int) -> MemoryEngine:
    """Give as many samples as there are moments at which they came into the index."""
    return MemoryEngine(held=tuple(replace(one, indexed=at) for one, at in zip(SAMPLES, moments, strict=False)))


def client(users: Path, held: MemoryEngine | None = None) -> FlaskClient:
    return create_app(held or engine(EARLIER, EARLIER), WebConfig(users=users)).test_client()


class Person:
    """Somebody who is signed in, and uses the forms of the page."""

    def __init__(self, asking: FlaskClient, who: tuple[str, str] = RIGHT) -> None:
        self._client = asking
        self._headers = basic(*who)

    def see(self, address: str = "/saved") -> BeautifulSoup:
        return BeautifulSoup(self._client.get(address, headers=self._headers).text, "html.parser")

    def send(self, fields: dict[str, str], **headers: str) -> TestResponse:
        return self._client.post("/saved", data=fields, headers={**self._headers, **headers})

    def save(self, name: str = "广东帮扶", asked: str = ASKED) -> TestResponse:
        form = self.see(f"/saved?{asked}").select_one("#save")
        assert form is not None
        fields = {str(one["name"]): str(one.get("value", "")) for one in form.select("input")}
        return self.send({**fields, "name": name, "do": "save"})

    def press(self, what: str) -> TestResponse:
        form = next(one for one in self.see().select("form") if one.select(f"button[value={what}]"))
        return self.send({**{str(one["name"]): str(one["value"]) for one in form.select("input")}, "do": what})


def test_a_search_is_saved_listed_and_forgotten_without_a_script(users: Path) -> None:
    person = Person(client(users))
    assert person.save().status_code == 303
    listed = person.see().select_one(".saved-one")
    assert listed is not None
    link = listed.select_one(".saved-name a")
    assert link is not None
    assert (link.get_text(), parse_qs(urlsplit(str(link["href"])).query)) == (
        "广东帮扶",
        {"q": ["帮扶"], "region": ["广东省"]},
    )
    assert "sort=indexed" in str(listed.select('a[href^="/feed.atom"]'))
    assert person.see("/").select(".saved .saved-one")
    assert person.press("delete").status_code == 303
    assert not person.see().select(".saved-one")
    assert not list(users.parent.glob("users.txt.saved/*.txt"))


def test_what_came_since_it_was_seen_is_counted_and_then_seen(users: Path) -> None:
    Person(client(users, engine(EARLIER))).save()
    person = Person(client(users, engine(EARLIER, LATER)))
    assert "新收录 1 条" in person.see().get_text()
    answer = person.press("news")
    assert (answer.status_code, parse_qs(urlsplit(answer.location).query)["sort"]) == (303, ["indexed"])
    assert "没有新收录的" in person.see().get_text()


def test_each_user_sees_their_own_and_the_front_page_is_not_taken_for_anothers(users: Path) -> None:
    asking = client(users)
    Person(asking).save()
    assert not Person(asking, SECOND).see().select(".saved-one")
    Person(asking, SECOND).save("别的", "q=改造")
    assert [one.get_text() for one in Person(asking).see().select(".saved-name a")] == ["广东帮扶"]
    tags = {asking.get("/", headers=basic(*who)).headers["ETag"] for who in (RIGHT, SECOND)}
    assert len(tags) == 2
    before = asking.get("/", headers=basic(*RIGHT)).headers["ETag"]
    Person(asking).save("又一个")
    assert asking.get("/", headers={**basic(*RIGHT), "If-None-Match": before}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"token": ""}, {}),
        ({"token": "0" * 32}, {}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"Sec-Fetch-Site": "same-site"}),
    ],
)
def test_a_form_of_another_site_changes_nothing(users: Path, fields: dict[str, str], headers: dict[str, str]) -> None:
    person = Person(client(users))
    token = str(person.see(f"/saved?{ASKED}").select("[name=token]")[0]["value"])
    answer = person.send({"token": token, "do": "save", "name": "x", "asked": ASKED, **fields}, **headers)
    assert answer.status_code == 400
    assert not person.see().select(".saved-one")


def test_the_file_is_its_owners_alone_and_is_read_by_notify(users: Path) -> None:
    person = Person(client(users))
    person.save("一: 二\n# 三", "q=“帮扶”&source=甲%26乙?&year=2021&sort=oldest")
    person.save("第二个")
    file = users.with_name("users.txt.saved") / "wang.txt"
    assert [(one.name, one.query.text, one.query.filters.source) for one in read_searches(file)] == [
        ("一： 二 # 三", "“帮扶”", ("甲&乙?",)),
        ("第二个", "帮扶", ()),
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    Person(client(users), SECOND).save()
    assert {one.name[0] for one in file.parent.glob("*.txt")} == {"w", "+"}


def test_no_more_is_kept_than_the_bounds(tmp_path: Path) -> None:
    store = SavedSearches(tmp_path / "saved")
    for number in range(MOST_SAVED):
        store.save("wang", str(number), "q=a", 0)
    store.save("wang", "7", "q=b", 0)
    for name, asked, code in (("more", "q=a", "full"), ("7", "q=" + "a" * 9_000, "long"), (" \n", "q=a", "name")):
        with pytest.raises(SavedSearchRefused) as refused:
            store.save("wang", name, asked, 0)
        assert refused.value.code == code
    assert [one.asked for one in store.of("wang")][6:9] == ["q=a", "q=b", "q=a"]


def test_a_folder_that_cannot_be_written_is_told_and_searching_goes_on(users: Path) -> None:
    users.with_name("users.txt.saved").write_text("a file stands where the folder should be")
    person = Person(client(users))
    answer = person.save()
    assert (answer.status_code, "存不下来" in answer.text) == (503, True)
    assert person.see("/?q=帮扶").select(".hit")


def test_where_nobody_signs_in_the_browser_keeps_them() -> None:
    asking = create_app(engine(EARLIER)).test_client()
    page = asking.get(f"/saved?{ASKED}").text
    assert "static/saved.js" in page
    assert 'name="token" value=""' in page
    assert asking.post("/saved", data={"do": "save", "name": "x", "asked": ASKED}).status_code == 400


def test_programs_count_what_is_new() -> None:
    asking = create_app(engine(EARLIER, LATER, LATER)).test_client()
    told = asking.get("/api/new?q=帮扶&since=2023-11-15T12:00:00%2B08:00").get_json()
    assert (told["new"], told["more"]) == (1, False)
    assert asking.get(told["links"]["html"]).status_code == 200
    assert asking.get("/api/new", query_string={"since": told["last"]}).get_json()["new"] == 0
    assert asking.get("/api/new?since=yesterday").status_code == 400


def test_the_folder_is_for_those_who_sign_in(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["serve", "--saved", str(tmp_path)])
    assert (done.exit_code, "--users" in done.output) == (2, True)
