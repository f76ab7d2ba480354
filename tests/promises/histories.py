"""An updated index answers everything as an index that was made anew from the same pages.

python -m tests.promises.histories --histories 20
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.indexing.rebuild import rebuild, update
from indexer.query.parameters import read_query
from tests.promises.ground import ISSUERS, MATTERS, Pages, Verdict, content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

QUERIES = (
    *MATTERS,
    "",
    "“按季度报送”",
    "道路 OR 绿化",
    "任务 -水务",
    "标题:通知 负责",
    "示府办〔2021〕7号",
    "2021-03..2021-05",
    "没有的词",
)
FILTERS: tuple[Mapping[str, list[str]], ...] = (
    {},
    {"sort": ["newest"]},
    {"sort": ["oldest"], "per_page": ["3"], "page": ["2"]},
    {"source": [ISSUERS[0], ISSUERS[1]]},
    {"year": ["2021"], "in": ["title"]},
    {"from": ["2021-04"], "to": ["2021-09"], "form": ["通知"]},
)
EDITS_AT_ONCE = 4


def answers(engine: WhooshEngine) -> Iterator[tuple[str, object]]:
    """Ask an engine everything; give each question with all of its answer but the version and the time."""
    for text in QUERIES:
        for filters in FILTERS:
            page = engine.search(read_query({**filters, **({"q": [text]} if text else {})}))
            yield f"{text} {filters}", replace(page, took_ms=0.0, version="", cursor="")
        yield f"number {text}", engine.lookup_number(text)
        for typed in (text[:1], text[:2]):
            yield f"suggest {typed}", engine.suggest(typed) if typed else ()
    for announcement in engine.announcements():
        yield f"similar to {announcement.id}", engine.similar(announcement.id)
    yield "coverage", engine.coverage()
    status = engine.status()
    yield "status", (status.documents, status.sources, status.first, status.last, status.analyzer)


def prove(folder: Path, histories: int, seed: int, steps: int = 6) -> Verdict:
    """Live through so many histories of edits."""
    verdict = Verdict()
    for at in range(histories):
        pages = Pages(folder / f"{at}" / "pages", seed + at)
        updated, anew = WhooshEngine(folder / f"{at}" / "updated"), WhooshEngine(folder / f"{at}" / "anew")
        rebuild([pages.folder], updated, jobs=1)
        for step in range(steps):
            for _ in range(pages.chance.randrange(1, EDITS_AT_ONCE + 1)):
                pages.edit()
            update([pages.folder], updated, jobs=1)
            verdict.check(update([pages.folder], updated, jobs=1).indexed == 0, f"history {at}, {step}: not idempotent")
            rebuild([pages.folder], anew, jobs=1)
            verdict.counts["updates"] += 1
            told = f"history {at}, step {step}"
            verdict.check(
                content(folder / f"{at}" / "updated") == content(folder / f"{at}" / "anew"), f"{told}: other content"
            )
            for (question, one), (_, other) in zip(answers(updated), answers(anew), strict=True):
                verdict.counts["answers compared"] += 1
                verdict.check(one == other, f"{told}: {question}: {json.dumps((str(one), str(other)))[:400]}")
        verdict.counts["histories"] += 1
        verdict.check(updated.check() == [], f"history {at}: {updated.check()[:3]}")
    return verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        return prove(Path(folder), options.histories, options.seed).tell("Updates beside rebuilds")


if __name__ == "__main__":
    sys.exit(main())
