"""Numbers in Chinese characters and in digits: 十四 and 14, 二〇二一 and 2021, 三点五 and 3.5."""

from __future__ import annotations

import re
from typing import Final

from indexer.text.patterns import lazily

_DIGITS: Final = "〇一二三四五六七八九"
_VALUES: Final = {character: value for value, character in enumerate(_DIGITS)} | {"零": 0, "两": 2, "○": 0}
_SCALES: Final = {"十": 10, "百": 100, "千": 1000}
LARGEST: Final = 9999
NUMERALS: Final = "零〇一二三四五六七八九十百千两"  # what a number in characters is written with
_BY_PLACE: Final = lazily(
    r"(?:([一二三四五六七八九两])千)?(?:([一二三四五六七八九两])百)?(?:([一二三四五六七八九]?)十)?([一二三四五六七八九]?)"
)
_ZEROS: Final = re.compile("[零〇]")


def read_numeral(text: str) -> int | None:
    """Read a number below ten thousand by place (一百二十三) or digit by digit (二〇二一); None if it is none."""
    if not text:
        return None
    if not set(text) & set(_SCALES):
        digits = [_VALUES.get(character) for character in text]
        known = [digit for digit in digits if digit is not None]
        return int("".join(map(str, known))) if len(known) == len(digits) <= len(str(LARGEST)) else None
    match = _BY_PLACE.fullmatch(_ZEROS.sub("", text))
    if not match:
        return None
    thousands, hundreds, tens, ones = match.groups()
    of_tens = 0 if tens is None else _VALUES.get(tens, 1) * 10
    return sum((_value(thousands) * 1000, _value(hundreds) * 100, of_tens, _value(ones)))


def _value(character: str | None) -> int:
    return _VALUES[character] if character else 0


def write_numeral(number: int, zero: str = "零") -> str:
    """Write a number from 0 to ``LARGEST`` by place: 14 is 十四, 105 is 一百零五."""
    if number == 0:
        return zero
    written, owed = "", False  # whether an empty place is to be said before the next digit
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            written += (zero if owed else "") + _DIGITS[digit] + name
            owed = False
        elif written:
            owed = True
    return written.removeprefix("一") if 10 <= number < 20 else written


def write_digits(digits: str, zero: str = "〇") -> str:
    """Write digits one by one: 2021 is 二〇二一."""
    return "".join(_DIGITS[int(digit)] for digit in digits).replace("〇", zero)
