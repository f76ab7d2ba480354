"""Fold characters: width, case, traditional to simplified, one by one, so that every offset stays true.

A table says of each code point what it becomes and what kind of character it is; the kinds are what units are made of.
"""

from __future__ import annotations

import functools
import gzip
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]

_DATA = Path(__file__).parents[1] / "data"
# What a character is: nothing, a unit, part of a run of letters and digits, what parts rows, or a unit that is a sign.
SPACE, ONE, RUN, PARTING, SIGN = 0, 1, 2, 3, 4
SHORT_CHARACTERS: Final = 200  # looked up one by one in a dictionary up to there: what people type takes a tenth so
_KIND_SHIFT, _CODE_MASK = np.uint32(24), np.uint32(0x1FFFFF)  # code points have 21 bits
_HALF: Final = 0xD800  # no character
_KINDS: Final = {"space": SPACE, "one": ONE, "run": RUN, "sign": SIGN}


@functools.cache
def table() -> Codes:
    """Return what each code point becomes, and above ``_KIND_SHIFT`` the kind of that: one look-up answers both.

    An array as long as Unicode, so that a whole text is looked up at once: 3 ns a character.
    """
    made = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    made |= np.uint32(PARTING) << _KIND_SHIFT
    for first, last, kind in _rows((_DATA / "unit_kinds.tsv").read_bytes()):
        made[int(first, 16) : int(last, 16) + 1] ^= np.uint32(PARTING ^ _KINDS[kind]) << _KIND_SHIFT
    pairs = "".join(map("".join, _rows(gzip.decompress((_DATA / "fold.tsv.gz").read_bytes()))))
    points = np.frombuffer(pairs.encode("utf-32-le"), dtype="<u4")
    made[points[::2]] = made[points[1::2]]  # what a character becomes never becomes another
    return made


def _rows(lines: bytes) -> Iterator[list[str]]:
    return (line.split("\t") for line in lines.decode().split("\n") if line and not line.startswith("# "))


class _Characters(dict[str, tuple[str, int]]):
    """What each character becomes, and the kind of that; filled as characters come up."""

    def __missing__(self, character: str) -> tuple[str, int]:
        entries = table()
        entry = entries.item(min(ord(character), len(entries) - 1))  # ``look_up`` takes ten times as long for one
        found = self[character] = chr(entry & int(_CODE_MASK)), entry >> int(_KIND_SHIFT)
        return found


class _Folded(dict[int, str]):
    """What each code point becomes, for ``str.translate``; filled as they come up."""

    def __missing__(self, code: int) -> str:
        found = self[code] = CHARACTERS[chr(code)][0]
        return found


CHARACTERS: Final = _Characters()
_FOLDED: Final = _Folded()


def look_up(text: str) -> tuple[Codes, Codes]:
    """Return the folded code points of a text and their kinds: ``SPACE``, ``ONE``, ``RUN``, ``PARTING`` or ``SIGN``."""
    # "surrogatepass": half of a surrogate pair is no character but may stand in a text; it breaks a row.
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    # Platform integers and "clip" spare two hidden copies: twice as fast.
    codes = table().take(points.astype(np.intp), mode="clip")
    kinds = codes >> _KIND_SHIFT
    codes &= _CODE_MASK  # in place: a new array of a long text is new pages of memory
    return codes, kinds


@functools.cache
def _narrow_table() -> NDArray[np.uint16]:
    """Return what each character of two bytes becomes, a space if it is of that kind: small enough to stay at hand."""
    codes = table()[: 1 << 16] & _CODE_MASK
    codes[table()[: 1 << 16] >> _KIND_SHIFT == SPACE] = ord(" ")
    codes[codes >> 16 != 0] = _HALF
    return codes.astype(np.uint16)


def fold_narrow(text: str) -> tuple[str, NDArray[np.uint16]] | None:
    """Return a text folded, its spaces and invisible characters as " ", and the same as code points.

    A third of the time of ``look_up``, for texts without characters of four bytes; None of another one.
    """
    try:
        data = text.encode("utf-16-le")
        if len(data) != 2 * len(text):
            return None
        codes = _narrow_table().take(np.frombuffer(data, dtype="<u2").astype(np.intp), mode="clip")
        return codes.astype("<u2", copy=False).tobytes().decode("utf-16-le"), codes
    except UnicodeError:  # half a surrogate, of the text or for what became a character of four bytes
        return None


def text_of(codes: Codes) -> str:
    """Write code points as a text."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def fold(text: str) -> str:
    """Fold width, case and traditional characters, one by one: the result is as long as the text.

    Characters with several simplified forms get the one that is right most often (乾 → 干); 著, which simplified
    text uses beside 着, stays.
    """
    if text.isascii():
        return text.lower()
    return text.translate(_FOLDED) if len(text) <= SHORT_CHARACTERS else text_of(look_up(text)[0])
