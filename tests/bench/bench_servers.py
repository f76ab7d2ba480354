"""How long whole JSON answers take beside other search servers on this machine, asked by turns.

    python -m tests.bench.bench_servers --size 20000
    make .venv/opensearch-classpath && python -m tests.bench.bench_servers --size 20000 --peers opensearch

Each shows ten hits with a snippet's worth of text and counts source, region, year and form exactly. Datasette over
SQLite's trigram index finds strings of three characters and more; a word of two is found by ``LIKE``, which reads every
text. OpenSearch on one node finds each word as a phrase of bigrams.
"""

from __future__ import annotations

import http
import http.client
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.bench.cases import cases
from tests.bench.measuring import arguments, median, percentile, table, texts_of
from tests.bench.other_servers import PEERS, Asked
from tests.bench.serving import Server as OurServer
from tests.bench.serving import requests
from tests.bench.texts import announcements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.announcement import Announcement
    from tests.bench.cases import Case
    from tests.bench.other_servers import Datasette, OpenSearchNode, Server

EACH = 40  # questions of a kind
LOT = 10  # to one, then the same to the other


def main() -> None:
    """Serve ours and each peer, and ask."""
    parser = arguments(__doc__)
    parser.add_argument("--each", type=int, default=EACH, help=f"questions of a kind (default: {EACH})")
    parser.add_argument("--peers", default="datasette", help=f"which to compare with: {','.join(PEERS)}")
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        WhooshEngine(index).replace_all(texts, Report(), 2)
        for name in options.peers.split(","):
            with OurServer(index, processes=1) as ours, PEERS[name](texts, Path(folder)) as other:
                rows = list(_compared(texts, options.each, ours, other))
            print(
                f"## {len(texts)} announcements, {options.each} questions of a kind, beside {name}, one process each\n"
            )
            of_each = ("ours", name, "ratio")
            table(["", *(f"{what}: {of}" for what in ("median ms", "p95 ms", "processor ms") for of in of_each)], rows)


def _compared(
    texts: Sequence[Announcement], each: int, ours: OurServer, other: Datasette | OpenSearchNode
) -> Iterator[list[object]]:
    """Ask both the same, a few questions each by turns, and give a row for each kind."""
    warming = cases(texts, LOT, seed=2)
    for label, asked in cases(texts, each).items():
        mine, theirs = _Taken(ours, list(map(_asked, asked))), _Taken(other, list(map(other.asked, asked)))
        _ask(ours.port, list(map(_asked, warming[label])))
        _ask(other.port, list(map(other.asked, warming[label])))
        for start in range(0, each, LOT):
            mine.ask(start)
            theirs.ask(start)
        pairs = zip(mine.figures(), theirs.figures(), strict=True)
        yield [label, *(value for a, b in pairs for value in (a, b, a / b))]


@dataclass(slots=True)
class _Taken:
    """What one server is asked, and what it took."""

    server: Server
    asked: Sequence[Asked]
    took: list[float] = field(default_factory=list)  # milliseconds
    processor: float = 0.0  # seconds of all

    def ask(self, start: int) -> None:
        """Ask a few, from this one on."""
        before = self.server.processor_seconds()
        self.took += _ask(self.server.port, self.asked[start : start + LOT])
        self.processor += self.server.processor_seconds() - before

    def figures(self) -> tuple[float, float, float]:
        """Return median, p95 and processor time of a question, in milliseconds."""
        return median(self.took), percentile(self.took, 0.95), self.processor / len(self.took) * 1000


def _ask(port: int, every: Sequence[Asked]) -> list[float]:
    """Ask one after the other on one connection; return what each took, in milliseconds."""
    connection, took = http.client.HTTPConnection("127.0.0.1", port), []
    for one in every:
        started = time.perf_counter()
        method, headers = ("POST", {"Content-Type": "application/json"}) if one.body else ("GET", {})
        connection.request(method, one.path, one.body, headers)
        answer = connection.getresponse()
        body = answer.read()
        took.append((time.perf_counter() - started) * 1000)
        if answer.status != http.HTTPStatus.OK:
            raise AssertionError(body[:300])
    connection.close()
    return took


def _asked(case: Case) -> Asked:
    """Write a question as ours is asked."""
    return Asked(requests([case], "/api/search")[0].split(b" ", 2)[1].decode())


if __name__ == "__main__":
    main()
