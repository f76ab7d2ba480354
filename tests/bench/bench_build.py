"""How long a rebuild takes, how much memory and how much room, beside tantivy, SQLite FTS5 and plain Whoosh.

python -m tests.bench.bench_build --size 20000
python -m tests.bench.bench_build --size 100000 --peers tantivy
python -m tests.bench.bench_build --size 100000 --peers "" --batch 500   the same memory with batches 10 times smaller
python -m tests.bench.bench_build --without-rjieba --peers ""            beside what jieba's cutting alone takes
python -m tests.bench.bench_build --without-rjieba --without-cutter --peers ""   the same where nothing is compiled
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.write import batches
from indexer.embedded.write.batches import build_segments
from indexer.report import Report
from indexer.text import cutter
from indexer.text.segmenter import words_of
from tests.bench.measuring import Clock, PeakMemory, arguments, clock, table, texts_of
from tests.bench.other_engines import PEERS
from tests.bench.texts import announcements, utf8_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement

CEILING_TEXTS = 3000
# Worker processes import this module anew and find them set.
_WITHOUT_RJIEBA, _WITHOUT_CUTTER = "BENCH_WITHOUT_RJIEBA", "BENCH_WITHOUT_CUTTER"
_find_spec = importlib.util.find_spec
if os.environ.get(_WITHOUT_RJIEBA):
    importlib.util.find_spec = lambda name, package=None: None if name == "rjieba" else _find_spec(name, package)
if os.environ.get(_WITHOUT_CUTTER):
    vars(cutter)["REVISION"] = 0  # as if it were compiled from other sources


def main() -> None:
    """Build with each and print a table."""
    parser = arguments(__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="worker processes (default: 2)")
    parser.add_argument("--peers", default="tantivy,fts5,whoosh", help="which to compare with")
    parser.add_argument("--batch", type=int, default=batches.BATCH_DOCUMENTS, help="documents a batch")
    parser.add_argument("--without-rjieba", action="store_true", help="as where the extra “fast” is not installed")
    parser.add_argument("--without-cutter", action="store_true", help="as where the cutter was not compiled")
    options = parser.parse_args()
    asked = {_WITHOUT_RJIEBA: options.without_rjieba, _WITHOUT_CUTTER: options.without_cutter}
    if missing := {name: "1" for name, wanted in asked.items() if wanted and not os.environ.get(name)}:
        os.environ |= missing
        os.execv(sys.executable, [sys.executable, "-m", "tests.bench.bench_build", *sys.argv[1:]])
    batches.BATCH_DOCUMENTS = options.batch
    texts = announcements(texts_of(options), options.size)
    with tempfile.TemporaryDirectory() as folder:
        build(texts, Path(folder), options.jobs, [name for name in options.peers.split(",") if name])
    if options.jobs == 2:
        print(f"Two processes that share nothing do {ceiling(texts[:CEILING_TEXTS]):.2f} times the work of one here.\n")
    if options.without_rjieba:
        with clock() as cutting:
            cut_alone(texts, options.jobs)
        told = f"{cutting.seconds:.2f} s, {cutting.processor:.2f} s of processor time"
        print(f"jieba's cutting alone, {options.jobs} processes: {told}\n")


def ceiling(texts: Sequence[Announcement]) -> float:
    """Return how much more of the same two processes do at once than one: what the machine has to give."""
    with ProcessPoolExecutor(2, get_context("spawn")) as workers:
        list(workers.map(_build_apart, [texts[:100]] * 2))  # they start, and load what they need
        with clock() as alone:
            workers.submit(_build_apart, texts).result()
        with clock() as together:
            list(workers.map(_build_apart, [texts] * 2))
    return 2 * alone.seconds / together.seconds


def _build_apart(texts: Sequence[Announcement]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        return len(build_segments(Path(folder), texts))


def cut_alone(texts: Sequence[Announcement], jobs: int) -> None:
    """Cut all texts in several processes and do nothing else."""
    parts = [texts[at : at + 500] for at in range(0, len(texts), 500)]
    with ProcessPoolExecutor(jobs, get_context("spawn")) as workers:
        for _ in workers.map(_cut, parts):
            pass


def _cut(part: Sequence[Announcement]) -> int:
    return sum(map(len, words_of([f"{one.title}\n{one.body}" for one in part])))


def build(texts: Sequence[Announcement], folder: Path, jobs: int, peers: Sequence[str]) -> None:
    """Build these texts with us and with the peers."""
    size = utf8_bytes(texts)
    print(f"## Rebuild: {len(texts)} announcements, {size / 1e6:.0f} MB of text, {jobs} processes\n")
    with PeakMemory() as memory, clock() as ours:
        WhooshEngine(folder / "index").replace_all(texts, Report(), jobs)
    rows = [_row("policy-search", ours, memory, _room(folder / "index") / size, ours)]
    for name in peers:
        with PeakMemory() as memory, clock() as theirs:
            PEERS[name](folder / name).build(texts)
        rows.append(_row(name, theirs, memory, _room(folder / name) / size, ours))
    heads = ["", "seconds", "ours / theirs", "processor seconds", "ours / theirs", "size / text"]
    table([*heads, "peak MB beside the texts"], rows)


def _row(name: str, took: Clock, memory: PeakMemory, room: float, ours: Clock) -> list[object]:
    ratios = ours.seconds / took.seconds, ours.processor / took.processor
    return [name, took.seconds, ratios[0], took.processor, ratios[1], room, memory.megabytes]


def _room(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
