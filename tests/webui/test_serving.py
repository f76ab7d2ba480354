"""The server as a process: it prints its address, answers, and finishes what is under way when told to stop."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVE = "import sys; from webui.cli import main; sys.argv[0] = 'policy-search'; main()"
SLOW = """
import time
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.server.serving import serve

class Slow(MemoryEngine):
    def search(self, query):
        time.sleep(1.0)
        return super().search(query)

serve(create_app(Slow()), "127.0.0.1", 0, lambda address: print("Serving", address, flush=True))
"""


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run a server as another process; gives it with its port."""
    process = subprocess.Popen(
        [sys.executable, "-c", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        port = re.search(r"http://127\.0\.0\.1:(\d+)/", told)
        assert port, told
        yield process, int(port[1])
    finally:
        process.kill()
        process.communicate()


def get(port: int, address: str) -> tuple[int, bytes, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers.get("Server", "")
    finally:
        connection.close()


def test_serve_prints_its_address_answers_and_stops_with_status_0(tmp_path: Path) -> None:
    with running(SERVE, "--index", str(tmp_path / "none"), "serve", "--port", "0") as (process, port):
        status, body, server = get(port, "/healthz")
        assert (status, server) == (503, "")
        assert "policy-search rebuild" in json.loads(body)["detail"]
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Warning: No usable index" in complaints
    lines = [json.loads(line) for line in complaints.splitlines() if line.startswith("{")]
    assert [(line["path"], line["status"]) for line in lines] == [("/healthz", 503)]


def test_a_stop_finishes_the_answer_under_way() -> None:
    answers: list[tuple[int, bytes, str]] = []
    with running(SLOW) as (process, port):
        asking = threading.Thread(target=lambda: answers.append(get(port, "/api/search")))
        asking.start()
        time.sleep(0.4)  # the search takes one second, so it is under way
        process.send_signal(signal.SIGTERM)
        asking.join(timeout=20)
        process.communicate(timeout=20)
    assert process.returncode == 0
    assert [(status, json.loads(body)["total"]) for status, body, _ in answers] == [(200, 4)]


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_several_processes_answer_on_one_socket_and_one_that_dies_is_replaced(tmp_path: Path) -> None:
    arguments = ("--index", str(tmp_path / "none"), "serve", "--port", "0", "--processes", "2")
    with running(SERVE, *arguments) as (process, port):
        assert get(port, "/healthz")[0] == 503
        first = children_of(process.pid)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        deadline = time.monotonic() + 20
        while first[0] in children_of(process.pid) or len(children_of(process.pid)) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert {get(port, "/healthz")[0] for _ in range(10)} == {503}
        last = children_of(process.pid)
        for pid in (*last, process.pid):  # as a supervisor does that signals the whole group
            os.kill(pid, signal.SIGTERM)
        _, complaints = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "A server process ended by itself; starting another" in complaints
    assert not any(Path(f"/proc/{pid}").exists() for pid in last)


FAILING = """
import sys
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.server import serving
from indexer.errors import OutOfMemory, PolicySearchError

def no_threads():
    raise RuntimeError("can't start new thread")

serving.Queues = no_threads
try:
    serving.serve(create_app(MemoryEngine()), "127.0.0.1", 0, lambda a: print("Serving", a, flush=True), 2)
except PolicySearchError as error:
    sys.exit(f"Error: {error}")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_processes_that_all_end_at_once_end_the_server_with_a_sentence() -> None:
    ended = subprocess.run([sys.executable, "-c", FAILING], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Error: The server's processes end as soon as they start" in ended.stderr
    assert "There is too little memory" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_idle_processes_let_go_of_a_version_that_was_replaced(tmp_path: Path) -> None:
    pages = tmp_path / "pages.jsonl"
    pages.write_text(
        json.dumps({"title": "关于对口帮扶的通知", "body": "现就对口帮扶工作通知如下。"}), encoding="utf-8"
    )
    index = str(tmp_path / "index")
    rebuild = [sys.executable, "-c", SERVE, "--index", index, "rebuild", str(pages)]
    subprocess.run(rebuild, check=True, capture_output=True, timeout=60)
    with running(SERVE, "--index", index, "serve", "--port", "0", "--processes", "2") as (process, port):
        assert get(port, "/healthz")[0] == 200
        everyone = [process.pid, *children_of(process.pid)]
        before = "/g000001/"
        subprocess.run(rebuild, check=True, capture_output=True, timeout=60)
        deadline = time.monotonic() + 30
        while any(before in Path(f"/proc/{pid}/maps").read_text() for pid in everyone):
            assert time.monotonic() < deadline, "a process still maps the old version"
            time.sleep(0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="sets a limit")
def test_a_limit_of_memory_is_told_in_a_sentence(tmp_path: Path) -> None:
    for command in (["serve", "--port", "0"], ["--index", str(tmp_path / "index"), "rebuild", "corpus"]):
        limited = f"import resource; resource.setrlimit(resource.RLIMIT_AS, (130_000_000,) * 2); {SERVE}"
        ended = subprocess.run(
            [sys.executable, "-c", limited, *command], capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.returncode == 1, ended.stderr
        assert "Error: " in ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_client_that_sends_nothing_holds_nobody_up() -> None:
    with running(SLOW) as (_, port):
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        for connection in silent:
            connection.sendall(b"GET /api/search HTTP/1.1\r\nHost: ")
        assert get(port, "/opensearch.xml")[0] == 200
        for connection in silent:
            connection.close()


def test_an_address_is_taken_as_people_type_it_after_curl() -> None:
    with running(SLOW) as (_, port), socket.create_connection(("127.0.0.1", port), timeout=20) as typed:
        typed.sendall("GET /api/search?q=对口帮扶 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: typed.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["total"] == 2


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-c", SERVE, "--index", str(tmp_path), "serve", "--port", port]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in ended.stderr
    assert "Traceback" not in ended.stderr
