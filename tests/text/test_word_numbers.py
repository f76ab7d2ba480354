"""Words as numbers are the words themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.embedded.store.unit_codes import END, encode
from indexer.text.segmenter import words
from indexer.text.word_numbers import WordNumbers

TEXT = st.text(st.sampled_from("花都区扶貧贫发 　，。\n\tAa1２𠮷〇か\ud800é"), max_size=20)


@given(st.lists(TEXT, max_size=5), st.lists(TEXT, max_size=5), st.integers(1, 9))
def test_numbers_stand_for_the_words_of_each_text(some: list[str], more: list[str], at_once: int) -> None:
    numbers, found = WordNumbers(), []
    for texts in (some, more):
        for codes, runs in encode(texts).stretches(at_once):
            of_stretch, lengths = numbers.of(codes, runs, END)
            assert len(of_stretch) == lengths.sum()
            ends = lengths.cumsum()
            found += [of_stretch[end - size : end].tolist() for end, size in zip(ends, lengths, strict=True)]
    names = {number: word for word, number in numbers.words()}
    assert max(names, default=-1) < len(numbers)
    assert [[names[number] for number in of_text] for of_text in found] == [words(text) for text in (*some, *more)]
