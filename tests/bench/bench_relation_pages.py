"""What relations add to the page of an announcement. Run: python -m tests.bench.bench_relation_pages INDEX.

Of announcements at random, and of those that are cited most: its relations, with those who cite it as far as a page
shows them, its lineage, its other versions. Milliseconds of processor time, so that a busy machine tells the same.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.search.lineage_answers import lineage_of
from indexer.embedded.search.snapshot import Snapshot
from indexer.embedded.store import index_versions
from webui.pages.compare import versions_of
from webui.pages.relations import CITING_SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

AT_RANDOM = 500
MOST_CITED = 20


def times(of: Callable[[int], object], documents: Sequence[int]) -> list[float]:
    """Return how long each takes, in milliseconds, shortest first."""
    taken = []
    for one in documents:
        began = time.process_time()
        of(one)
        taken.append((time.process_time() - began) * 1_000)
    return sorted(taken)


def main(place: Path) -> None:
    engine = WhooshEngine(place)
    snapshot = Snapshot(index_versions.current(place))
    live = np.flatnonzero(snapshot.live).tolist()
    chosen = random.Random(1).sample(live, min(AT_RANDOM, len(live)))
    cited = np.argsort(-snapshot.graph.cited.astype(np.int64), kind="stable")[:MOST_CITED].tolist()
    measured: dict[str, Callable[[int], object]] = {
        "relations": lambda one: engine.related(snapshot.id_of(one)).cited_by[:CITING_SHOWN],
        "of these the lineage": lambda one: lineage_of(snapshot.graph, snapshot, one),
        "other versions": lambda one: versions_of(engine, snapshot.document(one)),
    }
    engine.related(snapshot.id_of(chosen[0]))
    for documents, name in ((chosen, f"{len(chosen)} at random"), (cited, f"the {len(cited)} cited most")):
        for what, of in measured.items():
            taken = times(of, documents)
            median, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
            print(f"{what:<22} {name:<22} median {median:.2f} ms, 95 % within {most:.2f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
