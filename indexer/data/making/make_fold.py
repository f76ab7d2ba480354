"""Make ``fold.tsv.gz`` and ``unit_kinds.tsv``: how single characters are folded, and which make units.

Run once by a developer (``pip install opencc==1.4.2``, then ``python -m indexer.data.making.make_fold``); the two
tables are shipped, so that an index means the same whichever Python, and whichever Unicode, reads it.
"""

from __future__ import annotations

import gzip
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parents[1]
FOLD_FILE = HERE / "fold.tsv.gz"
KINDS_FILE = HERE / "unit_kinds.tsv"

FOLD_HEAD = f"""\
# How one character is folded: character, tab, what it becomes. Made by indexer/data/making/make_fold.py.
# Traditional to simplified: OpenCC 1.4.2, single characters of t2s (then hk2s, tw2s for variants that GB 2312 lacks),
# Copyright BYVoid and contributors, Apache License 2.0, https://github.com/BYVoid/OpenCC
# Width, case and compatibility forms: Unicode {unicodedata.unidata_version}.
"""
KINDS_HEAD = f"""\
# Which characters make units: first and last code point, kind. Whatever is not listed breaks a row.
# Made by indexer/data/making/make_fold.py from Unicode {unicodedata.unidata_version}.
"""

# Two planes are set aside for Han characters; naming them whole keeps characters to come findable.
_HAN_PLANES = range(0x20000, 0x3FFFE)
_CJK_BLOCKS = (
    range(0x1100, 0x1200),  # Hangul jamo
    range(0x2E80, 0x2FE0),  # radicals
    range(0x3005, 0x3008),  # 々 〆 〇
    range(0x3021, 0x302A),  # Hangzhou numerals
    range(0x3031, 0x3400),  # kana, bopomofo, Hangul letters, enclosed forms
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0xAC00, 0xD7B0),
    range(0xF900, 0xFB00),
    range(0xFF66, 0xFFDD),  # half-width kana and Hangul, before folding
)
_LINE_ENDS = "\n\r\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"
# The circle that stands for zero in dates: GB 2312 has no 〇, so 二○二○年 is how many pages write it. The slashes of
# fractions are typed as the plain one.
_BY_HAND = {"○": "〇", "◯": "〇", "⁄": "/", "∕": "/"}
# Signs that say something: without them 5% is 5, C++ is C and GB/T is GB T. What is written in many ways and says as
# little in each stays punctuation: dashes, tildes, dots, brackets (< and > are mostly those of titles), bullets.
_SIGNS = frozenset("%‰‱+#@&/=§°×÷±√")
_SIGN_BLOCKS = (
    range(0x2100, 0x2150),  # ℃ ℉ №
    range(0x2200, 0x2300),  # ≤ ≥ ≈ ≠ ∞
    range(0x3200, 0x3400),  # ㎡ ㎏ ㊣
)
_LOOK_LIKE_PUNCTUATION = frozenset("−∕∖∗∘∙∣∥∶∷∼⋅⋮⋯⋰⋱")


def in_gb2312(character: str) -> bool:
    """Return whether the mainland's first character set, the measure of plain simplified text, has the character."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _single(text: str, otherwise: str) -> str:
    return text if len(text) == 1 else otherwise


def _fold_form(character: str) -> str:
    """Fold width, compatibility ideographs and radicals: the forms that look like the character they stand for."""
    decomposition = unicodedata.decomposition(character)
    looks_alike = decomposition.startswith(("<wide>", "<narrow>", "<small>"))
    looks_alike |= "CJK COMPATIBILITY IDEOGRAPH" in unicodedata.name(character, "")
    looks_alike |= 0x2E80 <= ord(character) < 0x2FE0
    return _single(unicodedata.normalize("NFKC", character), character) if looks_alike else character


def _simplifier() -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415 - needed only to make the table, never to use it

    main, variants = OpenCC("t2s"), (OpenCC("hk2s"), OpenCC("tw2s"))

    def simplify(character: str) -> str:
        simple = _single(main.convert(character), character)
        if simple == character and not in_gb2312(character):
            others = (_single(variant.convert(character), character) for variant in variants)
            simple = next((other for other in others if other != character), character)
        return simple

    return simplify


def fold_table() -> dict[str, str]:
    """Return every character that folding changes, and what it becomes in the end."""
    simplify = _simplifier()

    def step(character: str) -> str:
        character = _BY_HAND.get(_fold_form(character), _fold_form(character))
        lower = _single(character.casefold(), _single(character.lower(), character))
        return simplify(lower)

    table = {}
    for character in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.category(character) in {"Cs", "Co", "Cn"}:
            continue
        folded = step(character)
        while step(folded) != folded:
            folded = step(folded)
        if folded != character:
            table[character] = folded
    return table


def kind_of(character: str) -> str:
    """Return what a character does in a row of units: "one", "run", "sign", "space", or "break".

    one: a unit by itself: Han, kana, Hangul, and numeral signs such as ① or Ⅲ, lest ①2021年 hide 2021年.
    sign: a unit by itself, too: what says something though it is no letter: % ℃ + # @ / ㎡ ≥ ￥.
    run: part of a unit: letters, digits and marks of all other scripts.
    space: not there at all: spaces, and what cannot be seen (zero width, direction, variation selectors).
    """
    category, code = unicodedata.category(character), ord(character)
    if _is_sign(character):
        return "sign"
    if code in _HAN_PLANES:
        return "one"
    if character in _LINE_ENDS:
        return "break"
    if category in {"Zs", "Cf"} or "VARIATION SELECTOR" in unicodedata.name(character, ""):
        return "space"
    if category[0] == "L" or category in {"Nl", "No"}:
        in_cjk = any(code in block for block in _CJK_BLOCKS)
        return "one" if in_cjk or category[0] == "N" else "run"
    return "run" if category == "Nd" or category[0] == "M" else "break"


def _is_sign(character: str) -> bool:
    category, code = unicodedata.category(character), ord(character)
    if category == "Sc" or character in _SIGNS:
        return True
    in_blocks = any(code in block for block in _SIGN_BLOCKS)
    return in_blocks and category in {"So", "Sm"} and character not in _LOOK_LIKE_PUNCTUATION


def kind_ranges() -> Iterator[tuple[int, int, str]]:
    """Yield the ranges of equal kind, without those that break a row."""
    first, kind = 0, "break"
    for code in range(sys.maxunicode + 2):
        now = kind_of(chr(code)) if code <= sys.maxunicode else "break"
        if now != kind:
            if kind != "break":
                yield first, code - 1, kind
            first, kind = code, now


def main() -> None:
    """Write both tables."""
    rows = "".join(f"{character}\t{folded}\n" for character, folded in sorted(fold_table().items()))
    FOLD_FILE.write_bytes(gzip.compress((FOLD_HEAD + rows).encode(), mtime=0))
    ranges = "".join(f"{first:04X}\t{last:04X}\t{kind}\n" for first, last, kind in kind_ranges())
    KINDS_FILE.write_text(KINDS_HEAD + ranges, encoding="utf-8")


if __name__ == "__main__":
    main()
