"""The compiled cutter cuts as jieba does, and reads nothing outside of what it is given.

Skipped where it was not compiled; POLICY_SEARCH_KERNEL_TESTS=required, as in the gate, wants it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embedded.store.unit_codes import END, encode
from indexer.text import cutter
from indexer.text.segmenter import Segmenter, cutting_by, jieba_cutter, segmenter_of
from indexer.text.word_numbers import CompiledNumbers, StringNumbers, word_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.text.word_numbers import WordNumbers

NATIVE: Any = cutter.compiled()
if NATIVE is None:
    assert os.environ.get("POLICY_SEARCH_KERNEL_TESTS") != "required", "the cutter was not compiled"
    pytest.skip("the cutter was not compiled", allow_module_level=True)

NOTICE = "各区人民政府：为深入贯彻落实中华人民共和国乡村振兴促进法，加快推进对口帮扶工作，现将有关事项通知如下"
# Words, parts of words, ways that are equally likely, characters that the dictionary does not know.
PIECES = [
    *"的是在了一二三国家人民政府中华共和广州市花都区乡村振兴对口帮扶精准脱贫工作方案研究生命令",
    "龥鿕龦〇𠮷",
    "，",
    "ab1",
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def words_by(numbers: WordNumbers, texts: Sequence[str]) -> list[list[str]]:
    found = []
    for codes, runs in encode(texts).stretches(1 << 17):
        of_stretch, lengths = numbers.of(codes, runs, END)
        ends = lengths.cumsum()
        found += [of_stretch[end - size : end].tolist() for end, size in zip(ends, lengths, strict=True)]
    names = {number: word.decode("utf-8", "surrogatepass") for word, number in numbers.words()}
    assert max(names, default=-1) < len(numbers)
    return [[names[number] for number in of_text] for of_text in found]


@pytest.fixture(scope="module")
def plain() -> Segmenter:
    return segmenter_of()


@given(st.lists(TEXT, max_size=4))
def test_the_words_are_jiebas(plain: Segmenter, texts: list[str]) -> None:
    assert plain.compiled is not None
    assert words_by(CompiledNumbers(plain.compiled), texts) == jieba_cutter().cut(texts)


@settings(max_examples=4)  # each reads the dictionary anew
@given(st.lists(st.text(st.sampled_from("对口帮扶工作方案中国家人民政府的第一"), min_size=1, max_size=4), max_size=3))
def test_the_operators_words_are_cut_as_jieba_cuts_them(user_words: list[str]) -> None:
    segmenter = Segmenter(user_words)
    assert segmenter.compiled is not None
    assert words_by(CompiledNumbers(segmenter.compiled), [NOTICE]) == jieba_cutter(segmenter.user_words).cut([NOTICE])


def test_numbers_are_in_the_order_of_words(plain: Segmenter) -> None:
    assert plain.compiled is not None
    every = plain.compiled.spell(np.arange(len(plain.compiled), dtype=np.int32))
    assert every == sorted(set(every))


def test_an_index_is_cut_by_it_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with cutting_by(segmenter_of()):
        assert isinstance(word_numbers(), CompiledNumbers)
    monkeypatch.setattr(cutter, "REVISION", cutter.REVISION + 1)
    assert cutter.compiled() is None
    without = Segmenter()
    with cutting_by(without):
        assert isinstance(word_numbers(), StringNumbers)
        assert words_by(word_numbers(), [NOTICE]) == without.words_of([NOTICE])


@pytest.mark.parametrize(
    "lines",
    [
        b"", b"\n\n", "中", "中 ", "中 x n", "中国\n国 3 n", "中a 3 n", "卡拉ok 3 n", b"\xe4\xb8",
        b"\xe4\xb8\xad\xe4 3", "中国 7 ns\n中国 0\n", b"\xff\xff\xff 3 n\n\xe4\x28\x28 3 n",
    ],
)  # fmt: skip
def test_lines_that_are_none_leave_all_characters_words_alone(lines: str | bytes) -> None:
    words = NATIVE.Words(lines if isinstance(lines, bytes) else lines.encode(), 10)
    codes = np.array([*map(ord, "中国"), 0, 0x10FFFF, END], dtype=np.uint32)
    numbers = np.empty(5, dtype=np.int32)
    assert words.cut(codes, END, numbers) == 4
    assert words.spell(numbers[:2]) == ["中".encode(), "国".encode()]
    assert numbers[2:4].tolist() == [cutter.OTHER, cutter.END]


def test_of_two_lines_for_a_word_the_later_counts() -> None:
    codes, numbers = np.array([*map(ord, "中国人")], dtype=np.uint32), np.empty(3, dtype=np.int32)
    lines = "中国 1 n\n国人 5 n\n国 1 n\n中 1 n\n人 1 n\n中国 9 n"
    words = NATIVE.Words(lines.encode(), 17)
    assert words.spell(numbers[: words.cut(codes, END, numbers)]) == ["中国".encode(), "人".encode()]


@pytest.mark.parametrize(
    ("codes", "numbers"),
    [
        (np.zeros(3, np.uint32), np.zeros(2, np.int32)),
        (np.zeros(3, np.uint16), np.zeros(3, np.int32)),
        (np.zeros(3, np.uint32), np.zeros(3, np.int64)),
        (np.zeros((2, 2), np.uint32), np.zeros(4, np.int32)),
        (np.zeros(6, np.uint32)[::2], np.zeros(6, np.int32)),
        ("中国", np.zeros(6, np.int32)),
    ],
)
def test_what_is_no_array_of_its_kind_is_refused(plain: Segmenter, codes: Any, numbers: Any) -> None:
    assert plain.compiled is not None
    with pytest.raises((ValueError, TypeError, BufferError)):
        plain.compiled.cut(codes, END, numbers)


@pytest.mark.parametrize("number", [-1, -2, 1 << 30])
def test_what_is_no_number_of_a_word_is_refused(plain: Segmenter, number: int) -> None:
    assert plain.compiled is not None
    with pytest.raises(ValueError, match="no number of a word"):
        plain.compiled.spell(np.array([number], dtype=np.int32))
