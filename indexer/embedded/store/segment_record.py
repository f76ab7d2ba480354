"""What must be known of a segment to open its files, in plain values: readers need neither Whoosh nor a pickle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ArrayFile, Seal
from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from indexer.embedded.store.array_file import Array

PARTS = ("units", "words", "docs", "common")  # of a segment; each is one array file


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """One segment of one version of the index."""

    name: str  # of its files, up to the dot
    documents: int  # deleted ones too
    deleted: tuple[int, ...]  # their numbers, ascending
    seals: Mapping[str, Seal]  # by part

    def path(self, folder: Path, part: str) -> Path:
        """Name the file of a part."""
        return folder / f"{self.name}.{part}"

    def open(self, folder: Path, part: str) -> ArrayFile:
        """Open the file of a part; raises ``Damaged`` if it is not the one that was sealed."""
        return ArrayFile.checked(self.path(folder, part), self.seals[part])

    def live(self) -> Array:
        """Return for each document whether it is still there."""
        live = np.ones(self.documents, dtype=bool)
        live[list(self.deleted)] = False
        return live
