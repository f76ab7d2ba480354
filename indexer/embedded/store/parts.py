"""What is written in parts and then put together: each part has arrays of the same names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ArrayFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.embedded.store.array_file import Array


class Parts:
    """Parts in their order, in memory or in array files, of which one is open at a time."""

    def __init__(self, parts: Sequence[Path | Mapping[str, Array]]) -> None:
        self._parts = parts

    def __getitem__(self, name: str) -> Iterator[Array]:
        """Yield one array of every part."""
        return ((ArrayFile(part) if isinstance(part, Path) else part)[name] for part in self._parts)

    def whole(self, name: str) -> Array:
        """Return one array of all parts, one behind the other, as numbers of eight bytes."""
        return np.concatenate([np.zeros(0, dtype=np.int64), *(array.astype(np.int64) for array in self[name])])
