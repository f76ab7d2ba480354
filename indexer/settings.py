"""What the operator chose: read once at the edge, passed down as values."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import SettingWrong

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_INDEX = Path("policy-index")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index is, and the operator's own tables."""

    index: Path = DEFAULT_INDEX
    words: Path | None = None  # words that are not to be cut, one a line
    synonyms: Path | None = None  # groups of synonyms, one a line


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read ``POLICY_SEARCH_*`` variables; missing and empty ones keep their defaults.

    Raises ``SettingWrong`` for a file that is not there.
    """
    values = os.environ if environ is None else environ
    return Settings(
        index=Path(values.get("POLICY_SEARCH_INDEX") or DEFAULT_INDEX),
        words=_file(values, "POLICY_SEARCH_WORDS"),
        synonyms=_file(values, "POLICY_SEARCH_SYNONYMS"),
    )


def _file(values: Mapping[str, str], name: str) -> Path | None:
    written = values.get(name)
    if not written:
        return None
    path = Path(written)
    if not path.is_file():
        raise SettingWrong(name, written, "there is no such file")
    return path
