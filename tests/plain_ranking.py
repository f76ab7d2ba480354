"""The formula of ``indexer.ranking.bm25f``, as plain as can be: what every engine must equal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.announcement import Announcement
from indexer.query.sentences import is_question
from indexer.ranking import bm25f as formula
from indexer.ranking.bm25f import RANKING, Ranking, RankingTerms, SynonymEntry
from indexer.ranking.prior import prior_of, title_core
from indexer.text.segmenter import words
from indexer.text.units import BREAK, units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class _Field:
    words: Counter[str]
    bigrams: Counter[tuple[str, str]]
    row: list[str]  # units and breaks

    def holds(self, row: Sequence[str]) -> bool:
        return any(self.row[at : at + len(row)] == list(row) for at in range(len(self.row) - len(row) + 1))


def _field(text: str) -> _Field:
    row = units(text)
    return _Field(Counter(words(text)), Counter(bigram for bigram in pairwise(row) if BREAK not in bigram), row)


def plain_scores(
    runs: Sequence[str],
    documents: Sequence[tuple[str, str]],
    ranking: Ranking = RANKING,
    synonyms: Sequence[SynonymEntry] = (),
    priors: Sequence[float] | None = None,
) -> list[float]:
    """Score all documents, (title, body) each, for the runs of a query; 0.0 for what holds none of its terms.

    ``priors`` are the documents', read off titles and bodies if they are not given.
    """
    worth = priors or [prior_of(Announcement("", title, body)) for title, body in documents]
    if any(map(is_question, runs)):
        ranking = replace(ranking, title=ranking.title_in_question)
    titles, bodies = [_field(title) for title, _ in documents], [_field(body) for _, body in documents]
    given = [gives for _, gives in _ranking_terms(runs, titles, bodies, ranking)]
    given += [_lent(one, titles, bodies, ranking) for one in synonyms]
    scores = [sum(of_one) for of_one in zip(*given, strict=True)]
    for run in runs:
        row, most = units(run), sum(most for most, _ in _ranking_terms([run], titles, bodies, ranking))
        for at, (title, body) in enumerate(zip(titles, bodies, strict=True)):
            if row and (title.holds(row) or body.holds(row)):
                match = _title_match(row, documents[at][0], worth[at]) if title.holds(row) else None
                scores[at] += formula.phrase_boost(most, match, ranking)
    return [formula.rounded(score, ranking) for score in scores or [0.0] * len(documents)]


def _title_match(row: list[str], title: str, prior: float) -> formula.TitleMatch:
    """Return how a title that holds a row of units does."""
    coverage = formula.title_coverage(sum(unit != BREAK for unit in row), title_core(title))
    return formula.TitleMatch(units(title) == row, coverage, prior)


def _ranking_terms(
    runs: Sequence[str], titles: Sequence[_Field], bodies: Sequence[_Field], ranking: Ranking
) -> Iterator[tuple[float, list[float]]]:
    """Return for each term the most that it can give, and what it gives to each document."""
    title_factors = _factors(titles, ranking.b_in_title, ranking.title)
    body_factors = _factors(bodies, ranking.b, 1.0)

    def counted(count: Callable[[_Field], int], weight: float) -> tuple[float, list[float]]:
        there = [count(title) + count(body) > 0 for title, body in zip(titles, bodies, strict=True)]
        scarce = weight * formula.idf(sum(there), len(there))
        every = zip(titles, title_factors, bodies, body_factors, strict=True)
        frequencies = [count(title) * of_title + count(body) * of_body for title, of_title, body, of_body in every]
        return (ranking.k1 + 1) * scarce, [scarce * formula.saturated(one, ranking) for one in frequencies]

    terms = RankingTerms.of(runs)
    yield from (counted(lambda field, word=word: field.words[word], 1.0) for word in terms.words)  # type: ignore[misc]
    yield from (counted(lambda field, bigram=bigram: field.bigrams[bigram], ranking.bigram) for bigram in terms.bigrams)  # type: ignore[misc]
    for unit in terms.units:
        held = [unit in title.row or unit in body.row for title, body in zip(titles, bodies, strict=True)]
        weight = formula.unit_weight(sum(held), len(held), ranking)
        yield weight, [weight * one for one in held]


def _lent(synonyms: SynonymEntry, titles: Sequence[_Field], bodies: Sequence[_Field], ranking: Ranking) -> list[float]:
    """Return what synonyms lend to the words that they stand beside, in each document."""
    title_factors = _factors(titles, ranking.b_in_title, ranking.title)
    body_factors = _factors(bodies, ranking.b, 1.0)
    every = list(zip(titles, title_factors, bodies, body_factors, strict=True))

    def frequency(words: Sequence[str], at: int) -> float:
        title, of_title, body, of_body = every[at]
        return min(title.words[word] * of_title + body.words[word] * of_body for word in words)

    def scarce(word: str) -> float:
        return formula.idf(sum(word in title.words or word in body.words for title, _, body, _ in every), len(every))

    weight = formula.synonym_idf(
        [scarce(word) for word in synonyms.words], [[scarce(word) for word in words] for words in synonyms.synonyms]
    )
    return [
        weight
        * formula.synonym_gain(
            frequency(synonyms.words, at), sum(frequency(words, at) for words in synonyms.synonyms), ranking
        )
        for at in range(len(every))
    ]


def _factors(fields: Sequence[_Field], lengths: float, weight: float) -> list[float]:
    average = sum(field.words.total() for field in fields) / len(fields) or 1.0
    return [weight * formula.length_norm(field.words.total(), average, lengths) for field in fields]
