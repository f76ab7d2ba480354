"""Without the compiled kernel every promise holds all the same; beside it both give the same answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from tests.test_engine_contract import EngineContract

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.engine import Engine


class TestWhooshEngineByNumpy(EngineContract):
    @classmethod
    def open(cls, folder: Path) -> Engine:
        return WhooshEngine(folder, compiled=False)
