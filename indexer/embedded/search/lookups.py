"""What ranking looks up in the documents of one answer, in one of three ways that give the same numbers.

Few documents are looked up one by one (``candidates``); for many, lists and arrays of all documents are gone through;
where the kernel is compiled, it does either.
"""

from __future__ import annotations

from array import array
from functools import reduce
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from indexer.embedded.search.candidates import MAX_CANDIDATES, Candidates
from indexer.embedded.store.bigram_index import TEXT_FIELDS
from indexer.text.units import BREAK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.embedded.kernel import Native
    from indexer.embedded.search.boolean_matching import Finder
    from indexer.embedded.search.phrase_matching import Row
    from indexer.embedded.search.snapshot import OpenSegment, Snapshot
    from indexer.embedded.store.array_file import Array
    from indexer.ranking.bm25f import Ranking

    Factors = Mapping[str, Array]  # of each document of the index: what a frequency in a field is multiplied with
    Weighed = Sequence[tuple[float, Row]]

SHORTER, MUCH_SHORTER = 4, 16  # times that one of two lists is shorter, so that each of it is looked up in the other
NOWHERE = (0, 0)  # two breaks in a row: no text has them
LOT = 8  # rows whose weights are added up by themselves: the order decides what is rounded off


class Lookups(Protocol):
    """Looks up in the documents of one answer; what is returned stands beside them."""

    def frequencies(self, bigrams: Sequence[Row], words: Sequence[str]) -> Sequence[Array]:
        """Return the weighted frequencies of bigrams and of words, a row for each."""

    def scores(self, bigrams: Sequence[Row], words: Sequence[str], most: Sequence[float], k1: float) -> Array:
        """Add up what bigrams and words give, each at most so much."""

    def weights(self, rows: Weighed) -> Array:
        """Add up the weights of the rows that each document holds."""

    def add_title_boost(self, row: Row, most: float, ranking: Ranking, scores: Array) -> None:
        """Add what ``formula.phrase_boost`` gives on top where the title holds a run too: shares of ``most``."""


def lookups_of(snapshot: Snapshot, documents: Array, finder: Finder, factors: Factors) -> Lookups:
    """Return the best way there is to look up in some documents."""
    if snapshot.native is not None:
        return _Compiled(snapshot.native, snapshot, documents, finder, factors)
    if len(documents) <= MAX_CANDIDATES:
        return _OfFew(snapshot, documents, factors)
    return _OfMany(snapshot, documents, finder, factors)


class _ByNumpy:
    """What both ways by numpy share."""

    _snapshot: Snapshot
    _documents: Array

    def frequencies(self, bigrams: Sequence[Row], words: Sequence[str]) -> Sequence[Array]:
        raise NotImplementedError

    def scores(self, bigrams: Sequence[Row], words: Sequence[str], most: Sequence[float], k1: float) -> Array:
        sums = np.zeros(len(self._documents), dtype=np.float32)
        for weight, of_term in zip(most, self.frequencies(bigrams, words), strict=True):
            sums += np.float32(weight) * (of_term / (of_term + np.float32(k1)))
        return sums

    def _holding_in_title(self, row: Row) -> Array:
        raise NotImplementedError

    def add_title_boost(self, row: Row, most: float, ranking: Ranking, scores: Array) -> None:
        at = self._holding_in_title(row).nonzero()[0]
        if len(at):
            scores[at] += np.float32(most) * self._shares_of_titles(row, ranking, self._documents[at])

    def _shares_of_titles(self, row: Row, ranking: Ranking, documents: Array) -> Array:
        """Return what titles that hold a run add to its boost, as shares of it."""
        snapshot = self._snapshot
        whole = snapshot.title_lengths[documents] == len(row)
        shares = (
            ranking.phrase_boost_in_title + ranking.whole_title * whole + ranking.prior * snapshot.priors[documents]
        )
        shares += ranking.title_coverage * np.minimum(1.0, _units_in(row) / snapshot.title_cores[documents])
        given: Array = shares.astype(np.float32)
        return given


class _OfFew(_ByNumpy):
    """Each document is looked up."""

    def __init__(self, snapshot: Snapshot, documents: Array, factors: Factors) -> None:
        self._snapshot = snapshot
        self._documents = documents
        self._candidates = Candidates(snapshot, documents)
        self._factors = [factors[field].take(documents) for field in TEXT_FIELDS]

    def frequencies(self, bigrams: Sequence[Row], words: Sequence[str]) -> Sequence[Array]:
        title, body = self._candidates.count(bigrams, words)
        title *= self._factors[0]
        body *= self._factors[1]
        title += body
        return list(title)

    def weights(self, rows: Weighed) -> Array:
        given = np.zeros(len(self._candidates), dtype=np.float32)
        for at in range(0, len(rows), LOT):
            of_lot = np.zeros_like(given)
            for weight, row in rows[at : at + LOT]:
                of_lot += np.float32(weight) * self._candidates.holding(row)
            given += of_lot
        return given

    def _holding_in_title(self, row: Row) -> Array:
        if not self._candidates.may_hold(row, "title"):
            return np.zeros(0, dtype=bool)
        return self._candidates.holding(row, TEXT_FIELDS[:1])


class _OfAnyNumber:
    """What goes by the sets of all documents that hold a row."""

    def __init__(self, snapshot: Snapshot, documents: Array, finder: Finder, factors: Factors) -> None:
        self._snapshot = snapshot
        self._documents = documents
        self._finder = finder
        self._factors = factors

    def _segments(self) -> list[tuple[OpenSegment, slice, Array]]:
        """Return for each segment its stretch of the documents, and their numbers within it."""
        segments, documents = self._snapshot.segments, self._documents
        if len(segments) == 1:
            return [(segments[0], slice(len(documents)), documents)]
        parts = []
        for segment in segments:
            low, high = documents.searchsorted((segment.part.start, segment.part.stop)).tolist()
            if low < high:
                parts.append((segment, slice(low, high), documents[low:high] - segment.part.start))
        return parts


class _OfMany(_OfAnyNumber, _ByNumpy):
    """Whole posting lists are gone through."""

    def _holding_in_title(self, row: Row) -> Array:
        held: Array = self._finder.holding(row, TEXT_FIELDS[:1]).take(self._documents)
        return held

    def frequencies(self, bigrams: Sequence[Row], words: Sequence[str]) -> Sequence[Array]:
        count = len(self._documents)
        # One place more than there are documents, for all that is listed but not found.
        frequencies = np.zeros((len(bigrams) + len(words), count + 1), dtype=np.float32)
        place = np.full(self._snapshot.size, count, dtype=np.intp)
        place[self._documents] = np.arange(count)
        of_found = {field: self._factors[field].take(self._documents) for field in TEXT_FIELDS}
        for segment, span, wanted in self._segments():
            for field in TEXT_FIELDS:
                factors = np.append(of_found[field], np.float32(0))
                postings = [self._finder.bigram(bigram, field, segment) for bigram in bigrams]
                postings += [segment.words.postings(segment.words.find(word), field) for word in words]
                for of_term, (listed, counts) in zip(frequencies, postings, strict=True):
                    if len(listed) * SHORTER < count:
                        at = place[segment.part].take(listed)
                        of_term[at] += counts * factors.take(at)
                    else:
                        of_term[span] += _counts_of(wanted.astype(np.uint32), listed, counts) * factors[span]
        return list(frequencies[:, :-1])

    def weights(self, rows: Weighed) -> Array:
        # A byte for each document says which of eight rows it holds, and a table what that gives: one look-up instead
        # of eight, a tenth of the time that a query of three words takes.
        given = np.zeros(len(self._documents), dtype=np.float32)
        for lot in (rows[at : at + LOT] for at in range(0, len(rows), LOT)):
            holds, gives = np.zeros(self._snapshot.size, dtype=np.uint8), np.zeros(1, dtype=np.float32)
            for bit, (weight, row) in enumerate(lot):
                # A shift takes ten times as long.
                holds |= self._finder.holding(row).view(np.uint8) * np.uint8(1 << bit)
                gives = np.concatenate((gives, gives + np.float32(weight)))
            given += gives.take(holds.take(self._documents))
        return given


class _Compiled(_OfAnyNumber):
    """The kernel looks up, segment by segment."""

    def __init__(self, native: Native, snapshot: Snapshot, documents: Array, finder: Finder, factors: Factors) -> None:
        super().__init__(snapshot, documents, finder, factors)
        self._native = native

    def frequencies(self, bigrams: Sequence[Row], words: Sequence[str]) -> Sequence[Array]:
        parts = []
        terms = len(bigrams) + len(words)
        for segment, _, wanted in self._segments():
            out = np.empty((terms, len(wanted) + 1), dtype=np.float32)  # one place more, for all that is not found
            segment.compiled.frequencies(wanted, *self._terms(segment, bigrams, words), out)
            parts.append(out[:, :-1])
        return list(parts[0] if len(parts) == 1 else np.concatenate([np.zeros((terms, 0), np.float32), *parts], axis=1))

    def scores(self, bigrams: Sequence[Row], words: Sequence[str], most: Sequence[float], k1: float) -> Array:
        sums, can_give = np.zeros(len(self._documents), dtype=np.float32), array("f", most)
        for segment, span, wanted in self._segments():
            terms = self._terms(segment, bigrams, words)
            segment.compiled.add_scores(wanted, *terms, sums[span], can_give, k1)
        return sums

    def _terms(self, segment: OpenSegment, bigrams: Sequence[Row], words: Sequence[str]) -> tuple[Any, ...]:
        """Return bigrams and words as the kernel takes them, and what their frequencies are multiplied with."""
        number, part = segment.units.number, segment.part
        pairs = array("q", [number(unit) for bigram in bigrams for unit in bigram])
        singles = array("q", map(segment.words.find, words))
        return pairs, singles, self._factors["title"][part], self._factors["body"][part]

    def weights(self, rows: Weighed) -> Array:
        given = np.zeros(len(self._documents), dtype=np.float32)
        if rows:
            for segment, span, wanted in self._segments():
                # A row with a unit that never occurs here is held by none, and its place in a lot counts all the same.
                numbered = [
                    self._finder.holding(row)[segment.part]  # was looked for already
                    if len(row) > 1
                    else segment.units.numbers(row) or NOWHERE
                    for _, row in rows
                ]
                segment.compiled.add_holding(wanted, numbered, array("f", [one for one, _ in rows]), given[span])
        return given

    def add_title_boost(self, row: Row, most: float, ranking: Ranking, scores: Array) -> None:
        snapshot, held = self._snapshot, self._finder.holding(row, TEXT_FIELDS[:1])
        of_titles = snapshot.title_lengths, snapshot.priors, snapshot.title_cores
        shares = ranking.phrase_boost_in_title, ranking.whole_title, ranking.prior, ranking.title_coverage
        numbers = len(row), _units_in(row), most, *shares
        self._native.add_title_boost(self._documents, held, *of_titles, scores, numbers)


def _units_in(row: Row) -> int:
    return sum(unit != BREAK for unit in row)


def _counts_of(wanted: Array, listed: Array, counts: Array) -> Array:
    """Return the counts of wanted documents, 0 for those not listed; both lists ascend, and neither is empty.

    Much fewer are looked up in the list; else both meet in an array of all documents between.
    """
    if len(wanted) * MUCH_SHORTER < len(listed):
        wanted = wanted.astype(listed.dtype, copy=False)  # of one type, or the longer list would be converted
        at = np.minimum(listed.searchsorted(wanted), len(listed) - 1)
        return np.where(listed[at] == wanted, counts[at], 0)
    spread = np.zeros(int(max(listed[-1], wanted[-1])) + 1, dtype=counts.dtype)
    spread[listed] = counts
    return spread.take(wanted)


def all_of(words: Sequence[tuple[Array, float]]) -> tuple[Array, list[float]]:
    """Return how often all of some words are there, which is as often as the least frequent, and the idf of each."""
    return reduce(np.minimum, [frequencies for frequencies, _ in words]), [idf for _, idf in words]
