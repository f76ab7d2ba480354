"""Passages judged by hand are read as well as was measured: what falls below these floors was broken."""

from __future__ import annotations

from tests.relations.gold import score_citations, score_repeals


def test_citations_and_their_relations_are_read_right() -> None:
    score = score_citations()
    assert score.passages >= 200
    assert score.recall >= 0.97, score.wrong
    assert score.precision >= 0.98, score.wrong
    assert score.right / score.hits >= 0.97, score.wrong


def test_repeals_are_read_right_and_what_only_looks_like_one_is_none() -> None:
    score = score_repeals()
    assert score.passages >= 150
    assert score.recall >= 0.95, score.wrong
    assert score.precision >= 0.99, score.wrong
