"""Many texts at once to unit numbers: the analyzer's units, closed by END and numbered densely."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.stretches import Numbers, Stretches, Written, put_together
from indexer.embedded.store.term_dictionary import to_bytes
from indexer.light_dataclass import dataclass
from indexer.text.units import BREAK_CODE, RUN_CODE, unit_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.embedded.store.array_file import Array

ENCODED_AT_ONCE = 1 << 18  # characters: what is known of each takes 40 bytes meanwhile
_UNIT = "一"  # any character that is one
BREAK, END, FIRST_UNIT = 0, 1, 2  # a row breaks; a text ends; numbers of units start here


@dataclass(frozen=True, slots=True)
class Encoded:
    """The units of many texts in one row, not yet numbered."""

    codes: Array  # the analyzer's codes, END after each text
    starts: Array  # where each text begins in ``codes``, and where the last one ends
    runs: list[str]
    written: Written

    def stretches(self, units: int) -> Iterator[tuple[Array, list[str]]]:
        """Yield the codes and the runs of some texts after the other, of about so many units."""
        bounds = self.starts[np.searchsorted(self.starts, np.arange(0, int(self.starts[-1]), units))]
        first = 0
        for low, high in pairwise([*bounds.tolist(), int(self.starts[-1])]):
            codes = self.codes[low:high]
            last = first + int(np.count_nonzero(codes == RUN_CODE))
            yield codes, self.runs[first:last]
            first = last


def encode(texts: Sequence[str]) -> Encoded:
    """Return the units of many texts; one call costs a tenth of a call for each text."""
    numbers = Numbers()
    lots = [_encode(lot, numbers) for lot in _lots(texts)]
    bases = np.cumsum([0, *(len(lot.codes) for lot in lots)]).tolist()[:-1]
    starts = (lot.starts[1:] + base for lot, base in zip(lots, bases, strict=True))
    return Encoded(
        np.concatenate([np.zeros(0, dtype=np.uint32), *(lot.codes for lot in lots)]),
        np.concatenate([np.zeros(1, dtype=np.int64), *starts]),
        [run for lot in lots for run in lot.runs],
        put_together([lot.written for lot in lots], bases, numbers),
    )


def _lots(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    first, characters = 0, 0
    for at, text in enumerate(texts, 1):
        characters += len(text)
        if characters > ENCODED_AT_ONCE or at == len(texts):
            yield texts[first:at]
            first, characters = at, 0


def _encode(texts: Sequence[str], numbers: Numbers) -> Encoded:
    # With a unit behind the last text, nothing depends on which texts come in one call.
    joined = "\n".join([*texts, _UNIT])
    spans = unit_spans(joined)
    codes, begins, ends = spans.codes[:-1].copy(), spans.starts[:-1], spans.ends[:-1]
    text_ends = np.cumsum([len(text) + 1 for text in texts])
    bounds = np.searchsorted(begins, text_ends)
    # The line end after a text left a break behind its last unit; that becomes END. A text without units has none:
    # there END is put in.
    closed = np.diff(bounds, prepend=0) > 0
    closed[closed] = codes[bounds[closed] - 1] == BREAK_CODE
    codes[bounds[closed] - 1] = END
    put_in, there = bounds[~closed], text_ends[~closed] - 1
    codes = np.insert(codes, put_in, END)
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    starts[1:] = bounds + np.cumsum(~closed)
    places = np.insert(begins, put_in, there)
    sizes = np.insert(ends - begins, put_in, 0)
    stretches = Stretches(joined, places, starts, text_ends)
    written = stretches.unlike(codes, codes <= END, sizes, spans.runs, numbers)
    return Encoded(codes, starts, spans.runs, written)


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The units that occur, in order: characters by code point, then runs by their bytes."""

    characters: Array
    runs: list[bytes]

    @classmethod
    def of(cls, parts: Sequence[Encoded]) -> Alphabet:
        """Collect the units of some encoded texts."""
        seen = np.zeros(RUN_CODE + 1, dtype=bool)
        for part in parts:
            seen[part.codes] = True
        seen[[BREAK, END, RUN_CODE]] = False
        runs = {run for part in parts for run in part.runs}
        return cls(np.flatnonzero(seen).astype(np.uint32), sorted(map(to_bytes, runs)))

    def __len__(self) -> int:
        """Count the numbers in use, BREAK and END among them."""
        return FIRST_UNIT + len(self.characters) + len(self.runs)

    def number(self, encoded: Encoded) -> Array:
        """Turn codes into unit numbers."""
        numbers = np.zeros(RUN_CODE + 1, dtype=np.uint32)
        numbers[END] = END
        numbers[self.characters] = np.arange(FIRST_UNIT, FIRST_UNIT + len(self.characters), dtype=np.uint32)
        found = numbers[encoded.codes]
        first_run = FIRST_UNIT + len(self.characters)
        run_numbers = {run: first_run + place for place, run in enumerate(self.runs)}
        of_runs = (run_numbers[to_bytes(run)] for run in encoded.runs)
        found[encoded.codes == RUN_CODE] = np.fromiter(of_runs, dtype=np.uint32, count=len(encoded.runs))
        return found
