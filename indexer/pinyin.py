"""What characters typed letters may stand for: 花都 is huadu, hd, hdu, huad.

Knows syllables without tones and which characters are read so; nothing of what is searched.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Cut = tuple[tuple[str, ...], bool]  # for each place the characters that may stand there; whether letters stand for any

_LONGEST_SYLLABLE = 6  # zhuang
_DOUBLE_INITIALS = ("zh", "ch", "sh")


@functools.cache
def _characters_of() -> dict[str, str]:
    """Give for each syllable the characters that may be read so."""
    text = (resources.files("indexer") / "data" / "pinyin.tsv").read_text(encoding="utf-8")
    rows = (line.partition("\t") for line in text.splitlines() if not line.startswith("#"))
    return {syllable: characters for syllable, _, characters in rows}


@functools.cache
def _syllables_of() -> dict[str, list[str]]:
    """Give for each character the syllables that it may be read as."""
    syllables: defaultdict[str, list[str]] = defaultdict(list)
    for syllable, characters in _characters_of().items():
        for character in characters:
            syllables[character].append(syllable)
    return dict(syllables)


@functools.cache
def _beginnings() -> frozenset[str]:
    """Give what may be typed of a syllable so far."""
    return frozenset(syllable[:end] for syllable in _characters_of() for end in range(1, len(syllable) + 1))


@functools.lru_cache(maxsize=512)
def _read_from(beginning: str) -> str:
    """Give the characters whose syllable begins so."""
    of_syllables = _characters_of().items()
    characters = (characters for syllable, characters in of_syllables if syllable.startswith(beginning))
    return "".join(dict.fromkeys("".join(characters)))


def homophones(character: str) -> str:
    """Give all characters that may be read like this one, itself included; itself alone if it is no such character."""
    syllables = _syllables_of().get(character, ())
    return "".join(dict.fromkeys("".join(_characters_of()[syllable] for syllable in syllables))) or character


def has_letters(text: str) -> bool:
    """Whether there is anything to read as pinyin in a folded text."""
    return any("a" <= character <= "z" for character in text)


def cuts(text: str) -> Iterator[Cut]:
    """Cut folded letters into syllables in every way, longest syllables first; what is no letter stands for itself.

    The last syllable may be only begun; others may be down to their first letter (zh, ch and sh count as one), and
    then the cut is loose: such a pattern is found somewhere in almost any text.
    """
    if text in _beginnings():
        yield (_read_from(text),), False
    if not has_letters(text[:1]):
        if len(text) == 1:
            yield (text,), False
        elif text:
            yield from (((text[0], *rest), loose) for rest, loose in cuts(text[1:]))
        return
    for end in range(min(_LONGEST_SYLLABLE, len(text) - 1), 0, -1):
        if text[:end] in _characters_of():
            yield from (((_characters_of()[text[:end]], *rest), loose) for rest, loose in cuts(text[end:]))
    for initial in (*_DOUBLE_INITIALS, text[0]):
        if text.startswith(initial) and len(text) > len(initial) and initial in _beginnings():
            yield from (((_read_from(initial), *rest), True) for rest, _ in cuts(text[len(initial) :]))
