"""Cut many texts into words for an index, which wants their numbers rather than the words themselves."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Protocol

import numpy as np

from indexer.text.cutter import END, OTHER
from indexer.text.jieba_dictionary import is_han
from indexer.text.segmenter import BREAK_MARK, MARKS, OTHER_MARK, TEXT_MARK, current_segmenter, spelled, with_marks
from indexer.text.units import BREAK_CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from indexer.text.cutter import CompiledWords
    from indexer.text.fold import Codes
    from indexer.text.segmenter import Cutter

    Numbers = NDArray[np.int32]


ROWS_KEPT = 1 << 14  # of those that jieba cut, the last ones: an eighth of what is to be cut comes again


class WordNumbers(Protocol):
    """Numbers words as they come: the same as ``words_of``, without lists of strings."""

    def words(self) -> list[tuple[bytes, int]]:
        """Return each word that came, in UTF-8, with its number: from 0 to less than ``len`` of this object."""

    def __len__(self) -> int:
        """Count the numbers; not all need be in use."""

    def of(self, codes: Codes, runs: Sequence[str], end: int) -> tuple[Numbers, Numbers]:
        """Return the numbers of all words in a row, and how many each text has.

        ``codes`` and ``runs`` are what ``unit_spans`` gives, the code ``end`` behind each text.
        """


def word_numbers() -> WordNumbers:
    """Return what numbers words by the current segmenter."""
    segmenter = current_segmenter()
    return CompiledNumbers(segmenter.compiled) if segmenter.compiled else StringNumbers(segmenter.cutter)


class StringNumbers:
    """Numbers the strings that a cutter gives."""

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        self._numbers = _new_numbers(0)
        self._break, self._other, self._end = (self._numbers[mark] for mark in (BREAK_MARK, OTHER_MARK, TEXT_MARK))
        numbers, by_rows = self._numbers, cutter.by_rows

        @lru_cache(ROWS_KEPT)
        def of_row(row: str) -> list[int]:
            return [*map(numbers.__getitem__, by_rows.cut_row(row) if by_rows else ())]

        self._of_row = of_row

    def words(self) -> list[tuple[bytes, int]]:
        """Return each word with its number."""
        return [(_utf8(word), number) for word, number in self._numbers.items() if word not in MARKS]

    def __len__(self) -> int:
        """Count the numbers, those of marks among them."""
        return len(self._numbers)

    def of(self, codes: Codes, runs: Sequence[str], end: int) -> tuple[Numbers, Numbers]:
        """Return the numbers of all words in a row, and how many each text has."""
        marked, others = with_marks(codes, runs, end)
        found = self._cut(marked)
        found[found == self._other] = _numbered(others, self._numbers)
        return _parted(found[found != self._break], self._end)

    def _cut(self, marked: str) -> Numbers:
        if not self._cutter.by_rows:
            return _numbered(self._cutter.cut_marked(marked), self._numbers)
        found: list[int] = []
        for at, part in enumerate(self._cutter.by_rows.rows_of(marked)):
            found.extend(self._of_row(part) if at % 2 else map(self._numbers.__getitem__, part))
        return np.array(found, dtype=np.int32)


class CompiledNumbers:
    """Takes the numbers of the compiled cutter, and behind them numbers the units that are none of its business."""

    def __init__(self, compiled: CompiledWords) -> None:
        self._compiled = compiled
        self._came = np.zeros(len(compiled), dtype=bool)
        self._others = _new_numbers(len(compiled))

    def words(self) -> list[tuple[bytes, int]]:
        """Return each word with its number."""
        came = self._came.nonzero()[0].astype(np.int32)
        others = [(_utf8(unit), number) for unit, number in self._others.items()]
        return [*zip(self._compiled.spell(came), came.tolist(), strict=True), *others]

    def __len__(self) -> int:
        """Count the numbers, those of words that did not come among them."""
        return len(self._compiled) + len(self._others)

    def of(self, codes: Codes, runs: Sequence[str], end: int) -> tuple[Numbers, Numbers]:
        """Return the numbers of all words in a row, and how many each text has."""
        given = np.ascontiguousarray(codes, dtype=np.uint32)
        found = np.empty(len(given), dtype=np.int32)
        found = found[: self._compiled.cut(given, end, found)]
        self._came[found[found >= 0]] = True
        is_other = ~is_han(given)
        is_other &= (given != BREAK_CODE) & (given != end)
        found[found == OTHER] = _numbered(spelled(given[is_other], runs), self._others)
        return _parted(found, END)


def _new_numbers(first: int) -> defaultdict[str, int]:
    return defaultdict(count(first).__next__)  # a new word gets the next number


def _numbered(words: Sequence[str], numbers: defaultdict[str, int]) -> Numbers:
    return np.fromiter(map(numbers.__getitem__, words), dtype=np.int32, count=len(words))


def _parted(found: Numbers, end: int) -> tuple[Numbers, Numbers]:
    """Take out the ends of texts; return what is left, and how long each text is."""
    is_end = found == end
    lengths = np.diff(is_end.nonzero()[0], prepend=-1) - 1
    return found[~is_end], lengths.astype(np.int32)


def _utf8(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")
