"""How what a question takes of the cluster grows with what is found, and what writing takes, from size to size.

    make .venv/opensearch-classpath && python -m tests.bench.bench_cluster_growth --sizes 20000,200000,2000000

Starts three nodes on loopback, or uses those of POLICY_SEARCH_URL, and makes an index without copies for each size, of
announcements put together from the paragraphs of real ones. Then asks each index for the same words, once each: some
that a third of the announcements hold, some that a twentieth does and some that nearly none does. Prints for each kind
how many were found, how long whole answers took and how much processor time of the nodes, and at the end what each
found one takes (a straight line through all these, by least squares). 2,000,000 take an hour, and 40 GB of disk until
they are merged; --built asks once more those that a cluster of POLICY_SEARCH_URL holds.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np

from indexer.cluster.compaction import WORTH_COMPACTING, compact
from indexer.cluster.connection import Connection
from indexer.cluster.engine import OpenSearchEngine
from indexer.report import Report
from tests.bench.bench_cluster import local_cluster
from tests.bench.bench_cluster_plain import OURS, SAMPLE, SHARES, WARMING, Contender, Cost, count_in, words_held
from tests.bench.measuring import arguments, median, percentile, table, texts_of
from tests.bench.texts import read, recombined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.announcement import Announcement


@dataclass(frozen=True)
class Point:
    """What words of one kind took at one size."""

    size: int
    kind: str
    found: float
    milliseconds: float  # of the median answer
    slowest: float  # that 95 of 100 answers do not pass
    processor: float  # milliseconds of the nodes, mean


def main() -> None:
    """Write and ask at every size; say what grows."""
    parser = arguments(__doc__)
    parser.add_argument("--sizes", default="20000,200000,2000000", help="numbers of announcements")
    parser.add_argument("--built", action="store_true", help="the cluster of POLICY_SEARCH_URL holds them already")
    parser.add_argument("--asked", type=int, default=30, help="words of each kind (default: 30)")
    options = parser.parse_args()
    real = list(read(texts_of(options)))
    sizes = list(map(int, options.sizes.split(",")))
    sample = list(islice(recombined(real, sizes[-1]), SAMPLE))
    words = {kind: words_held(sample, shares, options.asked + WARMING) for kind, shares in SHARES.items()}
    points: list[Point] = []
    with tempfile.TemporaryDirectory() as folder, local_cluster(Path(folder)) as cluster:
        connection = Connection(cluster)
        engines = {size: OpenSearchEngine(cluster, _name(size)) for size in sizes}
        for size, engine in engines.items() if not options.built else ():
            _write(real, size, connection, engine)
        for size, engine in engines.items():
            points += _ask(size, words, connection, engine)
    _print_growth(points)


def _name(size: int) -> str:
    return f"{OURS}-{size}"


def _write(real: Sequence[Announcement], size: int, connection: Connection, engine: OpenSearchEngine) -> None:
    """Write an index that answers, then merge it; say what both took."""
    with patch("indexer.cluster.writer.compact"):
        written = Cost.of(connection, lambda: engine.replace_all(recombined(real, size), Report(read=size), 2))
    before = _bytes(connection, size)
    index = next(iter(connection.client.indices.get(index=f"{_name(size)}.build-*")))
    merged = Cost.of(connection, lambda: compact(connection, index, WORTH_COMPACTING))
    print(f"## {size} announcements\n")
    heads = ["", "seconds", "documents/s", "nodes' ms a document", "bytes a document"]
    table(
        heads,
        [
            ["written", *_each(written, size), before / size],
            ["merged afterwards", *_each(merged, size), _bytes(connection, size) / size],
        ],
    )


def _each(cost: Cost, size: int) -> tuple[float, float, float]:
    return cost.seconds, size / cost.seconds, 1000 * cost.processor / size


def _bytes(connection: Connection, size: int) -> int:
    room = connection.client.indices.stats(index=f"{_name(size)}.*", metric="store")["_all"]["primaries"]["store"]
    return int(room["size_in_bytes"])


def _ask(
    size: int, words: Mapping[str, Sequence[str]], connection: Connection, engine: OpenSearchEngine
) -> list[Point]:
    """Ask for each word once; the first of a kind warm up."""
    points = []
    connection.client.indices.clear_cache(params={"request": "true"})  # of answers to the same words
    for kind, of_kind in words.items():
        asked = Contender(kind, partial(count_in, engine))
        for word in of_kind[:WARMING]:
            asked.ask(word)
        asked.ask_all(of_kind[WARMING:], connection)
        took = asked.milliseconds
        each = asked.processor / len(took)
        points.append(Point(size, kind, median(asked.found), median(took), percentile(took, 0.95), each))
    print(f"## Asked of {size} announcements\n")
    heads = ["words that … hold", "found", "answer, ms (median)", "95 %, ms", "nodes' processor time, ms (mean)"]
    table(heads, [[one.kind, one.found, one.milliseconds, one.slowest, one.processor] for one in points])
    return points


def _print_growth(points: Sequence[Point]) -> None:
    """Print the straight lines through all points: a question alone, and each found one."""
    found = [one.found for one in points]
    print("## What grows\n")
    rows: list[list[object]] = []
    for label, took in (
        ("answer", [one.milliseconds for one in points]),
        ("nodes' processor time", [one.processor for one in points]),
    ):
        slope, alone = np.polyfit(found, took, 1)
        rows.append([label, float(alone), float(slope) * 1000])
    table(["", "a question, ms", "each found one, µs"], rows)


if __name__ == "__main__":
    main()
