"""Score how well an announcement answers a query: the formula, its parameters, and how they were tuned.

Pure arithmetic on counts. It knows nothing of how counts are kept; the whole formula in its plainest form, which
every faster form must equal, is in the tests.

**What is counted.** A query's *runs* (unquoted runs and quoted strings) give three kinds of *terms*, each once:

* words, without those that carry no matter (``content_words``);
* bigrams: they find what the segmenter split, and that words stand side by side;
* single units, only whether they are there at all; common ones say nothing, rare ones are often parts of names.

Each is weighed by its idf, units by its square. Words and bigrams go through BM25F (Robertson & Zaragoza, The
Probabilistic Relevance Framework, 2009, §3.6): frequencies are divided by the length of their field, weighted by
field, added, and only then saturated. Above all that stand the runs themselves: an announcement that holds a run as
it was typed comes before all that do not, one that holds it in the title before the others, one whose title is the
run before those. Among titles that hold it, the more of the title's matter the run is, and the more the announcement is
worth by itself, the better: the law before the news about it (``indexer.ranking.prior``).

**Synonyms.** What stands in the table of synonyms beside words of an unquoted run counts as so many more of those
words, each as half of one (the synonym operator of Indri, with a weight), and goes through the same saturation with
them: it lifts most what holds little of the words typed, never above what the words alone could give. Found is only
what holds what was typed, here as everywhere.

**Sentences.** All words of a run must be there but stop words such as 的 and 如何 (``content_words``). That is right
for the one to three words that clerks type, and wrong for a question or a subject line put as a sentence: on the judged
sets one question in two has an announcement with all its words, and every fourth of those is not the one that answers.
So a long run or a question is read as a sentence (``query.sentences``): it finds what holds a fair share of it
(``minimum_should_match``).

**How it was tuned.** On two judged sets (339 questions on 599 documents of 1,500 characters; 1,399 subject lines on
2,813 replies of 360), nDCG@10, a step kept only if it helped both or one without harm to the other:

    words, BM25 k1 1.2 b .75                                     .858  .640
    words + bigrams                                              .900  .654
    ... without stop words                                         .904  .656
    ... k1 1, b 1                                                .905  .661
    ... + single units by the square of their idf             .909  .670
    ... + synonyms, each as half of the word                     .908  .670
    all words required wherever some announcement has them       .863  .659

Those who wrote the questions had the documents before them, so theirs are the documents' words. With every word that
the table holds in them changed for another of its group (156 and 443 are changed), synonyms make .885 into .887 and
.555 into .575; counting each as a whole word or as a quarter of one, .888 and .582, or .887 and .571, for .908 and .670
of the questions as they are.

Choosing k1, b and the units' weight from a grid of 35 on the questions alone gives .909 there and .670 on the subject
lines; choosing on the subject lines alone, .672 there and .907 on the questions. Within each set, five folds, each
answered by the best of 14 settings on the other four: .899 on the questions where the weights below have .908, .672 on
the subject lines where they have .670 (``tests/bench/bench_ranking.py``). So there is nothing left to fit.

**Titles.** Neither judged set has any. With the first sentence of the 599 documents as their title, the questions give
.902 for a title's weight of 4, .905 of 2, .909 of 1, .905 of 0.5. An announcement is found again by half of the words
of its title, put together, with a mean reciprocal rank of .84 at 1, .86 at 2, .90 at 4, .91 at 8 (250 documents; news
.88, .90, .93, .94), by four words of a sentence of its body .708, .705, .703, .695. So a title counts four times but
for what asks, where it counts once. Other shares of the title's length (0 to 1) move none of these by .005.

All weights are round numbers. Tried and left out, for they won on one set what they lost on the other or nothing at
all: trigrams, pairs of words, pieces of long words, the best sentence or window of 50 to 400 characters (+.001 and
-.001), other powers of the idf, BM25+, DPH and Dirichlet smoothing, weight for how many of the terms are there,
feedback from the first hits, less weight for pairs across words.
"""

from __future__ import annotations

from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.text.segmenter import words
from indexer.text.stop_words import content_words
from indexer.text.units import BREAK, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Bigram = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The parameters of the formula."""

    k1: float = 1.0  # with this weighted frequency a term gives half of the most it can
    b: float = 1.0  # of the body, 0 to 1: how far long texts are discounted
    b_in_title: float = 0.5  # of the title: titles are long for formal reasons rather than for much matter
    title: float = 4.0  # a word in the title counts as often in the body
    title_in_question: float = 1.0  # the same for what asks: titles of news seldom say what they answer
    bigram: float = 1.0  # weight of a bigram beside that of a word
    unit: float = 1.5  # weight of a single unit, see ``unit_weight``
    synonym: float = 0.5  # of a word once written: how much of it a synonym counts as
    phrase_boost_in_title: float = 0.5  # on top of ``phrase_boost``, as a share of it
    whole_title: float = 1.0  # on top of both, as a share of ``phrase_boost``
    title_coverage: float = 0.5  # the same, for a run that is all the title is about; less for a part of it
    prior: float = 0.2  # the same, for what is worth most by itself (``indexer.ranking.prior``)
    # Share of the best coverage that makes a sentence found. With .2, .25, .3 and .35 a subject line finds 343, 185,
    # 118 and 78 announcements in the mean, with nDCG@10 of .669, .669, .668 and .668; questions have .908 with each.
    minimum_should_match: float = 0.25
    step: float = 0.01  # scores are rounded to it, so that what is as good as equal is ordered by date


RANKING: Final = Ranking()


# ── what a query looks for ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SynonymEntry:
    """Words of a query that the table of synonyms holds as one entry, and what stands beside it there."""

    words: tuple[str, ...]  # all of them words of the query
    synonyms: tuple[tuple[str, ...], ...]  # each as its words


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """How a title holds a run as typed."""

    whole: bool  # is nothing but the run
    coverage: float  # see ``title_coverage``
    prior: float  # of the announcement, see ``indexer.ranking.prior``


@dataclass(frozen=True, slots=True)
class RankingTerms:
    """What an announcement is ranked by, each term once, in the order of the query."""

    words: tuple[str, ...]
    bigrams: tuple[Bigram, ...]  # neighbouring units; none reaches over a break
    units: tuple[str, ...]

    @classmethod
    def of(cls, runs: Iterable[str]) -> RankingTerms:
        """Read them off the runs of a query."""
        rows = [(words(run), units(run)) for run in runs]
        return cls(
            words=tuple(dict.fromkeys(word for of_run, _ in rows for word in content_words(of_run))),
            bigrams=tuple(dict.fromkeys(bigram for _, row in rows for bigram in _bigrams(row))),
            units=tuple(dict.fromkeys(unit for _, row in rows for unit in row if unit != BREAK)),
        )


def _bigrams(row: Sequence[str]) -> Iterator[Bigram]:
    return (bigram for bigram in pairwise(row) if BREAK not in bigram)


# ── the formula ──────────────────────────────────────────────────────────────────────────────────────


def idf(holding: int, documents: int) -> float:
    """Weigh a term that ``holding`` of all documents hold, from 0.0 (BM25's idf, never negative: Lucene's form)."""
    return log(1 + (documents - holding + 0.5) / (holding + 0.5))


def unit_weight(holding: int, documents: int, ranking: Ranking = RANKING) -> float:
    """Weigh a single unit: by its idf times how near that is to the greatest there can be."""
    return ranking.unit * idf(holding, documents) ** 2 / idf(1, max(documents, 1))


def length_norm(length: float, average: float, lengths: float) -> float:
    """Return what a frequency in a field of this length is multiplied with; 1.0 at the average length.

    Lengths are in words, the ``average`` over all documents, empty fields too; an empty field holds nothing: 0.0.
    """
    return 1 / (1 - lengths + lengths * length / average) if length else 0.0


def saturated(frequency: float, ranking: Ranking = RANKING) -> float:
    """Return what a term of weighted frequency gives, from 0.0 to ``k1`` + 1."""
    return frequency * (ranking.k1 + 1) / (frequency + ranking.k1)


def synonym_gain(frequency: float, of_synonyms: float, ranking: Ranking = RANKING) -> float:
    """Return what synonyms give to words of this frequency: what so many more of them would.

    Of several words, in the query as in a synonym, the least frequent counts.
    """
    return saturated(frequency + ranking.synonym * of_synonyms, ranking) - saturated(frequency, ranking)


def synonym_idf(words: Sequence[float], synonyms: Sequence[Sequence[float]]) -> float:
    """Weigh what synonyms add: by the idf of the commonest of the query's words, or of a synonym if it is commoner.

    A synonym is as rare as its rarest word. So words with their synonyms never give more than the words alone could,
    and a run as typed stays above all that do without it.
    """
    return min([*words, *map(max, synonyms)])


def phrase_boost(most: float, title: TitleMatch | None, ranking: Ranking = RANKING) -> float:
    """Return what an announcement gets for holding a run as typed, in its body alone or as its ``title`` does.

    ``most`` is the most that the run's own terms can give (words and bigrams ``k1`` + 1 times their weighted
    idf, units their weight), so nothing without the run comes before it.
    """
    if title is None:
        return most
    share = ranking.phrase_boost_in_title + ranking.whole_title * title.whole + ranking.prior * title.prior
    return most * (1 + share + ranking.title_coverage * title.coverage)


def title_coverage(of_run: int, core: int) -> float:
    """Return how much of what a title is about a run of so many units names, above 0.0 up to 1.0."""
    return min(1.0, of_run / core)


def minimum_should_match(coverage: float, best: float, ranking: Ranking = RANKING) -> bool:
    """Return whether an announcement holds enough of a sentence, or of a query whose words none has all.

    Coverage is the idf of the words held, added up; ``best`` is the most that any announcement has.
    """
    return coverage > 0 and coverage >= ranking.minimum_should_match * best


def rounded(score: float, ranking: Ranking = RANKING) -> float:
    """Round a score, so that neither noise nor what nobody could tell apart comes before the date."""
    return round(score / ranking.step) * ranking.step
