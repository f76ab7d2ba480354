"""All benchmarks that compare, one after the other: what ``make bench`` runs.

python -m tests.bench --size 20000
python -m tests.bench --size 100000 --peers tantivy --growth 1000,10000,100000
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.bench.bench_answers import compare
from tests.bench.bench_build import build
from tests.bench.bench_growth import grow
from tests.bench.bench_http import QUESTIONS, SECONDS, serve
from tests.bench.bench_start import RUNS, start
from tests.bench.measuring import arguments, texts_of
from tests.bench.texts import announcements


def main() -> None:
    """Build and answer beside others, and print the ratios; then what needs no peer."""
    parser = arguments(__doc__)
    parser.add_argument("--peers", default="tantivy,fts5,whoosh", help="which to compare with")
    parser.add_argument("--growth", default="1000,10000,100000", help="numbers of announcements of the table of growth")
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    peers = [name for name in options.peers.split(",") if name]
    with tempfile.TemporaryDirectory() as folder:
        build(texts, Path(folder) / "build", 2, peers)
        compare(texts, Path(folder) / "answers", peers)
        index = Path(folder) / "served"
        WhooshEngine(index).replace_all(texts, Report(), 2)
        serve(texts, index, 2, QUESTIONS, SECONDS)
        start(index, RUNS)
    grow(texts_of(options), list(map(int, options.growth.split(","))))


if __name__ == "__main__":
    main()
