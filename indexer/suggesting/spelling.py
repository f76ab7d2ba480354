"""Guess what a query that finds nothing may have meant: 您是不是要找. Offered, never applied.

Near a misspelt run are: other characters read alike, two characters changed round, one wrong, missing or too many;
letters alone are read as pinyin. What is right is not in a dictionary but in the titles and sources of the index.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from indexer.suggesting.completion import ANY, CUTS_TRIED, Suggester, plain, slot_of
from indexer.suggesting.pinyin import cuts, has_letters, homophones
from indexer.text.segmenter import words
from indexer.text.stop_words import content_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from indexer.suggesting.completion import Slot

_KINDS: Final = ("title", "source")
_TRIED: Final = 8  # corrections that are looked up
_MOST_OFFERED: Final = 3
_MUCH_LIKELIER: Final = 10  # times as likely: what is offered beside it would only distract
_DOUBTFUL_CHARACTERS: Final = 5  # a stretch of more than these that nothing spells so is no slip
_LEAST_LETTERS: Final = 4
_CUTS_READ: Final = 64  # the likely ones come first; zhzhzhzh has thousands
_ALIKE, _SWAPPED, _CHANGED = 8, 4, 1  # how likely each slip is: input methods offer what is read alike


def falls_apart(run: str) -> bool:
    """Return whether two neighbouring characters of a run are words each, as in a misspelt word: 乡村 震 兴."""
    cut = words(run)
    alone = {word for word in content_words(cut) if len(word) == 1 and not word.isascii()}
    return any(alone.issuperset(two) for two in pairwise(cut))


def did_you_mean(run: str, suggester: Suggester, finds: Callable[[str], int]) -> tuple[str, ...]:
    """Return strings that nearly are this run and that something holds, likeliest first; () if something holds it.

    ``finds`` says how many announcements hold a string as it stands; it is asked a few times.
    """
    text = plain(run)
    if finds(text):
        return ()
    weighed: Counter[str] = Counter()
    for near, weight in _from_pinyin(text, suggester) if text.isascii() else _near(text, suggester):
        weighed[near] = max(weighed[near], weight)
    best = max(weighed.values(), default=0)
    likely = sorted(
        (near for near in weighed if weighed[near] >= best / _MUCH_LIKELIER), key=lambda near: (-weighed[near], near)
    )[:_TRIED]
    return tuple(islice((near for near in likely if finds(near)), _MOST_OFFERED))


def _from_pinyin(text: str, suggester: Suggester) -> Iterator[tuple[str, int]]:
    if len(text) >= _LEAST_LETTERS and has_letters(text):
        strict = (characters for characters, loose in islice(cuts(text), _CUTS_READ) if not loose)
        for characters in islice(strict, CUTS_TRIED):
            yield from _held(tuple(map(slot_of, characters)), suggester)


def _near(text: str, suggester: Suggester) -> Iterator[tuple[str, int]]:
    """Yield near texts, each with a weight by how often it is held and how near it is."""
    first, last = _doubtful(text, suggester)
    for pattern, weight in _edits(text[first:last]):
        for held, count in _held(pattern, suggester):
            if held != text[first:last]:
                yield text[:first] + held + text[last:], count * weight


def _doubtful(text: str, suggester: Suggester) -> tuple[int, int]:
    """Return the stretch that nothing spells so, with a neighbour or two; an empty one if it is too long."""
    for width in (2, 3):
        strange = [at for at in range(len(text) - width + 1) if not _is_held(text[at : at + width], suggester)]
        if strange:
            break
    first, last = (strange[0], strange[-1] + width) if strange else (0, len(text))
    if last - first < 4:
        first = max(0, first - 1)
    if last - first < 3:
        last = min(len(text), last + 1)
    return (first, last) if last - first <= _DOUBTFUL_CHARACTERS else (0, 0)


def _is_held(text: str, suggester: Suggester) -> bool:
    slots = tuple(map(slot_of, text))
    return any(len(suggester.lists[kind].places(slots)) for kind in _KINDS if kind in suggester.lists)


def _held(slots: Sequence[Slot], suggester: Suggester) -> Iterator[tuple[str, int]]:
    """Yield what titles and sources hold in these places, and how often."""
    for kind in _KINDS:
        if kind in suggester.lists:
            yield from suggester.lists[kind].strings(slots).most_common(_TRIED)


def _edits(text: str) -> Iterator[tuple[tuple[Slot, ...], int]]:
    """Yield the patterns that a misspelt text may be meant for, with how likely each kind of slip is."""
    exact = tuple(map(slot_of, text))
    if len(exact) < 2:
        return
    yield tuple(slot_of(homophones(character)) for character in text), _ALIKE
    for at in range(len(exact) - 1):
        yield (*exact[:at], exact[at + 1], exact[at], *exact[at + 2 :]), _SWAPPED
    if len(exact) < 3:
        return  # anything is one character away from two
    for at in range(len(exact)):
        yield (*exact[:at], ANY, *exact[at + 1 :]), _CHANGED
        if at:
            yield (*exact[:at], ANY, *exact[at:]), _CHANGED
        # Without its first or last character a text is no other text but less of it, unless that stands there twice.
        if 0 < at < len(exact) - 1 or text[at] in (text[at - 1 : at], text[at + 1 : at + 2]):
            yield (*exact[:at], *exact[at + 1 :]), _CHANGED
