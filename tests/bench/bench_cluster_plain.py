"""What the cluster takes for our index beside a plain one of the same texts on the same nodes.

    make .venv/opensearch-classpath && python -m tests.bench.bench_cluster_plain --size 20000

The plain index has the same facts to count by, each text in a field cut by OpenSearch's own ``cjk`` analyzer (bigrams)
and all of it in ``_source``; it is asked by ``match`` with every bigram required, with the same aggregations. Starts
three nodes on loopback, or uses those of POLICY_SEARCH_URL, and makes indexes without copies. Prints what writing takes
until the index answers (processor time of the nodes, and of the processes that write), what merging it afterwards
takes, and for words that a third of the texts hold, a twentieth and nearly none how long whole answers take and how
much processor time of the nodes. Run it at several sizes to see what grows with what is found.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from indexer.announcement import to_json
from indexer.cluster import bulk
from indexer.cluster.compaction import WORTH_COMPACTING, compact
from indexer.cluster.connection import Connection
from indexer.cluster.copies import aggregation
from indexer.cluster.engine import OpenSearchEngine
from indexer.cluster.facet_counts import aggregations
from indexer.cluster.mappings import KEPT_KEYWORDS, body_of_index
from indexer.facts.dates import to_day
from indexer.fields import FOLDER
from indexer.query.tree import Filters, Query, Term
from indexer.report import Report
from indexer.text.segmenter import words_of
from tests.bench.bench_cluster import local_cluster
from tests.bench.measuring import arguments, clock, median, table, texts_of
from tests.bench.texts import announcements, utf8_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.announcement import Announcement

OURS, PLAIN = "policy-search-bench", "plain-bench"
SAMPLE = 3_000  # announcements that the words are drawn from
# Of the sample hold a word.
SHARES = {"a third": (0.25, 0.42), "a twentieth": (0.04, 0.06), "nearly none": (0.0, 0.002)}
LOTS = 3  # of the words: each is asked for one lot before the next, so that all have the machine's quiet minutes
WARMING = 5  # words asked before
STALE_SECONDS = 1.1  # nodes tell for a second what they told before
_CUT_FIELDS = ("_units", "_bigrams", "_row", "_folded", "words", "bigrams", "once")  # which a plain index lacks


@dataclass
class Cost:
    """What something took."""

    seconds: float
    processor: float  # seconds, of the nodes
    own: float  # seconds of processor time, of this process and those that it started meanwhile

    @classmethod
    def of(cls, connection: Connection, act: Callable[[], object]) -> Cost:
        """Do something and say what it took."""
        before = processor_seconds(connection)
        with clock() as took:
            act()
        return cls(took.seconds, processor_seconds(connection) - before, took.processor)


@dataclass
class Contender:
    """One that is asked, and what it took."""

    name: str
    ask: Callable[[str], int]
    found: list[int] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    processor: float = 0.0  # milliseconds of the nodes, for all

    def ask_all(self, words: Sequence[str], connection: Connection) -> None:
        """Ask for some words, and add up."""
        before = processor_seconds(connection)
        for word in words:
            with clock() as took:
                self.found.append(self.ask(word))
            self.milliseconds.append(took.seconds * 1000)
        self.processor += (processor_seconds(connection) - before) * 1000

    def row(self) -> list[object]:
        """Return what it took for each."""
        count = len(self.found)
        return [self.name, count, median(self.found), median(self.milliseconds), self.processor / count]


def main() -> None:
    """Write both, ask both."""
    parser = arguments(__doc__)
    parser.add_argument("--asked", type=int, default=30, help="words of each kind (default: 30)")
    parser.add_argument("--built", action="store_true", help="the cluster of POLICY_SEARCH_URL holds them already")
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    with tempfile.TemporaryDirectory() as folder, local_cluster(Path(folder)) as cluster:
        connection = Connection(cluster)
        if not options.built:
            _write(texts, connection, OpenSearchEngine(cluster, OURS))
        for label, shares in SHARES.items():
            _ask(label, words_held(texts, shares, options.asked + WARMING), connection)


def processor_seconds(connection: Connection) -> float:
    time.sleep(STALE_SECONDS)
    nodes = connection.client.nodes.stats(metric="process")["nodes"].values()
    return float(sum(node["process"]["cpu"]["total_in_millis"] for node in nodes)) / 1000


def _write(texts: Sequence[Announcement], connection: Connection, engine: OpenSearchEngine) -> None:
    rows, size = [], utf8_bytes(texts)

    def write_ours() -> None:
        with patch("indexer.cluster.writer.compact"):
            engine.replace_all(texts, Report(read=len(texts)), 2)

    def merge_ours() -> None:
        compact(connection, next(iter(connection.client.indices.get(index=f"{OURS}.build-*"))), WORTH_COMPACTING)

    for label, act in (
        ("plain", lambda: _write_plain(texts, connection)),
        ("ours", write_ours),
        ("ours, merged afterwards", merge_ours),
    ):
        cost = Cost.of(connection, act)
        index = PLAIN if label == "plain" else f"{OURS}*"
        room = connection.client.indices.stats(index=index, metric="store")["_all"]["primaries"]["store"]
        each = room["size_in_bytes"] / len(texts)
        each_ms = [1000 * one / len(texts) for one in (cost.processor, cost.own)]
        rows.append([label, cost.seconds, len(texts) / cost.seconds, *each_ms, each])
    ratios = [ours / plain for plain, ours in zip(rows[0][1:], rows[1][1:], strict=True)]
    rows.append(["ours / plain, bytes when merged", *ratios[:-1], each / rows[0][-1]])
    print(f"## {len(texts)} announcements of {size / len(texts):.0f} bytes\n")
    table(["", "seconds", "documents/s", "nodes' ms a document", "the writer's", "bytes a document"], rows)


def _write_plain(texts: Sequence[Announcement], connection: Connection) -> None:
    body = body_of_index(connection.cluster.shards, connection.cluster.replicas, {})
    kept = body["mappings"]["properties"]
    for name in [name for name in kept if name.endswith(_CUT_FIELDS)]:
        del kept[name]
    kept["text"] = {"type": "text", "analyzer": "cjk"}
    kept["record"] = {"type": "object", "enabled": False}
    del body["mappings"]["_source"]
    client = connection.client
    client.indices.delete(index=PLAIN, params={"ignore_unavailable": "true"})
    client.indices.create(index=PLAIN, body=body)
    bulk.write(connection, PLAIN, (bulk.put(one.id, _plain(one)) for one in texts))
    connection.refresh(PLAIN)
    connection.flush(PLAIN)


def _plain(one: Announcement) -> dict[str, Any]:
    """Return what a plain index holds of an announcement: its text, and what is counted and ordered by."""
    folder = [step for step in FOLDER.read(one).split("/") if step]
    return {
        **{fact.name: fact.read(one) for fact in KEPT_KEYWORDS},
        "id": one.id,
        "text": f"{one.title}\n{one.body}",
        "record": {name: value for name, value in to_json(one).items() if name not in ("title", "body")},
        "region": ["/".join(one.region[: depth + 1]) for depth in range(len(one.region))],
        "folder": ["/".join(folder[: depth + 1]) for depth in range(len(folder))],
        "day": to_day(one.published),
        "month": one.published.isoformat()[:7] if one.published else None,
        "group": one.id,
        "shared": False,
    }


def words_held(texts: Sequence[Announcement], shares: tuple[float, float], count: int) -> list[str]:
    chance = random.Random(4)
    sample = chance.sample(list(texts), min(SAMPLE, len(texts)))
    held = Counter(word for of_one in words_of([one.body for one in sample]) for word in set(of_one))
    least, most = (share * len(sample) for share in shares)
    words = sorted(word for word, holding in held.items() if least < holding <= max(1, most) and _is_asked(word))
    return chance.sample(words, min(count, len(words)))


def _is_asked(word: str) -> bool:
    return len(word) > 1 and not word.isascii()


def _ask(label: str, words: Sequence[str], connection: Connection) -> None:
    """Ask each for each word, for the first time; the first words warm up."""
    script, both = (
        OpenSearchEngine(connection.cluster, OURS) for _ in range(2)
    )  # neither knows what the other counted
    contenders = [
        Contender("plain", partial(_count_plainly, connection)),
        Contender("ours, ordered by the script alone", partial(_count_by_script, script)),
        Contender("ours", partial(count_in, both)),
    ]
    for one in contenders:
        for word in words[:WARMING]:
            one.ask(word)
    for lot in range(LOTS):
        for one in contenders:
            connection.client.indices.clear_cache(params={"request": "true"})  # of answers to the same words
            one.ask_all(words[WARMING + lot :: LOTS], connection)
    plain, *_, ours = contenders
    rows: list[list[object]] = [one.row() for one in contenders]
    ratios = median(ours.milliseconds) / median(plain.milliseconds), ours.processor / plain.processor
    print(f"## Words: {label}\n")
    heads = ["", "asked", "found", "answer, ms (median)", "nodes' processor time, ms (mean)"]
    table(heads, [*rows, ["ours / plain", "", "", *ratios]])


def count_in(engine: OpenSearchEngine, word: str) -> int:
    return engine.search(Query(root=Term(word))).total


def _count_by_script(engine: OpenSearchEngine, word: str) -> int:
    with patch("indexer.cluster.top_hits.WORTH", float("inf")):
        return count_in(engine, word)


def _count_plainly(connection: Connection, word: str) -> int:
    body = {
        "query": {"match": {"text": {"query": word, "operator": "and"}}},
        "size": 10,
        "track_total_hits": True,
        "aggs": {**aggregations(Filters(), {}), "copies": aggregation(())},
    }
    return int(connection.search(PLAIN, body)["hits"]["total"]["value"])


if __name__ == "__main__":
    main()
