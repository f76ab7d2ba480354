"""What is tried again and what is not, and who may write; the cluster is played by a few lines."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("opensearchpy")

from opensearchpy.exceptions import ConflictError, NotFoundError, RequestError, TransportError
from opensearchpy.exceptions import ConnectionError as NoConnection

from indexer.cluster import bulk
from indexer.cluster.connection import Connection
from indexer.cluster.lock import STALE_SECONDS, Lock
from indexer.cluster_settings import Cluster
from indexer.errors import ClusterUnavailable, IndexLocked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BUSY = TransportError(503, "busy", {})
GONE = NoConnection("N/A", "gone", {})
WRONG = RequestError(400, "wrong", {})


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setattr("indexer.cluster.connection.FIRST_PAUSE_SECONDS", 0.001)
    return Connection(Cluster(("http://127.0.0.1:9",)), seconds=0.5)


def failing(*failures: Exception) -> Callable[[], str]:
    """A request that fails so, one time after the other, and then is answered."""
    waiting = list(failures)

    def request() -> str:
        if waiting:
            raise waiting.pop(0)
        return "answer"

    return request


def test_a_busy_cluster_and_a_lost_node_are_asked_again(connection: Connection) -> None:
    assert connection.tried(failing(BUSY, GONE, TransportError(429, "too many", {}))) == "answer"
    assert connection.tried(failing(TransportError(500, "search_phase_execution_exception", {}))) == "answer"


def test_a_request_that_timed_out_is_made_again_however_long_it_took(connection: Connection) -> None:
    answer = failing(GONE)

    def request() -> str:
        time.sleep(0.6)  # longer than this connection's patience
        return answer()

    assert connection.tried(request) == "answer"


@pytest.mark.parametrize("failure", [WRONG, NotFoundError(404, "none", {}), TransportError(500, "broken", {})])
def test_what_will_not_pass_is_not_asked_again(connection: Connection, failure: TransportError) -> None:
    with pytest.raises(type(failure), match=str(failure.error)):
        connection.tried(failing(failure))


def test_in_the_end_what_a_node_said_is_told_rather_than_that_another_is_gone(connection: Connection) -> None:
    with pytest.raises(ClusterUnavailable, match=r"503 busy.*_cluster/health"), connection.told():
        connection.tried(failing(BUSY, *[GONE] * 1000))
    with pytest.raises(ClusterUnavailable, match=r"gone.*POLICY_SEARCH_URL"), connection.told():
        connection.tried(failing(*[GONE] * 1000))


class Taker:
    """Takes documents, but some only at the second time and some never; keeps what it took."""

    def __init__(self, later: set[str], never: str = "") -> None:
        self._later = later
        self._never = never
        self.requests: list[list[str]] = []

    def bulk(self, index: str, body: bytes) -> dict[str, Any]:
        ids = [line.split('"')[5] for line in body.decode().splitlines()[::2]]
        self.requests.append(ids)
        return {"errors": bool(self._later & {*ids}) or self._never in ids, "items": [*map(self._item, ids)]}

    def _item(self, identity: str) -> dict[str, Any]:
        if identity == self._never:
            error = {"type": "mapper_parsing_exception", "reason": "no such field"}
            return {"index": {"_id": identity, "status": 400, "error": error}}
        if identity in self._later:
            self._later.remove(identity)
            return {"index": {"_id": identity, "status": 429, "error": {"type": "rejected"}}}
        return {"index": {"_id": identity, "status": 201}}


def test_only_documents_that_were_not_taken_are_sent_again(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    taker = Taker({"2", "4"})
    monkeypatch.setattr(connection, "client", taker)
    bulk.write(connection, "x", [bulk.put(str(at), {"at": at}) for at in range(5)])
    assert taker.requests == [["0", "1", "2", "3", "4"], ["2", "4"]]


def test_a_document_that_is_never_taken_is_named(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "client", Taker(set(), never="3"))
    with pytest.raises(bulk.DocumentRefused, match=r"3: mapper_parsing_exception: no such field"):
        bulk.write(connection, "x", [bulk.put(str(at), {}) for at in range(5)])


def test_requests_are_of_bounded_size(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    taker = Taker(set())
    monkeypatch.setattr(connection, "client", taker)
    monkeypatch.setattr(bulk, "REQUEST_BYTES", 110)
    bulk.write(connection, "x", [bulk.put(str(at), {"text": "字" * 10 * at}) for at in range(5)])
    assert sorted(taker.requests) == [["0", "1"], ["2"], ["3"], ["4"]]


def test_no_more_requests_are_under_way_than_nodes_with_little_memory_bear(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    taker, given = Taker(set()), 0

    def lines() -> Iterator[bulk.Line]:
        nonlocal given
        for given in range(1, 9):
            yield bulk.put(str(given), {})

    class Slow:
        def bulk(self, index: str, body: bytes) -> dict[str, Any]:
            time.sleep(0.02)
            assert given <= len(taker.requests) + bulk.AT_ONCE + 2  # one is cut off, one is looked at
            return taker.bulk(index, body)

    monkeypatch.setattr(connection, "client", Slow())
    monkeypatch.setattr(bulk, "REQUEST_BYTES", 1)
    bulk.write(connection, "x", lines())
    assert sorted(taker.requests) == [[str(at)] for at in range(1, 9)]


class Shelf:
    """One document, kept as the cluster keeps it: who writes may ask that nobody wrote since he looked."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] | None = None
        self.indices = self

    def exists(self, index: str) -> bool:
        return index == "policy-search.locks"

    def _seen(self) -> dict[str, Any]:
        if self.kept is None:
            raise NotFoundError(404, "none", {})
        return self.kept

    def _turn(self, params: dict[str, Any]) -> None:
        number = self.kept["_seq_no"] if self.kept else None
        if (params.get("op_type") == "create" and self.kept) or params.get("if_seq_no", number) != number:
            raise ConflictError(409, "version_conflict", {})

    def index(self, index: str, id: str, body: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
        self._turn(params)
        number = self.kept["_seq_no"] + 1 if self.kept else 1
        self.kept = {"found": True, "_source": body, "_seq_no": number, "_primary_term": 1}
        return self.kept

    def get(self, index: str, id: str, params: dict[str, Any] | None = None) -> dict[str, Any]:  # noqa: A002
        return self._seen()

    def delete(self, index: str, id: str, params: dict[str, Any]) -> None:  # noqa: A002
        with suppress(ConflictError) if 409 in params["ignore"] else nullcontext():
            self._turn(params)
            self.kept = None


@pytest.fixture
def shelf(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf()
    monkeypatch.setattr(connection, "client", shelf)
    return shelf


def test_a_second_writer_is_told_who_writes_and_since_when(connection: Connection, shelf: Shelf) -> None:
    with (
        Lock(connection, "x").held(),
        pytest.raises(IndexLocked, match=r"process \d+ on .* since \d{4}-"),
        Lock(connection, "x").held(),
    ):
        pass
    assert shelf.kept is None


def test_the_lock_of_a_writer_that_died_is_taken_over_and_he_notices(connection: Connection, shelf: Shelf) -> None:
    with Lock(connection, "x").held() as first:
        assert shelf.kept is not None
        shelf.kept["_source"]["renewed"] = time.time() - STALE_SECONDS - 1
        with Lock(connection, "x").held() as second:
            second.assure()
            with pytest.raises(IndexLocked, match="took this one for dead"):
                first.assure()


def test_a_lock_is_renewed_while_it_is_held(
    connection: Connection, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.cluster.lock.RENEWED_SECONDS", 0.001)
    with Lock(connection, "x").held() as lock:
        for _ in range(1000):
            if shelf.kept and shelf.kept["_seq_no"] > 3:
                break
            time.sleep(0.005)
        assert shelf.kept
        assert shelf.kept["_seq_no"] > 3
        lock.assure()


_FORKS = """
import http.server, json, os, threading
from indexer.cluster.connection import Connection
from indexer.cluster_settings import Cluster

class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = json.dumps({"asked": asked, "port": self.client_address[1]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)
    def log_message(self, *_): pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
if os.fork() == 0:
    server.serve_forever()
connection = Connection(Cluster((f"http://127.0.0.1:{server.server_port}",)))
parent = connection.search("x", {"who": "parent"})["port"]
assert connection.search("x", {"who": "parent"})["port"] == parent, "not kept open"
children = []
for number in range(3):
    child = os.fork()
    if child == 0:
        told = [connection.search("x", {"who": number}) for _ in range(20)]
        wrong = [one for one in told if one["asked"]["who"] != number or one["port"] == parent]
        os._exit(len(wrong) and 1)
    children.append(child)
print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
print(connection.search("x", {"who": "parent"})["port"] == parent)
os.killpg(0, 9)
"""


def test_a_forked_child_asks_by_connections_of_its_own() -> None:
    run = subprocess.Popen([sys.executable, "-uc", _FORKS], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert run.communicate(timeout=60)[0].splitlines() == ["[0, 0, 0]", "True"]
