"""The engine on a real cluster keeps the promises of every engine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar

import pytest

from indexer.opensearch_engine import OpenSearchEngine
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
