"""Other search servers over the same announcements, started on this machine, and how each is asked a question."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import quote, urlencode

from indexer.cluster import bulk
from indexer.cluster.connection import Connection
from indexer.cluster_settings import Cluster
from tests.bench.measuring import processor_seconds
from tests.bench.watched_memory import family
from tests.opensearch.cluster import LocalCluster, free_ports, read_classpath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement
    from tests.bench.cases import Case

FACETS = ("source", "region", "year", "form")
SHORTEST_TRIGRAM = 3  # characters
SNIPPET = 120  # characters
STARTING_SECONDS = 60.0
LIMITS = {"facet_time_limit_ms": 60_000, "sql_time_limit_ms": 60_000, "suggest_facets": "off"}
HEAP = "1g"  # of the OpenSearch node, which has it by itself
JVM = ("-XX:+UseG1GC", "-Xshare:auto")  # as OpenSearch sets it up
_INDEX = "announcements"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one server takes it."""

    path: str
    body: bytes | None = None  # JSON to post; None: it is asked by GET


class Server(Protocol):
    """What is measured of a server."""

    port: int

    def processor_seconds(self) -> float:
        """What its processes have taken up to now."""


class Datasette:
    """Datasette over one table of announcements, as its user starts it."""

    def __init__(self, texts: Sequence[Announcement], folder: Path) -> None:
        """Write the table and serve it."""
        database = folder / "announcements.db"
        _write_table(texts, database)
        self.port: int = free_ports(1)[0]
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

    @staticmethod
    def asked(case: Case) -> Asked:
        """Write a question, by trigrams or LIKE, with the same facets."""
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
        return Asked("/announcements/a.json?" + urlencode([*plain, *chosen], quote_via=quote))


def _write_table(texts: Sequence[Announcement], database: Path) -> None:
    """Write the table, its trigram index and an index for each facet."""
    with sqlite3.connect(database) as store:
        store.execute(
            "CREATE TABLE a (id TEXT PRIMARY KEY, title TEXT, body TEXT, source TEXT, region TEXT, year INT, form TEXT)"
        )
        rows = ((one.id, one.title, one.body, *_facts(one).values()) for one in texts)
        store.executemany("INSERT INTO a VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        store.execute("CREATE VIRTUAL TABLE a_fts USING fts5(title, body, content='a', tokenize='trigram')")
        store.execute("INSERT INTO a_fts(a_fts) VALUES ('rebuild')")
        for facet in FACETS:
            store.execute(f"CREATE INDEX a_{facet} ON a({facet})")
    store.close()


def _facts(one: Announcement) -> dict[str, Any]:
    """Return what is counted by, in the order of ``FACETS``."""
    region, year = one.region[0] if one.region else "", one.published and one.published.year
    return dict(zip(FACETS, (one.source, region, year, one.form), strict=True))


def _holds(word: str) -> str:
    """Return the SQL condition that a text holds a word."""
    plain = word.replace("'", "''")
    if len(word) < SHORTEST_TRIGRAM:
        return f"title like '%{plain}%' or body like '%{plain}%'"
    return f"""rowid in (select rowid from a_fts where a_fts match '"{plain}"')"""


class OpenSearchNode:
    """One OpenSearch node with an index of one shard, whose texts its own analyzer ``cjk`` cuts into bigrams."""

    def __init__(self, texts: Sequence[Announcement], folder: Path) -> None:
        """Start the node and write the index."""
        self._node = LocalCluster(read_classpath(), folder, HEAP, free_ports(1), free_ports(1), JVM)
        self.port: int = self._node.http[0]
        self._node.start(0)
        connection = Connection(Cluster((f"http://127.0.0.1:{self.port}",), shards=1, replicas=0))
        facets = {name: {"type": "keyword"} for name in FACETS}
        text = {"type": "text", "analyzer": "cjk"}
        settings = {"number_of_shards": 1, "number_of_replicas": 0}
        mappings = {"properties": {"title": text, "body": text, **facets}}
        connection.client.indices.create(index=_INDEX, body={"settings": settings, "mappings": mappings})
        rows = (bulk.put(one.id, {"title": one.title, "body": one.body, **_facts(one)}) for one in texts)
        bulk.write(connection, _INDEX, rows)
        connection.client.indices.forcemerge(index=_INDEX, params={"max_num_segments": 1})
        connection.refresh(_INDEX)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._node.close()

    def processor_seconds(self) -> float:
        """What the node has taken up to now."""
        return processor_seconds(self._node.processes)

    @staticmethod
    def asked(case: Case) -> Asked:
        """Write a question: each word as a phrase of its bigrams, ten hits with a snippet, the same facets."""
        tests = list(map(_phrase, case.words))
        found: dict[str, Any]
        match case.kind:
            case "or":
                found = {"should": tests, "minimum_should_match": 1}
            case "not":
                found = {"must": tests[:1], "must_not": tests[1:]}
            case _:
                found = {"must": tests}
        found["filter"] = [{"term": {name: str(value)}} for name, value in case.filters.items()]
        fields = {name: {"fragment_size": SNIPPET, "number_of_fragments": 1} for name in ("title", "body")}
        body = {
            "query": {"bool": found},
            "size": 10,
            "track_total_hits": True,
            "_source": {"excludes": ["body"]},
            "aggs": {name: {"terms": {"field": name, "size": 20}} for name in FACETS},
            "highlight": {"fields": fields},
        }
        return Asked(f"/{_INDEX}/_search", json.dumps(body).encode())


def _phrase(word: str) -> dict[str, Any]:
    return {"multi_match": {"query": word, "type": "phrase", "fields": ["title^3", "body"]}}


PEERS: dict[str, type[Datasette | OpenSearchNode]] = {"datasette": Datasette, "opensearch": OpenSearchNode}
