"""The fields of texts, made of many texts at once, hold what each text by itself says."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.cluster import text_fields as making
from indexer.cluster.averages import Averages
from indexer.cluster.mappings import FREQUENCY_SCALE
from indexer.cluster.text_fields import count_words, text_fields
from indexer.cluster.tokens import LONGEST_TOKEN, bigram_tokens, row_digest, token
from indexer.ranking.bm25f import RANKING, length_norm
from indexer.text.segmenter import current_segmenter, words
from indexer.text.units import BREAK, units
from indexer.text.word_numbers import StringNumbers

AVERAGES = Averages(4.0, 40.0)
TEXTS = st.text(st.sampled_from("花都区扶贫工作，。 \n\tAa12𠮷\ud800=|\x1f\u3000"), max_size=25)
MANY = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6)


def _steps(frequency: float) -> str:
    return str(round(frequency * FREQUENCY_SCALE) or 1)


def _weighed(title: Counter[str], body: Counter[str], factors: tuple[float, float, float]) -> dict[str, str]:
    """Weigh each term by itself."""
    of_title, in_question, of_body = factors
    found = {term: _steps(count * of_body) for term, count in body.items()}
    for term, count in title.items():
        found[term] = _steps(count * in_question + body[term] * of_body)
        found[f"|{term}"] = _steps(count * of_title + body[term] * of_body)
    return found


def _one_by_one(title: str, body: str) -> dict[str, Any]:
    rows, cut = (units(title), units(body)), (words(title), words(body))
    norm = length_norm(len(cut[0]), AVERAGES.title, RANKING.b_in_title)
    of_body = length_norm(len(cut[1]), AVERAGES.body, RANKING.b)
    factors = RANKING.title * norm, RANKING.title_in_question * norm, of_body
    bigrams = [Counter("|".join(map(token, pair)) for pair in pairwise(row) if BREAK not in pair) for row in rows]
    repeated = Counter({one: count for one, count in bigrams[1].items() if count > 1 or one in bigrams[0]})
    held = [{token(unit) for unit in row if unit != BREAK} for row in rows]
    return {
        "title_units": held[0],
        "text_units": held[0] | held[1],
        "title_bigrams": " ".join(bigram_tokens(rows[0])),
        "text_bigrams": [" ".join(bigram_tokens(row)) for row in rows],
        "title_row": row_digest(rows[0]),
        "title_length": len(cut[0]),
        "body_length": len(cut[1]),
        "words": _weighed(Counter(map(token, cut[0])), Counter(map(token, cut[1])), factors),
        "bigrams": _weighed(bigrams[0], repeated, factors),
        "once": f"1^{_steps(of_body)}" if len(rows[1]) > 1 else None,
    }


def _read(fields: dict[str, Any]) -> dict[str, Any]:
    """Forget the order of what has none."""
    held = {name: set((fields[name] or "").split()) for name in ("title_units", "text_units")}
    weighed = {name: dict(one.split("^") for one in (fields[name] or "").split()) for name in ("words", "bigrams")}
    return {**fields, **held, **weighed}


def _made(texts: list[tuple[str, str]]) -> list[dict[str, Any]]:
    titles, bodies = zip(*texts, strict=True)
    return list(map(_read, text_fields(titles, bodies, AVERAGES)))


@given(MANY)
def test_many_texts_at_once_give_what_each_gives_by_itself(texts: list[tuple[str, str]]) -> None:
    assert _made(texts) == [_one_by_one(*one) for one in texts]


def test_runs_of_any_length_stand_where_they_stood() -> None:
    long = ["a" * (LONGEST_TOKEN + 1), "b" * (LONGEST_TOKEN + 1)]
    texts = [(long[0], f"{long[0]} 花 {long[1]}，1 2"), ("花", long[1]), ("", "A，B"), ("12", "")]
    assert _made(texts) == [_one_by_one(*one) for one in texts]


def test_words_are_the_same_where_no_cutter_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [("花都区扶贫工作", "扶贫工作，2017年A1扶贫成果。𠮷"), ("", "扶贫")]
    before = _made(texts)
    monkeypatch.setattr(making, "word_numbers", lambda: StringNumbers(current_segmenter().cutter))
    assert _made(texts) == before == [_one_by_one(*one) for one in texts]


@given(st.lists(TEXTS, max_size=5))
def test_words_are_counted_as_they_are_cut(texts: list[str]) -> None:
    assert count_words(texts) == [len(words(one)) for one in texts]
