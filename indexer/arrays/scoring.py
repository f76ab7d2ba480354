"""The formula of ``indexer.ranking`` over whole arrays: every document's score at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from indexer.analyzer import words
from indexer.arrays.encode import BREAK
from indexer.arrays.matching import Row, row_of
from indexer.arrays.units import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indexer.arrays.files import Array
    from indexer.arrays.snapshot import OpenSegment, Snapshot

K1, B = 1.2, 0.75
FIELD_WEIGHTS = {"title": 3.0, "body": 1.0}
Postings = tuple["Array", "Array"]  # document numbers, frequencies


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query is ranked by."""

    words: tuple[str, ...]
    pairs: tuple[Row, ...]  # neighbouring units
    runs: tuple[Row, ...]  # whole runs, of more than one word

    @classmethod
    def of(cls, texts: Iterable[str]) -> Wanted:
        """Read it off the runs and quoted strings of a query, each counted once."""
        runs = [row for row in map(row_of, texts) if row]
        pairs = (pair for row in runs for pair in pairwise(row) if BREAK not in pair)
        return cls(
            words=tuple(dict.fromkeys(word for text in texts for word in words(text))),
            pairs=tuple(dict.fromkeys(pairs)),
            runs=tuple(dict.fromkeys(runs)),
        )


class Scorer:
    """Scores in one version of the index, by its own statistics over all segments."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._shortness = {field: self._shortness_of(field) for field in FIELDS}

    def _shortness_of(self, field: str) -> Array:
        """Give for each document what divides a frequency in this field for the field's length."""
        parts = [segment.words.lengths[field] for segment in self._snapshot.segments]
        lengths = np.concatenate(parts).astype(np.float64) if parts else np.zeros(0)
        total = float(lengths[self._snapshot.live].sum())
        average = total / self._snapshot.count if total else 1.0
        return (FIELD_WEIGHTS[field] / (1 - B + B * lengths / average)).astype(np.float32)

    def score(self, wanted: Wanted) -> Array:
        """Give every document's score; documents that hold nothing of it have 0."""
        scores = np.zeros(self._snapshot.size, dtype=np.float32)
        for word in wanted.words:
            self._add(scores, partial(_word_postings, word))
        for pair in wanted.pairs:
            self._add(scores, partial(_pair_postings, pair))
        return scores

    def _add(self, scores: Array, postings_in: Callable[[OpenSegment, str], Postings]) -> None:
        weights = np.zeros(self._snapshot.size, dtype=np.float32)
        for segment in self._snapshot.segments:
            of_segment = weights[segment.part]
            for field in FIELDS:
                documents, counts = postings_in(segment, field)
                if len(documents):
                    of_segment[documents] += counts * self._shortness[field][segment.part][documents]
        holding = int(np.count_nonzero(weights if self._snapshot.all_live else weights[self._snapshot.live]))
        if holding:
            rarity = self._rarity(holding)
            scores += np.float32(rarity * (K1 + 1)) * (weights / (weights + np.float32(K1)))

    def _rarity(self, holding: int) -> float:
        return math.log(1 + (self._snapshot.count - holding + 0.5) / (holding + 0.5))

    def rarity(self, word: str) -> float:
        """Say how telling a word is: high for rare ones; 0 for one that stands nowhere."""
        holding = np.zeros(self._snapshot.size, dtype=bool)
        for segment in self._snapshot.segments:
            for field in FIELDS:
                holding[segment.part][segment.words.postings(word, field)[0]] = True
        count = int(np.count_nonzero(holding & self._snapshot.live))
        return self._rarity(count) if count else 0.0


def _word_postings(word: str, segment: OpenSegment, field: str) -> Postings:
    return segment.words.postings(word, field)


def _pair_postings(pair: Row, segment: OpenSegment, field: str) -> Postings:
    numbers = segment.units.numbers(pair)
    none = np.zeros(0, dtype=np.int64)
    return segment.units.fields[field].count_pair(*numbers) if numbers else (none, none)
