"""Where the measured data lie when they are at hand; a plain clone has none and skips what needs them."""

from __future__ import annotations

from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared"

SHARED: Path | None = _BESIDE if (_BESIDE / "data").is_dir() else None

needs_shared = pytest.mark.skipif(SHARED is None, reason="the shared data are not beside this clone")
