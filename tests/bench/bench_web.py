"""How much computing the pages take beyond the search itself, and how large they are.

    python -m tests.bench.bench_web INDEX

Prints a table: for each address the median CPU time of ``--runs`` requests (what else the machine does then
matters little), the part of it that the engine took, the rest (to stay under 15 ms for a page of ten hits),
and the size as it is and as sent to browsers.
"""

from __future__ import annotations

import argparse
import logging
import re
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.engine_choice import open_engine
from indexer.settings import Settings
from webui import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ADDRESSES = (
    "/",
    "/?q=乡村振兴",
    "/?q=乡村振兴&region=广东省&year=2021",
    "/?q=发展",
    "/?q=发展&per_page=100",
    "/?q=扶贫 OR 脱贫",
    "/?open=广东省",
    "/sources",
    "/api/search?q=发展",
    "/api/suggest?q=扶贫",
    "/feed.atom?q=发展",
    "/export.csv?q=乡村振兴",
)
_VERBS = ("search", "find", "similar", "coverage", "suggest", "status", "version", "lookup_number")


class _Timed:
    """An engine that adds up how long it was busy."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.seconds = 0.0

    def __getattr__(self, verb: str) -> Any:
        method = getattr(self._engine, verb)
        if verb not in _VERBS:
            return method

        def call(*arguments: Any, **named: Any) -> Any:
            begun = time.process_time()
            try:
                return method(*arguments, **named)
            finally:
                self.seconds += time.process_time() - begun

        return call


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--runs", type=int, default=15)
    chosen = parser.parse_args()
    logging.getLogger("webui").setLevel(logging.CRITICAL)
    engine = _Timed(open_engine(Settings(index=chosen.index)))
    client = create_app(engine).test_client()
    longest = max(engine.announcements(), key=lambda a: len(a.body))
    print(f"{'address':42} {'CPU ms':>8} {'engine':>8} {'beyond':>8} {'KB':>7} {'sent KB':>8}")
    for address in (*ADDRESSES, f"/announcements/{longest.id}?q=的"):
        print(_row(client, engine, address, chosen.runs))
    print(_first_page(client))
    print(f"(the last is the longest announcement: {len(longest.body):,} characters)")


def _first_page(client: FlaskClient) -> str:
    """Add up all that a browser loads for the first page."""
    parts = ("/", *re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text))
    whole = sum(len(client.get(part).data) for part in parts)
    sent = sum(len(client.get(part, headers={"Accept-Encoding": "gzip"}).data) for part in parts)
    return f"{'the first page in all, with what it loads':69} {whole / 1000:7.1f} {sent / 1000:8.1f}"


def _row(client: FlaskClient, engine: _Timed, address: str, runs: int) -> str:
    size = len(client.get(address).data)
    sent = len(client.get(address, headers={"Accept-Encoding": "gzip"}).data)
    took, busy = [], []
    for _ in range(runs):
        engine.seconds, begun = 0.0, time.process_time()
        _ = client.get(address).data  # a stream is only made while it is read
        took.append((time.process_time() - begun) * 1000)
        busy.append(engine.seconds * 1000)
    whole, inside = statistics.median(took), statistics.median(busy)
    beyond = statistics.median(a - b for a, b in zip(took, busy, strict=True))
    return f"{address:42} {whole:8.1f} {inside:8.1f} {beyond:8.1f} {size / 1000:7.1f} {sent / 1000:8.1f}"


if __name__ == "__main__":
    main()
