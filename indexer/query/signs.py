"""Which words of an unquoted run its signs belong to: 5%, C++, GB/T and 互联网+ are looked for as they stand.

The cutter makes each sign a word of its own, and a text that holds a % somewhere and a 5 elsewhere is not what 5% asks
for. Signs that only part words, as in 和/或, are left out, as punctuation is.
"""

from __future__ import annotations

from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Final

from indexer.text.segmenter import words
from indexer.text.units import BREAK, is_sign, units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_JOINING: Final = frozenset("/&=+@")  # between letters and digits they join, beside Chinese characters they part
_LEADING: Final = frozenset("≥≤≧≦≈¥$£€§№#±√")  # belong to what follows; all others to what stands before


def signed_words(text: str) -> list[str]:
    """Return the words of a run with each sign at the word that it belongs to; of signs alone, these."""
    cut = words(text)
    if not any(map(is_sign, cut)):
        return cut
    rows = (list(row) for parts, row in groupby(_with_breaks(text, cut), BREAK.__eq__) if not parts)
    return [word for row in rows for word in _joined(row)] or cut


def _with_breaks(text: str, cut: Sequence[str]) -> Iterator[str]:
    """Yield the words of a text, and between rows a break."""
    row = iter(units(text))
    for word in cut:
        rest = word
        while rest:
            unit = next(row)
            if unit == BREAK:
                yield BREAK
            rest = rest[len(unit) :]
        yield word


def _joined(row: Sequence[str]) -> list[str]:
    joined: list[str] = []
    before = ""  # what stands before and was taken
    leads = False  # whether that goes on with the next word
    for word, after in zip_longest(row, row[1:], fillvalue=""):
        ends = is_sign(word) and bool(before) and _ends(word, before, after)
        begins = not leads and not ends and (not is_sign(word) or (word in _LEADING and bool(after)))
        if begins:
            joined.append(word)
        elif leads or ends:
            joined[-1] += word
        taken = begins or leads or ends
        leads = taken and is_sign(word) and bool(after) and (begins or (word in _JOINING and _joins(before, after)))
        before = word if taken else ""
    return joined


def _ends(sign: str, before: str, after: str) -> bool:
    """Return whether a sign goes with what stands before it."""
    if sign in _JOINING and sign != "+":
        return _joins(before, after)
    return sign not in _LEADING or (sign == "#" and _is_run(before)) or not after


def _joins(before: str, after: str) -> bool:
    """Return whether what stands on both sides of a sign is letters and digits, or signs beside them."""
    return all(_is_run(one) or is_sign(one) for one in (before, after) if one) and bool(after)


def _is_run(word: str) -> bool:
    return word[:1].isascii() and word[:1].isalnum()
