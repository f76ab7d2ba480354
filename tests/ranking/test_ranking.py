"""The formula: what comes first, and which words must be there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.ranking.bm25f import (
    RANKING,
    RankingTerms,
    SynonymEntry,
    idf,
    length_norm,
    minimum_should_match,
    saturated,
    synonym_gain,
    unit_weight,
)
from indexer.text.stop_words import content_words
from tests.plain_ranking import plain_scores

FILLER = "各街道办事处、镇人民政府，区直各单位：现将有关事项公布如下，请认真执行。"


def order(runs: list[str], documents: list[tuple[str, str]]) -> list[int]:
    scores = plain_scores(runs, documents)
    return sorted(range(len(documents)), key=lambda at: -scores[at])


def test_an_announcement_that_holds_the_run_as_typed_comes_before_all_that_do_not() -> None:
    apart = ("农机补贴申领办法", "农机、补贴。补贴和农机。" * 20)
    as_typed = ("年度工作要点", FILLER * 5 + "落实补贴农机的要求。" + FILLER * 5)
    assert order(["补贴农机"], [apart, as_typed]) == [1, 0]


def test_a_run_in_the_title_comes_before_the_same_run_in_a_body_full_of_it() -> None:
    in_body = ("通知", "农机补贴。" * 50)
    in_title = ("关于调整农机补贴标准的通知", FILLER)
    assert order(["农机补贴"], [in_body, in_title]) == [1, 0]


def test_a_title_that_is_the_query_comes_before_titles_that_hold_it() -> None:
    holds = ("农机补贴农机补贴", "农机补贴。" * 10)
    is_it = ("农机补贴", FILLER)
    assert order(["农机补贴"], [holds, is_it]) == [1, 0]


def test_words_that_no_title_names_are_ranked_by_how_much_of_the_text_is_about_them() -> None:
    passing = ("工作要点", FILLER * 20 + "办好养老服务。")
    about = ("工作要点", "养老机构和社区养老服务设施的建设补贴，按照养老床位数核定。")
    assert order(["养老 床位"], [passing, about]) == [1, 0]


def test_of_two_that_hold_a_word_the_one_that_holds_its_synonym_too_comes_first() -> None:
    documents = [("通知", FILLER + "买房。" + other) for other in ("停车。", "购房。")] + [("通知", FILLER)]
    plain = plain_scores(["买房"], documents)
    lending = plain_scores(["买房"], documents, synonyms=[SynonymEntry(("买房",), (("购房",),))])
    assert plain[0] == plain[1]
    assert lending[1] > lending[0] == plain[0]


def test_synonyms_give_less_than_the_word_itself_and_the_less_the_more_of_it_there_is() -> None:
    assert 0 < synonym_gain(0.0, 1.0) < saturated(1.0)
    assert synonym_gain(5.0, 1.0) < synonym_gain(1.0, 1.0)
    assert synonym_gain(1.0, 0.0) == 0.0


SYLLABLES = st.lists(st.sampled_from(["买房", "补贴", "购房", "住房", "停车", "，"]), max_size=12).map("".join)


@given(st.lists(st.tuples(SYLLABLES, SYLLABLES), min_size=1, max_size=6))
def test_no_synonym_lifts_what_is_without_the_run_above_what_holds_it(documents: list[tuple[str, str]]) -> None:
    synonyms = [SynonymEntry(("买房",), (("购房",), ("住房", "停车"))), SynonymEntry(("补贴",), (("停车",),))]
    scores = plain_scores(["买房补贴"], documents, synonyms=synonyms)
    holding = ["买房补贴" in title or "买房补贴" in body for title, body in documents]
    with_run = [score for score, held in zip(scores, holding, strict=True) if held]
    without = [score for score, held in zip(scores, holding, strict=True) if not held]
    assert min(with_run, default=1e9) >= max(without, default=0.0)


def test_what_holds_no_clue_has_no_score() -> None:
    assert plain_scores(["绿化"], [("绿化", "绿化"), ("防汛", "防汛")])[1] == 0.0


def test_documents_without_titles_or_bodies_are_scored() -> None:
    scores = plain_scores(["绿化"], [("", "绿化"), ("绿化", ""), ("", "")])
    assert scores[1] > scores[0] > scores[2] == 0.0


def test_idle_words_need_not_be_there_unless_there_is_nothing_else() -> None:
    assert content_words(["公积金", "的", "提取"]) == ("公积金", "提取")
    assert content_words(["如何", "申请"]) == ("申请",)
    assert content_words(["是", "的", "是"]) == ("是", "的")


def test_pairs_do_not_reach_over_a_break_and_every_clue_counts_once() -> None:
    terms = RankingTerms.of(["养老，养老", "养老 A区"])
    assert terms.words == ("养老", "a", "区")
    assert terms.bigrams == (("养", "老"), ("老", "a"), ("a", "区"))
    assert terms.units == ("养", "老", "a", "区")


def test_a_fair_share_of_the_best_coverage_is_enough_and_nothing_never_is() -> None:
    assert minimum_should_match(2.5, 10.0)
    assert not minimum_should_match(2.4, 10.0)
    assert not minimum_should_match(0.0, 0.0)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_idf_is_never_negative_and_falls_with_frequency(one: int, other: int) -> None:
    documents = 10**6
    assert idf(one, documents) >= 0
    assert (idf(one, documents) > idf(other, documents)) == (one < other)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_of_a_clue_never_gives_less_and_never_more_than_the_most(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert 0.0 <= saturated(less) <= saturated(more) <= RANKING.k1 + 1


def test_a_text_of_average_length_is_neither_discounted_nor_favoured() -> None:
    assert length_norm(100, 100, 0.3) == pytest.approx(1.0)
    assert length_norm(200, 100, 1.0) == pytest.approx(0.5)
    assert length_norm(0, 100, 1.0) == 0.0


def test_a_rare_character_says_more_than_a_common_one_by_more_than_their_idf() -> None:
    assert unit_weight(1, 1000) == pytest.approx(RANKING.unit * idf(1, 1000))
    assert unit_weight(900, 1000) < unit_weight(1, 1000) / 100
    assert unit_weight(0, 0) >= 0
