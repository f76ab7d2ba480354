"""The formula of ``indexer.ranking.bm25f`` over whole arrays: many documents' scores at once."""

from __future__ import annotations

from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.embedded.search.lookups import all_of, lookups_of
from indexer.embedded.search.phrase_matching import row_of
from indexer.embedded.search.statistics import Statistics
from indexer.query.sentences import is_question
from indexer.ranking import bm25f as formula
from indexer.ranking.bm25f import RANKING, Ranking, RankingTerms
from indexer.text.segmenter import dictionary_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.embedded.search.boolean_matching import DocSet, Finder
    from indexer.embedded.search.phrase_matching import Row
    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.store.array_file import Array
    from indexer.ranking.bm25f import SynonymEntry

TermKey = tuple[str, str] | tuple[str, ...]  # ("word", word), a bigram, or a unit by itself

Counted = tuple[Any, float]  # weighted frequencies in the documents of an answer; the idf among all documents


def terms_of(runs: tuple[str, ...]) -> RankingTerms:
    """Return the terms of a query's runs."""
    return _terms_of(runs, dictionary_digest())


@lru_cache(maxsize=4096)
def _terms_of(runs: tuple[str, ...], _dictionary: str) -> RankingTerms:
    return RankingTerms.of(runs)


class Scorer:
    """Scores in one version of the index, by its own statistics over all segments."""

    def __init__(self, snapshot: Snapshot, ranking: Ranking = RANKING) -> None:
        self.snapshot = snapshot
        self.ranking = ranking
        self.statistics = Statistics(snapshot)
        body = self._factors_of("body", ranking.b, 1.0)
        title = self._factors_of("title", ranking.b_in_title, ranking.title)
        asked = self._factors_of("title", ranking.b_in_title, ranking.title_in_question)
        self.factors = {"title": title, "body": body}
        self.factors_of_question = {"title": asked, "body": body}

    def _factors_of(self, field: str, discount: float, weight: float) -> Array:
        """Return for each document what a frequency in this field is multiplied with."""
        parts = [segment.words.lengths[field] for segment in self.snapshot.segments]
        lengths = np.concatenate(parts).astype(np.float64) if parts else np.zeros(0)
        average = float(lengths[self.snapshot.live].sum()) / max(self.snapshot.count, 1) or 1.0
        divisors = 1 - discount + discount * lengths / average
        # ``formula.length_norm`` of all lengths at once.
        short = np.divide(weight, divisors, where=lengths > 0, out=np.zeros_like(lengths))
        return short.astype(np.float32)

    def score(
        self,
        runs: Sequence[str],
        found: DocSet,
        finder: Finder,
        held: frozenset[Row] = frozenset(),
        synonyms: Sequence[SynonymEntry] = (),
    ) -> Array:
        """Score what is found for the runs of a query; one score for each of ``found.documents``.

        ``held`` are rows that all of these documents hold: what they give need not be looked up for each.
        """
        factors = self.factors_of_question if any(map(is_question, runs)) else self.factors
        accumulator = ScoreAccumulator(self, found, finder, factors, held)
        accumulator.add_terms(terms_of(tuple(runs)), synonyms)
        for run in runs:
            if row := row_of(run):
                accumulator.add_phrase_boost(row, accumulator.max_score_of(terms_of((run,))))
        scores = accumulator.scores
        step = np.float32(self.ranking.step)
        scores /= step
        np.rint(scores, out=scores)
        scores *= step
        return scores

    def idf_of_word(self, word: str) -> float:
        """Weigh a word; 0 for one that stands nowhere."""
        holding = self.statistics.word(word)
        return formula.idf(holding, self.snapshot.count) if holding else 0.0


class ScoreAccumulator:
    """Adds up what each term gives to the documents of one answer; knows the most that each can give."""

    def __init__(
        self,
        scorer: Scorer,
        found: DocSet,
        finder: Finder,
        factors: Mapping[str, Array],
        held: frozenset[Row] = frozenset(),
    ) -> None:
        self._scorer = scorer
        self._snapshot = scorer.snapshot
        self._ranking = scorer.ranking
        self._documents: Array = found.documents
        self._lookups = lookups_of(scorer.snapshot, found.documents, finder, factors)
        self._held = held
        self._held_units = frozenset(unit for row in held for unit in row)
        self._max_scores: dict[TermKey, float] = {}
        self._to_all = 0.0  # what all of these documents get alike
        self._to_holding: list[tuple[float, Row]] = []  # what those get that hold a row
        self._scores = np.zeros(len(found.documents), dtype=np.float32)

    @property
    def scores(self) -> Array:
        """All that has been added up."""
        given: Array = self._scores
        if self._to_holding:
            given = given + self._lookups.weights(self._to_holding)
        return given + np.float32(self._to_all)

    def add_terms(self, terms: RankingTerms, synonyms: Sequence[SynonymEntry] = ()) -> None:
        """Add what all terms give, and what synonyms add to words of theirs."""
        ranking, count = self._ranking, self._snapshot.count
        bigrams, units = len(terms.bigrams), len(terms.units)
        holding = self._scorer.statistics.of_terms(terms.bigrams, terms.units, terms.words)
        most = [(ranking.k1 + 1) * (ranking.bigram * formula.idf(one, count)) for one in holding[:bigrams]]
        most += [(ranking.k1 + 1) * formula.idf(one, count) for one in holding[bigrams + units :]]
        self._max_scores.update(zip((*terms.bigrams, *(("word", word) for word in terms.words)), most, strict=True))
        if synonyms:
            self._add_synonym_gains(synonyms)
        self._scores += self._lookups.scores(terms.bigrams, terms.words, most, ranking.k1)
        for unit, held in zip(terms.units, holding[bigrams : bigrams + units], strict=True):
            self._max_scores[(unit,)] = weight = formula.unit_weight(held, count, self._ranking)
            self._add_to_holding(weight, (unit,), sure=unit in self._held_units)

    def _add_synonym_gains(self, entries: Sequence[SynonymEntry]) -> None:
        of_entries = (word for one in entries for words in (one.words, *one.synonyms) for word in words)
        words = tuple(dict.fromkeys(of_entries))
        holding = self._scorer.statistics.of_terms((), (), words)
        idfs = [formula.idf(one, self._snapshot.count) for one in holding]
        counted = dict(zip(words, zip(self._lookups.frequencies((), words), idfs, strict=True), strict=True))
        for one in entries:
            self._add_synonym_gain(one, counted)

    def _add_synonym_gain(self, entry: SynonymEntry, counted: Mapping[str, Counted]) -> None:
        """Add what the synonyms of some words add to them: ``formula.synonym_gain`` by ``formula.synonym_idf``."""
        own, idfs = all_of([counted[word] for word in entry.words])
        synonyms = [all_of([counted[word] for word in words]) for words in entry.synonyms]
        others = reduce(np.add, [frequencies for frequencies, _ in synonyms])
        at = others.nonzero()[0]
        alone, together = own[at], own[at] + np.float32(self._ranking.synonym) * others[at]
        weight = formula.synonym_idf(idfs, [of_synonym for _, of_synonym in synonyms])
        self._scores[at] += np.float32(weight) * (
            _saturated(together, self._ranking) - _saturated(alone, self._ranking)
        )

    def max_score_of(self, terms: RankingTerms) -> float:
        """Add up the most that these terms, of those that were added, can give."""
        words: list[TermKey] = [("word", word) for word in terms.words]
        return sum(self._max_scores[term] for term in (*words, *terms.bigrams, *((unit,) for unit in terms.units)))

    def add_phrase_boost(self, row: Row, most: float) -> None:
        """Add what holding a run as typed gives; ``formula.phrase_boost`` for all documents."""
        self._add_to_holding(most, row, sure=row in self._held)
        self._lookups.add_title_boost(row, most, self._ranking, self._scores)

    def _add_to_holding(self, weight: float, row: Row, *, sure: bool) -> None:
        if sure:
            self._to_all += weight
        else:
            self._to_holding.append((weight, row))


def _saturated(frequencies: Array, ranking: Ranking) -> Array:
    """``formula.saturated`` of all at once."""
    given: Array = frequencies * np.float32(ranking.k1 + 1) / (frequencies + np.float32(ranking.k1))
    return given
