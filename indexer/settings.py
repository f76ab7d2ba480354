"""What the operator chose: read once at the edge, passed down as values."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_INDEX = Path("policy-index")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index is and which engine answers."""

    index: Path = DEFAULT_INDEX


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read ``POLICY_SEARCH_*`` variables; missing ones keep their defaults."""
    values = os.environ if environ is None else environ
    return Settings(index=Path(values.get("POLICY_SEARCH_INDEX") or DEFAULT_INDEX))
