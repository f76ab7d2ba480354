"""Whether words that are given as a document's are its words: by their characters, punctuation and spaces left out."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from indexer.text.fold import fold
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEFT_OUT: Final = lazily(r"(?:…|\.{3,}+|。{3,}+|\*{3,}+){1,4}+")  # of a quotation
_COMPARED: Final = 600  # signs of two texts whose likeness is counted: beyond it takes too long and says nothing new


def signs_of(text: str) -> str:
    """Return the letters, digits and characters of a text, folded, without all else."""
    return "".join(sign for sign in fold(text) if sign.isalnum())


def _pieces(words: str) -> list[str]:
    return [signs for piece in _LEFT_OUT.split(words) if (signs := signs_of(piece))]


def is_said_in(words: str, text: str) -> bool:
    """Return whether a text holds words; where …… leaves some out, their pieces in order."""
    held, at = signs_of(text), 0
    for piece in _pieces(words):
        found = held.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def place_of(words: str, text: str) -> tuple[int, int] | None:
    """Return characters [start, end) of a text that hold words up to what they leave out first; None if it does not."""
    if not is_said_in(words, text) or not (pieces := _pieces(words)):
        return None
    kept = list(_kept(text))
    begin = "".join(sign for _, sign in kept).find(pieces[0])
    return kept[begin][0], kept[begin + len(pieces[0]) - 1][0] + 1


def _kept(text: str) -> Iterator[tuple[int, str]]:
    return ((at, sign) for at, sign in enumerate(fold(text)) if sign.isalnum())


def likeness(words: str, text: str) -> float:
    """Return the share, 0.0 to 1.0, of the signs of words that stand in a text in rows of two or more, in order."""
    one, other = signs_of(words)[:_COMPARED], signs_of(text)[:_COMPARED]
    if not one:
        return 0.0
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) / len(one)
