"""What stands in texts at each place of their row of units, from there up to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.light_dataclass import dataclass
from indexer.text.units import RUN_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.embedded.store.array_file import Array

MOST_ODD = 6  # one in so many characters may be written otherwise than its unit: that takes up to eight bytes
ONE_CHARACTER = 1 << 16  # codes below are numbered without a string of each


@dataclass(frozen=True, slots=True)
class Written:
    """What the units do not say of how the texts are written: see ``texts``; strings by their numbers."""

    breaks: Array  # the number of the string at each break and END
    odd_at: Array  # places of units that are written otherwise
    odd: Array  # the numbers of the strings there
    strings: list[str]  # by number
    whole: Array  # for each text whether so much is written otherwise that it is better stored as it is


def put_together(lots: Sequence[Written], bases: Sequence[int], numbers: Numbers) -> Written:
    """Return what was found in several lots of texts, of which the rows of units begin at ``bases`` of one."""
    none = np.zeros(0, dtype=np.uint32)
    return Written(
        np.concatenate([none, *(lot.breaks for lot in lots)]),
        np.concatenate([none.astype(np.int64), *(lot.odd_at + base for lot, base in zip(lots, bases, strict=True))]),
        np.concatenate([none, *(lot.odd for lot in lots)]),
        list(numbers),
        np.concatenate([none.astype(bool), *(lot.whole for lot in lots)]),
    )


class Numbers(dict[str, int]):
    """Numbers strings as they come up."""

    def __init__(self) -> None:
        super().__init__()
        self._of_one: Array = np.full(ONE_CHARACTER, -1, dtype=np.int64)  # by the code of the only character

    def __missing__(self, string: str) -> int:
        number = self[string] = len(self)
        return number

    def of(self, strings: Iterable[str]) -> list[int]:
        """Number strings."""
        return list(map(self.__getitem__, strings))

    def of_characters(self, codes: Array) -> Array:
        """Number strings of one character, below ``_of_one``'s end: most strings are."""
        found = self._of_one[codes]
        for code in set(codes[found < 0].tolist()):
            self._of_one[code] = self[chr(code)]
        return self._of_one[codes]


class Stretches:
    """What is written at each place of the row of units: from there up to the next place, or to the text's end."""

    def __init__(self, joined: str, places: Array, starts: Array, text_ends: Array) -> None:
        """Take texts, each with one character behind it that is no part of it, and where they end."""
        lasts = starts[1:] - 1
        self._joined = joined
        self._starts = starts
        self._lengths = np.diff(text_ends, prepend=0) - 1
        self._begins = places.copy()
        self._begins[starts[:-1]] = text_ends - 1 - self._lengths
        self._ends = np.append(self._begins[1:], 0)
        self._ends[lasts] = text_ends - 1

    def unlike(self, codes: Array, is_break: Array, sizes: Array, runs: list[str], numbers: Numbers) -> Written:
        """Compare with the units, which have so many characters; return what breaks are, and units that differ."""
        points = np.frombuffer(self._joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        points = points.take(self._begins, mode="clip") if len(points) else codes
        is_run = codes == RUN_CODE
        lengths = self._ends - self._begins
        is_odd = (lengths != sizes) | (~is_run & (points != codes))
        is_odd[is_break] = False
        run_at = is_run.nonzero()[0]
        differ = (one != run for one, run in zip(self._strings(run_at), runs, strict=True))
        is_odd[run_at] = np.fromiter(differ, dtype=bool, count=len(run_at))
        odd_at, break_at = is_odd.nonzero()[0], is_break.nonzero()[0]
        of_text = self._starts.searchsorted(odd_at, "right") - 1
        whole = np.bincount(of_text, minlength=len(self._lengths)) > self._lengths // MOST_ODD
        odd_at = odd_at[~whole[of_text]]
        breaks = np.zeros(len(break_at), dtype=np.uint32)
        by_one = (lengths[break_at] == 1) & (points[break_at] < ONE_CHARACTER)
        breaks[by_one] = numbers.of_characters(points[break_at[by_one]])
        breaks[~by_one] = numbers.of(self._strings(break_at[~by_one]))
        return Written(breaks, odd_at, np.array(numbers.of(self._strings(odd_at)), dtype=np.uint32), [], whole)

    def _strings(self, at: Array) -> Iterator[str]:
        joined = self._joined
        bounds = zip(self._begins[at].tolist(), self._ends[at].tolist(), strict=True)
        return (joined[begin:end] for begin, end in bounds)
