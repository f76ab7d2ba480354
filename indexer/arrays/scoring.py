"""The formula of ``indexer.ranking`` over whole arrays: many documents' scores at once."""

from __future__ import annotations

from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer import ranking as formula
from indexer.analyzer import dictionary_digest
from indexer.arrays.matching import row_of
from indexer.arrays.units import FIELDS
from indexer.ranking import RANKING, Clues, Ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.arrays.files import Array
    from indexer.arrays.finding import Finder, Found
    from indexer.arrays.matching import Postings, Row
    from indexer.arrays.snapshot import OpenSegment, Snapshot
    from indexer.ranking import Beside

FEW = 16  # of two lists, one so many times shorter is few: each of it is looked up in the other

Clue = tuple[str, str] | tuple[str, ...]  # ("word", word), a pair of units, or a unit by itself
Counted = tuple[Any, float]  # weighted frequencies in the documents of an answer; the rarity among all documents


def clues_of(runs: tuple[str, ...]) -> Clues:
    """Give the clues of a query's runs."""
    return _clues_of(runs, dictionary_digest())


@lru_cache(maxsize=4096)
def _clues_of(runs: tuple[str, ...], _dictionary: str) -> Clues:
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

    def score(
        self,
        runs: Sequence[str],
        found: Found,
        finder: Finder,
        held: frozenset[Row] = frozenset(),
        beside: Sequence[Beside] = (),
    ) -> Array:
        """Score what is found for the runs of a query; scores stand beside ``found.documents``.

        ``held`` are rows that all of these documents hold: what they give need not be looked up for each.
        """
        giving = Giving(self, found, finder, held)
        giving.add_clues(clues_of(tuple(runs)), beside)
        for run in runs:
            if row := row_of(run):
                giving.add_together(row, giving.most_of(clues_of((run,))))
        scores = giving.scores
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
        """Count the live documents of a segment in either of two ascending lists."""
        if not self.snapshot.all_live:
            live = self.snapshot.live[segment.part]
            title, body = title[live[title]], body[live[body]]
        if not len(title) or not len(body):
            return len(title) + len(body)
        at = np.minimum(body.searchsorted(title), len(body) - 1)
        return len(body) + len(title) - int(np.count_nonzero(body[at] == title))


class Giving:
    """What each clue gives to the documents of one answer, beside the most that it can give."""

    def __init__(self, scorer: Scorer, found: Found, finder: Finder, held: frozenset[Row] = frozenset()) -> None:
        self._scorer = scorer
        self._snapshot = scorer.snapshot
        self._ranking = scorer.ranking
        self._finder = finder
        self._found = found
        self._documents: Array = found.documents
        self._factors = {field: scorer.factors[field][found.documents] for field in FIELDS}
        self._parts = self._segments()
        self._held = held
        self._held_units = frozenset(unit for row in held for unit in row)
        self._most: dict[Clue, float] = {}
        self._counted: dict[str, Counted] = {}  # words of which synonyms are looked at, and these
        self._to_all = 0.0  # what all of these documents get alike
        self._scores = np.zeros(len(found.documents), dtype=np.float32)

    @property
    def scores(self) -> Array:
        """All that has been added up."""
        return self._scores + np.float32(self._to_all)

    def _segments(self) -> list[tuple[OpenSegment, slice, Array]]:
        """Give for each segment its stretch of the documents, and their numbers within it."""
        if len(self._snapshot.segments) == 1:
            return [(self._snapshot.segments[0], slice(None), self._documents.astype(np.uint32))]
        parts = []
        for segment in self._snapshot.segments:
            low, high = self._documents.searchsorted((segment.part.start, segment.part.stop)).tolist()
            within = (self._documents[low:high] - segment.part.start).astype(np.uint32)
            parts.append((segment, slice(low, high), within))
        return parts

    def add_clues(self, clues: Clues, beside: Sequence[Beside] = ()) -> None:
        """Add what all clues give, and what synonyms lend to words of theirs."""
        borrowing = {word for one in beside for word in one.words}
        for word in clues.words:
            frequencies, rarity = self._count_word(word)
            if word in borrowing:
                self._counted[word] = frequencies.copy(), rarity
            self._add_frequent(("word", word), frequencies, rarity)
        for one in beside:
            self._add_lent(one)
        for pair in clues.pairs:
            postings = [
                {field: self._finder.pair(pair, field, segment) for field in FIELDS} for segment, *_ in self._parts
            ]
            frequencies, rarity = self._count(postings)
            self._add_frequent(pair, frequencies, self._ranking.pair * rarity)
        for unit in clues.units:
            scarce = formula.unit_weight(self._finder.count_holders(unit), self._snapshot.count, self._ranking)
            self._most[(unit,)] = scarce
            if unit in self._held_units:
                self._to_all += scarce
            else:
                self._scores += np.float32(scarce) * self._finder.holding((unit,))[self._documents]

    def most_of(self, clues: Clues) -> float:
        """Add up the most that these clues, of those that were added, can give."""
        words: list[Clue] = [("word", word) for word in clues.words]
        return sum(self._most[clue] for clue in (*words, *clues.pairs, *((unit,) for unit in clues.units)))

    def add_together(self, row: Row, most: float) -> None:
        """Add what holding a run as typed gives; ``formula.together`` for all documents."""
        if row in self._held:
            self._to_all += most
        else:
            self._scores += np.float32(most) * self._finder.holding(row)[self._documents]
        in_title = self._finder.holding(row, FIELDS[:1])
        for segment, *_ in self._parts:
            titled = (in_title[segment.part] & self._found.held[segment.part]).nonzero()[0]
            if len(titled):
                whole = segment.units.fields["title"].length(titled) == len(row)
                shares = self._ranking.together_in_title + self._ranking.whole_title * whole
                at = self._documents.searchsorted(titled + segment.part.start)
                self._scores[at] += np.float32(most) * shares.astype(np.float32)

    def _add_frequent(self, clue: Clue, frequencies: Array, weight: float) -> None:
        """Add what a word or a pair gives; its frequencies are used up."""
        self._most[clue] = most = (self._ranking.saturation + 1) * weight
        frequencies /= frequencies + np.float32(self._ranking.saturation)
        frequencies *= np.float32(most)
        self._scores += frequencies

    def _add_lent(self, beside: Beside) -> None:
        """Add what the synonyms of some words lend them: ``formula.lent`` by ``formula.rarity_lent``."""
        for word in {*beside.words}.union(*beside.synonyms).difference(self._counted):
            self._counted[word] = self._count_word(word)
        own, rarities = _all_of([self._counted[word] for word in beside.words])
        synonyms = [_all_of([self._counted[word] for word in words]) for words in beside.synonyms]
        lending = reduce(np.add, [frequencies for frequencies, _ in synonyms])
        at = lending.nonzero()[0]
        few, more = own[at], own[at] + np.float32(self._ranking.synonym) * lending[at]
        weight = formula.rarity_lent(rarities, [of_synonym for _, of_synonym in synonyms])
        self._scores[at] += np.float32(weight) * (_saturated(more, self._ranking) - _saturated(few, self._ranking))

    def _count_word(self, word: str) -> Counted:
        listed = [(segment.words, segment.words.table.find(word)) for segment, *_ in self._parts]
        return self._count([{field: words.postings(number, field) for field in FIELDS} for words, number in listed])

    def _count(self, postings: Sequence[dict[str, Postings]]) -> Counted:
        """Count a word or a pair, by its postings in each segment."""
        frequencies = np.zeros(len(self._scores), dtype=np.float32)
        holding = 0
        for (segment, span, wanted), of_segment in zip(self._parts, postings, strict=True):
            holding += self._scorer.count_holding(segment, of_segment["title"][0], of_segment["body"][0])
            for field, (listed, counts) in of_segment.items():
                if len(listed) and len(wanted):
                    _add_counts(frequencies[span], listed, counts, wanted, self._factors[field][span])
        return frequencies, formula.rarity(holding, self._snapshot.count)


def _all_of(words: Sequence[Counted]) -> tuple[Array, list[float]]:
    """Give how often all of some words are there, which is as often as the least frequent, and the rarity of each."""
    return reduce(np.minimum, [frequencies for frequencies, _ in words]), [rarity for _, rarity in words]


def _saturated(frequencies: Array, ranking: Ranking) -> Array:
    """``formula.saturated`` of all at once."""
    given: Array = frequencies * np.float32(ranking.saturation + 1) / (frequencies + np.float32(ranking.saturation))
    return given


def _add_counts(frequencies: Array, listed: Array, counts: Array, wanted: Array, factors: Array) -> None:
    """Add the weighted counts of those wanted documents that are listed; both lists ascend.

    The shorter list is looked up in the longer one; two long ones meet in an array of all documents between.
    """
    if len(listed) * FEW < len(wanted):
        at = np.minimum(wanted.searchsorted(listed), len(wanted) - 1)
        same = wanted[at] == listed
        at = at[same]
        frequencies[at] += counts[same] * factors[at]
    elif len(wanted) * FEW < len(listed):
        at = np.minimum(listed.searchsorted(wanted), len(listed) - 1)
        frequencies += np.where(listed[at] == wanted, counts[at], 0) * factors
    else:
        spread = np.zeros(int(max(listed[-1], wanted[-1])) + 1, dtype=counts.dtype)
        spread[listed] = counts
        frequencies += spread[wanted] * factors
