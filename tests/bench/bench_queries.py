"""What people type, kind by kind, over any index: python -m tests.bench.bench_queries INDEX.

Asks the queries of ``queries.tsv`` and prints a line for each kind: how many some text holds as typed; how many times
as much is found (median, share over 3 times, how many less: none may but numbers in part, which list what bears them);
of those that want a title that the index has, how many have it first and within the first three, and the mean
reciprocal rank in the first ten. Known items are drawn from the index: the middle of a title should find it. ``--read``
prints the first three and the last hit of each query of a kind, to be judged by eye.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.answers.results import ResultPage
from indexer.embedded.engine import WhooshEngine
from indexer.query.parameters import read_query
from tests.bench.measuring import median, table

QUERIES: Final = Path(__file__).parent / "queries.tsv"
KNOWN_ITEMS: Final = 100
_NATION: Final = "中华人民共和国"
_READ: Final = 3  # hits of the first page, and of the last
_CONTAINED: Final = frozenset({"topic"})  # kinds whose wanted title need only be held by a title


@dataclass(frozen=True, slots=True)
class Typed:
    """One query."""

    kind: str
    query: str
    wanted: str  # what the title of the right one begins with, without the nation; "" if no single one is right


@dataclass(frozen=True, slots=True)
class Measured:
    """How one query fares."""

    query: str
    ratio: float | None  # found to held; None if no text holds it as typed
    rank: int | None  # of what is wanted, from 1; 0: not in the first ten; None if nothing is wanted or it is not there


def read_queries(file: Path = QUERIES) -> list[Typed]:
    """Return the committed queries."""
    lines = file.read_text(encoding="utf-8").splitlines()[1:]
    return [Typed(*line.split("\t")) for line in lines]


def known_items(engine: WhooshEngine, count: int = KNOWN_ITEMS) -> list[Typed]:
    """Return the middles of titles; the same index gives the same."""
    titles = sorted({one.title for one in engine.announcements() if 12 <= len(one.title) <= 40})
    drawn = random.Random(len(titles)).sample(titles, min(count, len(titles)))
    return [Typed("middle of a title", title[len(title) // 4 : len(title) * 3 // 4], title) for title in drawn]


def measure(engine: WhooshEngine, typed: Typed) -> Measured:
    """Ask one query, as it stands and as it is typed."""
    exact, page = _ask(engine, typed.query, match="exact").total, _ask(engine, typed.query)
    ratio = page.total / exact if exact else None
    return Measured(typed.query, ratio, _rank(engine, typed, page) if typed.wanted else None)


def _ask(engine: WhooshEngine, text: str, **parameters: str) -> ResultPage:
    return engine.search(read_query({"q": [text], **{name: [value] for name, value in parameters.items()}}))


def _rank(engine: WhooshEngine, typed: Typed, page: ResultPage) -> int | None:
    if not any(_is_wanted(typed, hit.title) for hit in _ask(engine, f'标题:"{typed.wanted}"', per_page="100").hits):
        return None
    return next((rank for rank, hit in enumerate(page.hits, 1) if _is_wanted(typed, hit.title)), 0)


def _is_wanted(typed: Typed, title: str) -> bool:
    if typed.kind in _CONTAINED:
        return typed.wanted in title
    return title.removeprefix(_NATION).startswith(typed.wanted)


def row_of(kind: str, measured: Sequence[Measured], worst: int) -> tuple[str, ...]:
    """Write the figures of one kind."""
    ratios = sorted(((one.ratio, one.query) for one in measured if one.ratio is not None), reverse=True)
    ranks = [one.rank for one in measured if one.rank is not None]
    values = [ratio for ratio, _ in ratios]
    found = ("", "", "")
    if values:
        found = (
            f"{median(values):.2f}",
            _share(value > 3 for value in values),
            str(sum(value < 1 for value in values)),
        )
    ranked = ("", "", "")
    if ranks:
        reciprocal = sum(1 / rank for rank in ranks if rank) / len(ranks)
        ranked = (_share(rank == 1 for rank in ranks), _share(0 < rank <= 3 for rank in ranks), f"{reciprocal:.3f}")
    lost = [one.query for one in measured if one.rank is not None and not 0 < one.rank <= 3]
    named = lost or [query for ratio, query in ratios if ratio > 3]
    return kind, str(len(measured)), str(len(values)), *found, str(len(ranks)), *ranked, "、".join(named[:worst])


def _share(holds: Iterable[bool]) -> str:
    every = list(holds)
    return f"{sum(every) / len(every):.0%}"


def pages_of(engine: WhooshEngine, typed: Typed) -> Iterator[str]:
    """Yield how a query is read, its first hits and its last."""
    page = _ask(engine, typed.query)
    yield f"{typed.query}  [{page.reading} {page.total}] {page.understood}"
    yield from (f"    {hit.title[:60]} {hit.number}" for hit in page.hits[:_READ])
    last = min(page.listed, 10_000)
    if last > _READ:
        hits = _ask(engine, typed.query, per_page="1", page=str(last)).hits
        yield from (f"  … {hit.title[:40]} | {hit.snippet.text[:80]}" for hit in hits)


def main() -> None:
    """Print a line for each kind, or what each query of a kind finds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--read", metavar="KIND", help="print what the queries of this kind find")
    parser.add_argument("--worst", type=int, default=3, help="queries of every kind that are named")
    options = parser.parse_args()
    engine = WhooshEngine(options.index)
    kinds: dict[str, list[Typed]] = defaultdict(list)
    for typed in (*read_queries(), *known_items(engine)):
        kinds[typed.kind].append(typed)
    if options.read:
        print("\n".join(line for typed in kinds[options.read] for line in pages_of(engine, typed)))
        return
    head = ("kind", "asked", "held", "median", "> 3 x", "less", "wanted", "first", "in three", "MRR", "worst")
    rows = [
        row_of(kind, [measure(engine, typed) for typed in of_kind], options.worst) for kind, of_kind in kinds.items()
    ]
    table(head, rows)


if __name__ == "__main__":
    main()
