"""Cut an unquoted run into the strings that must each stand in a row.

A dictionary cuts 长护险 into three characters and 公租房 into 公 and 租房: a character left over is no word, it belongs
to its neighbours and stands with them in a row. So does a run of letters or digits (A级, 村BA). Dates are strings of
their own (2021年3月5日). Where a chain of leftovers and neighbours is held by nothing, the texts themselves say where
it comes apart: into the fewest strings that stand in some text (东莞万江公租房: 东莞万江 and 公租房).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from indexer.query.signs import signed_words
from indexer.text.segmenter import dictionary_digest
from indexer.text.stop_words import PURE_JOINTS, STOP_WORDS
from indexer.text.units import BREAK, units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Holding = Callable[[Sequence[str]], Sequence[int]]  # strings → how many announcements hold each

LONGEST_LEARNED: Final = 8  # words of a string that texts are asked for; names are rarely longer

_DATE_SIGNS: Final = frozenset("年月日号")
_DATE = re.compile(r"\A(?:[0-9]+|[零〇一二三四五六七八九十]+)[年月日号]")
_NUMERAL = re.compile(r"[0-9]+|[零〇一二三四五六七八九十]+")

Chain = tuple[str, ...]  # words that stand in a row, as far as the dictionary says


def strings_of(text: str, holding: Holding) -> tuple[str, ...]:
    """Return the strings of a run, each once, in order; ``holding`` is asked only where a chain may come apart."""
    chains = _chains(text, dictionary_digest())
    asked = tuple(dict.fromkeys(part for chain in chains for part in _parts(chain)))
    held = dict(zip(asked, holding(asked), strict=True)) if asked else {}
    return tuple(dict.fromkeys(one for chain in chains for one in _apart(chain, held)))


def chains_of(text: str) -> tuple[str, ...]:
    """Return the strings of a run as the dictionary alone has them."""
    return tuple(dict.fromkeys(map(_joined, _chains(text, dictionary_digest()))))


def marked_strings(text: str) -> tuple[str, ...]:
    """Return what of a run is seen wherever it stands: its strings, and its words but for single characters."""
    long_words = (word for row in _rows(text) for word in row if _length(word) > 1 and word not in STOP_WORDS)
    return tuple(dict.fromkeys((*chains_of(text), *long_words)))


def content_of(text: str) -> tuple[str, ...]:
    """Return the words of a run that say what it is about, each once: no stop words, numerals or dates."""
    return _content(text, dictionary_digest())


@lru_cache(maxsize=4096)  # whether a run is a sentence is asked a dozen times for one query
def _content(text: str, _dictionary: str) -> tuple[str, ...]:
    of_run = dict.fromkeys(word for row in _rows(text) for word in row)
    return tuple(word for word in of_run if word not in STOP_WORDS and not _is_number(word))


def _is_number(word: str) -> bool:
    return bool(_NUMERAL.fullmatch(word) or _DATE.match(word))


# ── words → chains ───────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=4096)
def _chains(text: str, _dictionary: str) -> tuple[Chain, ...]:
    found = tuple(chain for row in _rows(text) for chain in _chains_of_row(row))
    return found or tuple(map(tuple, _rows(text)))  # nothing but stop words


def _rows(text: str) -> tuple[Sequence[str], ...]:
    """Return the words of each row, a date as one; no row is empty. A sign that only parts words breaks a row too."""
    return _rows_by(text, dictionary_digest())


@lru_cache(maxsize=4096)
def _rows_by(text: str, _dictionary: str) -> tuple[Sequence[str], ...]:
    of_text = units(text)
    if BREAK not in of_text:
        return tuple(map(tuple, map(_with_dates, _words_of_row(of_text, text))))
    rows = (list(part) for is_break, part in groupby(of_text, BREAK.__eq__) if not is_break)
    return tuple(tuple(_with_dates(words)) for row in rows for words in _words_of_row(row, " ".join(row)))


def _words_of_row(row: Sequence[str], text: str) -> list[list[str]]:
    """Return the words of a row, which ``text`` writes, apart where a sign that is no part of one stands between."""
    parts: list[list[str]] = []
    at = end = 0
    for word in signed_words(text):
        own = units(word)
        while row[at : at + len(own)] != own:
            at += 1
        if at > end or not parts:
            parts.append([])
        parts[-1].append(word)
        at = end = at + len(own)
    return parts


def _with_dates(row: Sequence[str]) -> list[str]:
    """Join the words of each date; what is a word by itself in 年度 is left alone."""
    joined, in_date = list[str](), False
    for word in row:
        is_sign = word in _DATE_SIGNS and bool(joined) and bool(_NUMERAL.search(joined[-1][-1]))
        if is_sign or (in_date and _NUMERAL.fullmatch(word)):
            joined[-1] = _joined((joined[-1], word))
        else:
            joined.append(word)
        in_date = is_sign
    return joined


def _chains_of_row(row: Sequence[str]) -> list[Chain]:
    chains: list[list[str]] = []
    goes_on = was_alone = False  # whether the word before is in a chain, and whether it is no word by itself
    for before, word, after in zip(["", *row], row, [*row[1:], ""], strict=False):
        alone = _is_leftover(word, before, after)
        if word in STOP_WORDS and not alone:
            goes_on = False
            continue
        if goes_on and (alone or was_alone):
            chains[-1].append(word)
        else:
            chains.append([word])
        goes_on, was_alone = True, alone
    return [tuple(chain) for chain in chains]


def _is_leftover(word: str, before: str, after: str) -> bool:
    """Return whether a word is no word by itself: one unit; a stop word if it touches such a one, as in 为老服务."""
    if _length(word) > 1:
        return False
    if word in STOP_WORDS:
        beside = (one for one in (before, after) if one)
        return word not in PURE_JOINTS and any(_length(one) == 1 and one not in STOP_WORDS for one in beside)
    return True


@lru_cache(maxsize=4096)
def _length(word: str) -> int:
    return len(units(word))


def _joined(row: Sequence[str]) -> str:
    """Write words as one string of the same units: a space parts two runs of letters or digits."""
    text = row[0]
    for before, word in pairwise(row):
        text += word if _length(before + word) == _length(before) + _length(word) else f" {word}"
    return text


# ── chains → strings ─────────────────────────────────────────────────────────────────────────────────


def _parts(chain: Chain) -> list[str]:
    """Return the strings that a chain may come apart into, and itself; none when it cannot."""
    if len(chain) < 2:
        return []
    spans = [
        (first, last)
        for first in range(len(chain))
        for last in range(first + 1, min(len(chain), first + LONGEST_LEARNED) + 1)
        if sum(map(_length, chain[first:last])) > 1
    ]
    return [_joined(chain[first:last]) for first, last in spans] if _ways(chain, None) else []


def _apart(chain: Chain, held: Mapping[str, int]) -> list[str]:
    """Return the fewest strings that some text holds and that make up a chain; itself when there are none."""
    whole = _joined(chain)
    if held.get(whole, 1):
        return [whole]
    return _ways(chain, held) or [whole]


def _ways(chain: Chain, held: Mapping[str, int] | None) -> list[str]:
    """Return the best way to cut a chain in two strings or more, [] if there is none.

    The fewest strings, and of these ways the one whose rarest string is the commonest. With ``held`` None any string
    will do.
    """
    best: list[tuple[int, float, list[str]] | None] = [(0, float("inf"), [])]
    for last in range(1, len(chain) + 1):
        ways = []
        for first in range(max(0, last - LONGEST_LEARNED), last):
            part, before = _joined(chain[first:last]), best[first]
            count = 1 if held is None else held.get(part, 0)
            if before and count and (first, last) != (0, len(chain)) and sum(map(_length, chain[first:last])) > 1:
                ways.append((before[0] + 1, min(before[1], count), [*before[2], part]))
        best.append(min(ways, key=lambda way: (way[0], -way[1])) if ways else None)
    return best[-1][2] if best[-1] else []
