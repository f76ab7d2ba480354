"""How long answers take: ten hits and exact counts of source, region, year and form, beside tantivy and others.

    python -m tests.bench.bench_answers --size 20000
    python -m tests.bench.bench_answers --size 100000 --peers tantivy
    python -m tests.bench.bench_answers --size 20000 --peers tantivy --numpy   (without the compiled kernel)

"answer" is finding, counting and ordering, as tantivy's search with its aggregations is; "page" adds ten stored texts,
snippets and marks. Every time is the best of three rounds over all questions of a kind, but for "first": that is the
one before them, when nothing of the questions has been cut, looked up or read from disk. Neither we nor the peers keep
answers; what we do keep of the last few thousand words and pairs is where they stand and how many hold them.
"""

from __future__ import annotations

import gc
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.kernel import compiled
from indexer.embedded.search.searcher import Searcher
from indexer.embedded.search.snapshot import Snapshot
from indexer.embedded.store.index_versions import current
from indexer.query.tree import Phrase, Query
from indexer.report import Report
from tests.bench.cases import cases, strings
from tests.bench.measuring import arguments, median, milliseconds, percentile, private_megabytes, table, texts_of
from tests.bench.other_engines import PEERS
from tests.bench.texts import announcements

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.announcement import Announcement
    from tests.bench.cases import Case

EACH = 100  # questions of every kind, nearly all of them different; the table says how many
MIXED = 1000
SHORTEST_TRIGRAM = 3


def main() -> None:
    """Build with each, ask each the same, and print tables."""
    parser = arguments(__doc__)
    parser.add_argument("--peers", default="tantivy,fts5,whoosh", help="which to compare with")
    parser.add_argument("--numpy", action="store_true", help="search by numpy alone, though the kernel is compiled")
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    gc.freeze()  # these are not what a server holds: looking through them for garbage takes 0.1 s
    with tempfile.TemporaryDirectory() as folder:
        peers = [name for name in options.peers.split(",") if name]
        compare(texts, Path(folder), peers, by_numpy=options.numpy)


def compare(texts: Sequence[Announcement], folder: Path, peers: Sequence[str], *, by_numpy: bool = False) -> None:
    """Print medians for every kind of question."""
    print(f"Searched by {'numpy alone' if by_numpy or compiled() is None else 'the compiled kernel'}.\n")
    engine = WhooshEngine(folder / "index", compiled=not by_numpy)
    engine.replace_all(texts, Report(), 2)
    kinds = cases(texts, EACH)  # cutting the texts loads the whole dictionary, which answering does not
    before = private_megabytes()
    started = time.perf_counter()
    searcher = Searcher(Snapshot(current(folder / "index"), compiled=not by_numpy))
    opened = (time.perf_counter() - started) * 1000
    ours = {label: _ours(searcher, engine, asked) for label, asked in kinds.items()}
    _slowest(texts, engine)
    print(f"Opened in {opened:.0f} ms; private memory that answering took: {private_megabytes() - before:.0f} MB\n")
    others = {name: PEERS[name](folder / name) for name in peers}
    rows: list[list[object]] = [
        [label, len({case.words for case in kinds[label]}), *times] for label, times in ours.items()
    ]
    for name, other in others.items():
        other.build(texts)
        for row, (label, asked) in zip(rows, kinds.items(), strict=True):
            fit = [case for case in asked if name != "fts5" or _trigrams(case.words)]
            row.extend(_beside(ours[label], [partial(other.answer, case) for case in fit]))
    print(f"## Answers: {len(texts)} announcements (median milliseconds)\n")
    heads = [head for name in others for head in (f"{name}, first", name, "ours / it, first", f"ours / {name}")]
    table(["", "different", "first", "answer", "page", *heads], rows)


def _beside(ours: tuple[float, float, float], answers: Sequence[Callable[[], object]]) -> list[object]:
    """Return what a peer takes for the first time and again, and how many times that we take."""
    if not answers:
        return ["–"] * 4
    first = median(milliseconds(answers, rounds=1))
    again = median(milliseconds(answers))
    return [first, again, ours[0] / first, ours[1] / again]


def _ours(searcher: Searcher, engine: WhooshEngine, asked: Sequence[Case]) -> tuple[float, float, float]:
    queries = [case.query() for case in asked]
    answers = [partial(searcher.top_docs, query) for query in queries]
    first = median(milliseconds(answers, rounds=1))
    pages = [partial(engine.search, query) for query in queries]
    return first, median(milliseconds(answers)), median(milliseconds(pages))


def _trigrams(words: Sequence[str]) -> bool:
    return all(len(word) >= SHORTEST_TRIGRAM for word in words)


def _slowest(texts: Sequence[Announcement], engine: WhooshEngine) -> None:
    """Ask many different things once each, as a server is asked."""
    kinds = cases(texts, MIXED // 7 + 1, seed=7)
    queries = [case.query() for of_kind in kinds.values() for case in of_kind][:MIXED]
    mixed = milliseconds([partial(engine.search, query) for query in queries], rounds=1)
    quoted = [Query(root=Phrase(text)) for text in strings(texts, MIXED, 12)]
    exact = milliseconds([partial(engine.search, query) for query in quoted], rounds=1)
    rows: list[list[object]] = []
    for name, times in (("mixed queries", mixed), ("quoted strings of 1 to 12 units", exact)):
        middle, slow = median(times), percentile(times, 0.99)
        rows.append([name, middle, percentile(times, 0.95), slow, slow / middle, max(times)])
    heads = ("median", "p95", "p99", "p99 / median", "slowest")
    table([f"{MIXED} different, each asked once (page)", *heads], rows)


if __name__ == "__main__":
    main()
