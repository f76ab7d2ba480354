"""Whether a cluster answers what the embedded engine answers, and how long both take.

    make .venv/opensearch-classpath && python -m tests.bench.bench_cluster --size 20000 --asked 2000

Starts three nodes on loopback, or uses those of POLICY_SEARCH_URL. Prints, for every kind of question, how many answers
have equal totals, equal facets and the same order of the ten best, the mean overlap of these, and both medians.
"""

from __future__ import annotations

import os
import random
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.cluster.engine import OpenSearchEngine
from indexer.embedded.engine import WhooshEngine
from indexer.facts.document_number import find_numbers
from indexer.query.tree import Filters, NumberTerm, Phrase, Query, Term
from indexer.report import Report
from indexer.settings import read_settings
from tests.bench.cases import cases, strings
from tests.bench.measuring import arguments, clock, median, table, texts_of
from tests.bench.texts import announcements, utf8_bytes
from tests.opensearch.cluster import LocalCluster, read_classpath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from indexer.announcement import Announcement
    from indexer.cluster_settings import Cluster
    from indexer.engine import Engine
    from indexer.query.tree import Node

NAME = "policy-search-bench"
HEAP = "1g"  # of each node
SHOWN = 10


def main() -> None:
    """Build both, ask both, compare."""
    parser = arguments(__doc__)
    parser.add_argument("--built", action="store_true", help="the cluster of POLICY_SEARCH_URL holds them already")
    parser.add_argument("--asked", type=int, default=2000, help="questions (default: 2000)")
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    with tempfile.TemporaryDirectory() as folder, local_cluster(Path(folder)) as cluster:
        embedded, engine = WhooshEngine(Path(folder) / "index"), OpenSearchEngine(cluster, NAME)
        _build(texts, embedded, engine, anew=not options.built)
        _compare(_questions(texts, options.asked), embedded, engine)


@contextmanager
def local_cluster(folder: Path) -> Iterator[Cluster]:
    """Start three nodes, or take those of POLICY_SEARCH_URL."""
    given = (
        read_settings({**os.environ, "POLICY_SEARCH_ENGINE": "opensearch"})
        if "POLICY_SEARCH_URL" in os.environ
        else None
    )
    if given and given.cluster:
        yield given.cluster
        return
    local = LocalCluster(read_classpath(), folder, heap=HEAP)
    try:
        local.start()
        yield local.settings
    finally:
        local.close()


def _build(texts: Sequence[Announcement], embedded: Engine, engine: Engine, *, anew: bool) -> None:
    size, rows = utf8_bytes(texts), []
    for name, one in (("embedded", embedded), ("cluster", engine)):
        with clock() as took:
            if anew or one is embedded:
                one.replace_all(texts, Report(read=len(texts)), 2)
        room = one.status().size_bytes
        with clock() as changing:
            one.change(texts[:1], (), Report())
        built = [took.seconds, len(texts) / took.seconds, room / len(texts), room / size]
        rows.append([name, *built, changing.seconds])
    print(f"## {len(texts)} announcements, {size / 1e6:.0f} MB of text\n")
    table(["", "seconds", "documents/s", "bytes a document", "size / text", "one replaced, s"], rows)


def _questions(texts: Sequence[Announcement], count: int) -> dict[str, list[Query]]:
    """Draw questions of every kind; a third of them are strings cut out of the texts."""
    each, chance = count // 20, random.Random(3)
    asked = {label: [case.query() for case in of_kind] for label, of_kind in cases(texts, each).items()}
    drawn = chance.sample(list(texts), min(len(texts), 20 * each))
    word = chance.choice

    def some(make: Callable[[Announcement], Query | None]) -> list[Query]:
        return list(islice(filter(None, map(make, drawn)), each))

    asked["title as typed"] = some(lambda one: Query(root=Term(one.title)) if one.title else None)
    asked["first sentence"] = some(lambda one: Query(root=Term(one.body.split("。")[0][:60])))
    asked["document number"] = some(_number)
    asked["source, region or form"] = some(lambda one: Query(root=word(_facts(one))))
    asked["title only, by day"] = some(
        lambda one: Query(root=Term(one.title[2:6]), filters=Filters(title_only=True), sort="newest")
    )
    asked["days and filters"] = some(
        lambda one: (
            Query(filters=Filters(source=(one.source,), first=one.published, form=(one.form or "通知",)), sort="oldest")
            if one.source
            else None
        )
    )
    cut = strings(texts, count - sum(map(len, asked.values())), 12)
    half = len(cut) // 2
    asked["quoted string"] = [Query(root=Phrase(text)) for text in cut[:half]]
    asked["unquoted string"] = [Query(root=Term(text)) for text in cut[half:]]
    return asked


def _number(one: Announcement) -> Query | None:
    found = find_numbers(one.body)
    return Query(root=NumberTerm(found[0].number.normal, found[0].number.normal)) if found else None


def _facts(one: Announcement) -> list[Node]:
    facts: list[Node] = [Term(one.source, "source"), Term(one.form or "通知", "form")]
    return [*facts, Term("/".join(one.region), "region")] if one.region else facts


@dataclass
class _Tally:
    asked: int = 0
    totals: int = 0
    facets: int = 0
    orders: int = 0
    overlaps: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    def add(self, query: Query, embedded: Engine, engine: Engine) -> None:
        with clock() as first:
            one = embedded.search(query)
        with clock() as second:
            other = engine.search(query)
        self.asked += 1
        self.totals += (one.total, one.relaxed) == (other.total, other.relaxed)
        self.facets += one.facets == other.facets
        self.orders += [hit.id for hit in one.hits] == [hit.id for hit in other.hits]
        best, theirs = ({hit.id for hit in page.hits} for page in (one, other))
        if best:
            self.overlaps.append(len(best & theirs) / len(best))
        self.ours.append(first.seconds * 1000)
        self.theirs.append(second.seconds * 1000)
        if (one.total, one.facets) != (other.total, other.facets):
            print(f"differs: {query.root} {query.filters}: {one.total} {other.total}")

    def row(self, label: str) -> list[object]:
        overlap = sum(self.overlaps) / max(1, len(self.overlaps))
        counted = [self.asked, self.totals, self.facets, self.orders]
        return [label, *counted, overlap, median(self.ours), median(self.theirs)]


def _compare(asked: dict[str, list[Query]], embedded: Engine, engine: Engine) -> None:
    rows, everything = [], _Tally()
    for label, queries in asked.items():
        tally = _Tally()
        for query in queries:
            tally.add(query, embedded, engine)
        rows.append(tally.row(label))
        for name in ("asked", "totals", "facets", "orders", "overlaps", "ours", "theirs"):
            setattr(everything, name, getattr(everything, name) + getattr(tally, name))
    equal = [f"equal {what}" for what in ("totals", "facets", f"order of the {SHOWN} best")]
    heads = ["", "asked", *equal, f"overlap of the {SHOWN} best", "embedded ms", "cluster ms"]
    table(heads, [*rows, everything.row("all")])


if __name__ == "__main__":
    main()
