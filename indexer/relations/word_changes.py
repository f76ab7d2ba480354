"""What differs between stretches of two texts, word by word.

The least number of words is said to be gone or added, within a budget, for that takes time in proportion to the square
of the words.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.text.segmenter import current_segmenter

if TYPE_CHECKING:
    from collections.abc import Sequence

Pieces = tuple[tuple[int, int, bool], ...]  # (start, end, whether it is changed), one behind the other

_MOST_CELLS: Final = 100_000_000  # pairs of words looked at in one comparison: about 0.05 s
_MOST_SHARE: Final = 0.75  # of all their words; beyond that marking words helps nobody
_MOST_CHARS: Final = 20_000  # of one clause
_MOST_CHARS_IN_ALL: Final = 400_000  # cut into words for one comparison
_SHORT_CHARS: Final = 1  # what stands unchanged between two changes and is so short is no landmark


@dataclass(frozen=True, slots=True)
class Changed:
    """The pieces of a stretch of each text, which joined are the stretch."""

    of_a: Pieces
    of_b: Pieces
    coarse: bool  # the words were not compared: all is marked


def word_changes(a: str, b: str, pairs: Sequence[tuple[int, int, int, int]]) -> list[Changed]:
    """Return what differs between ranges (start and end in ``a``, start and end in ``b``), in their order.

    All are cut into words at once, for each cut has a cost of its own.
    """
    middles: list[tuple[int, int, int, int] | None] = []
    left = _MOST_CHARS_IN_ALL
    for start_a, end_a, start_b, end_b in pairs:
        before, behind = _common_ends(a[start_a:end_a], b[start_b:end_b])
        middle = (start_a + before, end_a - behind, start_b + before, end_b - behind)
        size = max(middle[1] - middle[0], middle[3] - middle[2])
        fits = size <= min(_MOST_CHARS, left)
        left -= size if fits else 0
        middles.append(middle if fits else None)
    kept = [one for one in middles if one]
    words = iter(_words([a[one[0] : one[1]] for one in kept] + [b[one[2] : one[3]] for one in kept]))
    of_a = [next(words) for _ in kept]
    of_b = [next(words) for _ in kept]
    cut = iter(zip(of_a, of_b, strict=True))
    cells = [_MOST_CELLS]
    return [
        _marked(pair, middle, next(cut), cells) if middle else _whole(pair)
        for pair, middle in zip(pairs, middles, strict=True)
    ]


def _whole(pair: tuple[int, int, int, int]) -> Changed:
    return Changed(((pair[0], pair[1], True),), ((pair[2], pair[3], True),), coarse=True)


def _marked(
    pair: tuple[int, int, int, int],
    middle: tuple[int, int, int, int],
    words: tuple[list[str], list[str]],
    cells: list[int],
) -> Changed:
    kept = _kept(*words, cells)
    if kept is None:
        return _whole(pair)
    same_a, same_b = [False] * len(words[0]), [False] * len(words[1])
    for place_a, place_b in kept:
        same_a[place_a] = same_b[place_b] = True
    _drop_short(words[0], same_a, same_b)
    pieces = (
        _pieces(words[side], same, (pair[2 * side], middle[2 * side], middle[2 * side + 1], pair[2 * side + 1]))
        for side, same in enumerate((same_a, same_b))
    )
    return Changed(next(pieces), next(pieces), coarse=False)


def _words(texts: Sequence[str]) -> list[list[str]]:
    """Cut texts into words and what stands between them, of which each text is joined."""
    joined = "\n".join(texts)
    found: list[list[str]] = []
    spans = current_segmenter().word_spans(joined)
    place = at = 0
    for text in texts:
        end, words = at + len(text), list[str]()
        while place < len(spans) and spans[place][2] <= end:
            _, start, stop = spans[place]
            words += [*joined[at:start], joined[start:stop]]
            at, place = stop, place + 1
        found.append([*words, *joined[at:end]])
        at = end + 1
    return found


def _common_ends(a: str, b: str) -> tuple[int, int]:
    """Count the characters that both begin with and end with, up to the sign before or behind what differs.

    Words are cut from sign to sign, so that cutting the rest alone gives the same words.
    """
    most = min(len(a), len(b))
    before = next((at for at in range(most) if a[at] != b[at]), most)
    while before and not _parts(a[before - 1]):
        before -= 1
    most -= before
    behind = next((at for at in range(most) if a[-1 - at] != b[-1 - at]), most)
    while behind and not _parts(a[len(a) - behind]):
        behind -= 1
    return before, behind


def _parts(sign: str) -> bool:
    return sign in "，。；：、\n" or sign.isspace()


def _kept(a: Sequence[str], b: Sequence[str], cells: list[int]) -> list[tuple[int, int]] | None:
    """Return which word of each is which of the other, in order; None when too many differ, or it would take too long.

    A longest common subsequence (Hyyrö, "Bit-parallel LCS-length computation revisited", 2004): a row of the table is a
    whole number, so that each word of ``b`` takes a few operations, however long ``a`` is.
    """
    if not a or not b:
        return []
    most = int(_MOST_SHARE * (len(a) + len(b)) + 1)
    if len(a) + len(b) - 2 * (Counter(a) & Counter(b)).total() > most or len(a) * len(b) > cells[0]:
        return None
    cells[0] -= len(a) * len(b)
    places: dict[str, int] = {}
    for place, word in enumerate(a):
        places[word] = places.get(word, 0) | 1 << place
    whole = (1 << len(a)) - 1
    row, rows = whole, []
    for word in b:
        met = row & places.get(word, 0)
        row = ((row + met) | (row - met)) & whole
        rows.append(row)
    if len(a) + len(b) - 2 * (len(a) - row.bit_count()) > most:
        return None
    return _walk_back(rows, len(a))


def _walk_back(rows: Sequence[int], x: int) -> list[tuple[int, int]]:
    """Read the common words off the rows, the last first."""
    kept: list[tuple[int, int]] = []
    y = len(rows)
    while x and y:
        if rows[y - 1] >> (x - 1) & 1:
            x -= 1
            continue
        y -= 1
        if y == 0 or rows[y - 1] >> (x - 1) & 1:
            x -= 1
            kept.append((x, y))
    return kept[::-1]


def _drop_short(words_a: Sequence[str], same_a: list[bool], same_b: list[bool]) -> None:
    """Count as changed what stands between two changes and is too short to read by: a comma, a 的."""
    places_b = [place for place, kept in enumerate(same_b) if kept]
    places_a = [place for place, kept in enumerate(same_a) if kept]
    for a, b in zip(places_a, places_b, strict=True):
        if not (0 < a < len(same_a) - 1 and 0 < b < len(same_b) - 1):
            continue
        apart_before = not (same_a[a - 1] and same_b[b - 1])
        apart_behind = not (same_a[a + 1] and same_b[b + 1])
        if apart_before and apart_behind and len(words_a[a]) <= _SHORT_CHARS:
            same_a[a] = same_b[b] = False


def _pieces(words: Sequence[str], same: Sequence[bool], bounds: tuple[int, int, int, int]) -> Pieces:
    """Join words that are alike changed or not; what lies around them, from the first bound to the last, is not."""
    start, at, middle_end, end = bounds
    pieces: list[tuple[int, int, bool]] = [(start, at, False)]
    for word, kept in zip(words, same, strict=True):
        first, _, changed = pieces[-1]
        if changed == kept:
            pieces.append((at, at + len(word), not kept))
        else:
            pieces[-1] = (first, at + len(word), changed)
        at += len(word)
    if middle_end < end:
        if pieces[-1][2]:
            pieces.append((middle_end, end, False))
        else:
            pieces[-1] = (pieces[-1][0], end, False)
    return tuple(piece for piece in pieces if piece[0] < piece[1]) or ((start, end, False),)
