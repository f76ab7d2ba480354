"""What is asked in the benchmarks: kinds of queries, drawn from the texts themselves."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from indexer.query.tree import And, Filters, Not, Or, Phrase, Query, Term
from indexer.text.segmenter import words_of
from indexer.text.units import BREAK, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement
    from indexer.query.tree import Node

Kind = Literal["word", "and", "or", "phrase", "not"]
SAMPLE = 3000  # announcements that the words are drawn from
COMMON, RARE = 0.2, 0.002  # shares of announcements that hold a common word, and at most a rare one


@dataclass(frozen=True, slots=True)
class Case:
    """One question, for every engine to put in its own way."""

    label: str
    kind: Kind
    words: tuple[str, ...]
    filters: dict[str, str | int] = field(default_factory=dict)

    def query(self) -> Query:
        """Put it in our way."""
        parts: tuple[Node, ...] = tuple(map(Term, self.words))
        roots: dict[Kind, Node] = {
            "word": parts[0],
            "and": And(parts),
            "or": Or(parts),
            "phrase": Phrase(self.words[0]),
            "not": And((parts[0], Not(parts[-1]))),
        }
        region, year = self.filters.get("region"), self.filters.get("year")
        filters = Filters(region=(tuple(str(region).split("/")),) if region else (), year=(str(year),) if year else ())
        return Query(root=roots[self.kind], filters=filters)


def cases(texts: Sequence[Announcement], each: int, seed: int = 1) -> dict[str, list[Case]]:
    """Draw ``each`` questions of every kind."""
    chance = random.Random(seed)
    sample = chance.sample(list(texts), min(SAMPLE, len(texts)))
    cut = words_of([one.body for one in sample])
    held = Counter(word for of_one in cut for word in set(of_one) if len(word) > 1 and not word.isascii())
    common = sorted(word for word, count in held.items() if count > COMMON * len(sample))
    middle = sorted(word for word, count in held.items() if RARE * len(sample) < count <= COMMON * len(sample))
    rare = sorted(word for word, count in held.items() if count <= max(1, RARE * len(sample)))
    kinds: dict[str, list[Case]] = {}

    def add(label: str, kind: Kind, *pools: Sequence[str], filters: dict[str, str | int] | None = None) -> None:
        drawn = [tuple(map(chance.choice, pools)) for _ in range(each)]
        kinds[label] = [Case(label, kind, asked, filters or {}) for asked in drawn]

    add("common word", "word", common)
    add("rare word", "word", rare)
    add("two words, AND", "and", common, middle)
    add("three words, OR", "or", common, middle, middle)
    neighbours = [a + b for of_one in cut for a, b in pairwise(of_one) if len(a) == len(b) == 2]
    add("phrase of two words", "phrase", neighbours)
    add("exclude", "not", common, middle)
    regions = Counter(one.region[0] for one in sample if one.region)
    years = Counter(one.published.year for one in sample if one.published)
    chosen: dict[str, str | int] = {"region": regions.most_common(1)[0][0], "year": years.most_common(1)[0][0]}
    add("word + region + year", "word", common, filters=chosen)
    return kinds


def strings(texts: Sequence[Announcement], count: int, longest: int, seed: int = 2) -> list[str]:
    """Cut random strings of 1 to ``longest`` units out of the texts, breaks written as commas."""
    chance = random.Random(seed)
    drawn: list[str] = []
    while len(drawn) < count:
        one = chance.choice(texts)
        row = units(one.title if chance.random() < 0.1 else one.body)
        if not row:
            continue
        at, size = chance.randrange(len(row)), chance.randint(1, longest)
        text = " ".join(unit if unit != BREAK else "，" for unit in row[at : at + size])
        if units(text):
            drawn.append(text)
    return drawn
