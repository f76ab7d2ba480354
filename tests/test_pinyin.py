"""Letters read as pinyin: every likely cut, and no typed text that takes forever."""

from __future__ import annotations

from itertools import islice

import pytest

from indexer.pinyin import LONGEST_TYPED, cuts


def test_letters_are_cut_into_syllables_longest_first() -> None:
    first, loose = next(iter(cuts("xiangcun")))
    assert len(first) == 2
    assert not loose


@pytest.mark.parametrize("text", ["a" * 39 + "v", "zh" * 19 + "v", "xi" * 19 + "v", "a" * LONGEST_TYPED, "zh" * 20])
def test_what_has_no_end_or_very_many_cuts_is_given_up_or_begun_at_once(text: str) -> None:
    assert len(list(islice(cuts(text), 50))) in range(51)  # would not return for years if each way were tried


def test_more_letters_than_anybody_types_are_not_cut() -> None:
    assert list(cuts("a" * (LONGEST_TYPED + 1))) == []
