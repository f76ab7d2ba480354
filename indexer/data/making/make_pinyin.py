"""Make pinyin.tsv, which characters a syllable may stand for, from the package pypinyin.

Run ``python -m indexer.data.making.make_pinyin`` where pypinyin is installed. The made file is part of
policy-search, for importing pypinyin itself takes half a second and 57 MB, most of it for phrases, which
nothing here needs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pypinyin
from pypinyin.constants import PHRASES_DICT
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.pinyin_dict import pinyin_dict

from indexer.text.fold import fold

TARGET = Path(__file__).parents[1].joinpath("pinyin.tsv")
HEAD = f"""\
# Syllables without tones and the characters read so, folded characters only; rare readings are left out.
# Made by indexer/data/making/make_pinyin.py from pypinyin {pypinyin.__version__} (MIT, https://github.com/mozillazg/python-pinyin).
"""
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FFF
_LEAST_SHARE = 0.03  # of a character's occurrences in pypinyin's phrases: 都 is du, 横 is not guang


def _readings_in_phrases() -> defaultdict[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, readings in PHRASES_DICT.items():
        for character, (reading, *_) in zip(phrase, readings, strict=False):
            found[fold(character)][to_normal(reading)] += 1
    return found


def _usual_readings(character: str, counted: Counter[str]) -> list[str]:
    """Return the first reading, which is the commonest, and what else is read so in more than a few phrases."""
    readings = dict.fromkeys(to_normal(reading) for reading in pinyin_dict[ord(character)].split(","))
    first = next(iter(readings))
    return [one for one in readings if one == first or counted[one] >= max(2, _LEAST_SHARE * counted.total())]


def main() -> None:
    """Write the table beside this file."""
    characters: defaultdict[str, list[str]] = defaultdict(list)
    in_phrases = _readings_in_phrases()
    for code in range(_FIRST_HAN, _LAST_HAN + 1):
        character = chr(code)
        if code in pinyin_dict and fold(character) == character:
            for syllable in filter(str.isascii, _usual_readings(character, in_phrases[character])):
                # ü is typed as v, but lüe and nüe as lue and nue, too.
                for typed in {syllable, syllable.replace("ve", "ue")}:
                    characters[typed].append(character)
    lines = (f"{syllable}\t{''.join(of_syllable)}\n" for syllable, of_syllable in sorted(characters.items()))
    TARGET.write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
