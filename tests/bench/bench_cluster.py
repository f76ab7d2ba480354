"""Whether a cluster answers what the embedded engine answers, and how long both take.

    make .venv/opensearch-classpath && python -m tests.bench.bench_cluster --size 20000 --asked 2000

Starts three nodes on loopback, or uses those of POLICY_SEARCH_URL. Prints, for every kind of question, how many answers
have equal totals, equal facets and the same order of the ten best, the mean overlap of these, and both medians; before
that how it stands after each hundred. What was broken off goes on with --built and --from.
"""

from __future__ import annotations

import os
import random
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from indexer.cluster.engine import OpenSearchEngine
from indexer.embedded.engine import WhooshEngine
from indexer.facts.document_number import find_numbers
from indexer.query.tree import Filters, NumberTerm, Phrase, Query, Term
from indexer.report import Report
from indexer.settings import read_settings
from tests.bench.cases import cases, strings
from tests.bench.measuring import arguments, clock, median, table, texts_of
from tests.bench.texts import announcements, utf8_bytes
from tests.opensearch.cluster import NODES, LocalCluster, read_classpath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from indexer.announcement import Announcement
    from indexer.cluster_settings import Cluster
    from indexer.engine import Engine
    from indexer.query.tree import Node

NAME = "policy-search-bench"
HEAP = "1g"  # of each node
SHOWN = 10
LOT = 100  # questions, after which it is said how it stands


def main() -> None:
    """Build both, ask both, compare."""
    parser = arguments(__doc__)
    parser.add_argument("--built", action="store_true", help="the cluster of POLICY_SEARCH_URL holds them already")
    parser.add_argument("--asked", type=int, default=2000, help="questions (default: 2000)")
    parser.add_argument("--from", dest="begin", type=int, default=0, help="of these, pass over so many (default: 0)")
    parser.add_argument("--at-most", type=int, default=None, help="and ask so many (default: all)")
    options = parser.parse_args()
    texts = announcements(texts_of(options), options.size)
    with tempfile.TemporaryDirectory() as folder, local_cluster(Path(folder)) as cluster:
        embedded, engine = WhooshEngine(Path(folder) / "index"), OpenSearchEngine(cluster, NAME)
        _build(texts, embedded, engine, anew=not options.built)
        every = [(label, one) for label, some in _questions(texts, options.asked).items() for one in some]
        random.Random(5).shuffle(every)
        _compare(every[options.begin :][: options.at_most], embedded, engine)


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
        yield replace(local.settings, shards=NODES, replicas=0)
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

    def add(self, one: _Answers) -> None:
        self.asked += 1
        self.totals += one.equal_totals
        self.facets += one.equal_facets
        self.orders += one.equal_order
        self.overlaps += one.overlap
        self.ours.append(one.milliseconds[0])
        self.theirs.append(one.milliseconds[1])

    def row(self, label: str) -> list[object]:
        overlap = sum(self.overlaps) / max(1, len(self.overlaps))
        counted = [self.asked, self.totals, self.facets, self.orders]
        return [label, *counted, overlap, median(self.ours), median(self.theirs)]


class _Answers(NamedTuple):
    """How two answers to one question agree."""

    equal_totals: bool
    equal_facets: bool
    equal_order: bool
    overlap: list[float]  # of the best; [] where there are none
    milliseconds: tuple[float, float]


def _ask_both(query: Query, embedded: Engine, engine: Engine) -> _Answers:
    with clock() as first:
        one = embedded.search(query)
    with clock() as second:
        other = engine.search(query)
    if (one.total, one.facets) != (other.total, other.facets):
        print(f"differs: {query.root} {query.filters}: {one.total} {other.total}")
    best, theirs = ([hit.id for hit in page.hits] for page in (one, other))
    return _Answers(
        (one.total, one.relaxed) == (other.total, other.relaxed),
        one.facets == other.facets,
        best == theirs,
        [len({*best} & {*theirs}) / len(best)] if best else [],
        (first.seconds * 1000, second.seconds * 1000),
    )


def _compare(asked: Sequence[tuple[str, Query]], embedded: Engine, engine: Engine) -> None:
    """Ask both; print after each lot how far they agree, and at the end for each kind of question."""
    tallies: dict[str, _Tally] = {"all": _Tally()}
    for number, (label, query) in enumerate(asked, 1):
        answers = _ask_both(query, embedded, engine)
        for name in (label, "all"):
            tallies.setdefault(name, _Tally()).add(answers)
        if number % LOT == 0:
            told = tallies["all"]
            print(
                f"{number} asked; equal: {told.totals} totals, {told.facets} facets, {told.orders} orders", flush=True
            )
    equal = [f"equal {what}" for what in ("totals", "facets", f"order of the {SHOWN} best")]
    heads = ["", "asked", *equal, f"overlap of the {SHOWN} best", "embedded ms", "cluster ms"]
    table(heads, [tally.row(label) for label, tally in sorted(tallies.items(), key=lambda one: one[0] == "all")])


if __name__ == "__main__":
    main()
