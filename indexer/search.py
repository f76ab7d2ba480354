"""Choose the engine that the settings mean."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import PartsNeedCluster, SettingWrong
from indexer.settings import cluster_index_name
from indexer.whoosh_engine import WhooshEngine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine import Engine
    from indexer.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """Give the engine; whether it has an index shows when it is asked."""
    if settings.cluster is None:
        if settings.part:
            raise PartsNeedCluster
        return WhooshEngine(settings.index)
    if find_spec("opensearchpy") is None:
        raise SettingWrong("POLICY_SEARCH_ENGINE", "opensearch", 'run pip install "policy-search[opensearch]" first')
    from indexer.opensearch_engine import OpenSearchEngine  # noqa: PLC0415 - optional

    return OpenSearchEngine(settings.cluster, cluster_index_name(settings.index), settings.part)


@contextmanager
def temporary_engine() -> Iterator[Engine]:
    """Give an empty engine whose index goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="policy-search-") as folder:
        yield WhooshEngine(Path(folder) / "index")
