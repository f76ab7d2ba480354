"""The lists that suggestions come from, written with each version of the index."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ArrayFile, ArrayFileWriter
from indexer.suggesting.completion import ARRAYS, KINDS, Suggester, build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.embedded.search.snapshot import Snapshot

FILE = "suggestions"
_FACTS = {"source": "source", "region": "region", "form": "form", "number": "written_number"}


def write_suggestions(folder: Path, snapshot: Snapshot) -> None:
    """Write the lists of everything that is live in a snapshot."""
    path = folder / FILE
    path.unlink(missing_ok=True)  # of a process that died over it
    with ArrayFileWriter(path) as writer:
        for kind in KINDS:
            for name, array in build(_entries(snapshot, kind)).items():
                writer.add(f"{kind}.{name}", array)


def read_suggestions(folder: Path) -> Suggester:
    """Open the lists."""
    file = ArrayFile(folder / FILE)
    return Suggester(
        {kind: {name: file[f"{kind}.{name}"] for name in ARRAYS} for kind in KINDS if f"{kind}.texts" in file}
    )


def _entries(snapshot: Snapshot, kind: str) -> Iterator[tuple[str, int]]:
    """Return each text of a kind and how many announcements have it; titles newest first."""
    if kind == "title":
        # Of one day by id, not by where they lie, which an update changes.
        newest = np.lexsort((snapshot.id_rank, -snapshot.published.astype(np.int64)))
        titles = Counter(snapshot.title(document) for document in newest[snapshot.live[newest]].tolist())
        yield from ((title, count) for title, count in titles.items() if title)
        return
    values = snapshot.doc_values[_FACTS[kind]]
    counts = np.bincount(values.of[snapshot.live], minlength=len(values.values)).tolist()
    counted = Counter({value: count for value, count in zip(values.values, counts, strict=True) if value and count})
    if kind == "region":
        for path, count in list(counted.items()):
            steps = path.split("/")
            counted.update({"/".join(steps[:depth]): count for depth in range(1, len(steps))})
    yield from counted.items()
