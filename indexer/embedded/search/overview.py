"""What the index holds as a whole: of each source, and in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.answers.results import SourceCoverage
from indexer.facts.dates import NO_DAY, from_day

if TYPE_CHECKING:
    from datetime import date

    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.store.array_file import Array


def coverage(snapshot: Snapshot) -> tuple[SourceCoverage, ...]:
    """Count for each source what is there and what is missing; most documents first, then by name."""
    live = np.flatnonzero(snapshot.live)
    names, source = snapshot.doc_values["source"].values, snapshot.doc_values["source"].of[live]
    days = snapshot.published[live]

    def per_source(chosen: Array) -> list[int]:
        counts: list[int] = np.bincount(source[chosen], minlength=len(names)).tolist()
        return counts

    def lacking(values: str) -> Array:
        known = snapshot.doc_values[values]
        return np.array([not value for value in known.values], dtype=bool)[known.of[live]]

    dated = days != NO_DAY
    first = np.full(len(names), np.iinfo(np.int32).max, dtype=np.int32)
    last = np.full(len(names), NO_DAY, dtype=np.int32)
    np.minimum.at(first, source[dated], days[dated])
    np.maximum.at(last, source[dated], days[dated])
    columns = zip(
        names,
        per_source(np.ones(len(live), dtype=bool)),
        first.tolist(),
        last.tolist(),
        per_source(~dated),
        per_source(lacking("region")),
        per_source(lacking("number")),
        strict=True,
    )
    found = (
        SourceCoverage(name, count, from_day(low) if count > undated else None, from_day(high), undated, *without)
        for name, count, low, high, undated, *without in columns
        if count
    )
    return tuple(sorted(found, key=lambda one: (-one.count, one.source)))


def first_and_last(snapshot: Snapshot) -> tuple[date | None, date | None]:
    """Return the earliest and the latest day of publication; None when no announcement has one."""
    days = snapshot.published[snapshot.live & (snapshot.published != NO_DAY)]
    return (from_day(int(days.min())), from_day(int(days.max()))) if len(days) else (None, None)
