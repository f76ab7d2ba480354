"""What several tests of the embedded engine start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.embedded.engine import WhooshEngine
from tests.asking import load
from tests.builders import announcement

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder of an index that holds one announcement, a."""
    load(WhooshEngine(tmp_path / "index"), announcement("a", "扶贫"))
    return tmp_path / "index"
