"""All benchmarks that compare, one after the other: what ``make bench`` runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench.bench_answers import compare
from tests.bench.bench_build import build
from tests.bench.measuring import arguments, texts_of
from tests.bench.texts import announcements


def main() -> None:
    """Build and answer beside tantivy, and print the ratios."""
    parser = arguments(__doc__)
    parser.add_argument("--peers", default="tantivy", help="also: fts5, whoosh (slow)")
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    peers = [name for name in options.peers.split(",") if name]
    with tempfile.TemporaryDirectory() as folder:
        build(texts, Path(folder) / "build", 2, peers)
        compare(texts, Path(folder) / "answers", peers)


if __name__ == "__main__":
    main()
