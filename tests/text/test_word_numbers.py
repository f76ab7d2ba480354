"""Words as numbers are the words themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embedded.store.unit_codes import END, encode
from indexer.text.segmenter import jieba_cutter, segmenter_of, words
from indexer.text.word_numbers import CompiledNumbers, StringNumbers, WordNumbers

TEXT = st.text(st.sampled_from("花都区扶貧贫发 　，。\n\tAa1２𠮷〇か\ud800é"), max_size=20)


def by_strings() -> WordNumbers:
    return StringNumbers(segmenter_of().cutter)


def by_jieba() -> WordNumbers:
    return StringNumbers(jieba_cutter())


def by_the_compiled_cutter() -> WordNumbers:
    compiled = segmenter_of().compiled
    if compiled is None:
        pytest.skip("the cutter was not compiled")
    return CompiledNumbers(compiled)


@pytest.mark.parametrize("make", [by_strings, by_jieba, by_the_compiled_cutter])
@given(some=st.lists(TEXT, max_size=5), more=st.lists(TEXT, max_size=5), at_once=st.integers(1, 9))
def test_numbers_stand_for_the_words_of_each_text(
    make: Callable[[], WordNumbers], some: list[str], more: list[str], at_once: int
) -> None:
    numbers, found = make(), []
    for texts in (some, more):
        for codes, runs in encode(texts).stretches(at_once):
            of_stretch, lengths = numbers.of(codes, runs, END)
            assert len(of_stretch) == lengths.sum()
            ends = lengths.cumsum()
            found += [of_stretch[end - size : end].tolist() for end, size in zip(ends, lengths, strict=True)]
    names = {number: word.decode("utf-8", "surrogatepass") for word, number in numbers.words()}
    assert max(names, default=-1) < len(numbers)
    assert [[names[number] for number in of_text] for of_text in found] == [words(text) for text in (*some, *more)]
