"""The embedded engine keeps the contract, and what only it promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.whoosh_engine import WhooshEngine
from tests.test_engine_contract import EngineContract

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.engine import Engine


class TestWhooshEngine(EngineContract):
    def open(self, folder: Path) -> Engine:
        return WhooshEngine(folder)
