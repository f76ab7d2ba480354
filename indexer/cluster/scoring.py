"""The formula of ``indexer.ranking.bm25f`` as clauses of the cluster's: it adds up what each term gives.

Document frequencies are counted here, over the whole version, and idfs given along as boosts; term frequencies were
weighted when the announcements were written. So a score depends on nothing that differs between shards or copies.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from indexer.cluster.boolean_filters import bearing, of_series, with_title
from indexer.cluster.mappings import FREQUENCY_SCALE
from indexer.cluster.tokens import ONCE, TITLE_MARK, bigram_tokens, token
from indexer.light_dataclass import dataclass
from indexer.query.leaves import numbers_of, texts_of
from indexer.query.number_parts import LAST_SERIAL, series_of
from indexer.query.sentences import is_question
from indexer.ranking.bm25f import RANKING, RankingTerms, idf, synonym_idf, unit_weight
from indexer.ranking.prior import PRIOR_STEPS
from indexer.text.units import BREAK, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.cluster.boolean_filters import Finder
    from indexer.cluster.connection import Body
    from indexer.cluster.statistics import Statistics
    from indexer.query.tree import Node
    from indexer.ranking.bm25f import SynonymEntry

# Scores go in whole steps, so that what nobody could tell apart comes by date; single precision counts to 16 million.
_IN_STEPS: Final = "Math.rint(_score / params.step)"
# The same with what synonyms add: ``ranking.synonym_gain`` of the least frequent word of each entry of the table.
_IN_STEPS_WITH_SYNONYMS: Final = """
double score = _score, k = params.saturation;
for (def entry : params.entries) {
  double own = Double.MAX_VALUE, others = 0;
  for (def word : entry.words) {
    own = Math.min(own, Math.max(termFreq('words', word), termFreq('words', params.mark + word)) / params.scale)
  }
  for (def synonym : entry.synonyms) {
    double least = Double.MAX_VALUE;
    for (def word : synonym) {
      least = Math.min(least, Math.max(termFreq('words', word), termFreq('words', params.mark + word)) / params.scale)
    }
    others += least;
  }
  if (others > 0) {
    double more = own + params.synonym * others;
    score += entry.weight * (k + 1) * (more / (more + k) - own / (own + k));
  }
}
return Math.rint(score / params.step);
"""

# The first digits, of five at most, behind the last bar of a number's key.
_BY_NUMBER: Final = """
if (doc['number'].size() == 0) { return 0 }
String key = doc['number'].value;
if (!key.startsWith(params.key)) { return 0 }
int number = 0, digits = 0;
for (int at = key.lastIndexOf('|') + 1; at < key.length() && digits < 5; at++) {
  int digit = key.charAt(at) - (char) '0';
  if (digit >= 0 && digit <= 9) { number = 10 * number + digit; digits++ } else if (digits > 0) { break }
}
return digits > 0 ? params.last - number : 0;
"""

# The cluster takes 1,024 clauses in a query, and finding may need half of them. More than these have queries of some
# hundred characters, of which the first terms say enough.
MOST_TERMS: Final = 300
MOST_RUNS: Final = 50
MOST_NUMBERS: Final = 10

TermKey = str | tuple[str, ...]  # a word, a bigram, or a unit as a tuple by itself


@dataclass(frozen=True, slots=True)
class Scored:
    """What is found, with its score."""

    exact: Body  # in steps; a script runs for each that is found
    plain: Body | None  # the same, not yet rounded and without a script; None where only the script knows
    in_title: Body | None = None  # finds what holds in its title the one run that was typed; None of several
    below: float = 0.0  # the most that all others can have


@dataclass(frozen=True, slots=True)
class ScoreClause:
    """A clause that adds to scores."""

    query: Body | None  # None: it stands nowhere
    max_score: float  # the most that it can give
    in_title: bool = False  # only to what holds in its title what was typed


def scored(
    found: Body, root: Node | None, synonyms: Sequence[SynonymEntry], finder: Finder, statistics: Statistics
) -> Scored | None:
    """Return what is found with its score; None when the query says nothing to rank by.

    ``synonyms`` are synonyms of the query's words.
    """
    numbers, runs = numbers_of(root), texts_of(root)
    if not numbers and not runs:
        series = series_of(root)
        return Scored(_by_number(found, series.key), None) if series else None
    question = any(map(is_question, runs))
    clauses = [*_of_runs(runs, finder, statistics, question=question)]
    # Those that bear a number stand before all that cite it, and these before the rest, whatever else they hold.
    for those in (finder.citing, bearing):
        above = 1 + sum(one.max_score for one in clauses)
        clauses += [_constant_clause(those(number), above) for number in numbers[:MOST_NUMBERS]]
    whole = in_steps(found, clauses, [_synonym_clause(one, statistics) for one in synonyms], question=question)
    if len(runs) != 1 or not units(runs[0]):
        return whole
    below = sum(one.max_score for one in clauses if not one.in_title)
    return replace(whole, in_title=finder.holding(runs[0], "title"), below=below)


def _by_number(found: Body, key: str) -> Body:
    """Score by the number within its series, as ``query.number_parts.series_score`` does."""
    query = {"bool": {"filter": [found], "should": [of_series(key)]}}
    script = {"source": _BY_NUMBER, "params": {"key": key, "last": LAST_SERIAL}}
    return {"script_score": {"query": query, "script": script}}


def in_steps(
    found: Body, clauses: Iterable[ScoreClause], synonyms: Sequence[Body] = (), *, question: bool = False
) -> Scored:
    """Score what is found by adding up clauses and what synonyms add, and round."""
    query: Body = {"bool": {"filter": [found], "should": [one.query for one in clauses if one.query]}}
    script: dict[str, Any] = {"source": _IN_STEPS, "params": {"step": RANKING.step}}
    if synonyms:
        known: dict[str, Any] = {
            "saturation": RANKING.k1,
            "synonym": RANKING.synonym,
            "scale": float(FREQUENCY_SCALE),
        }
        known["mark"] = "" if question else TITLE_MARK
        script = {
            "source": _IN_STEPS_WITH_SYNONYMS,
            "params": {"step": RANKING.step, **known, "entries": list(synonyms)},
        }
    return Scored({"script_score": {"query": query, "script": script}}, None if synonyms else query)


def _synonym_clause(entry: SynonymEntry, statistics: Statistics) -> Body:
    """Return for the script the synonyms of some words, and how much they weigh."""
    words = list(dict.fromkeys((*entry.words, *chain.from_iterable(entry.synonyms))))
    documents = statistics.documents()
    counts = statistics.counts([{"term": {"words": token(word)}} for word in words])
    idfs = {word: idf(count, documents) for word, count in zip(words, counts, strict=True)}
    weight = synonym_idf([idfs[word] for word in entry.words], [[idfs[word] for word in one] for one in entry.synonyms])
    synonyms = [[token(word) for word in one] for one in entry.synonyms]
    return {"words": [token(word) for word in entry.words], "synonyms": synonyms, "weight": weight}


def _of_runs(runs: Sequence[str], finder: Finder, statistics: Statistics, *, question: bool) -> Iterator[ScoreClause]:
    terms = term_clauses(_first(RankingTerms.of(runs)), finder, statistics, question=question)
    yield from terms.values()
    for run in runs[:MOST_RUNS]:
        if units(run):
            most = sum(terms[term].max_score for term in _all_of(RankingTerms.of([run])) if term in terms)
            yield _constant_clause(finder.holding(run), most)
            yield from _of_title(run, most, finder)


def _of_title(run: str, most: float, finder: Finder) -> Iterator[ScoreClause]:
    """Return what titles that hold a run add to its boost; ``ranking.phrase_boost``."""
    holding = finder.holding(run, "title")
    for query, boost in ((holding, RANKING.phrase_boost_in_title), (with_title(run), RANKING.whole_title)):
        yield replace(_constant_clause(query, most * boost), in_title=True)
    if not most:
        return
    by_prior, by_coverage = most * RANKING.prior, most * RANKING.title_coverage
    count = sum(unit != BREAK for unit in units(run))
    yield _by_value(holding, {"field": "prior", "factor": by_prior / PRIOR_STEPS}, by_prior)
    share = {"field": "title_core", "factor": 1 / (count * by_coverage), "modifier": "reciprocal"}
    yield _by_value(holding, share, by_coverage)


def _by_value(query: Body, value: Body, most: float) -> ScoreClause:
    """Return a clause that adds what a stored number says, no more than ``most``."""
    scored = {"filter": [query]}
    return ScoreClause(
        {
            "function_score": {
                "query": {"bool": scored},
                "field_value_factor": value,
                "boost_mode": "replace",
                "max_boost": most,
            }
        },
        most,
        in_title=True,
    )


def _first(terms: RankingTerms) -> RankingTerms:
    """Return no more terms than the cluster takes: words before bigrams before units."""
    words = terms.words[:MOST_TERMS]
    bigrams = terms.bigrams[: MOST_TERMS - len(words)]
    return RankingTerms(words, bigrams, terms.units[: MOST_TERMS - len(words) - len(bigrams)])


def term_clauses(
    terms: RankingTerms, finder: Finder, statistics: Statistics, *, question: bool = False
) -> dict[TermKey, ScoreClause]:
    """Return a clause for each term, as it weighs in a question or in all else."""
    queries: dict[TermKey, Body] = {word: {"term": {"words": token(word)}} for word in terms.words}
    queries |= {bigram: {"term": {"text_bigrams": bigram_tokens(bigram)[0]}} for bigram in terms.bigrams}
    queries |= {(unit,): finder.holding(unit) for unit in terms.units}
    documents = statistics.documents()
    counts = statistics.counts(list(queries.values()))
    return {
        term: _unit_clause(query, count, documents)
        if isinstance(term, tuple) and len(term) == 1
        else _term_clause(query, count, idf(count, documents) * _weight_of(term), question=question)
        for (term, query), count in zip(queries.items(), counts, strict=True)
    }


def _unit_clause(query: Body, holding: int, documents: int) -> ScoreClause:
    most = unit_weight(holding, documents)
    return _constant_clause(query, most) if holding else ScoreClause(None, most)


def _weight_of(term: TermKey) -> float:
    return RANKING.bigram if isinstance(term, tuple) else 1.0


def _term_clause(query: Body, holding: int, weight: float, *, question: bool) -> ScoreClause:
    most = weight * (RANKING.k1 + 1)
    if not holding:
        return ScoreClause(None, most)
    ((field, value),) = query["term"].items()
    of_bigrams = field == "text_bigrams"
    clauses: list[Body] = [
        {"term": {"bigrams" if of_bigrams else field: {"value": mark + value, "boost": weight}}}
        for mark in ("", *([] if question else [TITLE_MARK]))
    ]
    if of_bigrams:
        clauses.append(_standing_once(value, weight))
    # What a title holds weighs more with the mark than without, so the better of the two is the one that counts.
    return ScoreClause({"dis_max": {"queries": clauses}} if len(clauses) > 1 else clauses[0], most)


def _standing_once(bigram: str, weight: float) -> Body:
    """Score a bigram where it stands in the body alone, once."""
    return {
        "bool": {
            "must": [{"term": {"once": {"value": ONCE, "boost": weight}}}],
            "filter": [{"term": {"text_bigrams": bigram}}],
            "must_not": [{"term": {"bigrams": bigram}}],
        }
    }


def _constant_clause(query: Body, most: float) -> ScoreClause:
    return ScoreClause({"constant_score": {"filter": query, "boost": most}}, most)


def _all_of(terms: RankingTerms) -> Iterable[TermKey]:
    return (*terms.words, *terms.bigrams, *((unit,) for unit in terms.units))
