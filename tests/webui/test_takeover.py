"""New code without a pause: SIGHUP replaces the program, and nobody who asks meanwhile is turned away."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.webui.test_serving import SERVE, children_of, get
from webui.server import takeover

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def started(log: Path, *arguments: str) -> tuple[subprocess.Popen[str], int]:
    """Start a server that logs into a file: a pipe that nobody reads would fill and hold it up."""
    command = [sys.executable, "-c", SERVE, "--index", "none", *arguments]
    with log.open("w") as lines:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=lines, text=True)
    assert process.stdout is not None
    return process, int(process.stdout.readline().rstrip("/\n").rpartition(":")[2])


def wait_until_replaced(process: subprocess.Popen[str], before: list[int]) -> list[int]:
    """Wait for two children of which none was there before."""
    deadline = time.monotonic() + 150
    while True:
        now = children_of(process.pid)
        if len(now) == 2 and not set(now) & set(before):
            return now
        assert time.monotonic() < deadline, now
        time.sleep(0.05)


def test_a_new_program_takes_over_and_every_request_is_answered(tmp_path: Path) -> None:
    process, port = started(tmp_path / "log", "serve", "--port", "0", "--processes", "2", "--metrics")
    answers: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            answers.append(get(port, "/livez")[0])

    try:
        first = wait_until_replaced(process, [])
        asking = threading.Thread(target=ask)
        asking.start()
        process.send_signal(signal.SIGHUP)
        wait_until_replaced(process, first)
        done.set()
        asking.join(timeout=20)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    finally:
        done.set()
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert len(answers) > 10
    assert set(answers) == {200}


def test_one_process_alone_says_that_it_cannot_and_serves_on(tmp_path: Path) -> None:
    process, port = started(tmp_path / "log", "serve", "--port", "0", "--processes", "1")
    try:
        process.send_signal(signal.SIGHUP)
        assert get(port, "/livez")[0] == 200
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert "--processes 2" in (tmp_path / "log").read_text()


def test_a_program_that_does_not_load_is_not_taken_over(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(takeover, "_TRIAL", "import there_is_no_such_module")
    with socket.socket() as listener:
        takeover.take_over([listener], [1])
    assert "there_is_no_such_module" in caplog.text
    assert "serves on" in caplog.text
    assert takeover._VARIABLE not in os.environ
