"""How long answers take: ten hits and exact counts of source, region, year and form, beside tantivy and others.

    python -m tests.bench.bench_answers --size 20000
    python -m tests.bench.bench_answers --size 100000 --peers tantivy

"answer" is finding, counting and ordering, as tantivy's search with its aggregations is; "page" adds ten stored texts,
snippets and marks. Every time is the best of three rounds over all questions of a kind.
"""

from __future__ import annotations

import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.arrays.answering import Answerer
from indexer.arrays.generations import current
from indexer.arrays.snapshot import Snapshot
from indexer.query import Phrase, Query
from indexer.report import Report
from indexer.whoosh_engine import WhooshEngine
from tests.bench.cases import cases, strings
from tests.bench.measuring import arguments, median, milliseconds, percentile, private_megabytes, table, texts_of
from tests.bench.peers import PEERS
from tests.bench.texts import announcements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement

EACH = 60  # questions of every kind
MIXED = 1000
SHORTEST_TRIGRAM = 3


def main() -> None:
    """Build with each, ask each the same, and print tables."""
    parser = arguments(__doc__)
    parser.add_argument("--peers", default="tantivy,fts5,whoosh", help="which to compare with")
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    with tempfile.TemporaryDirectory() as folder:
        compare(texts, Path(folder), [name for name in options.peers.split(",") if name])


def compare(texts: Sequence[Announcement], folder: Path, peers: Sequence[str]) -> None:
    """Print medians for every kind of question."""
    engine = WhooshEngine(folder / "index")
    engine.replace_all(texts, Report(), 2)
    before = private_megabytes()
    started = time.perf_counter()
    answerer = Answerer(Snapshot(current(folder / "index")))
    opened = (time.perf_counter() - started) * 1000
    others = {name: PEERS[name](folder / name) for name in peers}
    for other in others.values():
        other.build(texts)
    print(f"## Answers: {len(texts)} announcements; opened in {opened:.0f} ms (median milliseconds)\n")
    rows: list[list[object]] = []
    for label, asked in cases(texts, EACH).items():
        queries = [case.query() for case in asked]
        answer = median(milliseconds([partial(answerer.outline, query) for query in queries]))
        page = median(milliseconds([partial(engine.search, query) for query in queries]))
        row: list[object] = [label, answer, page]
        for name, other in others.items():
            fit = [case for case in asked if name != "fts5" or _trigrams(case.words)]
            theirs = median(milliseconds([partial(other.answer, case) for case in fit])) if fit else None
            row += [theirs if theirs is not None else "–", answer / theirs if theirs else "–"]
        rows.append(row)
    heads = [head for name in others for head in (name, f"ours / {name}")]
    table(["", "answer", "page", *heads], rows)
    _slowest(texts, engine)
    print(f"Private memory that answering added: {private_megabytes() - before:.0f} MB (peers included)\n")


def _trigrams(words: Sequence[str]) -> bool:
    return all(len(word) >= SHORTEST_TRIGRAM for word in words)


def _slowest(texts: Sequence[Announcement], engine: WhooshEngine) -> None:
    """Ask many different things once each, as a server is asked."""
    kinds = cases(texts, MIXED // 7 + 1, seed=7)
    queries = [case.query() for of_kind in kinds.values() for case in of_kind][:MIXED]
    mixed = milliseconds([partial(engine.search, query) for query in queries], rounds=1)
    quoted = [Query(root=Phrase(text)) for text in strings(texts, MIXED, 12)]
    exact = milliseconds([partial(engine.search, query) for query in quoted], rounds=1)
    rows = [
        [name, median(times), percentile(times, 0.95), max(times)]
        for name, times in (("mixed queries", mixed), ("quoted strings of 1 to 12 units", exact))
    ]
    table([f"{MIXED} different, each asked once (page)", "median", "p95", "slowest"], rows)


if __name__ == "__main__":
    main()
