"""Measuring ranking: the measures by hand, the files of a judged set, and what is said about wrong ones."""

from __future__ import annotations

import gzip
import json
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine_choice import temporary_engine
from indexer.errors import PathUnreadable
from indexer.evaluation.judged_sets import JudgedSet, evaluate, render_table
from indexer.evaluation.metrics import estimate, ndcg, recall, reciprocal_rank

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCUMENTS = [
    {"_id": "a/1", "title": "农机购置补贴办法", "text": "购置农机的农户可以申请补贴。"},
    {"_id": "b 2", "title": "", "text": "养老机构床位补贴按月发放。"},
    {"_id": 3, "text": "防汛值班安排。"},
]
QUERIES = [{"_id": "q1", "text": "农机补贴"}, {"_id": "q2", "text": "养老"}, {"_id": "q3", "text": "无人问津"}]
JUDGEMENTS = "query-id\tcorpus-id\tscore\nq1\ta/1\t2\nq1\tb 2\t0\nq2\tb 2\t1\n"


def judged_set(
    folder: Path,
    documents: Sequence[object] = DOCUMENTS,
    queries: Sequence[object] = QUERIES,
    judgements: str = JUDGEMENTS,
) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    (folder / "queries.jsonl").write_text("\n\n".join(map(json.dumps, queries)), encoding="utf-8")
    (folder / "qrels.tsv").write_text(judgements, encoding="utf-8")
    return folder


def test_a_set_is_measured_over_the_queries_that_have_an_answer(tmp_path: Path) -> None:
    [result] = evaluate([judged_set(tmp_path / "two")], temporary_engine)
    assert (result.name, result.documents, result.queries) == ("two", 3, 2)
    assert (result.ndcg_10.mean, result.mrr_10.mean, result.recall_100.mean) == (1.0, 1.0, 1.0)
    assert (result.absent, result.refused) == (0, 0)


def test_each_question_is_measured_by_what_is_found_for_it(tmp_path: Path) -> None:
    judged = judged_set(tmp_path / "each", queries=[*QUERIES[:2], {"_id": "q3", "text": "长" * 5000}])
    (judged / "qrels.tsv").write_text(JUDGEMENTS + "q3\tb 2\t1\n", encoding="utf-8")
    opened = JudgedSet(judged)
    names = [one.id for one in opened.announcements()]
    assert opened.ndcgs(lambda query: [names[0]] if query.text == "农机补贴" else [names[2], names[1]]) == {
        "q1": 1.0,
        "q2": pytest.approx(1 / log2(3)),
        "q3": 0.0,  # too long to be asked
    }


def test_packed_files_and_the_original_place_of_judgements_are_read(tmp_path: Path) -> None:
    folder = judged_set(tmp_path / "packed")
    for name in ("corpus.jsonl", "queries.jsonl"):
        with gzip.open(folder / f"{name}.gz", "wb") as packed:
            packed.write((folder / name).read_bytes())
        (folder / name).unlink()
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert evaluate([folder], temporary_engine)[0].queries == 2


def test_what_is_judged_but_not_there_counts_as_not_found_and_is_said(tmp_path: Path) -> None:
    folder = judged_set(tmp_path / "holes", judgements=JUDGEMENTS + "q2\tgone\t1\nq9\ta/1\t1\n")
    results = evaluate([folder], temporary_engine)
    assert (results[0].absent, results[0].recall_100.mean) == (2, 0.75)
    assert "holes: 2 judgements name a query or document that is not there." in render_table(results)


def test_a_query_that_cannot_be_asked_is_answered_by_nothing_and_said(tmp_path: Path) -> None:
    queries = [{"_id": "q1", "text": "补贴" * 2000}, QUERIES[1]]
    results = evaluate([judged_set(tmp_path / "long", queries=queries)], temporary_engine)
    assert (results[0].refused, results[0].mrr_10.mean) == (1, 0.5)
    assert "too long" in render_table(results)


def test_a_table_has_one_line_a_set_under_its_head(tmp_path: Path) -> None:
    results = evaluate([judged_set(tmp_path / "one"), judged_set(tmp_path / "other")], temporary_engine)
    lines = render_table(results).splitlines()
    assert [line.split()[0] for line in lines] == ["set", "one", "other"]
    assert "1.000 [1.000, 1.000]" in lines[1]


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("corpus.jsonl", '{"_id": "1", "text": "甲"}\nno json', "line 2: no JSON"),
        ("corpus.jsonl", "[]", "line 1: expected an object"),
        ("corpus.jsonl", '{"_id": "1"}', "line 1: 'text' is None, expected text"),
        ("corpus.jsonl", '{"_id": "1", "text": "甲", "title": 5}', "line 1: 'title' is 5, expected text"),
        ("corpus.jsonl", '{"_id": "1", "text": "甲"}\n{"_id": "1", "text": "乙"}', "line 2: document '1'"),
        ("queries.jsonl", '{"text": "甲"}', "line 1: '_id' is None, expected text"),
        ("queries.jsonl", '{"_id": "q", "text": ""}\n{"_id": "q", "text": ""}', "line 2: query 'q'"),
        ("qrels.tsv", "q1\ta/1\t1\nq1 a/1 1", "line 2: 'q1 a/1 1'; expected"),
        ("qrels.tsv", "q1\ta/1\tgood", "line 1:"),
        ("qrels.tsv", "q1\ta/1\t0", "judges no document to answer anything"),
    ],
)
def test_a_malformed_file_is_named_with_the_line(tmp_path: Path, file: str, content: str, complaint: str) -> None:
    folder = judged_set(tmp_path / "bad")
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(PathUnreadable) as raised:
        evaluate([folder], temporary_engine)
    assert complaint in str(raised.value)
    assert file in str(raised.value)


def test_bytes_that_are_no_text_are_named_with_the_line(tmp_path: Path) -> None:
    folder = judged_set(tmp_path / "bytes")
    (folder / "qrels.tsv").write_bytes(b"q1\ta/1\t1\nq2\t\xff\t1\n")
    with pytest.raises(PathUnreadable, match="line 2: not UTF-8"):
        evaluate([folder], temporary_engine)


def test_a_packed_file_that_is_cut_short_is_named(tmp_path: Path) -> None:
    folder = judged_set(tmp_path / "torn")
    content = gzip.compress((folder / "corpus.jsonl").read_bytes())
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus.jsonl.gz").write_bytes(content[:-9])
    with pytest.raises(PathUnreadable, match=r"corpus\.jsonl\.gz"):
        evaluate([folder], temporary_engine)


def test_a_missing_folder_or_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PathUnreadable, match="no such folder"):
        evaluate([tmp_path / "nowhere"], temporary_engine)
    (tmp_path / "empty").mkdir()
    with pytest.raises(PathUnreadable, match=r"holds no corpus\.jsonl or corpus\.jsonl\.gz"):
        evaluate([tmp_path / "empty"], temporary_engine)


def test_half_characters_in_a_document_do_not_stop_the_measuring(tmp_path: Path) -> None:
    documents = [{"_id": "a/1", "title": "\ud800农机", "text": "农机补贴\x00"}, *DOCUMENTS[1:]]
    assert evaluate([judged_set(tmp_path / "half", documents=documents)], temporary_engine)[0].mrr_10.mean == 1.0


def test_ndcg_is_what_one_works_out_by_hand() -> None:
    assert ndcg([0, 2, 1], [2, 1], 10) == pytest.approx((2 / log2(3) + 1 / 2) / (2 + 1 / log2(3)))
    assert ndcg([0] * 10 + [1], [1], 10) == 0.0
    assert ndcg([1], [], 10) == 0.0


def test_the_first_answer_and_the_share_of_answers_are_counted() -> None:
    assert reciprocal_rank([0, 0, 1, 1], 10) == pytest.approx(1 / 3)
    assert reciprocal_rank([0, 1], 1) == 0.0
    assert recall([1, 0, 2], 4, 100) == 0.5
    assert recall([], 0, 100) == 0.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_the_interval_holds_the_mean_and_is_the_same_every_time(values: list[float]) -> None:
    measured = estimate(values)
    assert measured == estimate(values)
    assert min(values) - 1e-9 <= measured.low <= measured.mean + 1e-9
    assert measured.mean - 1e-9 <= measured.high <= max(values) + 1e-9


def test_no_values_give_zeros() -> None:
    assert str(estimate([])) == ".000 [.000, .000]"
