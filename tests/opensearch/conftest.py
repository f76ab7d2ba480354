"""The cluster that these tests share. ``make test-opensearch`` fetches it and says where it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.opensearch.cluster import LocalCluster

if TYPE_CHECKING:
    from collections.abc import Iterator

CLASSPATH = os.environ.get("OPENSEARCH_CLASSPATH", "")  # a file that holds it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a cluster these tests say how to get one."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and not CLASSPATH:
            item.add_marker(pytest.mark.skip(reason="a cluster of three nodes is started by: make test-opensearch"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Three nodes, empty at first."""
    cluster = LocalCluster(Path(CLASSPATH).read_text().strip(), tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()
