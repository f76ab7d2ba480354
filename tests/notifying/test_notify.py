"""What is new for a saved search is sent once and not missed, by webhook and by mail."""

from __future__ import annotations

import json
import socketserver
import threading
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from indexer.cli import cli
from indexer.embedded.engine import WhooshEngine
from indexer.errors import InputError
from indexer.notifying.delivery import DeliveryWrong, Mail, Webhook
from indexer.notifying.notify import notify
from indexer.notifying.searches import MOST_SEARCHES, read_searches
from indexer.notifying.state import Sent, StateUnreadable, alone_with
from indexer.report import Report
from tests.asking import load
from tests.builders import announcement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD = announcement("old", "扶贫旧通知", indexed=100)
NEW = announcement("new", "扶贫新通知\r\nBcc: x@y.cn", source="甲局", indexed=200)
OTHER = announcement("other", "防汛", indexed=200)


class Hook:
    """A web server that keeps what it is sent."""

    def __init__(self) -> None:
        self.status = 204
        self.taken: list[dict[str, Any]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hook.status < 300:
                    hook.taken.append(json.loads(body))
                self.send_response(hook.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook"

    @property
    def ids(self) -> list[str]:
        return [hit["id"] for one in self.taken for hit in one["new"]]


class Mailbox(socketserver.StreamRequestHandler):
    """As much of a mail server as taking a message needs."""

    taken: list[str]

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            if line.upper() == "DATA":
                self.say("354 go on")
                lines = list(iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), "."))
                self.taken.append("\n".join(lines))
            if line.upper() == "QUIT":
                self.say("221 bye")
                return
            self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    made = WhooshEngine(tmp_path / "index")
    load(made, OLD)
    return made


def saved(tmp_path: Path, text: str = "扶贫: /?q=扶贫\n") -> Path:
    (tmp_path / "searches.txt").write_text(text, encoding="utf-8")
    return tmp_path / "searches.txt"


def test_what_is_new_is_sent_once_and_what_was_there_before_is_not(
    engine: WhooshEngine, hook: Hook, tmp_path: Path
) -> None:
    searches, state = read_searches(saved(tmp_path)), tmp_path / "sent.json"
    deliveries = [Webhook(hook.address)]
    assert notify(engine, searches, Sent(state), deliveries, base="http://here").begun == ["扶贫"]
    engine.change([NEW, OTHER], [], Report())
    assert notify(engine, searches, Sent(state), deliveries, base="http://here").sent == {"扶贫": 1}
    assert notify(engine, searches, Sent(state), deliveries).sent == {}
    assert hook.ids == ["new"]
    assert hook.taken[0]["new"][0]["link"] == "http://here/announcements/new"
    assert hook.taken[0]["link"] == "http://here/?q=扶贫"


def test_of_two_runs_at_once_the_second_sends_nothing_again(engine: WhooshEngine, hook: Hook, tmp_path: Path) -> None:
    searches, state = read_searches(saved(tmp_path)), tmp_path / "sent.json"
    told: list[dict[str, int]] = []

    def run() -> None:
        with alone_with(state):
            told.append(notify(engine, searches, Sent(state), [Webhook(hook.address)], all_of_new_searches=True).sent)

    with alone_with(state):
        second = threading.Thread(target=run)
        second.start()
        told.append(notify(engine, searches, Sent(state), [Webhook(hook.address)], all_of_new_searches=True).sent)
    second.join()
    assert (told, hook.ids) == ([{"扶贫": 1}, {}], ["old"])


def test_what_is_not_taken_is_sent_the_next_time(engine: WhooshEngine, hook: Hook, tmp_path: Path) -> None:
    searches, state = read_searches(saved(tmp_path)), tmp_path / "sent.json"
    notify(engine, searches, Sent(state), [Webhook(hook.address)])
    engine.change([NEW], [], Report())
    for hook.status in (500, 302):
        assert len(notify(engine, searches, Sent(state), [Webhook(hook.address)]).failed) == 1
    hook.status = 200
    assert notify(engine, searches, Sent(state), [Webhook(hook.address)]).sent == {"扶贫": 1}
    assert hook.ids == ["new"]


def test_a_page_that_moved_is_not_news_and_one_that_newly_matches_is(
    engine: WhooshEngine, hook: Hook, tmp_path: Path
) -> None:
    load(engine, OLD, announcement("later", "防汛", indexed=50))
    searches, state = read_searches(saved(tmp_path)), tmp_path / "sent.json"
    notify(engine, searches, Sent(state), [Webhook(hook.address)])
    moved = announcement("moved", "扶贫旧通知", indexed=100)
    engine.change([moved, announcement("later", "防汛", "也说扶贫。", indexed=50)], ["old"], Report())
    notify(engine, searches, Sent(state), [Webhook(hook.address)])
    assert hook.ids == ["later"]


def test_mail_is_sent_and_a_title_cannot_write_headers(engine: WhooshEngine, tmp_path: Path) -> None:
    Mailbox.taken = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        engine.change([NEW], [], Report())
        mail = Mail(f"smtp://127.0.0.1:{server.server_address[1]}", "from@here.cn", ["to@there.cn"])
        searches = read_searches(saved(tmp_path))
        outcome = notify(engine, searches, Sent(tmp_path / "sent.json"), [mail], all_of_new_searches=True)
        server.shutdown()
    assert (outcome.sent, outcome.failed) == ({"扶贫": 2}, [])
    message = message_from_bytes(Mailbox.taken[0].encode(), policy=policy.default)
    assert message["Subject"] == "扶贫：新收录 2 条"
    assert message["Bcc"] is None
    assert "甲局" in message.get_content()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no search"),
        ("no colon", "a colon"),
        (": q=a", "a name of its own"),
        ("a: q=1\na: q=2", "a name of its own"),
        ("a: colour=red", "no such parameter"),
        ("a: q=1&sort=up", "one of"),
        ("# only\n", "no search"),
        ("长" * 101 + ": q=1", "at most 100 characters"),
        ("".join(f"{at}: q=1\n" for at in range(MOST_SEARCHES + 1)), "at most 1,000 searches"),
    ],
    ids=lambda value: value[:12],
)
def test_a_line_that_cannot_be_used_is_told(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(InputError, match=rf"line \d+: .*{why}"):
        read_searches(saved(tmp_path, text))


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": 9, "sent": {}}', '{"format": 1, "sent": 3}'])
def test_a_state_that_cannot_be_read_stops_before_anything_is_sent(tmp_path: Path, text: str) -> None:
    (tmp_path / "sent.json").write_text(text, encoding="utf-8")
    with pytest.raises(StateUnreadable):
        Sent(tmp_path / "sent.json")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://", "http://[::1", "https:///hook", "http:hook"])
def test_an_address_that_nothing_can_be_posted_to_is_told(address: str) -> None:
    with pytest.raises(DeliveryWrong, match="--webhook"):
        Webhook(address)


@pytest.mark.parametrize(
    "server",
    ["mail.example", "smtp://", "smtp://[::1", "smtp://me:secret@mail.example:99999", "smtps://mail.example:x"],
)
def test_a_mail_server_that_cannot_be_meant_is_told_without_its_password(server: str) -> None:
    with pytest.raises(DeliveryWrong, match="expected smtp://host") as told:
        Mail(server, "a@b.cn", ["c@d.cn"])
    assert "secret" not in str(told.value)


def test_an_address_of_mail_cannot_write_headers() -> None:
    with pytest.raises(DeliveryWrong, match="on one line"):
        Mail("smtp://mail.example", "a@b.cn\nBcc: x@y.cn", ["c@d.cn"])


def test_the_command_sends_and_fails_when_it_could_not(engine: WhooshEngine, hook: Hook, tmp_path: Path) -> None:
    before = [
        "--index",
        str(tmp_path / "index"),
        "notify",
        str(saved(tmp_path)),
        "--state",
        str(tmp_path / "sent.json"),
    ]
    assert CliRunner().invoke(cli, before).exit_code == 2
    told = CliRunner().invoke(cli, [*before, "--webhook", hook.address, "--all"])
    assert (told.exit_code, hook.ids) == (0, ["old"]), told.output
    engine.change([NEW], [], Report())
    hook.status = 500
    assert CliRunner().invoke(cli, [*before, "--webhook", hook.address]).exit_code == 1
