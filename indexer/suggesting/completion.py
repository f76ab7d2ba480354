"""Go on with what somebody types, by characters or by pinyin.

A *list* holds texts of one kind, best first. Its characters stand in one array, text after text, and beside it, for
each character, where it stands: first where it begins a text, then where it opens a row of units within one, then
anywhere else. A pattern is looked up where its first character opens, and if too few texts open so, where its rarest
character stands; its other characters are compared there. What is found comes in that same order, and among equals
as the list has it.

A *pattern* is a row of sets of characters: one character for a character, all that may be read so for a syllable or
the first letter of one, any at all for a place where a character is missing or wrong.

Lists are plain arrays (``build``), for an index to store and map; ``Suggester`` reads them back. 100,000 titles
take 33 MB on disk, and of that a query touches little.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from indexer.light_dataclass import dataclass
from indexer.query.printer import quoted
from indexer.suggesting.pinyin import cuts, has_letters
from indexer.text.fold import fold
from indexer.text.units import BREAK_CODE, unit_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Array = NDArray[Any]

KINDS: Final = ("source", "region", "form", "number", "title")  # in the order in which equals are offered
ARRAYS: Final = ("texts", "bounds", "counts", "codes", "depths", "begins", "places", "heads", "tails", "middles")

_SLASH = ord("/")  # parts the steps of a region; nobody types it
_SEPARATOR = 0  # stands before every text and at the end
_BEGINS, _OPENS, _INSIDE = 0, 1, 2  # how deep within its text a character stands
_LAST_CODE = 0xFFFF  # stands for the few characters beyond; two of them may be taken for each other
_ALPHABET = _LAST_CODE + 1
CUTS_TRIED = 6  # ways to cut letters into syllables: xian is xian, xi an, x i an …
_STRINGS_READ = 2000
_SLOTS_KEPT = 1024
_NOWHERE: Final = np.zeros(0, dtype=np.int64)
_AS_LONG: Final = 12  # characters: half a line of a phone
_MOST_CHARACTERS = 60  # longer texts are not typed but pasted


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go on typing."""

    text: str
    kind: str  # "title", "source", "region", "form" or "number"
    count: int  # announcements behind it

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Return the parameters of the search that it promises: what is behind it, neither more nor less."""
        return (("q", quoted(self.text)), ("in", "title")) if self.kind == "title" else ((self.kind, self.text),)


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────


def build(entries: Iterable[tuple[str, int]]) -> dict[str, Array]:
    """Make the arrays named in ``ARRAYS`` of (text, announcements behind it), most announcements first.

    Of equal counts short texts come before long ones, for news have long titles; else they keep their order, so give
    titles newest first. Texts are written as given, in one line each.
    """
    written = ((" ".join(text.split()), count) for text, count in entries)
    ordered = sorted(written, key=lambda entry: (-entry[1], len(entry[0]) // _AS_LONG))
    encoded = [text.encode("utf-8", "surrogatepass") for text, _ in ordered]
    codes, depths = _characters([text for text, _ in ordered])
    keys = (codes.astype(np.uint64) << np.uint64(2) | depths) << np.uint64(32) | np.arange(len(codes), dtype=np.uint64)
    keys.sort()
    heads, tails = np.unique(keys >> np.uint64(34), return_index=True)
    return {
        "texts": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        "bounds": np.cumsum([0, *map(len, encoded)]).astype(np.uint32),
        "counts": np.array([count for _, count in ordered], dtype=np.uint32),
        "codes": codes,
        "depths": depths,
        "begins": np.flatnonzero(codes == _SEPARATOR)[:-1].astype(np.uint32),
        "places": (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        "heads": heads.astype(np.uint16),
        "tails": np.append(tails, len(keys)).astype(np.uint32),
        "middles": np.searchsorted(keys, (heads << np.uint64(2) | np.uint64(_INSIDE)) << np.uint64(32)).astype(
            np.uint32
        ),
    }


def _characters(texts: Sequence[str]) -> tuple[Array, Array]:
    """Return the folded characters that belong to units, separators around each text, and the depth of each."""
    joined = fold("\n".join(["", *texts, ""]))
    spans = unit_spans(joined)
    in_units = (spans.codes != BREAK_CODE) & (spans.codes != _SLASH)
    edges = np.zeros(len(joined) + 1, dtype=np.int8)
    edges[spans.starts[in_units]] += 1
    edges[spans.ends[in_units]] -= 1
    inside = np.cumsum(edges[:-1]).astype(bool)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    separators = codes == ord("\n")
    kept = inside | separators
    opens = (inside & ~np.append(False, inside[:-1]))[kept]
    codes = np.where(separators, _SEPARATOR, np.minimum(codes, _LAST_CODE)).astype(np.uint16)[kept]
    begins = np.append(False, codes[:-1] == _SEPARATOR)
    depths = np.where(begins, _BEGINS, np.where(opens, _OPENS, _INSIDE)).astype(np.uint8)
    return codes, depths


# ── patterns ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, eq=False)  # ``slot_of`` gives the same one again
class Slot:
    """The characters that may stand in one place of a pattern, ascending; none means any."""

    characters: Array

    def accepts(self, codes: Array) -> Array:
        """Return for each character of a list whether it may stand here."""
        if len(self.characters) == 1:
            accepted: Array = codes == self.characters[0]
        elif len(self.characters):
            accepted = _membership(self.characters.tobytes())[codes]
        else:
            accepted = codes != _SEPARATOR
        return accepted


@functools.lru_cache(maxsize=64)  # 64 KB each
def _membership(characters: bytes) -> Array:
    table = np.zeros(_ALPHABET, dtype=bool)
    table[np.frombuffer(characters, dtype=np.uint16)] = True
    return table


@functools.lru_cache(maxsize=_SLOTS_KEPT)  # of a syllable, or all that begin alike: up to 3 KB each
def slot_of(characters: str) -> Slot:
    """Make a slot of the characters that it takes; of none, one that takes any."""
    codes = np.frombuffer(characters.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    # Not by ``np.unique``, which loads masked arrays when it is first called: 10 ms.
    return Slot(np.array(sorted({*np.minimum(codes, _LAST_CODE).tolist()}), dtype=np.uint16))


ANY: Final = slot_of("")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What to look for in a list."""

    slots: tuple[Slot, ...]
    loose: bool = False  # anything would hold it somewhere, so only where a row opens


def _patterns(typed: str) -> Iterator[Pattern]:
    """Read what is typed: as it stands, then as pinyin, the most likely cuts into syllables first."""
    text = plain(typed)
    if not 0 < len(text) <= _MOST_CHARACTERS:
        return
    yield Pattern(tuple(map(slot_of, text)))
    if has_letters(text):
        for characters, loose in islice(cuts(text), CUTS_TRIED):
            yield Pattern(tuple(map(slot_of, characters)), loose)


def plain(text: str) -> str:
    """Return the folded characters that belong to units; characters beyond the first plane as one and the same."""
    codes, _ = _characters([" ".join(text.split())])
    return "".join(map(chr, codes[1:-1].tolist()))


# ── looking up ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Spans:
    """Where in the ordered places of a list the characters of a slot have theirs."""

    lows: list[int]
    middles: list[int]  # places before these open a row
    highs: list[int]

    @property
    def count(self) -> int:
        """Return how many places there are."""
        return sum(self.highs) - sum(self.lows)

    def places(self, ordered: Array, *, opening: bool) -> Array:
        """Return all, or those that open a row."""
        ends = self.middles if opening else self.highs
        spans = [ordered[low:end] for low, end in zip(self.lows, ends, strict=True) if low < end]
        return np.concatenate([_NOWHERE, *spans])


def _look_up(arrays: Mapping[str, Array], slot: Slot) -> _Spans:
    heads = arrays["heads"]
    at = heads.searchsorted(slot.characters)
    known = at[heads[np.minimum(at, len(heads) - 1)] == slot.characters]
    return _Spans(
        arrays["tails"][known].tolist(), arrays["middles"][known].tolist(), arrays["tails"][known + 1].tolist()
    )


class TextList:
    """Texts of one kind, read from the arrays of ``build``."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = {name: arrays[name] for name in ARRAYS}
        self.codes = arrays["codes"]
        # Of the arrays and not of ``self``, which would never be let go of, nor the file that it has mapped.
        look_up = functools.partial(_look_up, self._arrays)
        self._spans = functools.lru_cache(maxsize=_SLOTS_KEPT)(look_up)

    @property
    def count(self) -> int:
        """Return how many texts there are."""
        return len(self._arrays["counts"])

    def places(self, slots: Sequence[Slot], *, opening: bool = False) -> Array:
        """Return where each match of a pattern begins, or only those that open a row."""
        counted = [(self._spans(slot).count, at) for at, slot in enumerate(slots) if len(slot.characters)]
        fewest, rarest = min(counted, default=(0, 0))
        if not fewest:
            return _NOWHERE
        anchor = 0 if opening else rarest
        found = self._spans(slots[anchor]).places(self._arrays["places"], opening=opening) - anchor
        found = found[(found > 0) & (found <= len(self.codes) - len(slots))]
        for _, at in sorted(counted):
            if at != anchor and len(found):
                found = found[slots[at].accepts(self.codes[found + at])]
        for at, slot in enumerate(slots):
            if not len(slot.characters):
                found = found[slot.accepts(self.codes[found + at])]
        return found

    def complete(self, pattern: Pattern, limit: int) -> list[tuple[int, int]]:
        """Return the best matching texts, as (depth, number of the text), best first."""
        best = self._best(self.places(pattern.slots, opening=True), limit)
        if len(best) < limit and not pattern.loose:
            best = self._best(self.places(pattern.slots), limit)
        return best

    def _best(self, places: Array, limit: int) -> list[tuple[int, int]]:
        keys = self._arrays["depths"][places].astype(np.int64) << 32 | places
        if len(keys) > limit * 4:  # a text may hold it more than once
            keys = np.partition(keys, limit * 4)[: limit * 4]
        keys.sort()
        # As uint32, for what is looked up in an array of another type has that whole array copied.
        texts = self._arrays["begins"].searchsorted(keys.astype(np.uint32), side="right") - 1
        best: dict[int, int] = {}
        for depth, text in zip((keys >> 32).tolist(), texts.tolist(), strict=True):
            best.setdefault(text, depth)
        return [(depth, text) for text, depth in islice(best.items(), limit)]

    def strings(self, slots: Sequence[Slot]) -> Counter[str]:
        """Count the different strings that match a pattern."""
        places = self.places(slots)[:_STRINGS_READ]
        rows = self.codes[places[:, np.newaxis] + np.arange(len(slots))]
        return Counter("".join(map(chr, row)) for row in rows.tolist())

    def numbers_holding(self, slot: Slot) -> Array:
        """Return the numbers of the texts that hold a character, ascending, each once."""
        places = self._spans(slot).places(self._arrays["places"], opening=False)
        return np.unique(self._arrays["begins"].searchsorted(places.astype(np.uint32), side="right")) - 1

    def entry(self, number: int) -> tuple[str, int]:
        """Return a text and how many announcements are behind it."""
        low, high = self._arrays["bounds"][number : number + 2].tolist()
        return bytes(self._arrays["texts"][low:high]).decode("utf-8", "surrogatepass"), int(
            self._arrays["counts"][number]
        )


class Suggester:
    """Answers from the lists of an index, each under its kind; safe to share between threads."""

    def __init__(self, lists: Mapping[str, Mapping[str, Array]]) -> None:
        self.lists = {kind: TextList(lists[kind]) for kind in KINDS if kind in lists}

    def complete(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to go on typing, best first; no kind takes more than half while others have some."""
        found: dict[Suggestion, int] = {}
        for pattern in _patterns(typed):
            for kind, entries in self.lists.items():
                for distance, number in entries.complete(pattern, limit):
                    found.setdefault(Suggestion(entries.entry(number)[0], kind, entries.entry(number)[1]), distance)
            if len(found) >= limit:
                break
        # 佛山 begins a step of 广东省/佛山市: a place, an issuer or a form comes before the titles that begin so.
        depths = {one: depth if one.kind == "title" or depth == _INSIDE else _BEGINS for one, depth in found.items()}
        ordered = sorted(found, key=lambda suggestion: (depths[suggestion], KINDS.index(suggestion.kind)))
        return _mixed(ordered, limit)


def _mixed(ordered: Sequence[Suggestion], limit: int) -> tuple[Suggestion, ...]:
    taken: defaultdict[str, list[Suggestion]] = defaultdict(list)
    for suggestion in ordered:
        taken[suggestion.kind].append(suggestion)
    half = {suggestion for of_kind in taken.values() for suggestion in of_kind[: (limit + 1) // 2]}
    chosen = [*(one for one in ordered if one in half), *(one for one in ordered if one not in half)][:limit]
    return tuple(sorted(chosen, key=ordered.index))
