"""A server to measure, as a user starts it, and the lightest client there can be."""

from __future__ import annotations

import re
import selectors
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from tests.bench.measuring import processor_seconds
from tests.bench.watched_memory import family

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from tests.bench.cases import Case

PROGRAM = (sys.executable, "-m", "tests.bench.serving")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_CHUNK_BYTES = 1 << 18


class Server:
    """``policy-search serve`` over an index."""

    def __init__(self, index: Path, processes: int, program: Sequence[str] = PROGRAM) -> None:
        command = [*program, "--index", str(index), "serve", "--port", "0", "--processes", str(processes)]
        self.started = time.perf_counter()
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline().rpartition(":")[2].rstrip("/\n"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate()

    @property
    def processes(self) -> list[str]:
        """All processes of it; the first starts and watches the others."""
        return family(str(self._process.pid))

    def processor_seconds(self) -> float:
        """What its processes have taken up to now."""
        return processor_seconds(self.processes)


def requests(cases: Iterable[Case], path: str) -> list[bytes]:
    """Write each question as a request to this address, as a person would type it."""
    return [
        f"GET {path}?{_parameters(case)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n".encode() for case in cases
    ]


def _parameters(case: Case) -> str:
    joint = {"or": " OR ", "not": " -"}.get(case.kind, " ")
    text = joint.join(case.words)
    chosen = {"q": f"“{text}”" if case.kind == "phrase" else text, **case.filters}
    return "&".join(f"{name}={quote(str(value))}" for name, value in chosen.items())


def ask_in_turn(port: int, asked: Sequence[bytes]) -> list[float]:
    """Ask one after the other on one connection; give what each took, in milliseconds."""
    took = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for request in asked:
            started = time.perf_counter()
            connection.sendall(request)
            answer = b""
            while not _is_whole(answer):
                answer += connection.recv(_CHUNK_BYTES)
            took.append((time.perf_counter() - started) * 1000)
            _require_success(answer)
    return took


def ask_at_once(port: int, asked: Sequence[bytes], connections: int, seconds: float) -> float:
    """Keep so many connections busy for so long; give the answers a second."""
    waiting: dict[socket.socket, bytes] = {}
    with selectors.DefaultSelector() as ready:
        for at in range(connections):
            connection = socket.create_connection(("127.0.0.1", port))
            ready.register(connection, selectors.EVENT_READ)
            connection.sendall(asked[at % len(asked)])
            waiting[connection] = b""
        sent, done, started = connections, 0, time.perf_counter()
        while (now := time.perf_counter()) < started + seconds:
            for key, _ in ready.select(timeout=1):
                connection = key.fileobj  # type: ignore[assignment]  # what was registered
                waiting[connection] += connection.recv(_CHUNK_BYTES)
                if _is_whole(waiting[connection]):
                    _require_success(waiting[connection])
                    waiting[connection] = b""
                    connection.sendall(asked[sent % len(asked)])
                    sent, done = sent + 1, done + 1
        for connection in waiting:
            connection.close()
    return done / (now - started)


def ask_each_once(port: int, asked: Sequence[bytes], connections: int) -> None:
    """Ask all of these, each once, keeping so many connections busy until there is none left."""
    left = list(reversed(asked))
    waiting: dict[socket.socket, bytes] = {}
    with selectors.DefaultSelector() as ready:
        for _ in range(min(connections, len(left))):
            connection = socket.create_connection(("127.0.0.1", port))
            ready.register(connection, selectors.EVENT_READ)
            connection.sendall(left.pop())
            waiting[connection] = b""
        while waiting:
            for key, _ in ready.select(timeout=1):
                connection = key.fileobj  # type: ignore[assignment]  # what was registered
                waiting[connection] += connection.recv(_CHUNK_BYTES)
                if not _is_whole(waiting[connection]):
                    continue
                _require_success(waiting[connection])
                waiting[connection] = b""
                if left:
                    connection.sendall(left.pop())
                else:
                    ready.unregister(connection)
                    del waiting[connection]
                    connection.close()


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head) if end else None
    return length is not None and len(body) >= int(length[1])


def _require_success(answer: bytes) -> None:
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise AssertionError(answer[:200])


if __name__ == "__main__":
    from webui.cli import main

    main()
