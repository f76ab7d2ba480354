"""Are the ranking's parameters fitted to the judged questions? python -m tests.bench.bench_ranking DIR …

Cross-validation over the questions of each judged set (BEIR's layout, as ``policy-search evaluate`` reads it): they are
dealt into five folds; for each fold the setting that is best on the other four, of a grid around the defaults, answers
it. Prints nDCG@10 of every fold by the setting so chosen and by the defaults. Where the defaults are no worse, there
was nothing to gain by fitting.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.search.scoring import Scorer
from indexer.embedded.search.searcher import Searcher
from indexer.embedded.search.snapshot import Snapshot
from indexer.embedded.store.index_versions import current
from indexer.evaluation.judged_sets import JudgedSet
from indexer.query.synonyms import Synonyms
from indexer.ranking.bm25f import RANKING, Ranking
from indexer.report import Report
from tests.bench.measuring import table

if TYPE_CHECKING:
    from indexer.query.tree import Query

FOLDS = 5
GRID = (
    *(
        replace(RANKING, k1=saturation, b=lengths, unit=unit)
        for saturation, lengths, unit in product((0.8, 1.0, 1.3), (0.75, 1.0), (1.0, 1.5))
    ),
    *(replace(RANKING, synonym=synonym) for synonym in (0.25, 1.0)),
)


def measure(folder: Path, grid: tuple[Ranking, ...]) -> list[list[float]]:
    """Return for each setting nDCG@10 of every question, in one order."""
    judged, synonyms = JudgedSet(folder), Synonyms.load()
    with tempfile.TemporaryDirectory() as place:
        WhooshEngine(Path(place)).replace_all(judged.announcements(), Report())
        searcher = Searcher(Snapshot(current(Path(place))))
        measured = []
        for ranking in grid:
            searcher.scorer = Scorer(searcher.snapshot, ranking)
            measured.append(list(judged.ndcgs(lambda query: _first_ids(searcher, synonyms, query)).values()))
        return measured


def _first_ids(searcher: Searcher, synonyms: Synonyms, query: Query) -> list[str]:
    top_docs = searcher.top_docs(query, None, synonyms.entries_in(query.root))
    return list(map(searcher.snapshot.id_of, top_docs.documents))


def compare(folder: Path) -> None:
    """Print the folds of one set."""
    measured = measure(folder, GRID)
    defaults = measured[GRID.index(RANKING)]
    rows: list[list[object]] = []
    for fold in range(FOLDS):
        rest = [fmean(value for at, value in enumerate(of_one) if at % FOLDS != fold) for of_one in measured]
        best = max(range(len(GRID)), key=lambda at: rest[at])
        chosen = GRID[best]
        named = f"k1 {chosen.k1}, b {chosen.b}, unit {chosen.unit}, synonym {chosen.synonym}"
        means = [fmean(of_one[fold::FOLDS]) for of_one in (measured[best], defaults)]
        rows.append([fold + 1, named, *(f"{mean:.4f}" for mean in means)])
    chosen_mean, defaults_mean = (fmean(float(str(row[column])) for row in rows) for column in (2, 3))
    rows.append(["mean", "", f"{chosen_mean:.4f}", f"{defaults_mean:.4f}"])
    print(f"{folder.name}: {len(defaults):,} questions")
    table(("fold", "best on the other folds", "with it", "with the defaults"), rows)


def main() -> None:
    """Compare on every set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    for folder in parser.parse_args().folders:
        compare(folder)


if __name__ == "__main__":
    main()
