"""The formula of ``indexer.ranking`` over whole arrays: many documents' scores at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from indexer import ranking as formula
from indexer.arrays.matching import row_of
from indexer.arrays.units import FIELDS
from indexer.ranking import RANKING, Clues, Ranking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.arrays.files import Array
    from indexer.arrays.finding import Finder
    from indexer.arrays.snapshot import OpenSegment, Snapshot

    Postings = tuple[Array, Array]  # document numbers, ascending, and frequencies

SPARSE = 16  # with so many times fewer documents asked about than listed, each is looked up in the list


class Scorer:
    """Scores in one version of the index, by its own statistics over all segments."""

    def __init__(self, snapshot: Snapshot, ranking: Ranking = RANKING) -> None:
        self._snapshot = snapshot
        self._ranking = ranking
        discounts = {"title": (ranking.title_lengths, ranking.title), "body": (ranking.body_lengths, 1.0)}
        self._factors = {field: self._factors_of(field, *discounts[field]) for field in FIELDS}

    def _factors_of(self, field: str, discount: float, weight: float) -> Array:
        """Give for each document what a frequency in this field is multiplied with."""
        parts = [segment.words.lengths[field] for segment in self._snapshot.segments]
        lengths = np.concatenate(parts).astype(np.float64) if parts else np.zeros(0)
        average = float(lengths[self._snapshot.live].sum()) / max(self._snapshot.count, 1) or 1.0
        divisors = 1 - discount + discount * lengths / average
        # ``formula.shortness`` of all lengths at once.
        return (weight * np.divide(lengths > 0, divisors, where=divisors > 0, out=np.zeros_like(lengths))).astype("f4")

    def score(self, runs: Sequence[str], documents: Array, finder: Finder) -> Array:
        """Score these documents (ascending) for the runs of a query."""
        clues = Clues.of(runs)
        gives = self.give(clues, documents, finder)
        scores = sum((of_one for _, of_one in gives.values()), np.zeros(len(documents), dtype=np.float32))
        for run in runs:
            if row_of(run):
                most = sum(gives[clue][0] for clue in _all_of(Clues.of([run])))
                scores += self._together(run, most, documents, finder)
        step = np.float32(self._ranking.step)
        return np.rint(scores / step) * step

    def give(self, clues: Clues, documents: Array, finder: Finder) -> dict[Clue, tuple[float, Array]]:
        """Give for each clue the most that it can give, and what it gives to each of these documents."""
        asked = _Asked(self._snapshot, documents, self._factors)
        gives: dict[Clue, tuple[float, Array]] = {}
        for word in clues.words:
            gives[word] = self._frequent(asked, partial(_word_postings, word), 1.0)
        for pair in clues.pairs:
            gives[pair] = self._frequent(asked, partial(_pair_postings, pair), self._ranking.pair)
        for unit in clues.units:
            held = finder.holding(unit)
            scarce = self._ranking.unit * self.rarity(held)
            gives[(unit,)] = scarce, np.float32(scarce) * held[documents]
        return gives

    def _frequent(
        self, asked: _Asked, postings_in: Callable[[OpenSegment, str], Postings], weight: float
    ) -> tuple[float, Array]:
        frequencies, holding = asked.frequencies(postings_in)
        most = (self._ranking.saturation + 1) * weight * formula.rarity(holding, self._snapshot.count)
        frequencies /= frequencies + np.float32(self._ranking.saturation)
        frequencies *= np.float32(most)
        return most, frequencies

    def _together(self, run: str, most: float, documents: Array, finder: Finder) -> Array:
        """Give what holding the run as typed adds."""
        anywhere, in_title = finder.holding(run)[documents], finder.holding(run, "title")[documents]
        whole_title = finder.with_title(run)[documents]
        shares = 1 + self._ranking.together_in_title * in_title + self._ranking.whole_title * whole_title
        return (most * shares * anywhere).astype(np.float32)

    def rarity(self, held: Array) -> float:
        """Weigh what these documents hold; deleted ones do not count."""
        return formula.rarity(int(np.count_nonzero(held & self._snapshot.live)), self._snapshot.count)

    def rarity_of_word(self, word: str) -> float:
        """Weigh a word; 0 for one that stands nowhere."""
        holding = np.zeros(self._snapshot.size, dtype=bool)
        for segment in self._snapshot.segments:
            for field in FIELDS:
                holding[segment.part][segment.words.postings(word, field)[0]] = True
        return self.rarity(holding) if holding.any() else 0.0


Clue = str | tuple[str, ...]  # a word, a pair of units, or a unit as a tuple by itself


def _all_of(clues: Clues) -> list[Clue]:
    return [*clues.words, *clues.pairs, *((unit,) for unit in clues.units)]


def _word_postings(word: str, segment: OpenSegment, field: str) -> Postings:
    return segment.words.postings(word, field)


def _pair_postings(pair: tuple[str, str], segment: OpenSegment, field: str) -> Postings:
    numbers = segment.units.numbers(pair)
    none = np.zeros(0, dtype=np.uint32)
    return segment.units.fields[field].count_pair(*numbers) if numbers else (none, none)


class _Asked:
    """The documents that scores are wanted for, segment by segment, with their fields' factors."""

    def __init__(self, snapshot: Snapshot, documents: Array, factors: dict[str, Array]) -> None:
        self._snapshot = snapshot
        self._factors = {field: factors[field][documents] for field in FIELDS}
        self._size = len(documents)
        self._parts: list[tuple[OpenSegment, slice, Array]] = []
        for segment in snapshot.segments:
            low, high = np.searchsorted(documents, (segment.part.start, segment.part.stop)).tolist()
            local = (documents[low:high] - segment.part.start).astype(np.uint32)
            self._parts.append((segment, slice(low, high), local))

    def frequencies(self, postings_in: Callable[[OpenSegment, str], Postings]) -> tuple[Array, int]:
        """Give the weighted frequency in each document, and how many documents of the whole index hold it."""
        weighted = np.zeros(self._size, dtype=np.float32)
        holding = 0
        for segment, span, local in self._parts:
            postings = {field: postings_in(segment, field) for field in FIELDS}
            holding += self._count(segment, postings)
            for field, (listed, counts) in postings.items():
                if len(listed):
                    weighted[span] += _looked_up(listed, counts, local, segment) * self._factors[field][span]
        return weighted, holding

    def _count(self, segment: OpenSegment, postings: dict[str, Postings]) -> int:
        title, body = postings["title"][0], postings["body"][0]
        if self._snapshot.all_live and not len(title):
            return len(body)
        holding = np.zeros(segment.part.stop - segment.part.start, dtype=bool)
        holding[title] = True
        holding[body] = True
        if not self._snapshot.all_live:
            holding &= self._snapshot.live[segment.part]
        return int(np.count_nonzero(holding))


def _looked_up(listed: Array, counts: Array, wanted: Array, segment: OpenSegment) -> Array:
    """Give the counts of wanted documents, 0 for those that are not listed."""
    if len(wanted) * SPARSE < len(listed):
        at = np.minimum(listed.searchsorted(wanted), len(listed) - 1)
        return np.where(listed[at] == wanted, counts[at], 0)
    spread = np.zeros(segment.part.stop - segment.part.start, dtype=counts.dtype)
    spread[listed] = counts
    return spread[wanted]
