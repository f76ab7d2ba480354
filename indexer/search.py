"""Choose the engine that the settings mean."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.analyzer import read_user_words, set_user_words
from indexer.whoosh_engine import WhooshEngine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine import Engine
    from indexer.settings import Settings


def open_engine(settings: Settings) -> Engine:
    """Give the engine; whether it has an index shows when it is asked."""
    words = read_user_words(settings.words) if settings.words else []
    if words:
        set_user_words(words)
    return WhooshEngine(settings.index, synonyms=settings.synonyms, user_words=words)


@contextmanager
def temporary_engine() -> Iterator[Engine]:
    """Give an empty engine whose index goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="policy-search-") as folder:
        yield WhooshEngine(Path(folder) / "index")
