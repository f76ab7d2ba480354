"""When a build is merged: as soon as all of its copies have laid down what was written, or nobody waits any longer."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("opensearchpy")

from opensearchpy.exceptions import AuthorizationException

from indexer.cluster.compaction import LARGEST_SEGMENT, WORTH_COMPACTING, compact, let_merge
from indexer.cluster.connection import Connection
from indexer.cluster_settings import Cluster

GIGABYTE = 1_000_000_000


class Nodes:
    """One shard on two nodes; the second copy lags behind by one look."""

    def __init__(self, gigabytes: int) -> None:
        self.indices = self.tasks = self
        self.looks = 0
        self.asked: list[str] = []
        self._bytes = gigabytes * GIGABYTE

    def flush(self, index: str) -> None:
        self.asked.append("flush")

    def put_settings(self, index: str, body: dict[str, None]) -> None:
        assert {*body.values()} == {None}
        self.asked.append("merge as any index")

    def stats(self, index: str, metric: str, params: dict[str, str]) -> dict[str, Any]:
        self.looks += 1
        leases = [{"retaining_seq_no": 8}, {"retaining_seq_no": 8 if self.looks > 2 else 5}]
        copy = {
            "retention_leases": {"leases": leases},
            "seq_no": {"max_seq_no": 7},
            "store": {"size_in_bytes": self._bytes},
        }
        return {"indices": {index: {"shards": {"0": [copy, copy]}}}}

    def forcemerge(self, index: str, params: dict[str, str]) -> dict[str, str]:
        self.asked.append(f"merge to {params['max_num_segments']} after {self.looks - 1} looks")
        return {"task": "n:1"}

    def refresh(self, index: str) -> None:
        self.asked.append("refresh")

    def get(self, task_id: str) -> dict[str, bool]:
        self.asked.append(f"done {task_id}")
        return {"completed": True}


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setattr("indexer.cluster.compaction._PAUSE_SECONDS", 0.0)
    return Connection(Cluster(("http://127.0.0.1:1",)))


@pytest.mark.parametrize(("gigabytes", "segments"), [(0, 1), (2 * LARGEST_SEGMENT // GIGABYTE + 1, 3)])
def test_a_build_is_merged_when_every_copy_has_laid_it_down(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, gigabytes: int, segments: int
) -> None:
    nodes = Nodes(gigabytes)
    monkeypatch.setattr(connection, "client", nodes)
    compact(connection, "x", WORTH_COMPACTING)
    assert nodes.asked == ["flush", "merge as any index", f"merge to {segments} after 3 looks", "done n:1", "refresh"]


def test_nobody_waits_for_a_copy_that_is_gone(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = Nodes(0)
    monkeypatch.setattr(connection, "client", nodes)
    monkeypatch.setattr("indexer.cluster.compaction.LOOKED_FOR_SECONDS", 0.0)
    compact(connection, "x", WORTH_COMPACTING)
    assert nodes.asked == ["flush", "merge as any index", "merge to 1 after 1 looks", "done n:1", "refresh"]


def test_few_announcements_are_left_as_they_are(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = Nodes(0)
    monkeypatch.setattr(connection, "client", nodes)
    compact(connection, "x", WORTH_COMPACTING - 1)
    assert nodes.asked == ["merge as any index"]


def test_a_build_that_cannot_be_merged_answers_and_the_operator_is_told(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Refusing(Nodes):
        def forcemerge(self, index: str, params: dict[str, str]) -> dict[str, str]:
            raise AuthorizationException(403, "security_exception", {})

    monkeypatch.setattr(connection, "client", Refusing(0))
    compact(connection, "x", WORTH_COMPACTING)
    assert "x answers, but is not merged" in caplog.text


def test_settings_that_cannot_be_changed_end_no_update(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Refusing(Nodes):
        def put_settings(self, index: str, body: dict[str, None]) -> None:
            raise AuthorizationException(403, "security_exception", {})

    monkeypatch.setattr(connection, "client", Refusing(0))
    let_merge(connection, "x")
    assert "x answers, but more slowly than it could" in caplog.text
