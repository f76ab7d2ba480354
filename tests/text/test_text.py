from __future__ import annotations

import gzip
import json
import subprocess
import sys
import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

import jieba
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.text import jieba_dictionary, segmenter
from indexer.text.fold import SHORT_CHARACTERS, fold
from indexer.text.segmenter import Cutter, jieba_cutter, rjieba_cutter, words, words_of
from indexer.text.units import (
    BREAK,
    BREAK_CODE,
    RUN_CODE,
    TYPED_CHARACTERS,
    places_of_units,
    unit_spans,
    units,
)
from tests.shared_data import SHARED, needs_shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What announcements are made of, weighted towards what is hard: traditional and full-width forms, letters and digits
# next to Chinese, spaces of all kinds, line ends, characters beyond the BMP, half of a surrogate pair.
SIGNS = "/%+#@=&§°×÷±℃㎡≥≤￥¥$√"  # those of ``ALPHABET`` and more
ALPHABET = (
    "+#@℃㎡≥<~|*"
    "对口帮扶花都区精准贫的发展發展關於乾后後里裏１２1230aBＺé号Ⅲ①〇○々かカｶ한\U00020000\U0002a6d6，。“”—-.·/%（）"
)
SPACES = " \u3000\xa0\u2009\u200b\ufeff\xad"
LINE_ENDS = "\n\r\t\x0b\x0c\x85\u2028\u2029\x1c"
hard_text = st.text(st.sampled_from(ALPHABET + SPACES + LINE_ENDS + "\ud83d\x00"), max_size=40)
any_text = st.text(max_size=60) | st.text(st.characters(), max_size=60) | hard_text

NOTICE = """关于印发《深化对口帮扶工作方案（2021-2025年）》的通知
各镇人民政府、街道办事处：第 １ 批 ＡＢＣ-19 疫苗，T恤 300 件、B超机 2 台，合计 1,234.5 万元；
區人民政府辦公室關於進一步做好防汛工作的通知　二○二一年三月五日 𠮷田 か㎡ Ⅲ级响应 covid19"""


# ── folding ──


@given(any_text)
def test_folding_keeps_length_and_folds_each_character_by_itself(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert folded == "".join(fold(character) for character in text)
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＢＣ１２３％", "abc123%"),
        ("發展與關於後裏麵", "发展与关于后里面"),
        ("國務院辦公廳衞生", "国务院办公厅卫生"),
        ("Ǆ Σς ÉÀ", "ǆ σσ éà"),
        ("ﾊﾝｶｸ　（）：", "ハンカク ():"),
        ("二○二一年", "二〇二一年"),
        ("﹪﹟∕⁄", "%#//"),
        ("⽤⾏⼈⺟", "用行人母"),
        ("豈更", "岂更"),
    ],
)
def test_width_case_look_alikes_and_traditional_characters_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize("text", ["İ ß ﬁ ①½…", "著名 覆盖 瞭望 藉口", "。、“”《》〔〕"])
def test_what_has_no_form_of_the_same_length_or_is_simplified_already_stays(text: str) -> None:
    assert fold(text) == text


# ── units ──


def brute_units(text: str) -> list[str]:
    """The definition, character by character, written without the tables of the analyzer."""

    def kind(character: str) -> str:
        category = unicodedata.category(character)
        if character in LINE_ENDS:
            return "break"
        if category in {"Zs", "Cf"}:
            return "space"
        if character in SIGNS:
            return "one"
        cjk = "CJK" in unicodedata.name(character, "") or unicodedata.name(character, "").startswith(
            ("HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC ITERATION", "IDEOGRAPHIC NUMBER ZERO")
        )
        if cjk or category in {"No", "Nl"}:
            return "one"
        return "run" if category[0] in "LM" or category == "Nd" else "break"

    found: list[str] = []
    for what, characters in groupby(fold(text), kind):
        if what == "run":
            found.append("".join(characters))
        elif what == "one":
            found.extend(characters)
        elif what == "break" and found and found[-1] != BREAK:
            found.append(BREAK)
    return found[:-1] if found and found[-1] == BREAK else found


@given(hard_text)
@example("")
@example("，")
@example("a b")
@example("1号 11号")
@example("\ud83d中")
def test_units_are_cjk_characters_and_runs_of_letters_and_digits_in_rows(text: str) -> None:
    assert units(text) == brute_units(text)


@given(any_text)
def test_every_unit_lies_where_its_span_says(text: str) -> None:
    spans = unit_spans(text)
    folded = fold(text)
    for unit, start, end in zip(spans.units, spans.starts, spans.ends, strict=True):
        assert unit in {BREAK, folded[start:end]}
    assert all(np.diff(spans.starts) > 0)
    assert all(spans.ends[:-1] <= spans.starts[1:])
    assert len(spans.runs) == int((spans.codes == RUN_CODE).sum())
    assert set(spans.codes.tolist()) <= {BREAK_CODE, RUN_CODE} | set(map(ord, folded))


@given(st.lists(hard_text, max_size=4))
def test_texts_joined_by_line_ends_give_their_units_joined_by_breaks(texts: list[str]) -> None:
    each = [units(text) for text in texts]
    joined: list[str] = []
    for row in filter(None, each):
        joined += [BREAK, *row] if joined else row
    assert units("\n".join(texts)) == joined


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第11号", ["第", "11", "号"]),
        ("公　告 书", ["公", "告", "书"]),
        ("ＣＯＶＩＤ-19", ["covid", BREAK, "19"]),
        ("policy search", ["policy", "search"]),
        ("Ⅲ级①2021年", ["ⅲ", "级", "①", "2021", "年"]),
        ("甲\u200b乙\ufeff丙", ["甲", "乙", "丙"]),
        ("甲\n乙\t丙", ["甲", BREAK, "乙", BREAK, "丙"]),
        ("\U00020000\U0002f800", ["\U00020000", "丽"]),
        ("ئۇيغۇر тест", ["ئۇيغۇر", "тест"]),
        ("。，、", []),
        ("5%、37.3℃", ["5", "%", BREAK, "37", BREAK, "3", "℃"]),
        ("Ｃ＋＋ GB/T 90㎡", ["c", "+", "+", "gb", "/", "t", "90", "㎡"]),
        (
            "≥18周岁 #1 a@b.cn ￥5 R&D",
            ["≥", "18", "周", "岁", "#", "1", "a", "@", "b", BREAK, "cn", "¥", "5", "r", "&", "d"],
        ),
        (
            "5﹪ 1⁄2 3－4 5~6 印发<办法>",
            ["5", "%", "1", "/", "2", "3", BREAK, "4", "5", BREAK, "6", "印", "发", BREAK, "办", "法"],
        ),
    ],
)
def test_units_of(text: str, expected: list[str]) -> None:
    assert units(text) == expected


# ── words ──


@pytest.fixture(scope="module")
def by_jieba() -> Cutter:
    return jieba_cutter()


@pytest.fixture(scope="module")
def by_rjieba() -> Cutter:
    pytest.importorskip("rjieba")
    return rjieba_cutter()


@given(any_text)
def test_words_are_the_units_in_order_and_never_a_part_of_one(text: str) -> None:
    rest = iter(unit for unit in units(text) if unit != BREAK)
    for word in words(text):
        taken = ""
        while len(taken) < len(word):
            taken += next(rest)
        assert taken == word
    assert next(rest, None) is None


@given(any_text)
def test_a_short_text_has_the_units_and_folds_as_a_long_one_does(text: str) -> None:
    spans = unit_spans(text)
    places = zip(spans.units, spans.starts.tolist(), spans.ends.tolist(), strict=True)
    assert units(text) == spans.units
    assert places_of_units(text) == [place for place in places if place[0] != BREAK]
    long = "中" * SHORT_CHARACTERS
    assert fold(long) + fold(text) == fold(long + text)


@given(any_text)
def test_cutting_the_units_of_a_text_is_cutting_it(by_jieba: Cutter, text: str) -> None:
    assert by_jieba.cut_units(units(text)) == by_jieba.cut([text])[0]


@pytest.mark.parametrize("short_first", [True, False])
def test_words_learned_by_pairs_and_by_characters_are_the_same(*, short_first: bool, by_jieba: Cutter) -> None:
    own = ["的精准", "扶贫工"]
    fresh, long = jieba_cutter(own), NOTICE * (TYPED_CHARACTERS // len(NOTICE) + 1)
    asked = [NOTICE[:8], long] if short_first else [long, NOTICE[:8]]
    for text in asked:
        fresh.cut([text])
    assert fresh.cut(["的精准扶贫工作"]) == jieba_cutter(own).cut(["的精准扶贫工作"])
    assert jieba_cutter().cut([long]) == by_jieba.cut([long])


@given(any_text, any_text)
def test_words_never_reach_over_a_break(text: str, other: str) -> None:
    assert words(f"{text}。{other}") == words(text) + words(other)


@given(st.lists(any_text, max_size=4))
def test_cutting_many_texts_is_cutting_each(texts: list[str]) -> None:
    assert words_of(texts) == [words(text) for text in texts]


def test_words_are_cut_on_folded_text_without_the_spaces_within() -> None:
    assert words("東莞市　对口 帮扶") == ["东莞市", "对口", "帮扶"]
    assert words("B超 T恤 11号") == ["b", "超", "t", "恤", "11", "号"]


@given(any_text)
def test_jieba_and_its_twin_cut_alike(by_jieba: Cutter, by_rjieba: Cutter, text: str) -> None:
    assert by_jieba.cut([text]) == by_rjieba.cut([text])


@settings(max_examples=4)  # each reads both dictionaries anew
@given(st.lists(st.text(st.sampled_from("对口帮扶工作方案中国家人民政府的第一"), min_size=1, max_size=4), max_size=3))
def test_jieba_and_its_twin_take_the_operators_words_alike(user_words: list[str]) -> None:
    pytest.importorskip("rjieba")
    ours = sorted(set(user_words))
    assert jieba_cutter(ours).cut([NOTICE]) == rjieba_cutter(ours).cut([NOTICE])


def test_jieba_and_its_twin_cut_an_announcement_alike(by_jieba: Cutter, by_rjieba: Cutter) -> None:
    assert by_jieba.cut([NOTICE]) == by_rjieba.cut([NOTICE])


def shared_texts(limit: int) -> Iterator[str]:
    assert SHARED is not None
    for name in ("gov_news", "laws", "statecouncil"):
        with gzip.open(SHARED / "data" / "corpus" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line, _ in zip(lines, range(limit), strict=False):
                yield str(json.loads(line).get("text") or "")


@needs_shared
def test_jieba_and_its_twin_cut_real_announcements_alike(by_jieba: Cutter, by_rjieba: Cutter) -> None:
    texts = list(shared_texts(40))
    assert len(texts) > 100
    assert by_jieba.cut(texts) == by_rjieba.cut(texts)


def test_reading_the_dictionary_in_parts_cuts_as_jieba_does_with_all_of_it(tmp_path: Path, by_jieba: Cutter) -> None:
    whole = jieba.Tokenizer()
    whole.tmp_dir = str(tmp_path)  # jieba writes a cache
    whole.initialize()
    rows = [row for row in NOTICE.replace("，", "\n").splitlines() if row]
    for row in rows:
        chinese = "".join(character for character in fold(row) if "一" <= character <= "鿕")
        assert by_jieba.cut([chinese]) == [list(whole.cut(chinese, HMM=False))]


def test_the_known_sum_of_the_dictionary_is_its_sum() -> None:
    digest, total = jieba_dictionary.KNOWN_TOTAL
    assert segmenter.dictionary_digest() == digest
    lines = jieba_dictionary.dictionary_file().read_text(encoding="utf-8").splitlines()
    assert total == sum(int(line.split(" ")[1]) for line in lines)


def test_a_dictionary_in_no_order_cuts_as_the_known_one(
    tmp_path: Path, by_jieba: Cutter, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = jieba_dictionary.dictionary_file().read_bytes().splitlines(keepends=True)
    shuffled = tmp_path / "dict.txt"
    shuffled.write_bytes(b"".join(lines[start] for part in range(7) for start in range(part, len(lines), 7)))
    for module in (segmenter, jieba_dictionary):
        monkeypatch.setattr(module, "dictionary_file", lambda: shuffled)
    jieba_dictionary.digest_with.cache_clear()
    other = jieba_cutter()
    jieba_dictionary.digest_with.cache_clear()
    assert other.cut([NOTICE, "吉林大学"]) == by_jieba.cut([NOTICE, "吉林大学"])


def test_a_query_is_cut_without_reading_the_whole_dictionary_of_the_twin() -> None:
    program = (
        "import sys; from indexer.text.segmenter import prepare_to_cut, words\n"
        "print(words('对口帮扶'), 'rjieba' in sys.modules); prepare_to_cut(); print(words('对口帮扶'))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, encoding="utf-8")
    assert run.stdout.splitlines() == ["['对口', '帮扶'] False", "['对口', '帮扶']"]


def test_the_operators_words_are_cut_and_change_the_digest() -> None:
    before = segmenter.dictionary_digest()
    assert words("万江街道办事处") != ["万江街道", "办事处"]
    with segmenter.cutting_by(segmenter.segmenter_of(["萬江街道", "not Chinese", ""])):
        assert words("万江街道办事处") == ["万江街道", "办事处"]
        assert segmenter.dictionary_digest() != before
    assert segmenter.dictionary_digest() == before
    assert words("万江街道办事处") != ["万江街道", "办事处"]


def test_equal_words_give_the_same_segmenter_in_whatever_order() -> None:
    assert segmenter.segmenter_of(["双减", "长护险"]) is segmenter.segmenter_of(["长护险", "双减"])
    assert segmenter.segmenter_of() is segmenter.current_segmenter()


def test_words_are_told_where_they_lie() -> None:
    text = "（二）关于  ABC-12 對口帮扶的通知"
    spans = segmenter.segmenter_of().word_spans(text)
    assert [word for word, _, _ in spans] == words(text)
    assert all(fold(text[start:end]).lower() == word for word, start, end in spans)
    assert segmenter.segmenter_of().word_spans("，") == []


def test_a_file_of_words_may_have_comments_and_jiebas_columns(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("\ufeff# 本单位用语\n万江街道 10 ns\n\n双减\n", encoding="utf-8")
    assert segmenter.read_user_words(file) == ["万江街道", "双减"]


def test_jieba_is_taken_in_silence_and_leaves_nothing_behind(tmp_path: Path) -> None:
    program = "from indexer.text.segmenter import jieba_cutter; print(jieba_cutter().cut(['对口帮扶工作']))"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={"TMPDIR": str(tmp_path), "PATH": "", "PYTHONPATH": ".", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert run.stderr == ""
    assert run.stdout.strip() == "[['对口', '帮扶', '工作']]"
    assert not list(tmp_path.iterdir())
