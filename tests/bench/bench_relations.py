"""How well citations, their relations and repeals are read: measured on passages that were judged by hand.

    python -m tests.bench.bench_relations [--wrong]         the passages of tests/relations/gold
    python -m tests.bench.bench_relations GOLD CORPUS …     passages of texts beside the clone

GOLD is a folder with ``citations.jsonl`` (id, set, start and end of a passage; its citations as [start, end,
relation, number]) and ``repeals.jsonl`` (id, start and end of a sentence; what it repeals as [start, end, partly]).
Offsets count characters of the body as it is indexed. CORPUS are the files that the texts stand in. A citation is
right when its range overlaps the judged one; a repeal when it begins at the same place and is one in part or whole.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from indexer.announcement import Announcement
from indexer.reading.corpus import Corpus, find_roots
from indexer.reading.page import read_page
from indexer.relations.extraction import relations_of
from tests.relations.gold import score_citations, score_repeals

Judged = dict[str, Any]


def texts(paths: list[Path], wanted: set[str]) -> dict[str, Announcement]:
    """Return the announcements with these ids."""
    found = (
        read_page(page)
        for page in Corpus(find_roots(paths)).pages()
        if any(one in _head(page.content) for one in wanted)
    )
    return {one.id: one for one in found if one.id in wanted}


def _head(content: bytes) -> str:
    return content[:80].decode("utf-8", "replace")


def shares(name: str, hits: int, judged: int, told: int) -> None:
    """Print recall and precision."""
    recall, precision = hits / max(1, judged), hits / max(1, told)
    print(f"{name:<28} recall {recall:.4f} ({hits}/{judged})  precision {precision:.4f} ({hits}/{told})")


def overlap(one: list[Any], start: int, end: int) -> bool:
    return bool(one[0] < end and start < one[1])


def citations(rows: list[Judged], held: dict[str, Announcement]) -> None:
    """Measure citations, and the relations of those that were found, for each set of passages."""
    for part in sorted({row["set"] for row in rows}):
        hits = judged = told = right = 0
        for row in (row for row in rows if row["set"] == part):
            found = [
                one
                for one in relations_of(held[row["id"]]).citations
                if not one.in_title and row["start"] <= one.at.start < row["end"]
            ]
            left = list(row["citations"])
            for one in found:
                match = next((gold for gold in left if overlap(gold, one.at.start, one.at.end)), None)
                if match and (not match[3] or match[3] == one.number):
                    left.remove(match)
                    hits += 1
                    right += match[2] == one.relation
            judged += len(row["citations"])
            told += len(found)
        shares(f"citations ({part})", hits, judged, told)
        print(f"{'relations (' + part + ')':<28} right  {right / max(1, hits):.4f} ({right}/{hits})")


def repeals(rows: list[Judged], held: dict[str, Announcement]) -> None:
    """Measure statements of repeal."""
    hits = judged = told = 0
    for row in rows:
        found = {
            (one.at.start, one.partly)
            for one in relations_of(held[row["id"]]).citations
            if one.relation == "repeals" and not one.in_title and row["start"] <= one.at.start < row["end"]
        }
        gold = {(start, bool(partly)) for start, _, partly in row["repealed"]}
        hits, judged, told = hits + len(found & gold), judged + len(gold), told + len(found)
    shares(f"repeals ({len(rows)} statements)", hits, judged, told)


def main(gold: Path, corpus: list[Path]) -> None:
    """Print all figures."""
    cited, repealed = (
        [json.loads(line) for line in (gold / name).read_text(encoding="utf-8").splitlines()]
        for name in ("citations.jsonl", "repeals.jsonl")
    )
    held = texts(corpus, {row["id"] for row in (*cited, *repealed)})
    citations(cited, held)
    repeals(repealed, held)
    began = time.process_time()
    characters = sum(len(one.body) for one in held.values())
    for one in held.values():
        relations_of(one)
    spent = time.process_time() - began
    print(f"{'time':<28} {spent / characters * 1e6:.2f} µs a character ({characters:,} characters)")


def own_gold(*, show_wrong: bool) -> None:
    """Print how well the passages are read that lie with the tests."""
    for name, score in (("citations", score_citations()), ("repeals", score_repeals())):
        print(f"{name}: {score.passages} passages")
        shares(name, score.hits, score.judged, score.told)
        if name == "citations":
            print(f"{'relations':<28} right  {score.right / max(1, score.hits):.4f} ({score.right}/{score.hits})")
        if show_wrong:
            print("\n".join(score.wrong))


if __name__ == "__main__":
    given = [one for one in sys.argv[1:] if one != "--wrong"]
    if given:
        main(Path(given[0]), [Path(one) for one in given[1:]])
    else:
        own_gold(show_wrong="--wrong" in sys.argv)
