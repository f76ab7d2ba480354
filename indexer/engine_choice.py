"""Choose the engine that the settings mean."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.errors import PartsNeedCluster, SettingWrong
from indexer.messages import said
from indexer.settings import Settings
from indexer.text.segmenter import read_user_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.cluster.engine import OpenSearchEngine
    from indexer.cluster_settings import Cluster
    from indexer.engine import Engine


def open_engine(settings: Settings, *, once: bool = False) -> Engine:
    """Return the engine; whether it has an index shows when it is asked. ``once``: for one answer."""
    if settings.cluster:
        return _on_cluster(settings.cluster, settings)
    if settings.part:
        raise PartsNeedCluster
    return WhooshEngine(
        settings.index,
        synonyms=settings.synonyms,
        user_words=_user_words(settings),
        once=once,
        compiled=settings.kernel,
    )


def _user_words(settings: Settings) -> Sequence[str]:
    """Return the operator's words, none if no file is named."""
    return read_user_words(settings.words) if settings.words else ()


def _on_cluster(cluster: Cluster, settings: Settings) -> OpenSearchEngine:
    if find_spec("opensearchpy") is None:
        raise SettingWrong(
            "POLICY_SEARCH_ENGINE", "opensearch", said('run pip install "policy-search[opensearch]" first')
        )
    from indexer.cluster.engine import OpenSearchEngine  # noqa: PLC0415 - as above
    from indexer.cluster_settings import cluster_index_name  # noqa: PLC0415 - the extra need not be there

    name = cluster_index_name(settings.index)
    words = _user_words(settings)
    return OpenSearchEngine(cluster, name, part=settings.part, synonyms=settings.synonyms, user_words=words)


@contextmanager
def temporary_engine(settings: Settings | None = None) -> Iterator[Engine]:
    """Return an empty engine, of the kind that the settings mean, whose index goes away afterwards."""
    settings = settings or Settings()
    if settings.cluster:
        name = Path(f"temporary-{os.urandom(6).hex()}")
        engine = _on_cluster(settings.cluster, replace(settings, index=name))
        try:
            yield engine
        finally:
            engine.remove()
    else:
        import tempfile  # noqa: PLC0415 - with what it imports 5 ms, and no search asks for it

        with tempfile.TemporaryDirectory(prefix="policy-search-") as folder:
            yield open_engine(replace(settings, index=Path(folder) / "index"))
