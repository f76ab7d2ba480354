"""Cut text into units, which finding goes by.

A *unit* is one CJK character, one sign that says something (% ℃ + # @ / ㎡ ≥), or one maximal run of letters and
digits of any other script, folded. Units stand in *rows*: spaces and invisible characters between them do not count;
whatever else lies between breaks the row.

All offsets count Unicode characters.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.light_dataclass import dataclass
from indexer.text.fold import CHARACTERS, ONE, PARTING, RUN, SHORT_CHARACTERS, SIGN, SPACE, look_up, text_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from indexer.text.fold import Codes

    Offsets = NDArray[np.intp]

BREAK: Final = ""  # stands in a list of units where the row breaks
BREAK_CODE: Final = 0  # the same in an array of codes
RUN_CODE: Final = 0x110000  # a run of letters and digits; the first code that is no character

TYPED_CHARACTERS: Final = 1000  # the longest query


@dataclass(frozen=True, slots=True)
class UnitSpans:
    """The units of a text in order; a break stands once between two rows, never at an end."""

    codes: Codes  # a CJK character's code point, RUN_CODE for a run, BREAK_CODE for a break
    starts: Offsets  # where each unit lies in the text, [start, end)
    ends: Offsets
    runs: list[str]  # the runs, folded, in order: one for each RUN_CODE

    @property
    def units(self) -> list[str]:
        """Return the units as strings, ``BREAK`` for a break."""
        is_run = self.codes == RUN_CODE
        found = list(text_of(np.where(is_run, BREAK_CODE, self.codes)))
        for at in np.flatnonzero(self.codes == BREAK_CODE).tolist():
            found[at] = BREAK
        for at, run in zip(np.flatnonzero(is_run).tolist(), self.runs, strict=True):
            found[at] = run
        return found


def unit_spans(text: str) -> UnitSpans:
    """Return the units of a text and where they lie.

    Made for bulk: an index numbers the runs with a vocabulary of its own and writes those numbers, from ``RUN_CODE``
    up, over the ``RUN_CODE`` in ``codes``. Texts joined by line ends give their units joined by breaks, and many
    texts in one call take a third of the time.
    """
    codes, kinds = look_up(text)
    in_run = np.zeros(len(codes) + 2, dtype=bool)
    np.equal(kinds, RUN, out=in_run[1:-1])
    edges = np.flatnonzero(in_run[1:] != in_run[:-1])  # where runs start and end, by turns
    begins = kinds != SPACE
    begins[in_run[1:-1] & in_run[:-2]] = False
    at = np.flatnonzero(begins)
    at = at[_without_repeated_breaks(kinds[at] == PARTING)]
    kept = kinds[at]
    is_run = kept == RUN
    unit_codes = codes[at]
    unit_codes[is_run] = RUN_CODE
    unit_codes[kept == PARTING] = BREAK_CODE
    ends = at + 1
    ends[is_run] = edges[1::2]
    folded = text_of(codes)
    runs = [folded[start:end] for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)]
    return UnitSpans(unit_codes, at, ends, runs)


def _without_repeated_breaks(breaks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which units to keep: of several breaks the first; none before the first unit or after the last."""
    keep = ~breaks
    at = np.flatnonzero(keep)
    if len(at):
        keep[1:] |= ~breaks[:-1]
        keep[at[-1] + 1 :] = False
    return keep


def units(text: str) -> list[str]:
    """Return the units of a text, folded, with ``BREAK`` between rows; [] when it holds none."""
    return list(_units_typed(text)) if len(text) <= TYPED_CHARACTERS else unit_spans(text).units


@functools.lru_cache(maxsize=4096)  # finding, ranking and marking each want those of a query
def _units_typed(text: str) -> tuple[str, ...]:
    if len(text) > SHORT_CHARACTERS:
        return tuple(unit_spans(text).units)
    return tuple([unit for unit, _, _ in _units_one_by_one(text)])


def places_of_units(text: str) -> list[tuple[str, int, int]]:
    """Return the units of a text without breaks, with where each lies in it, [start, end) in characters."""
    if len(text) <= SHORT_CHARACTERS:
        return [place for place in _units_one_by_one(text) if place[0] != BREAK]
    spans = unit_spans(text)
    places = zip(spans.units, spans.starts.tolist(), spans.ends.tolist(), strict=True)
    return [place for place in places if place[0] != BREAK]


def _units_one_by_one(text: str) -> list[tuple[str, int, int]]:
    """Return the units of a short text and where they lie: the same as ``unit_spans``, in a tenth of the time."""
    found: list[tuple[str, int, int]] = []
    run, start = "", 0
    for at, character in enumerate(text):
        folded, kind = CHARACTERS[character]
        if kind == RUN:
            run, start = (run + folded, start) if run else (folded, at)
            continue
        if run:
            found.append((run, start, at))
            run = ""
        if kind in (ONE, SIGN):
            found.append((folded, at, at + 1))
        elif kind == PARTING and found and found[-1][0] != BREAK:
            found.append((BREAK, at, at + 1))
    if run:
        found.append((run, start, len(text)))
    return found[:-1] if found and found[-1][0] == BREAK else found


@functools.lru_cache(maxsize=4096)
def is_sign(unit: str) -> bool:
    """Return whether a unit is a sign such as %, + or ㎡, not a character, letters or digits."""
    return len(unit) == 1 and bool(look_up(unit)[1][0] == SIGN)


def dropped_signs(text: str) -> str:
    """Return the characters of a text that no unit keeps, each once, in order, without spaces: its punctuation."""
    codes, kinds = look_up(text)
    return "".join(dict.fromkeys(text_of(codes[kinds == PARTING]).replace("\n", "")))
