"""A server under hostile queries, and under load: short runs of the scripts that measure both."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest

from indexer.suggesting.completion import KINDS, Suggester, build
from indexer.suggesting.pinyin import cuts
from indexer.suggesting.spelling import did_you_mean
from tests.promises import hostile_queries, load

if TYPE_CHECKING:
    from pathlib import Path


def test_hostile_queries_are_answered_or_refused_with_the_limit(tmp_path: Path) -> None:
    verdict = hostile_queries.prove(tmp_path, requests=200, seed=7)
    assert verdict.counts["answers with 400"] > 25
    assert verdict.counts["answers with 200"] > 25
    assert [line for line in verdict.broken if " s: " not in line[:9]] == []  # a busy machine is no failure


def test_a_server_under_load_makes_no_error_and_ends_well(tmp_path: Path) -> None:
    verdict = load.prove(tmp_path, size=300, seconds=1.0)
    assert [line for line in verdict.broken if not line.startswith("memory")] == []  # a second tells nothing of that


@pytest.mark.timeout(20)
@pytest.mark.parametrize("typed", ["a" * 24, "a" * 60, "a" * 59 + "v", "xian" * 15, "zh" * 30, "a" * 990])
def test_letters_that_can_be_cut_in_too_many_ways_hold_nobody_up(typed: str) -> None:
    empty = Suggester({kind: build([("通知", 1)]) for kind in KINDS})
    assert did_you_mean(typed, empty, lambda _: 0) == ()
    assert len(list(islice(cuts(typed), 6))) == (0 if typed.endswith("v") or len(typed) > 60 else 6)
    empty.complete(typed, 8)
