"""A text made ready to find rows of units in it with ``str.find``, and to say where they stand.

For those who mark what matched. The text is folded and without spaces, as rows of units are; what parts rows is left
in it, for no unit looks like that.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.light_dataclass import dataclass
from indexer.text.fold import PARTING, RUN, SPACE, fold_narrow, look_up, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.text.fold import Codes
    from indexer.text.units import Offsets

_LOT_CHARS: Final = 1 << 17  # texts folded at once: about 3 MB of arrays


@dataclass(frozen=True, slots=True)
class FoldedRows:
    """A text to look in."""

    text: str
    _made_from: str
    # Of the texts that were folded together, this one among them; lists, for numpy takes longer for a few places.
    _spaces: list[int]  # where they stand, ascending
    _gaps: list[int]  # the same, the spaces before each left out
    _own: tuple[int, int]  # which of these stand in this text
    _start: int  # where this text begins

    @property
    def is_spaceless(self) -> bool:
        """Return whether places in ``text`` are those in the text that it was made from."""
        return self._own[0] == self._own[1]

    def places(self, at: Sequence[int]) -> list[int]:
        """Return where characters of ``text`` stand in the text that it was made from."""
        first, last = self._own
        shift, gaps = self._start - first, self._gaps
        return [one + bisect_right(gaps, one + shift, first, last) - first for one in at]

    def before(self, place: int) -> int:
        """Count the characters of ``text`` that stand before a place of the text that it was made from."""
        first, last = self._own
        if first == last:
            return place
        return place - (bisect_left(self._spaces, place + self._start, first, last) - first)

    def runs(self) -> tuple[Offsets, Offsets, Codes]:
        """Return where in ``text`` runs of letters and digits begin and end, two where a space stands between; and how.

        The last are the code points that they begin with.
        """
        codes, kinds = look_up(self._made_from)
        in_run = np.zeros(len(kinds) + 2, dtype=bool)
        np.equal(kinds, RUN, out=in_run[1:-1])
        edges = np.flatnonzero(in_run[1:] != in_run[:-1])
        firsts = codes[edges[::2]]
        # Counted rather than searched: a table of figures has as many edges as characters.
        edges -= np.append(0, np.cumsum(kinds == SPACE))[edges]
        return edges[::2], edges[1::2], firsts


def folded_rows(text: str) -> FoldedRows:
    """Make a text ready: 3 ns a character."""
    return folded_together([text])[0]


def folded_together(texts: Sequence[str]) -> list[FoldedRows]:
    """Make texts ready; many short ones in a third of the time that they take one by one."""
    made: list[FoldedRows] = []
    lot: list[str] = []
    chars = 0
    for text in texts:
        if lot and chars + len(text) > _LOT_CHARS:
            made += _folded_lot(lot)
            lot, chars = [], 0
        lot.append(text)
        chars += len(text)
    return made + list(_folded_lot(lot))


def _folded_lot(texts: Sequence[str]) -> Iterator[FoldedRows]:
    whole = "".join(texts)
    folded, spaces = _with_spaces(whole)
    held, gaps = spaces.tolist(), (spaces - np.arange(len(spaces))).tolist()
    bounds = pairwise(accumulate(map(len, texts), initial=0))
    for original, (start, end) in zip(texts, bounds, strict=True):
        own = bisect_left(held, start), bisect_left(held, end)
        text = folded[start:end]
        if own[0] < own[1]:
            text = text.replace(" ", "")
        yield FoldedRows(text, original, held, gaps, own, start)


def _with_spaces(text: str) -> tuple[str, Offsets]:
    """Return a text folded, with " " for what is a space or invisible, and where these stand."""
    if narrow := fold_narrow(text):
        return narrow[0], np.flatnonzero(narrow[1] == ord(" "))
    codes, kinds = look_up(text)
    spaces = np.flatnonzero(kinds == SPACE)
    codes[spaces] = ord(" ")
    return text_of(codes), spaces


@functools.lru_cache(maxsize=4096)
def parts_rows(character: str) -> bool:
    """Return whether this character between two units parts them."""
    return bool(look_up(character)[1][0] == PARTING)
