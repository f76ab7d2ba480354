"""How long whole answers of a running server take, pages and JSON of ten hits each, and how many it gives a second.

    python -m tests.bench.bench_http --size 20000
    python -m tests.bench.bench_http --size 100000 --queries 1000

The client is a bare socket, on the same machine. "processor ms" is what the server's processes take together for an
answer: unlike the rest it says nearly the same on a busy machine. The server is warmed up by other questions.
"""

from __future__ import annotations

import tempfile
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.bench.cases import cases
from tests.bench.measuring import arguments, median, percentile, private_megabytes, table, texts_of
from tests.bench.serving import Server, ask_at_once, ask_in_turn, requests
from tests.bench.texts import announcements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement
    from tests.bench.cases import Case

PATHS = {"page (HTML)": "/", "JSON": "/api/search"}
CONNECTIONS = 8
WARMING = 70
QUESTIONS = 420
SECONDS = 5.0


def main() -> None:
    """Serve an index of these texts and ask."""
    parser = arguments(__doc__)
    parser.add_argument("--processes", type=int, default=2, help="server processes (default: 2)")
    parser.add_argument("--queries", type=int, default=QUESTIONS, help=f"different questions (default: {QUESTIONS})")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help=f"how long to ask at once (default: {SECONDS:.0f})"
    )
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    with tempfile.TemporaryDirectory() as folder:
        WhooshEngine(Path(folder)).replace_all(texts, Report(), 2)
        serve(texts, Path(folder), options.processes, options.queries, options.seconds)


def serve(texts: Sequence[Announcement], index: Path, processes: int, queries: int, seconds: float) -> None:
    """Print how long answers take, how many come a second, and the memory of the server afterwards."""
    asked, others = questions(texts, queries, seed=1), questions(texts, WARMING, seed=2)
    rows: list[list[object]] = []
    with Server(index, processes) as server:
        for name, path in PATHS.items():
            written = requests(asked, path)
            ask_in_turn(server.port, requests(others, path))
            before = server.processor_seconds()
            took = ask_in_turn(server.port, written)
            each = (server.processor_seconds() - before) / len(written) * 1000
            rate = ask_at_once(server.port, written, CONNECTIONS, seconds)
            rows.append([name, median(took), percentile(took, 0.95), max(took), each, rate])
        own, mapped = (max(private_megabytes(one, kept) for one in server.processes) for kept in (False, True))
    print(f"## HTTP: {len(texts)} announcements, {processes} processes, {len(asked)} different questions\n")
    at_once = f"answers/s, {CONNECTIONS} connections"
    table(["", "median ms", "p95", "slowest", "processor ms", at_once], rows)
    table(
        ["the largest process afterwards", "MB"],
        [["private memory", own], ["with pages of the index that only it has mapped", mapped]],
    )


def questions(texts: Sequence[Announcement], count: int, seed: int) -> list[Case]:
    """Draw questions of all kinds by turns."""
    kinds = cases(texts, -(-count // 7), seed).values()
    return list(chain.from_iterable(zip(*kinds, strict=True)))[:count]


if __name__ == "__main__":
    main()
