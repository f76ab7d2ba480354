"""What characters typed letters may stand for: 花都 is huadu, hd, hdu, huad.

Knows syllables without tones and which characters are read so; nothing of what is searched.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Cut = tuple[tuple[str, ...], bool]  # for each place the characters that may stand there; whether letters stand for any

MOST_LETTERS = 64  # ten characters in full pinyin
_LONGEST_SYLLABLE = 6  # zhuang
_DOUBLE_INITIALS = ("zh", "ch", "sh")


@functools.cache
def _characters_of() -> dict[str, str]:
    """Return for each syllable the characters that may be read so."""
    text = (Path(__file__).parents[1] / "data" / "pinyin.tsv").read_text(encoding="utf-8")
    rows = (line.partition("\t") for line in text.splitlines() if not line.startswith("#"))
    return {syllable: characters for syllable, _, characters in rows}


@functools.cache
def _syllables_of() -> dict[str, list[str]]:
    """Return for each character the syllables that it may be read as."""
    syllables: defaultdict[str, list[str]] = defaultdict(list)
    for syllable, characters in _characters_of().items():
        for character in characters:
            syllables[character].append(syllable)
    return dict(syllables)


@functools.cache
def _beginnings() -> frozenset[str]:
    """Return what may be typed of a syllable so far."""
    return frozenset(syllable[:end] for syllable in _characters_of() for end in range(1, len(syllable) + 1))


@functools.lru_cache(maxsize=512)
def _read_from(beginning: str) -> str:
    """Return the characters whose syllable begins so."""
    of_syllables = _characters_of().items()
    characters = (characters for syllable, characters in of_syllables if syllable.startswith(beginning))
    return "".join(dict.fromkeys("".join(characters)))


def syllables(character: str) -> Sequence[str]:
    """Return how a character may be read, () if it is no Chinese one."""
    return _syllables_of().get(character, ())


def homophones(character: str) -> str:
    """Return all characters that may be read like this one, itself included (alone if it has no reading)."""
    alike = "".join(_characters_of()[syllable] for syllable in syllables(character))
    return "".join(dict.fromkeys(alike)) or character


def has_letters(text: str) -> bool:
    """Return whether there is anything to read as pinyin in a folded text."""
    return any("a" <= character <= "z" for character in text)


def cuts(text: str) -> Iterator[Cut]:
    """Cut folded letters into syllables in every way, longest syllables first; what is no letter stands for itself.

    The last syllable may be only begun; others may be down to their first letter (zh, ch and sh count as one), and
    then the cut is loose: such a pattern is found somewhere in almost any text. The ways
    double with every letter: take a few. Texts longer than ``MOST_LETTERS`` are pasted, not typed, and have none.
    """
    if len(text) > MOST_LETTERS or not _can_be_cut(text):
        return
    if text in _beginnings():
        yield (_read_from(text),), False
    elif len(text) == 1:
        yield (text,), False
    for characters, length, loosely in _openings(text):
        for rest, loose in cuts(text[length:]):
            yield (characters, *rest), loosely or loose


def _openings(text: str) -> Iterator[tuple[str, int, bool]]:
    """Yield the ways to read how a text begins, if it goes on: the characters, number of letters, whether loosely."""
    if len(text) < 2:
        return
    if not has_letters(text[:1]):
        yield text[0], 1, False
        return
    for end in range(min(_LONGEST_SYLLABLE, len(text) - 1), 0, -1):
        if text[:end] in _characters_of():
            yield _characters_of()[text[:end]], end, False
    for initial in (*_DOUBLE_INITIALS, text[0]):
        if text.startswith(initial) and len(text) > len(initial) and initial in _beginnings():
            yield _read_from(initial), len(initial), True


@functools.lru_cache(maxsize=4096)
def _can_be_cut(text: str) -> bool:
    """Return whether there is any cut; asked first, so that none of the very many ways into a dead end is walked."""
    if text in _beginnings() or (len(text) == 1 and not has_letters(text)):
        return True
    return any(_can_be_cut(text[length:]) for _, length, _ in _openings(text))
