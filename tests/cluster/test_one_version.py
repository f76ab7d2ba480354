"""Which version is current is asked once for all the parts of a page; the cluster is played by a few lines."""

from __future__ import annotations

import pytest

pytest.importorskip("opensearchpy")

from opensearchpy.exceptions import NotFoundError

from indexer.cluster.engine import OpenSearchEngine
from indexer.cluster.index_versions import Version
from indexer.cluster_settings import Cluster


def test_a_page_asks_once_which_version_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = OpenSearchEngine(Cluster(("http://127.0.0.1:9",)), "x")
    names = iter(range(1, 9))

    def current(_: object) -> Version:
        number = next(names)
        return Version(f"{number}-a", number, f"x.at-{number}-a", "x.build", {})

    monkeypatch.setattr("indexer.cluster.index_versions.Versions.current", current)
    with engine.one_version():
        assert [engine.version() for _ in range(4)] == ["1-a"] * 4
    assert [engine.version() for _ in range(2)] == ["2-a", "3-a"]
    with engine.one_version():
        assert engine.version() == "4-a"
        tries = iter([NotFoundError(404, "gone", {}), None])

        def ledger(*_: object) -> bytes:
            if failure := next(tries):
                raise failure
            return b"kept"

        monkeypatch.setattr("indexer.cluster.engine.read_ledger", ledger)
        assert engine.ledger() == b"kept"  # of the version after the one that went meanwhile
        assert engine.version() == "5-a"
