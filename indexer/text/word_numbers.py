"""Cut many texts into words for an index, which wants their numbers rather than the words themselves."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from indexer.text.segmenter import BREAK_MARK, MARKS, OTHER_MARK, TEXT_MARK, current_segmenter, with_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from indexer.text.fold import Codes

    Numbers = NDArray[np.int32]


class WordNumbers:
    """Numbers words by the current segmenter as they come: the same as ``words_of``, without lists of strings."""

    def __init__(self) -> None:
        self._cutter = current_segmenter().cutter
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)  # a new word gets the next number
        self._break, self._other, self._end = (self._numbers[mark] for mark in (BREAK_MARK, OTHER_MARK, TEXT_MARK))

    def words(self) -> list[tuple[str, int]]:
        """Return each word with its number; numbers run from 0 to less than ``len`` of this object."""
        return [pair for pair in self._numbers.items() if pair[0] not in MARKS]

    def __len__(self) -> int:
        """Count the numbers in use, those of marks among them."""
        return len(self._numbers)

    def of(self, codes: Codes, runs: Sequence[str], end: int) -> tuple[Numbers, Numbers]:
        """Return the numbers of all words in a row, and how many each text has.

        ``codes`` and ``runs`` are what ``unit_spans`` gives, the code ``end`` behind each text.
        """
        marked, others = with_marks(codes, runs, end)
        found = self._numbered(self._cutter.cut_marked(marked))
        found[found == self._other] = self._numbered(others)
        found = found[found != self._break]
        ends = (found == self._end).nonzero()[0]
        lengths = np.diff(ends, prepend=-1) - 1
        return found[found != self._end], lengths.astype(np.int32)

    def _numbered(self, words: Sequence[str]) -> Numbers:
        return np.fromiter(map(self._numbers.__getitem__, words), dtype=np.int32, count=len(words))
