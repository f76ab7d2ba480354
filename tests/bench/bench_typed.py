"""Whether what is found is what was typed: python -m tests.bench.bench_typed INDEX [--terms FILE.jsonl] [--each 100].

Asks an index for terms without quotes and prints, against what holds each of them literally, how many times as much is
found: the median, the share of terms with more than 1.5, 3 and 10 times as much, and how many find less: none may.
Terms are lines of JSON with a "query", or sampled from the index's own titles: names in 《》, strings of three to six
characters that several titles share, dates and numbers, halves of titles, places with a topic.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from indexer.embedded.engine import WhooshEngine
from indexer.facts.gazetteer import short_name
from indexer.query.parameters import read_query
from tests.bench.measuring import median, table

EACH = 100  # terms of every kind
_NAME = re.compile(r"《([^《》（(]{4,20})")
_HAN = re.compile(r"[一-鿿]+")
_DATED = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|第[一二三四五六七八九十\d]{1,3}[批届次号]|\d{2,5}[万亿]?[元个家人户]"
)
_SHARED_BY = range(3, 200)  # titles that hold a string that people may type


def sampled(titles: Sequence[tuple[str, str]], each: int) -> dict[str, list[str]]:
    """Return terms by kind, drawn from (title, place) pairs; the same pairs give the same terms."""
    chance = random.Random(len(titles))
    kinds: dict[str, Iterator[str]] = {
        "names in 《》": (name for title, _ in titles for name in _NAME.findall(title)),
        "strings of titles": _shared_strings([title for title, _ in titles]),
        "dates and numbers": (found for title, _ in titles for found in _DATED.findall(title)),
        "half titles": (title[: len(title) // 2] for title, _ in titles if 10 <= len(title) <= 40),
        "place and topic": (
            short_name(place) + topic for (title, place) in titles if place for topic in _HAN.findall(title)[-1:]
        ),
    }
    drawn = {}
    for kind, terms in kinds.items():
        distinct = sorted({term for term in terms if term.strip()})
        drawn[kind] = chance.sample(distinct, min(each, len(distinct)))
    return drawn


def _shared_strings(titles: Sequence[str]) -> Iterator[str]:
    """Yield strings that several titles share and that end where what follows differs."""
    rows = [row for title in titles for row in _HAN.findall(title)]
    strings = chain.from_iterable(
        {row[at : at + n] for n in (3, 4, 5, 6) for at in range(len(row) - n + 1)} for row in rows
    )
    counts = Counter(strings)
    for string, count in counts.items():
        longer = max((counts[string + follows] for follows in "的和工会政市"), default=0)
        if count in _SHARED_BY and longer * 2 < count:
            yield string


def ratios(engine: WhooshEngine, terms: Sequence[str]) -> list[tuple[float, str]]:
    """Return how many times as much each term finds as hold it, the most first; terms that nothing holds left out."""
    found = []
    for term in terms:
        exact = engine.search(read_query({"q": [term], "match": ["exact"], "per_page": ["1"]})).total
        if exact:
            total = engine.search(read_query({"q": [term], "per_page": ["1"]})).total
            found.append((total / exact, term))
    return sorted(found, reverse=True)


def row_of(kind: str, found: Sequence[tuple[float, str]]) -> tuple[str, ...]:
    """Write the figures of one kind."""
    values = [ratio for ratio, _ in found]
    shares = [f"{sum(value > over for value in values) / len(values):.0%}" for over in (1.5, 3, 10)]
    worst = "、".join(term for _, term in found[:3])
    return kind, str(len(values)), f"{median(values):.2f}", *shares, str(sum(value < 1 for value in values)), worst


def main() -> None:
    """Print a line for each kind of term."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--terms", type=Path, help="terms, one JSON object with a query a line")
    parser.add_argument("--each", type=int, default=EACH, help="sampled terms of every kind")
    options = parser.parse_args()
    engine = WhooshEngine(options.index)
    if options.terms:
        lines = options.terms.read_text(encoding="utf-8").splitlines()
        kinds = {options.terms.stem: [json.loads(line)["query"] for line in lines]}
    else:
        titles = [(one.title, one.region[-1] if one.region else "") for one in engine.announcements()]
        kinds = sampled(titles, options.each)
    rows = [row_of(kind, found) for kind, terms in kinds.items() if (found := ratios(engine, terms))]
    table(("terms", "held", "median", "> 1.5 x", "> 3 x", "> 10 x", "less", "worst"), rows)


if __name__ == "__main__":
    main()
