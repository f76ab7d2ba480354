"""The formula of ``indexer.ranking`` over whole arrays: many documents' scores at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from indexer import ranking as formula
from indexer.arrays.matching import row_of
from indexer.arrays.units import FIELDS
from indexer.ranking import RANKING, Clues, Ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.arrays.files import Array
    from indexer.arrays.finding import Finder, Found
    from indexer.arrays.matching import Postings, Row
    from indexer.arrays.snapshot import OpenSegment, Snapshot

SPARSE = 16  # with so many times fewer documents asked about than listed, each is looked up in the list

Clue = tuple[str, str] | tuple[str, ...]  # ("word", word), a pair of units, or a unit by itself


@lru_cache(maxsize=4096)
def clues_of(runs: tuple[str, ...]) -> Clues:
    """Give the clues of a query's runs."""
    return Clues.of(runs)


class Scorer:
    """Scores in one version of the index, by its own statistics over all segments."""

    def __init__(self, snapshot: Snapshot, ranking: Ranking = RANKING) -> None:
        self.snapshot = snapshot
        self.ranking = ranking
        discounts = {"title": (ranking.title_lengths, ranking.title), "body": (ranking.body_lengths, 1.0)}
        self.factors = {field: self._factors_of(field, *discounts[field]) for field in FIELDS}

    def _factors_of(self, field: str, discount: float, weight: float) -> Array:
        """Give for each document what a frequency in this field is multiplied with."""
        parts = [segment.words.lengths[field] for segment in self.snapshot.segments]
        lengths = np.concatenate(parts).astype(np.float64) if parts else np.zeros(0)
        average = float(lengths[self.snapshot.live].sum()) / max(self.snapshot.count, 1) or 1.0
        divisors = 1 - discount + discount * lengths / average
        # ``formula.shortness`` of all lengths at once.
        short = np.divide(weight, divisors, where=lengths > 0, out=np.zeros_like(lengths))
        return short.astype(np.float32)

    def score(self, runs: Sequence[str], found: Found, finder: Finder, held: frozenset[Row] = frozenset()) -> Array:
        """Score what is found for the runs of a query; scores stand beside ``found.documents``.

        ``held`` are rows that all of these documents hold: what they give need not be looked up for each.
        """
        giving = Giving(self, found, finder, held)
        scores = giving.all_of(clues_of(tuple(runs)))
        for run in runs:
            if row := row_of(run):
                scores += giving.together(row, giving.most_of(clues_of((run,))))
        step = np.float32(self.ranking.step)
        scores /= step
        np.rint(scores, out=scores)
        scores *= step
        return scores

    def rarity_of_word(self, word: str) -> float:
        """Weigh a word; 0 for one that stands nowhere."""
        holding = 0
        for segment in self.snapshot.segments:
            number = segment.words.table.find(word)
            title, body = (segment.words.postings(number, field)[0] for field in FIELDS)
            holding += self.count_holding(segment, title, body)
        return formula.rarity(holding, self.snapshot.count) if holding else 0.0

    def count_holding(self, segment: OpenSegment, title: Array, body: Array) -> int:
        """Count the live documents of a segment in either of two lists."""
        if self.snapshot.all_live and not len(title):
            return len(body)
        holding = np.zeros(segment.part.stop - segment.part.start, dtype=bool)
        holding[title] = True
        holding[body] = True
        if not self.snapshot.all_live:
            holding &= self.snapshot.live[segment.part]
        return int(np.count_nonzero(holding))


class Giving:
    """What each clue gives to the documents of one answer, beside the most that it can give."""

    def __init__(self, scorer: Scorer, found: Found, finder: Finder, held: frozenset[Row] = frozenset()) -> None:
        self._scorer = scorer
        self._snapshot = scorer.snapshot
        self._ranking = scorer.ranking
        self._finder = finder
        self._documents: Array = found.documents
        self._factors = {field: scorer.factors[field][found.documents] for field in FIELDS}
        self._parts = self._segments()
        self._held = held
        self._held_units = frozenset(unit for row in held for unit in row)
        self._most: dict[Clue, float] = {}

    def _segments(self) -> list[tuple[OpenSegment, slice, Array]]:
        """Give for each segment its stretch of the documents, and their numbers within it."""
        if len(self._snapshot.segments) == 1:
            return [(self._snapshot.segments[0], slice(None), self._documents)]
        parts = []
        for segment in self._snapshot.segments:
            low, high = self._documents.searchsorted((segment.part.start, segment.part.stop)).tolist()
            parts.append((segment, slice(low, high), self._documents[low:high] - segment.part.start))
        return parts

    def all_of(self, clues: Clues) -> Array:
        """Add up what all clues give."""
        scores = np.zeros(len(self._documents), dtype=np.float32)
        for word in clues.words:
            self._add(scores, ("word", word), 1.0, [self._word_postings(word, part[0]) for part in self._parts])
        for pair in clues.pairs:
            postings = [
                {field: self._finder.pair(pair, field, segment) for field in FIELDS} for segment, *_ in self._parts
            ]
            self._add(scores, pair, self._ranking.pair, postings)
        for unit in clues.units:
            scarce = formula.unit_weight(self._finder.count_holders(unit), self._snapshot.count, self._ranking)
            self._most[(unit,)] = scarce
            if unit in self._held_units:
                scores += np.float32(scarce)
            else:
                scores += np.float32(scarce) * self._finder.holding((unit,))[self._documents]
        return scores

    def most_of(self, clues: Clues) -> float:
        """Add up the most that these clues, of those that ``all_of`` was given, can give."""
        words: list[Clue] = [("word", word) for word in clues.words]
        return sum(self._most[clue] for clue in (*words, *clues.pairs, *((unit,) for unit in clues.units)))

    def together(self, row: Row, most: float) -> Array:
        """Give what holding a run as typed adds; ``formula.together`` for all documents."""
        anywhere = row in self._held or self._finder.holding(row)[self._documents]
        in_title = self._finder.holding(row, FIELDS[:1])[self._documents]
        shares = np.float32(most) * (in_title * np.float32(self._ranking.together_in_title) + anywhere)
        for segment, span, documents in self._parts:
            titled = in_title[span].nonzero()[0]
            whole = segment.units.fields["title"].length(documents[titled]) == len(row)
            shares[span][titled] += np.float32(most * self._ranking.whole_title) * whole
        return shares

    @staticmethod
    def _word_postings(word: str, segment: OpenSegment) -> dict[str, Postings]:
        number = segment.words.table.find(word)
        return {field: segment.words.postings(number, field) for field in FIELDS}

    def _add(self, scores: Array, clue: Clue, weight: float, postings: Sequence[dict[str, Postings]]) -> None:
        frequencies = np.zeros(len(scores), dtype=np.float32)
        holding = 0
        for (segment, span, wanted), of_segment in zip(self._parts, postings, strict=True):
            holding += self._scorer.count_holding(segment, of_segment["title"][0], of_segment["body"][0])
            for field, (listed, counts) in of_segment.items():
                if len(listed):
                    found = _looked_up(listed, counts, wanted, segment)
                    frequencies[span] += found * self._factors[field][span]
        most = (self._ranking.saturation + 1) * weight * formula.rarity(holding, self._snapshot.count)
        self._most[clue] = most
        frequencies /= frequencies + np.float32(self._ranking.saturation)
        frequencies *= np.float32(most)
        scores += frequencies


def _looked_up(listed: Array, counts: Array, wanted: Array, segment: OpenSegment) -> Array:
    """Give the counts of wanted documents, 0 for those that are not listed."""
    if len(wanted) * SPARSE < len(listed):
        at = np.minimum(listed.searchsorted(wanted.astype(listed.dtype)), len(listed) - 1)
        return np.where(listed[at] == wanted, counts[at], 0)
    spread = np.zeros(segment.part.stop - segment.part.start, dtype=counts.dtype)
    spread[listed] = counts
    return spread[wanted]
