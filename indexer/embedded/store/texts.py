"""The texts themselves, told from the row of units: only what units do not say is written beside them.

A text is cut into stretches, one for each place of its row (``bigram_index``): from where the unit, break or end stands
up to the next one. A unit's stretch is mostly the unit itself; a break's never is. Arrays:
  texts.breaks     for each break and each end of a text, in their order: the number of its stretch; see ``postings``
  texts.before     how many breaks and ends come before each document's and, last, how many there are
  texts.odd.at     the places of units that are written otherwise (width, case, spaces behind), ascending
  texts.odd.as     beside them: the numbers of their stretches
  texts.written.ends, .bytes  the stretches by number, those that stand most often first, so that a byte says most
A text of which much is written otherwise is stored whole instead (see ``documents``). All of it takes a seventeenth of
what the texts would. The units of bodies alone are read so; titles are short, and read more often.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.embedded.store.array_file import Damaged
from indexer.embedded.store.bigram_index import smallest_type
from indexer.embedded.store.postings import Counts, CountsWriter
from indexer.embedded.store.term_dictionary import TermDictionary, to_bytes, to_text
from indexer.embedded.store.unit_codes import END, FIRST_UNIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter
    from indexer.embedded.store.unit_codes import Encoded

FIELD: Final = "body"
BREAKS: Final = "texts.breaks"
KEPT = 4096  # strings, as they were read


def write_texts(writer: ArrayFileWriter, encoded: Encoded) -> None:
    """Write what the units of these texts do not say."""
    written = encoded.written
    counts = np.bincount(np.concatenate((written.breaks, written.odd)), minlength=len(written.strings))
    order = np.argsort(-counts, kind="stable")
    number = np.empty(len(order), dtype=np.uint32)
    number[order] = np.arange(len(order), dtype=np.uint32)
    is_break = encoded.codes <= END
    before = np.concatenate(([0], is_break.cumsum()))[encoded.starts]  # and, last, how many there are
    to = CountsWriter(writer, BREAKS)
    to.append(number[written.breaks])
    to.close()
    strings = list(map(to_bytes, written.strings))
    write_rest(writer, before, written.odd_at, number[written.odd], [strings[at] for at in order.tolist()])


def write_rest(writer: ArrayFileWriter, before: Array, odd_at: Array, odd: Array, strings: Sequence[bytes]) -> None:
    """Write what comes after the breaks."""
    writer.add("texts.before", before.astype(np.uint32))
    writer.add("texts.odd.at", odd_at.astype(np.uint32))
    writer.add("texts.odd.as", odd.astype(smallest_type(len(strings))))
    writer.add("texts.written.ends", np.cumsum([0, *map(len, strings)]).astype(np.uint64))
    writer.add("texts.written.bytes", np.frombuffer(b"".join(strings), dtype=np.uint8))


def written_in(file: ArrayFile) -> list[bytes]:
    """Return the stretches by number."""
    ends, data = file["texts.written.ends"].tolist(), bytes(file["texts.written.bytes"])
    return [data[low:high] for low, high in pairwise(ends)]


class Texts:
    """The texts of one segment, put together by numpy; the kernel does the same."""

    def __init__(self, units: ArrayFile) -> None:
        self._starts: memoryview = units[f"{FIELD}.starts"].data
        self._sequence: Array = units[f"{FIELD}.sequence"]
        # By the numbers of units; breaks and ends have some, too.
        self._points: Array = np.concatenate((np.zeros(FIRST_UNIT, dtype=np.uint32), units["characters"]))
        self._breaks = Counts(units, BREAKS)
        self._before: memoryview = units["texts.before"].data
        self._odd_at: memoryview = units["texts.odd.at"].data
        self._odd: memoryview = units["texts.odd.as"].data
        self._ends: memoryview = units["texts.written.ends"].data
        self._bytes: memoryview = units["texts.written.bytes"].data
        self._run: Callable[[int], str] = lru_cache(KEPT)(TermDictionary(units, "runs").__getitem__)
        self._written: Callable[[int], str] = lru_cache(KEPT)(self._read)

    def _read(self, number: int) -> str:
        if number + 1 >= len(self._ends):
            raise Damaged("a text has a part that is not there")
        return to_text(bytes(self._bytes[self._ends[number] : self._ends[number + 1]]))

    def text(self, document: int, characters: int = -1, /) -> str:
        """Return a text, or so many characters of its beginning."""
        low, high = self._starts[document], self._starts[document + 1]
        if 0 <= characters < high - low:  # each stretch but the end's has a character at least
            high = low + characters
        row = self._sequence[low:high]
        first_run = len(self._points)
        special = (row < FIRST_UNIT) | (row >= first_run)
        first = bisect_left(self._odd_at, low)
        last = bisect_left(self._odd_at, high, first)
        odd = dict(zip(self._odd_at[first:last], self._odd[first:last], strict=True))
        special[[at - low for at in odd]] = True
        plain = _text_of(self._points.take(row, mode="clip"))
        before = self._before[document]
        count = int(np.count_nonzero(row < FIRST_UNIT))
        numbers = self._breaks.between(before, before + count).tolist()
        if len(numbers) < count:
            raise Damaged("a text has more breaks than there are")
        breaks = iter(numbers)
        pieces, done = [], 0
        places = special.nonzero()[0]
        for at, unit in zip(places.tolist(), row[places].tolist(), strict=True):
            pieces.append(plain[done:at])
            done = at + 1
            if unit < FIRST_UNIT:
                pieces.append(self._written(next(breaks)))
            elif low + at in odd:
                pieces.append(self._written(odd[low + at]))
            else:
                pieces.append(self._run(unit - first_run))
        text = "".join([*pieces, plain[done:]])
        return text if characters < 0 else text[:characters]


def _text_of(codes: Array) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")
