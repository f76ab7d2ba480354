"""The tokens that texts and queries share: what stands for units, words and rows in the cluster."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from indexer.relations.keys import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

BIGRAM_MARK: Final = "|"  # stands between the units of a bigram, alone where the row breaks; no unit holds it
TITLE_MARK: Final = BIGRAM_MARK  # before a term of a title, weighed for what does not ask; before no other term
ONCE: Final = "1"  # the one term of the field that tells what a bigram weighs that stands once, in the body
LONGEST_TOKEN: Final = 80  # characters; a longer unit goes by its digest, for the index refuses very long ones


def token(unit: str) -> str:
    """Return what stands for a unit or a word in the index."""
    if len(unit) <= LONGEST_TOKEN:
        return unit
    return "~" + hashlib.blake2b(unit.encode(), digest_size=16).hexdigest()


def tokens(of_text: Sequence[str]) -> Sequence[str]:
    """Return the tokens of units or words; nearly always they are these themselves."""
    return of_text if max(map(len, of_text), default=0) <= LONGEST_TOKEN else [token(one) for one in of_text]


def bigram_tokens(row: Sequence[str]) -> list[str]:
    """Return the neighbouring units of a row, breaks among them."""
    return list(map(BIGRAM_MARK.join, pairwise(tokens(row))))


def row_tokens(row: Sequence[str]) -> list[str]:
    """Return a row unit by unit, with a mark for each break."""
    return [unit or BIGRAM_MARK for unit in tokens(row)]


def row_digest(row: Sequence[str]) -> str:
    """Name a whole row, however long."""
    return hashlib.blake2b("\0".join(row).encode(), digest_size=16).hexdigest()


def key_token(key: str) -> str:
    """Name the key of a title, however long."""
    return f"{digest(key):016x}"
