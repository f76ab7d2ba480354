"""How many documents hold a unit, a pair or a word, in either field: what rarity is reckoned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.arrays.few import Few

if TYPE_CHECKING:
    from indexer.arrays.matching import Row
    from indexer.arrays.snapshot import Snapshot


class Statistics:
    """Counts live documents of one version of the index: what its segments recorded, less what was deleted since."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._segments = snapshot.segments
        self._deleted = None if snapshot.all_live else Few(snapshot, (~snapshot.live).nonzero()[0])

    def unit(self, unit: str) -> int:
        """Count the documents that hold a unit."""
        recorded = sum(segment.units.count_holders(unit) for segment in self._segments)
        return recorded - int(np.count_nonzero(self._deleted.holding((unit,)))) if self._deleted else recorded

    def pair(self, pair: Row) -> int:
        """Count the documents that hold a pair of units."""
        recorded = sum(segment.units.count_pair_holders(pair) for segment in self._segments)
        return recorded - int(np.count_nonzero(self._deleted.holding(pair))) if self._deleted else recorded

    def word(self, word: str) -> int:
        """Count the documents that hold a word."""
        recorded = sum(segment.words.count_holders(word) for segment in self._segments)
        if not self._deleted:
            return recorded
        return recorded - int(np.count_nonzero(self._deleted.count([], [word]).any(axis=(0, 1))))
