"""An index that is not public: who has no name and password sees nothing of it."""

from __future__ import annotations

import base64
import hashlib
import os
import time
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from indexer.errors import PathUnreadable
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.cli import cli
from webui.config import WebConfig
from webui.server.sign_in import GUESSES_PER_MINUTE, UserRefused, UsersUnreadable, add_user, read_users

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

RIGHT = ("wang", "correct horse 电池")
ADDRESSES = ("/", "/api/search", "/api/announcements/a1", "/export.csv", "/feed.atom", "/static/style.css", "/nowhere")


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("users") / "users.txt"
    add_user(path, *RIGHT)
    return path


@pytest.fixture
def users(written: Path, tmp_path: Path) -> Path:
    path = tmp_path / "users.txt"
    path.write_bytes(written.read_bytes())
    path.chmod(0o600)
    return path


def client(users: Path, **choices: object) -> FlaskClient:
    return create_app(MemoryEngine(), WebConfig(users=users, **choices)).test_client()  # type: ignore[arg-type]


def test_nothing_but_health_is_answered_without_a_name_and_password(users: Path) -> None:
    asking = client(users)
    for address in ADDRESSES:
        answer = asking.get(address)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].lower().startswith("basic realm=")
        assert "示例市" not in answer.text
    assert {asking.get(address).status_code for address in ("/healthz", "/readyz", "/livez")} == {200}


def test_the_page_that_asks_to_sign_in_needs_nothing_else_and_its_style_may_stand(users: Path) -> None:
    answer = client(users).get("/?q=帮扶&lang=zh")
    soup = BeautifulSoup(answer.text, "html.parser")
    assert "请登录" in soup.get_text()
    assert not soup.select("link, script, img, form")
    digest = base64.b64encode(hashlib.sha256(soup.select("style")[0].get_text().encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert "q=" in str(soup.select("a")[0]["href"])


def test_who_has_them_is_answered_and_no_shared_cache_keeps_it(users: Path) -> None:
    asking = client(users)
    for address in ADDRESSES[:-1]:
        with asking.get(address, headers=basic(*RIGHT)) as answer:
            assert answer.status_code == 200
            assert answer.cache_control.private


@pytest.mark.parametrize(("name", "password"), [("wang", "wrong"), ("li", RIGHT[1]), ("", ""), ("wang", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(users: Path, name: str, password: str) -> None:
    answer = client(users).get("/api/search", headers=basic(name, password))
    assert (answer.status_code, answer.get_json()["detail"]) == (401, "A name and password are needed here.")


def test_a_wrong_name_takes_as_long_as_a_wrong_password(users: Path) -> None:
    asking = client(users)

    def least(name: str) -> float:
        times = []
        for _ in range(3):
            began = time.process_time()
            asking.get("/api/search", headers=basic(name, "wrong password"))
            times.append(time.process_time() - began)
        return min(times)

    known, unknown = least("wang"), least("li")
    assert 0.5 < known / unknown < 2


def test_a_file_that_is_no_list_of_users_is_refused_and_stays(users: Path) -> None:
    users.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PathUnreadable, match="it is not UTF-8"):
        add_user(users, *RIGHT)
    assert users.read_bytes() == b"\xff\xfe\x00"


def test_who_guesses_is_made_to_wait_and_who_is_signed_in_is_not(users: Path) -> None:
    asking = client(users)
    assert asking.get("/healthz").status_code == 200
    assert asking.get("/api/search", headers=basic(*RIGHT)).status_code == 200
    for guess in range(3 * GUESSES_PER_MINUTE):  # some come back while the hashes are reckoned
        answer = asking.get("/api/search", headers=basic("wang", f"guess {guess}"))
        if answer.status_code != 401:
            break
    assert (answer.status_code, guess >= GUESSES_PER_MINUTE) == (429, True)
    assert int(answer.headers["Retry-After"]) > 0
    assert asking.get("/api/search", headers=basic(*RIGHT)).status_code == 200


def test_a_password_is_not_taken_in_the_clear_from_another_machine(users: Path) -> None:
    away = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    for asking, headers, status in (
        (client(users), {}, 403),
        (client(users, sign_in_over_http=True), {}, 200),
        (client(users), {"X-Forwarded-Proto": "https"}, 403),
        (client(users, behind_proxy=1), {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}, 200),
        (client(users, behind_proxy=1), {"X-Forwarded-Proto": "http", "X-Forwarded-For": "192.0.2.7"}, 403),
    ):
        answer = asking.get("/api/search", headers={**basic(*RIGHT), **headers}, **away)
        assert answer.status_code == status
        assert "WWW-Authenticate" not in answer.headers
    relayed = client(users).get("/api/search", headers={**basic(*RIGHT), "X-Forwarded-For": "192.0.2.7"})
    assert relayed.status_code == 403, "a proxy on this machine does not make its visitors local"


def test_the_file_is_read_again_when_it_changes(users: Path) -> None:
    asking = client(users)
    assert asking.get("/api/search", headers=basic(*RIGHT)).status_code == 200
    add_user(users, "wang", "another password")
    assert asking.get("/api/search", headers=basic(*RIGHT)).status_code == 401
    assert asking.get("/api/search", headers=basic("wang", "another password")).status_code == 200
    users.unlink()
    assert asking.get("/api/search", headers=basic("wang", "another password")).status_code == 503


def test_a_file_holds_no_password_and_is_its_owners_alone(users: Path) -> None:
    add_user(users, "li", "a second password")
    text = users.read_text("utf-8")
    assert RIGHT[1] not in text
    assert "a second password" not in text
    assert read_users(users).keys() == {"wang", "li"}
    if os.name == "posix":
        assert users.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("text", "why"), [("", "nobody"), ("wang", "line 1"), ("a:plain", "line 1"), ("#x\n\n:x", "line 3")]
)
def test_a_file_that_cannot_be_used_says_where_and_what_to_do(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "users.txt"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    with pytest.raises(UsersUnreadable, match=f"{why}.*policy-search add-user"):
        read_users(path)


@pytest.mark.skipif(os.name != "posix", reason="asks for the modes of a file")
def test_a_file_that_others_can_write_is_not_trusted(users: Path) -> None:
    users.chmod(0o666)
    with pytest.raises(UsersUnreadable, match="chmod 600"):
        read_users(users)


@pytest.mark.parametrize(
    ("name", "password"), [("a:b", "long enough it is"), ("#a", "long enough it is"), ("a", "short")]
)
def test_names_and_passwords_that_cannot_be_are_refused(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(UserRefused):
        add_user(tmp_path / "users.txt", name, password)
    assert not list(tmp_path.iterdir())


def test_the_command_takes_a_password_from_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "users.txt"
    done = CliRunner().invoke(cli, ["add-user", str(path), "wang"], input="long enough it is\n")
    assert done.exit_code == 0
    assert read_users(path).keys() == {"wang"}
    assert "long enough" not in done.output


def test_serving_users_to_other_machines_without_tls_is_refused_before_it_starts(users: Path) -> None:
    done = CliRunner().invoke(cli, ["serve", "--host", "0.0.0.0", "--users", str(users), "--port", "0"])
    assert done.exit_code == 2
    assert "--behind-proxy 1" in done.output
