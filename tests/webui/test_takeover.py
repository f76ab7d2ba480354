"""New code without a pause: SIGHUP replaces the program, and nobody who asks meanwhile is turned away."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from jinja2 import FileSystemLoader

from tests.webui.test_serving import SERVE, children_of
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.server import takeover

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONGEST_SECONDS = 120
LISTENING = (
    "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL); "  # under nohup SIGHUP is ignored, by all below
)
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def started(log: Path, *arguments: str) -> tuple[subprocess.Popen[str], int]:
    """Start a server that logs into a file: a pipe that nobody reads would fill and hold it up."""
    command = [sys.executable, "-c", LISTENING + SERVE, "--index", "none", *arguments]
    with log.open("w") as lines:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=lines, text=True)
    assert process.stdout is not None
    return process, int(process.stdout.readline().rstrip("/\n").rpartition(":")[2])


def test_what_is_put_in_place_meanwhile_does_not_reach_the_pages_of_this_version(tmp_path: Path) -> None:
    app = create_app(MemoryEngine())
    assert isinstance(app.jinja_loader, FileSystemLoader)
    app.jinja_loader.searchpath[:] = [str(tmp_path)]  # a new version's templates, of which this one knows nothing
    assert {app.test_client().get(path).status_code for path in ("/?q=帮扶", "/help", "/check")} == {200}


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for a condition; how long that takes is the machine's business."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_until_replaced(process: subprocess.Popen[str], before: list[int]) -> list[int]:
    """Wait for two children of which none was there before."""
    now: list[int] = []

    def replaced() -> bool:
        now[:] = children_of(process.pid)
        return len(now) == 2 and not set(now) & set(before)

    wait_until(replaced)
    return now


def ask_for_life(port: int) -> int:
    """Return the status of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_SECONDS)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status
    finally:
        connection.close()


def stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=LONGEST_SECONDS)


def test_a_new_program_takes_over_and_every_request_is_answered(tmp_path: Path) -> None:
    process, port = started(tmp_path / "log", "serve", "--port", "0", "--processes", "2", "--metrics")
    answers: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            answers.append(ask_for_life(port))

    try:
        first = wait_until_replaced(process, [])
        asking = threading.Thread(target=ask)
        asking.start()
        wait_until(lambda: len(answers) > 10)
        process.send_signal(signal.SIGHUP)
        wait_until_replaced(process, first)
        told = len(answers)
        wait_until(lambda: len(answers) > told + 10 or not asking.is_alive())
        done.set()
        asking.join(timeout=LONGEST_SECONDS)
        stop(process)
    finally:
        done.set()
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert len(answers) > told + 10
    assert set(answers) == {200}


def test_one_process_alone_says_that_it_cannot_and_serves_on(tmp_path: Path) -> None:
    process, port = started(tmp_path / "log", "serve", "--port", "0", "--processes", "1")
    try:
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: "--processes 2" in (tmp_path / "log").read_text())
        assert ask_for_life(port) == 200
        stop(process)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0


def test_a_program_that_loads_forever_is_not_taken_over(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(takeover, "_TRIAL", "import time; time.sleep(1000)")
    monkeypatch.setattr(takeover, "_TRIAL_SECONDS", 0.2)
    with socket.socket() as listener:
        takeover.take_over([listener], [1])
    assert "not within 0.2 s" in caplog.text


def test_a_server_that_is_told_to_stop_does_not_wait_for_the_new_program(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(takeover, "_TRIAL", "import time; time.sleep(1000)")
    with socket.socket() as listener:
        takeover.take_over([listener], [1], lambda: True)
    assert not caplog.text
    assert takeover._VARIABLE not in os.environ


def test_a_program_that_does_not_load_is_not_taken_over(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(takeover, "_TRIAL", "import there_is_no_such_module")
    with socket.socket() as listener:
        takeover.take_over([listener], [1])
    assert "there_is_no_such_module" in caplog.text
    assert "serves on" in caplog.text
    assert takeover._VARIABLE not in os.environ
