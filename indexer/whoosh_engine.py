"""The embedded index: Whoosh's commits and schema, our arrays for finding, counting and ranking.

The only module, with the package ``indexer.arrays`` under it, that knows Whoosh.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from indexer.arrays import generations, overview, writing
from indexer.arrays.answering import Answerer
from indexer.arrays.files import Damaged
from indexer.arrays.snapshot import Snapshot
from indexer.errors import AnnouncementNotFound, IndexMissing
from indexer.results import Found, IndexStatus, NumberLookup
from indexer.snippet import find_marks, needles_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from os import stat_result
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.query import Node, Query
    from indexer.report import Report
    from indexer.results import Hit, ResultPage, SourceCoverage


class WhooshEngine:
    """An ``Engine`` in a folder of this machine; opening it costs nothing until it is asked."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None  # of the pointer file, when the answerer was made
        self._answerer: Answerer | None = None

    def _now(self) -> Answerer:
        """Give what answers from the current version; raises ``IndexMissing``."""
        try:
            state = (self._place / generations.POINTER).stat()
        except OSError:
            raise IndexMissing(self._place, "there is none yet") from None
        answerer = self._answerer
        if answerer is not None and self._seen == _mark(state):
            return answerer
        with self._lock:
            if self._answerer is None or self._seen != _mark(state):
                self._answerer = Answerer(self._open())
                self._seen = _mark(state)
            return self._answerer

    def _open(self) -> Snapshot:
        folder = generations.current(self._place)
        try:
            snapshot = Snapshot(folder)
        except (Damaged, OSError, ValueError, KeyError) as error:
            raise IndexMissing(self._place, f"damaged: {error}") from error
        if snapshot.meta["stamp"] != writing.stamp():
            raise IndexMissing(self._place, "it was written by another version of the program or its dictionary")
        return snapshot

    def search(self, query: Query) -> ResultPage:
        """Answer a query with one page of hits, exact counts and exact facets."""
        return self._now().search(query)

    def find(self, announcement_id: str, root: Node | None = None) -> Found:
        """Give one announcement with the matches of ``root`` marked; raises ``AnnouncementNotFound``."""
        answerer = self._now()
        snapshot = answerer.snapshot
        announcement = snapshot.document(_number_of(answerer, announcement_id))
        needles = needles_of(root)
        return Found(
            announcement,
            find_marks(announcement.title, needles),
            find_marks(announcement.body, needles),
            snapshot.version,
        )

    def announcements(self) -> Iterator[Announcement]:
        """Every announcement in the order of ids, from one version of the index."""
        snapshot = self._now().snapshot
        return (snapshot.document(number) for number in np.argsort(snapshot.id_rank).tolist() if snapshot.live[number])

    def lookup_number(self, text: str) -> NumberLookup:
        """Find who bears a document number written in any form."""
        return self._now().lookup_number(text)

    def similar(self, announcement_id: str, limit: int = 5) -> tuple[Hit, ...]:
        """Announcements on the same matter; raises ``AnnouncementNotFound``."""
        answerer = self._now()
        return answerer.similar(_number_of(answerer, announcement_id), limit)

    def coverage(self) -> tuple[SourceCoverage, ...]:
        """What the index holds of each source, most documents first."""
        return overview.coverage(self._now().snapshot)

    def status(self) -> IndexStatus:
        """Say what this index is and holds."""
        snapshot = self._now().snapshot
        first, last = overview.first_and_last(snapshot)
        return IndexStatus(
            place=str(self._place),
            version=snapshot.version,
            documents=snapshot.count,
            sources=sum(bool(one.source) for one in overview.coverage(snapshot)),
            first=first,
            last=last,
            size_bytes=sum(path.stat().st_size for path in snapshot.folder.iterdir()),
            built=str(snapshot.meta["built"]),
            schema=writing.SCHEMA_VERSION,
            analyzer=str(snapshot.meta["stamp"]["analyzer"]),
            report=writing.read_report(snapshot.meta),
        )

    def version(self) -> str:
        """Give the version that would answer now; changes with every commit."""
        return self._now().snapshot.version

    def ledger(self) -> bytes:
        """Give back the ledger of the last commit's report; b"" if it had none."""
        return (self._now().snapshot.folder / writing.LEDGER_FILE).read_bytes()

    def replace_all(self, announcements: Iterable[Announcement], report: Report, jobs: int = 1) -> None:
        """Build a whole new index beside the old one and swap it in at once."""
        writing.replace_all(self._place, announcements, report, jobs)

    def change(self, add: Iterable[Announcement], remove: Collection[str], report: Report) -> None:
        """Remove by id, then add (an id that exists is replaced), all in one step."""
        writing.change(self._place, add, remove, report)


def _number_of(answerer: Answerer, announcement_id: str) -> int:
    document = answerer.snapshot.find(announcement_id)
    if document < 0:
        raise AnnouncementNotFound(announcement_id)
    return document


def _mark(state: stat_result) -> tuple[int, int]:
    return state.st_mtime_ns, state.st_ino
