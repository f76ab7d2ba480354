"""What is sent to a cluster and read back from it; no cluster is needed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.cluster.averages import SAMPLE_SIZE, Averages
from indexer.cluster.bulk_lines import Making, Row, Rows, index_lines
from indexer.cluster.cutting import Cutting
from indexer.cluster.documents import documents
from indexer.cluster.mappings import FREQUENCY_MARK, FREQUENCY_SCALE
from indexer.cluster.records import pack, unpack
from indexer.cluster.relation_keys import told_by
from indexer.cluster.spool import Drained
from indexer.cluster.tokens import BIGRAM_MARK, LONGEST_TOKEN, ONCE, TITLE_MARK, bigram_tokens, row_tokens, token
from indexer.ranking.bm25f import RANKING, length_norm
from indexer.text.segmenter import words
from tests.builders import announcement

AVERAGES = Averages(4.0, 40.0)
TEXTS = st.text(st.sampled_from("花都区扶贫，。 \n\tAa12𠮷\ud800=|~\x1f\u2028\u3000"), max_size=40)


@given(TEXTS, TEXTS)
def test_an_announcement_comes_back_as_it_was(title: str, body: str) -> None:
    kept = announcement("a", title, body)
    packed = pack(kept)
    packed.encode("utf-8")
    assert unpack(packed) == kept


@given(TEXTS, TEXTS)
def test_no_token_holds_what_tokens_are_parted_or_marked_by(title: str, body: str) -> None:
    [sent] = documents([announcement("a", title, body)], ["{}"], AVERAGES)
    json.dumps(sent, ensure_ascii=False).encode("utf-8")
    for field in ("words", "bigrams", "once"):
        for written in (sent[field] or "").split():
            clue, frequency = written.split(FREQUENCY_MARK)
            assert clue
            assert int(frequency) >= 1
    assert all(bigram.count(BIGRAM_MARK) >= 1 for bigram in sent["title_bigrams"].split())


def test_a_word_is_sent_with_its_weighted_frequency_and_one_of_the_title_as_it_weighs_for_what_does_not_ask() -> None:
    title, body = "扶贫", "扶贫工作，扶贫成果"
    [sent] = documents([announcement("a", title, body)], ["{}"], AVERAGES)
    in_title = length_norm(1, AVERAGES.title, RANKING.b_in_title)
    in_body = length_norm(len(words(body)), AVERAGES.body, RANKING.b)

    def stored(frequency: float) -> str:
        return str(round(frequency * FREQUENCY_SCALE))

    assert dict(one.split(FREQUENCY_MARK) for one in sent["words"].split()) == {
        "扶贫": stored(RANKING.title_in_question * in_title + 2 * in_body),
        f"{TITLE_MARK}扶贫": stored(RANKING.title * in_title + 2 * in_body),
        "工作": stored(in_body),
        "成果": stored(in_body),
    }


def test_of_bigrams_those_of_a_title_and_repeated_ones_are_weighed_and_one_weight_is_told_for_all_others() -> None:
    title, body = "扶贫", "扶贫工作，工作成果"
    [sent] = documents([announcement("a", title, body)], ["{}"], AVERAGES)
    in_body = length_norm(len(words(body)), AVERAGES.body, RANKING.b)
    weighed = dict(one.split(FREQUENCY_MARK) for one in sent["bigrams"].split())
    assert weighed.keys() == {"扶|贫", f"{TITLE_MARK}扶|贫", "工|作"}
    assert int(weighed["工|作"]) == round(2 * in_body * FREQUENCY_SCALE)
    assert sent["once"] == f"{ONCE}{FREQUENCY_MARK}{round(in_body * FREQUENCY_SCALE)}"


def test_neighbouring_units_are_paired_and_breaks_are_marked() -> None:
    assert bigram_tokens(["花", "都", "", "区"]) == ["花|都", "都|", "|区"]
    assert row_tokens(["花", "", "都"]) == ["花", BIGRAM_MARK, "都"]


def test_a_unit_of_any_length_has_a_token_of_its_own() -> None:
    long, longer = "a" * (LONGEST_TOKEN + 1), "a" * (LONGEST_TOKEN + 2)
    assert token("a" * LONGEST_TOKEN) == "a" * LONGEST_TOKEN
    assert len({token(long), token(longer)}) == 2
    assert len(token(longer)) < LONGEST_TOKEN


def test_the_same_lines_come_from_one_process_and_from_two() -> None:
    kept = [announcement(f"{at}", f"第{at}项补贴", "根据《示例法》。" * (at % 7)) for at in range(1_100)]
    rows = Rows([Row(pack(one), told, {"cited": 0}) for one, told in zip(kept, told_by(kept), strict=True)], len(kept))
    making = Making(3, AVERAGES, part=2)
    alone = list(index_lines(rows, making, Cutting(1)))
    with Cutting(2) as two:
        assert list(index_lines(rows, making, two)) == alone
        assert list(index_lines(rows, making, two)) == alone  # the same processes once more
    what, fields = map(json.loads, alone[7].splitlines())
    assert what == {"index": {"_id": "7.3"}}
    assert [fields[name] for name in ("id", "born", "part")] == ["7", 3, 2]


def test_announcements_are_drained_once_and_read_as_often_as_wanted() -> None:
    kept = [announcement(f"{at}", "扶贫", "扶贫工作" * at) for at in range(5)]
    with Drained(iter(kept)) as drained:
        assert (drained.count, list(drained), list(drained.ids())) == (5, kept, [one.id for one in kept])
        assert list(drained) == kept
        assert drained.averages() == Averages(1.0, sum(len(words(one.body)) for one in kept) / 5)


def test_averages_of_nothing_divide_nothing_by_zero() -> None:
    with Drained([]) as drained:
        assert drained.averages() == Averages(1.0, 1.0)


@pytest.mark.parametrize(
    ("body", "count", "off"),
    [
        (40.1, SAMPLE_SIZE, False),
        (40.4, SAMPLE_SIZE, True),
        (41.0, SAMPLE_SIZE + 1, False),
        (43.0, SAMPLE_SIZE + 1, True),
    ],
)
def test_averages_of_few_are_held_to_more_closely_than_those_of_many(body: float, count: int, off: bool) -> None:
    assert AVERAGES.are_off(Averages(4.0, body), count) is off
