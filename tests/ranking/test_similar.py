"""What lies near: the words an announcement is about, and when two are one text."""

from __future__ import annotations

from collections import Counter

from indexer.ranking.similar import TOP_TERMS, candidates, nearest_numbers, same_text, top_terms, words_of
from tests.builders import announcement


def test_words_of_the_title_tell_more_than_those_of_the_body() -> None:
    counts = words_of(announcement("a", "农机补贴", "养老补贴。养老机构。"))
    assert counts["农机"] > counts["养老"] > counts["机构"]


def test_frequent_and_rare_words_tell_most() -> None:
    counts = Counter({"通知": 9, "农机": 3, "养老": 3, "绿化": 1})
    idfs = {"通知": 0.1, "农机": 4.0, "养老": 2.0, "绿化": 4.0}
    assert top_terms(counts, idfs) == ("农机", "养老", "绿化", "通知")


def test_no_more_words_tell_than_are_worth_their_time() -> None:
    counts = Counter({f"词{at}": 1 for at in range(100)})
    assert len(top_terms(counts, dict.fromkeys(counts, 1.0))) == TOP_TERMS


def test_single_characters_and_figures_tell_nothing() -> None:
    assert candidates(Counter({"的": 9, "2021": 5, "农机": 1, "5g": 1})) == ["农机", "5g"]


def test_a_text_with_a_few_words_changed_is_the_same_text() -> None:
    one = words_of(announcement("a", "防汛值班", "各镇防汛值班安排如下，请认真执行。" * 3))
    edited = words_of(announcement("b", "防汛值班", "各镇防汛值班安排如下，请认真执行。" * 3 + "附件。"))
    other = words_of(announcement("c", "防汛演练", "今年防汛演练由应急局负责，时间另行通知。"))
    assert same_text(one, edited)
    assert not same_text(one, other)


def test_numbers_near_are_of_the_same_issuer_the_nearest_year_first() -> None:
    keys = ["花府办|2024|9", "花府办|2024|70", "花府办|2021|7", "穗府办|2024|7", "花府办||7"]
    assert nearest_numbers(keys, "花府办|2024|7", 3) == ["花府办|2024|9", "花府办|2024|70", "花府办|2021|7"]
