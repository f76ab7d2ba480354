"""How long whole JSON answers take beside Datasette over SQLite FTS5, both served on this machine, asked by turns.

    python -m tests.bench.bench_datasette --size 20000

Datasette shows ten rows with a snippet's worth of text each and the same four facets, counted exactly. SQLite's trigram
index finds strings of three characters and more; a word of two is found by ``LIKE``, which reads every text.
"""

from __future__ import annotations

import http
import http.client
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, urlencode

from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.bench.cases import cases
from tests.bench.measuring import arguments, family, median, percentile, processor_seconds, table, texts_of
from tests.bench.serving import Server, requests
from tests.bench.texts import announcements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from indexer.announcement import Announcement
    from tests.bench.cases import Case

EACH = 40  # questions of a kind
LOT = 10  # to one, then the same to the other
SHORTEST_TRIGRAM = 3  # characters
FACETS = ("source", "region", "year", "form")
LIMITS = {"facet_time_limit_ms": 60_000, "sql_time_limit_ms": 60_000, "suggest_facets": "off"}
STARTING_SECONDS = 60.0


class Datasette:
    """Datasette over one table of announcements, as its user starts it."""

    def __init__(self, database: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        limits = [word for name, value in LIMITS.items() for word in ("--setting", name, str(value))]
        command = [sys.executable, "-m", "datasette", "serve", str(database), "--port", str(self.port), *limits]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        started = time.monotonic()
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > started + STARTING_SECONDS:
                self._process.kill()
                raise SystemExit("Datasette does not start: install it by make bench")
            time.sleep(0.1)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except ConnectionRefusedError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def processor_seconds(self) -> float:
        """What its processes have taken up to now."""
        return processor_seconds(family(str(self._process.pid)))


def main() -> None:
    """Serve both and ask."""
    parser = arguments(__doc__)
    parser.add_argument("--each", type=int, default=EACH, help=f"questions of a kind (default: {EACH})")
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    with tempfile.TemporaryDirectory() as folder:
        index, database = Path(folder) / "index", Path(folder) / "announcements.db"
        WhooshEngine(index).replace_all(texts, Report(), 2)
        _write(texts, database)
        with Server(index, processes=1) as ours, Datasette(database) as other:
            rows = list(_compared(texts, options.each, ours, other))
    print(f"## {len(texts)} announcements, {options.each} questions of a kind, one process each\n")
    of_each = ("ours", "Datasette", "ratio")
    heads = ["", *(f"{what}: {of}" for what in ("median ms", "p95 ms", "processor ms") for of in of_each)]
    table(heads, rows)


def _write(texts: Sequence[Announcement], database: Path) -> None:
    """Write the table, its trigram index and an index for each facet."""
    with sqlite3.connect(database) as store:
        store.execute(
            "CREATE TABLE a (id TEXT PRIMARY KEY, title TEXT, body TEXT, source TEXT, region TEXT, year INT, form TEXT)"
        )
        rows = (
            (
                one.id,
                one.title,
                one.body,
                one.source,
                one.region[0] if one.region else "",
                one.published and one.published.year,
                one.form,
            )
            for one in texts
        )
        store.executemany("INSERT INTO a VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        store.execute("CREATE VIRTUAL TABLE a_fts USING fts5(title, body, content='a', tokenize='trigram')")
        store.execute("INSERT INTO a_fts(a_fts) VALUES ('rebuild')")
        for facet in FACETS:
            store.execute(f"CREATE INDEX a_{facet} ON a({facet})")
    store.close()


def _compared(texts: Sequence[Announcement], each: int, ours: Server, other: Datasette) -> Iterator[list[object]]:
    """Ask both the same, a few questions each by turns, and give a row for each kind."""
    warming = cases(texts, LOT, seed=2)
    for label, asked in cases(texts, each).items():
        mine = _Asked(ours.port, ours.processor_seconds, [_our_path(one) for one in asked])
        theirs = _Asked(other.port, other.processor_seconds, [_path(one) for one in asked])
        _ask(ours.port, [_our_path(one) for one in warming[label]])
        _ask(other.port, [_path(one) for one in warming[label]])
        for start in range(0, each, LOT):
            mine.ask(start)
            theirs.ask(start)
        pairs = zip(mine.figures(), theirs.figures(), strict=True)
        yield [label, *(value for a, b in pairs for value in (a, b, a / b))]


@dataclass(slots=True)
class _Asked:
    """What one server is asked, and what it took."""

    port: int
    processor_seconds: Callable[[], float]
    paths: Sequence[str]
    took: list[float] = field(default_factory=list)  # milliseconds
    processor: float = 0.0  # seconds of all

    def ask(self, start: int) -> None:
        """Ask a few, from this one on."""
        before = self.processor_seconds()
        self.took += _ask(self.port, self.paths[start : start + LOT])
        self.processor += self.processor_seconds() - before

    def figures(self) -> tuple[float, float, float]:
        """Return median, p95 and processor time of a question, in milliseconds."""
        return median(self.took), percentile(self.took, 0.95), self.processor / len(self.took) * 1000


def _ask(port: int, paths: Sequence[str]) -> list[float]:
    """Ask one after the other on one connection; return what each took, in milliseconds."""
    connection, took = http.client.HTTPConnection("127.0.0.1", port), []
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        took.append((time.perf_counter() - started) * 1000)
        if answer.status != http.HTTPStatus.OK:
            raise AssertionError(body[:300])
    connection.close()
    return took


def _our_path(case: Case) -> str:
    return requests([case], "/api/search")[0].split(b" ", 2)[1].decode()


def _path(case: Case) -> str:
    """Write a question as Datasette is asked, by trigrams or LIKE, with the same facets."""
    tests = list(map(_holds, case.words))
    match case.kind:
        case "or":
            where = [" or ".join(tests)]
        case "not":
            where = [tests[0], *(f"not {test}" for test in tests[1:])]
        case _:
            where = tests
    plain = [("_where", f"({one})") for one in where] + [("_facet", one) for one in FACETS] + [("_size", "10")]
    chosen = [(name, str(value)) for name, value in case.filters.items()]
    return "/announcements/a.json?" + urlencode([*plain, *chosen], quote_via=quote)


def _holds(word: str) -> str:
    """Return the SQL condition that a text holds a word."""
    plain = word.replace("'", "''")
    if len(word) < SHORTEST_TRIGRAM:
        return f"title like '%{plain}%' or body like '%{plain}%'"
    return f"""rowid in (select rowid from a_fts where a_fts match '"{plain}"')"""


if __name__ == "__main__":
    main()
