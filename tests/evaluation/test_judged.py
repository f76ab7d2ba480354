"""Ranking on judged queries: floors that no change may lower.

``judged/queries.tsv`` is ours, over the sample pages of ``corpus/``. The two larger sets are other people's and are
measured where they are at hand; the formula was tuned on them, see ``indexer.ranking.bm25f``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.engine_choice import temporary_engine
from indexer.evaluation.judged_sets import evaluate
from indexer.evaluation.metrics import estimate, ndcg, reciprocal_rank
from indexer.indexing.rebuild import rebuild
from indexer.query.parameters import read_query
from tests.shared_data import SHARED

JUDGED = Path(__file__).parents[1] / "judged" / "queries.tsv"
CORPUS = Path(__file__).parents[2] / "corpus"

# Raise a floor when a change lifts what is measured; lower one only with the reason written here.
# .957 measured. It was .976 while a run found its words anywhere: related pages that hold them apart (河长 and 制度 for
# 河长制) are not found any more, but one click away (match=loose); the pages that answer still come first, see below.
OWN_NDCG_FLOOR = 0.95
OWN_MRR_FLOOR = 0.98  # 1.0 measured
# Of every fourth question (.929 and .690 measured): all take a minute, and ``policy-search evaluate`` prints them.
NDCG_FLOORS = {"ncp_covid_policy_qa": 0.925, "gov_mailbox_qa": 0.687}
SAMPLED = 4


def judgements() -> dict[str, dict[str, int]]:
    """Return for each query the grade of each page that answers it."""
    lines = [line for line in JUDGED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = (line.split("\t") for line in lines)
    return {
        query: dict.fromkeys(answers.split(), 2) | dict.fromkeys(related.split(), 1) for query, answers, related in rows
    }


def test_every_judged_page_is_there_and_there_are_enough_queries() -> None:
    judged = judgements()
    pages = {page.partition("#")[0] for grades in judged.values() for page in grades}
    assert len(judged) >= 40
    assert [page for page in sorted(pages) if not (CORPUS / page).is_file()] == []


def test_what_clerks_type_finds_the_right_sample_pages_first() -> None:
    gains, first_ranks = {}, {}
    with temporary_engine() as engine:
        rebuild([CORPUS], engine, jobs=1)
        page_of = {one.id: one.path.removeprefix("corpus/") for one in engine.announcements()}
        for query, grades in judgements().items():
            hits = engine.search(read_query({"q": [query]})).hits
            found = [grades.get(page_of[hit.repost_of or hit.id], 0) for hit in hits]  # a copy leads to its original
            gains[query] = ndcg(found, sorted(grades.values(), reverse=True), 10)
            first_ranks[query] = reciprocal_rank([grade == 2 for grade in found], 10)
    worst = sorted(gains, key=lambda query: gains[query])[:10]
    told = "\n".join(f"{gains[query]:.2f} {query}" for query in worst)
    assert estimate(list(gains.values())).mean >= OWN_NDCG_FLOOR, told
    assert estimate(list(first_ranks.values())).mean >= OWN_MRR_FLOOR, told


def sampled(judged: Path, folder: Path) -> Path:
    """Make a set of every fourth question of another, with all its documents."""
    for file in judged.iterdir():
        if file.name != "qrels.tsv":
            (folder / file.name).symlink_to(file)
    head, *rows = (judged / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    kept = set(sorted({row.split("\t")[0] for row in rows})[::SAMPLED])
    some = [head, *(row for row in rows if row.split("\t")[0] in kept)]
    (folder / "qrels.tsv").write_text("\n".join(some), encoding="utf-8")
    return folder


@pytest.mark.skipif(SHARED is None, reason="the judged sets of others are not at hand")
@pytest.mark.parametrize("name", sorted(NDCG_FLOORS))
def test_ranking_stays_above_its_floor_on_other_peoples_judgements(name: str, tmp_path: Path) -> None:
    assert SHARED is not None
    [result] = evaluate([sampled(SHARED / "data" / "judged" / name, tmp_path)], temporary_engine)
    assert result.ndcg_10.mean >= NDCG_FLOORS[name]
    assert (result.absent, result.refused) == (0, 0)
