"""How building, size, answers and updates grow with the number of announcements.

python -m tests.bench.bench_growth --sizes 1000,10000,100000
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.search.searcher import Searcher
from indexer.embedded.search.snapshot import Snapshot
from indexer.embedded.store.index_versions import current
from indexer.report import Report
from tests.bench.cases import cases
from tests.bench.measuring import arguments, clock, median, milliseconds, table, texts_of
from tests.bench.texts import announcements, utf8_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement
    from tests.bench.cases import Case

EACH = 20
CHANGED = 100  # announcements an update
SMALL_UPDATES = 20


def main() -> None:
    """Print a row per size, and what many small updates do to the largest."""
    parser = arguments(__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of announcements")
    options = parser.parse_args()
    grow(texts_of(options), list(map(int, options.sizes.split(","))))


def grow(file: Path, sizes: Sequence[int]) -> None:
    """Print a row for each number of announcements."""
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as folder, clock() as starting:
        WhooshEngine(Path(folder)).replace_all(announcements(file, 1), Report(), 2)
    for size in sizes:
        texts = announcements(file, size)
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_grown(texts, Path(folder)))
    heads = ["announcements", "build µs each", "size / text", "common word, ms", "AND, ms", "phrase, ms"]
    updates = [f"update of {CHANGED}, s", f"common word after {SMALL_UPDATES} small updates, ms", "segments"]
    print("## Growth (two processes; answers without texts; medians)\n")
    print(f"Once a process, for any number: {starting.seconds:.2f} s until the dictionary is loaded.\n")
    table([*heads, *updates], rows)


def _grown(texts: Sequence[Announcement], folder: Path) -> list[object]:
    engine = WhooshEngine(folder)
    with clock() as building:
        engine.replace_all(texts, Report(), 2)
    room = engine.status().size_bytes / utf8_bytes(texts)
    asked = cases(texts, EACH)
    before = [_median(folder, asked, kind) for kind in ("common word", "two words, AND", "phrase of two words")]
    with clock() as updating:
        engine.change([replace(one, title=f"{one.title}（修订）") for one in texts[:CHANGED]], [], Report())
        engine.version()
    for at in range(SMALL_UPDATES):
        engine.change([replace(one, title=f"{at}") for one in texts[at * 3 : at * 3 + 3]], [], Report())
    after = _median(folder, asked, "common word")
    segments = len(Snapshot(current(folder)).segments)
    per_document = building.seconds / len(texts) * 1e6
    return [len(texts), per_document, room, *before, updating.seconds, after, segments]


def _median(folder: Path, asked: dict[str, list[Case]], kind: str) -> float:
    searcher = Searcher(Snapshot(current(folder)))
    return median(milliseconds([partial(searcher.top_docs, case.query()) for case in asked[kind]]))


if __name__ == "__main__":
    main()
