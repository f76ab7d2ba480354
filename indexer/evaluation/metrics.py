"""Measures of a ranking against judgements, and how sure their means are."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

import numpy as np

from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

_RESAMPLES = 2_000
_SEED = 20_200_101  # any fixed one: the same answers give the same interval
_BATCH = 200  # resamples drawn at once, so that many queries take little memory


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries, from 0.0 to 1.0."""

    mean: float
    low: float  # between low and high lies the mean over all such queries, with 95 % confidence
    high: float

    def __str__(self) -> str:
        """Write it as .912 [.894, .930]."""
        mean, low, high = (f"{value:.3f}".removeprefix("0") for value in (self.mean, self.low, self.high))
        return f"{mean} [{low}, {high}]"


def ndcg(grades: Sequence[int], best: Sequence[int], k: int) -> float:
    """Return the quality of the first ``k`` hits, 0.0 to 1.0 (Järvelin & Kekäläinen 2002, discounted as in trec_eval).

    ``grades`` are of the hits in order, ``best`` of all answers there are, highest first; 0.0 without an answer.
    """
    ideal = _gain(best[:k])
    return _gain(grades[:k]) / ideal if ideal else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, 1))


def reciprocal_rank(grades: Sequence[int], k: int) -> float:
    """Return one over the rank of the first answer among the first ``k`` hits; 0.0 if none is there."""
    return next((1 / rank for rank, grade in enumerate(grades[:k], 1) if grade > 0), 0.0)


def recall(grades: Sequence[int], answers: int, k: int) -> float:
    """Return the share of all answers that are among the first ``k`` hits; 0.0 without an answer."""
    return sum(grade > 0 for grade in grades[:k]) / answers if answers else 0.0


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of the queries' values and its interval, by bootstrap (Efron 1979); zeros for no values."""
    if not values:
        return Estimate(0.0, 0.0, 0.0)
    sample = np.array(values)
    random = np.random.default_rng(_SEED)
    means = [
        sample[random.integers(0, len(sample), (_BATCH, len(sample)))].mean(axis=1) for _ in range(_RESAMPLES // _BATCH)
    ]
    low, high = np.percentile(np.concatenate(means), (2.5, 97.5))
    return Estimate(float(sample.mean()), float(low), float(high))
