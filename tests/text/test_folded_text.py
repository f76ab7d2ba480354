"""Texts made ready to look for rows of units in them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from indexer.text.fold import fold
from indexer.text.folded_text import folded_rows, folded_together, parts_rows
from indexer.text.units import unit_spans, units

TEXT = st.text(max_size=60) | st.text(
    st.sampled_from("对帮發１２30aBé号①〇々カ\U00020000，。”—.·% 　\xa0\u200b\n\t\u2028\ud83d\x00"), max_size=40
)


@given(TEXT)
def test_folded_rows_read_like_the_units_without_spaces(text: str) -> None:
    read = "".join("\n" if parts_rows(character) else character for character in folded_rows(text).text)
    assert re.sub("\n+", "\n", read).strip("\n") == "".join(unit or "\n" for unit in units(text))


@given(TEXT)
def test_folded_rows_know_where_their_characters_stand(text: str) -> None:
    rows, folded = folded_rows(text), fold(text)
    places = rows.places(range(len(rows.text)))
    assert "".join(folded[place] for place in places) == rows.text
    assert [rows.before(place) for place in places] == list(range(len(places)))
    assert rows.before(len(text)) == len(rows.text)


@given(TEXT)
def test_folded_rows_know_their_runs_of_letters_and_digits(text: str) -> None:
    rows, runs = folded_rows(text), unit_spans(text).runs
    starts, ends, firsts = rows.runs()
    assert [rows.text[start:end] for start, end in zip(starts, ends, strict=True)] == runs
    assert [chr(code) for code in firsts] == [run[0] for run in runs]


@given(st.lists(TEXT, max_size=5))
def test_texts_folded_together_read_as_each_by_itself(texts: list[str]) -> None:
    for text, together in zip(texts, folded_together(texts), strict=True):
        alone, at = folded_rows(text), range(len(together.text))
        assert together.text == alone.text
        assert together.places(at) == alone.places(at)
        assert [together.before(place) for place in range(len(text))] == [alone.before(at) for at in range(len(text))]
        assert [list(of) for of in together.runs()] == [list(of) for of in alone.runs()]
