"""Finding is grep, counted: random strings and random combinations against brute force over the stored texts.

    python -m tests.bench.bench_exactness --size 20000

Ends with status 1 if a single answer differs.
"""

from __future__ import annotations

import random
import sys
import tempfile
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.search.boolean_matching import Finder
from indexer.embedded.search.phrase_matching import row_of
from indexer.embedded.search.searcher import Searcher
from indexer.embedded.search.snapshot import Snapshot
from indexer.embedded.store.index_versions import current
from indexer.query.tree import And, Not, Or, Phrase
from indexer.report import Report
from indexer.text.units import units
from tests.bench.cases import strings
from tests.bench.measuring import arguments, clock, texts_of
from tests.bench.texts import announcements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from indexer.announcement import Announcement
    from indexer.query.tree import Node

    Set = NDArray[np.bool_]

STRINGS, COMBINATIONS = 5000, 1000
_BETWEEN = "\0"


def _differ(one: Set, other: Set) -> bool:
    return bool((one != other).any())


class BruteForce:
    """Every text as one string of its units, looked through from end to end."""

    def __init__(self, texts: Sequence[Announcement]) -> None:
        self._fields = [(_spelled(one.title), _spelled(one.body)) for one in texts]

    def holding(self, row: str) -> Set:
        """Return for each text whether its title or its body holds a row of units."""
        wanted = _spelled(row)
        return np.array([wanted in title or wanted in body for title, body in self._fields])

    def find(self, node: Node) -> Set:
        """Combine such sets as the tree says."""
        match node:
            case And(parts):
                return reduce(np.logical_and, map(self.find, parts))
            case Or(parts):
                return reduce(np.logical_or, map(self.find, parts))
            case Not(part):
                return ~self.find(part)
            case Phrase(text):
                return self.holding(text)
        raise TypeError(node)


def _spelled(text: str) -> str:
    return _BETWEEN + _BETWEEN.join(units(text)) + _BETWEEN


def combination(chance: random.Random, pool: Sequence[str], depth: int = 3) -> Node:
    """Make a random tree over strings."""
    kind = chance.choice(["and", "or", "not", "leaf"]) if depth else "leaf"
    if kind == "leaf":
        return Phrase(chance.choice(pool))
    if kind == "not":
        return Not(combination(chance, pool, depth - 1))
    parts = tuple(combination(chance, pool, depth - 1) for _ in range(chance.randint(2, 3)))
    return And(parts) if kind == "and" else Or(parts)


def _found(snapshot: Snapshot, tree: Node) -> Set:
    """Find as a search does."""
    found: Set = Finder(snapshot).documents(tree).held
    return found


def main() -> None:
    """Compare and say how many differ."""
    options = arguments(__doc__).parse_args()
    texts = announcements(texts_of(options), options.size)
    with tempfile.TemporaryDirectory() as folder:
        WhooshEngine(Path(folder)).replace_all(texts, Report(), 2)
        snapshot = Searcher(Snapshot(current(Path(folder)))).snapshot
        order = [snapshot.find(one.id) for one in texts]
        brute = BruteForce(texts)
        drawn = strings(texts, STRINGS, 12)
        with clock() as took:
            wrong = [
                text
                for text in drawn
                if _differ(Finder(snapshot).holding(row_of(text))[order], held := brute.holding(text))
                or _differ(_found(snapshot, Phrase(text))[order], held)
            ]
        print(f"{len(texts)} announcements; {STRINGS} random strings of 1 to 12 units: {len(wrong)} differ")
        chance = random.Random(3)
        pool = strings(texts, 300, 4, seed=4)
        trees = [combination(chance, pool) for _ in range(COMBINATIONS)]
        bad = [
            tree
            for tree in trees
            if _differ(Finder(snapshot).find(tree)[order], meant := brute.find(tree))
            or _differ(_found(snapshot, tree)[order], meant)
        ]
        print(f"{COMBINATIONS} random combinations: {len(bad)} differ", *wrong[:5], *bad[:5], sep="\n")
        print(f"{took.seconds:.0f} s for the strings, nearly all of it brute force")
    sys.exit(bool(wrong or bad))


if __name__ == "__main__":
    main()
