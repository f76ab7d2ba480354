"""The engine on a real cluster keeps the promises of every engine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar

import pytest

from indexer.opensearch_engine import OpenSearchEngine
from indexer.report import Report
from indexer.search import temporary_engine
from indexer.settings import Settings
from tests.builders import announcement
from tests.test_engine_contract import EngineContract

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.engine import Engine
    from tests.opensearch.cluster import LocalCluster

KEPT = 4  # names whose indexes are left; a cluster does not like thousands of them


class TestOpenSearchEngine(EngineContract):
    names: ClassVar[list[str]] = []
    cluster: ClassVar[LocalCluster]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _on(cls, cluster: LocalCluster) -> None:
        cls.cluster = cluster

    def open(self, folder: Path) -> Engine:
        name = "t" + hashlib.blake2b(str(folder).encode(), digest_size=6).hexdigest()
        self.names.append(name)
        for old in self.names[:-KEPT]:
            self.cluster.get(f"/{old}.build-*", method="DELETE")
        del self.names[:-KEPT]
        return OpenSearchEngine(self.cluster.settings, name)

    def test_what_is_not_as_it_was_written_is_found_out(self, engine: Engine) -> None:
        engine.replace_all([announcement("a", source="甲局"), announcement("b", source="乙局")], Report())
        assert engine.check() == []
        index = next(iter(self.cluster.get(f"/{self.names[-1]}")))
        self.cluster.get(f"/{index}/_update/a.1?refresh=true", method="POST", body={"doc": {"source": "丙局"}})
        assert engine.check() == ["announcement 'a': wrong source"]


def test_a_temporary_index_is_gone_afterwards(cluster: LocalCluster) -> None:
    with temporary_engine(Settings(cluster=cluster.settings)) as engine:
        engine.replace_all([announcement("a")], Report())
        assert engine.status().documents == 1
        assert cluster.get("/_alias/temporary-*")
    assert cluster.get("/temporary-*") == {}
