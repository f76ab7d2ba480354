"""Slow, silent and greedy clients: each is sent away in its time, and nobody else waits for it."""

from __future__ import annotations

import http.client
import socket
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from waitress.adjustments import Adjustments

from tests.promises.slow_clients import temporary_files
from tests.webui.test_serving import children_of, get, running
from webui.server.connections import Channel, Room

if TYPE_CHECKING:
    from collections.abc import Iterator

# A server with short deadlines and little room; the numbers are the tests' own.
QUICK = """
import sys, time
from indexer.answers.results import Walk
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.api import exports
from webui.server import connections, queues
from webui.server.serving import serve

connections.REQUEST_SECONDS, connections.IDLE_SECONDS, connections.TAKING_SECONDS = 1.0, 2.0, 1.0
connections.SWEEP_SECONDS, queues.MAX_WAITING, queues.MAX_EXPORTS_WAITING, queues.THREADS = 0.1, 3, 1, 1
connections.MAX_CONNECTIONS, connections.MAX_PER_ADDRESS = 30, 10

class Engine(MemoryEngine):
    def search(self, query):
        time.sleep(0.5 if query.text == "slow" else 0.0)
        return super().search(query)

    def walk(self, query, **shown):
        hits = list(super().walk(query))
        return Walk(2_000 * len(hits), self._over_and_over(hits, query))

    def _over_and_over(self, hits, query):
        for at in range(2_000):
            time.sleep(0.001 if query.text == "slow" else 0.0)
            yield from hits

serve(create_app(Engine()), "127.0.0.1", 0, lambda address: print("Serving", address, flush=True))
"""


def connect(port: int, number: int = 0) -> socket.socket:
    """Connect from a loopback address of this number's own."""
    return socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(f"127.0.0.{number + 1}", 0))


def wait_until_closed(connection: socket.socket) -> float:
    began = time.monotonic()
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - began


@contextmanager
def quick_server() -> Iterator[tuple[int, int]]:
    with running(QUICK) as (process, port):
        yield process.pid, port


def test_a_request_must_be_complete_in_its_time_however_busily_it_drips() -> None:
    with quick_server() as (_, port), connect(port) as dripping:
        began = time.monotonic()
        dripping.sendall(b"GET / HTTP/1.1\r\nX: ")
        while time.monotonic() < began + 10 and drip(dripping):
            time.sleep(0.1)
        assert 0.8 < time.monotonic() - began < 5


def drip(connection: socket.socket) -> bool:
    """Send one byte; False when the other side has gone."""
    try:
        return connection.send(b"x") == 1
    except OSError:
        return False


def test_a_connection_that_says_nothing_is_closed_and_one_that_asks_again_is_kept() -> None:
    with quick_server() as (_, port), connect(port) as silent:
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        for _ in range(8):
            asking.request("GET", "/opensearch.xml")
            assert asking.getresponse().read()
            own = asking.sock
            time.sleep(0.4)
        assert asking.sock is own
        asking.close()
        assert wait_until_closed(silent) < 2


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_who_takes_nothing_of_an_export_is_sent_away_and_nothing_is_kept_for_it() -> None:
    with quick_server() as (pid, port), connect(port) as greedy:
        greedy.sendall(b"GET /export.csv HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20)
        deadline = time.monotonic() + 30
        while drip(greedy):
            assert time.monotonic() < deadline, "it is waited for without end"
            time.sleep(0.2)
        assert not temporary_files([pid])


def test_when_there_is_no_room_the_connection_that_waits_longest_makes_it() -> None:
    with quick_server() as (_, port):
        held = [connect(port, number // 8) for number in range(40)]  # 30 fit
        assert get(port, "/opensearch.xml")[0] == 200
        for one in held:
            one.close()


def test_one_address_holds_so_many_connections_and_no_others_suffer() -> None:
    with quick_server() as (_, port):
        first = connect(port, 5)
        held = [connect(port, 7) for _ in range(14)]
        time.sleep(0.3)
        assert wait_until_closed(held[0]) < 1
        first.settimeout(0.3)
        with pytest.raises(TimeoutError):
            first.recv(1)
        for one in (first, *held):
            one.close()


def ask_all(port: int, addresses: list[str]) -> list[tuple[int, str]]:
    """Ask at once, each from an address of its own."""
    seen: list[tuple[int, str]] = []

    def ask(number: int, address: str) -> None:
        own = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(f"127.0.0.{number + 1}", 0))
        own.request("GET", address)
        answer = own.getresponse()
        answer.read()
        seen.append((answer.status, answer.headers.get("Retry-After", "")))
        own.close()

    threads = [threading.Thread(target=ask, args=pair) for pair in enumerate(addresses)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return seen


def test_who_comes_when_the_queue_is_full_is_told_when_to_come_again() -> None:
    with quick_server() as (_, port):
        seen = ask_all(port, ["/api/search?q=slow"] * 12)
        assert {status for status, _ in seen} == {200, 503}
        assert all(int(wait) > 0 for status, wait in seen if status == 503)
        assert get(port, "/opensearch.xml")[0] == 200


def test_searches_do_not_wait_for_exports() -> None:
    with quick_server() as (_, port):
        exporting = threading.Thread(target=ask_all, args=(port, ["/export.csv?q=slow"] * 4))
        exporting.start()
        time.sleep(0.5)  # one is under way and takes 2 s, one waits, two were told to come again
        began = time.monotonic()
        assert get(port, "/api/search")[0] == 200
        assert time.monotonic() - began < 1
        exporting.join()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_without_descriptors_a_server_rests_and_goes_on() -> None:
    with quick_server() as (pid, port):
        import resource  # noqa: PLC0415 (not on Windows)

        assert get(port, "/opensearch.xml")[0] == 200  # what is read once is read
        opened = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (opened + 4, opened + 4))
        held = [connect(port, number) for number in range(12)]
        before = cpu_seconds(pid)
        time.sleep(1.0)
        assert cpu_seconds(pid) - before < 0.5, "it spins"
        for one in held:
            one.close()
        deadline = time.monotonic() + 15
        while True:
            try:
                assert get(port, "/opensearch.xml")[0] == 200
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert not children_of(pid)


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_room_fits_the_descriptors_that_there_are() -> None:
    assert Room.within(256, behind_proxy=False).connections < 256
    assert Room.within(65_536, behind_proxy=False).per_address > 0
    assert Room.within(65_536, behind_proxy=True).per_address == 0


class WatchedChannel(Channel):
    """Notes each piece that it sends, and whether the loop is asked to send beside it."""

    def __init__(self, own: socket.socket, body: bytes = b"") -> None:
        self.pieces: list[bytes] = []
        self.loop_is_asked: list[bool] = []
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        server = SimpleNamespace(
            active_channels={},
            pull_trigger=lambda: None,
            add_task=lambda _: None,
            application=lambda _environ, start_response: [start_response("200 OK", headers), body][1:],
            effective_port=80,
            server_name="here",
            adj=Adjustments(ident=""),
        )
        super().__init__(server, own, ("127.0.0.1", 1), server.adj, map={})

    def send(self, data: bytes, do_close: bool = True) -> int:
        self.pieces.append(data)
        self.loop_is_asked.append(bool(self.writable()))
        return super().send(data, do_close)


@pytest.fixture
def both_ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ends = socket.socketpair()
    ends[1].settimeout(5)
    yield ends
    for end in ends:
        end.close()


def test_an_answer_is_sent_as_one_piece_while_the_loop_has_nothing_to_send(both_ends: Any) -> None:
    channel = WatchedChannel(both_ends[0], b"whole")
    channel.received(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    channel.service()
    assert len(channel.pieces) == 1
    assert channel.pieces[0].endswith(b"\r\n\r\nwhole")
    assert channel.loop_is_asked == [False]
    assert both_ends[1].recv(4096) == channel.pieces[0]


def test_who_asks_for_one_answer_alone_is_told_that_the_connection_ends(both_ends: Any) -> None:
    channel = WatchedChannel(both_ends[0], b"whole")
    channel.received(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    channel.service()
    assert b"\r\nConnection: close\r\n" in channel.pieces[0]
    assert channel.close_when_flushed


def test_what_a_client_does_not_take_at_once_waits_for_the_loop(both_ends: Any) -> None:
    sent = bytes(range(256)) * 3_600  # less than waitress writes to a file
    channel = WatchedChannel(both_ends[0])
    channel.write_soon(sent)
    assert channel.total_outbufs_len > 0
    taken = b""
    while len(taken) < len(sent):
        taken += both_ends[1].recv(1 << 20)
        channel.handle_write()
    assert taken == sent
    assert not channel.total_outbufs_len
