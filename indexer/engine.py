"""What an index must be able to do, in our own types; every engine passes the same contract tests."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from contextlib import AbstractContextManager
    from datetime import date

    from indexer.announcement import Announcement
    from indexer.answers.relations import Related
    from indexer.answers.results import (
        Found,
        Hit,
        IndexStatus,
        NumberLookup,
        ResultPage,
        SourceCoverage,
        Walk,
    )
    from indexer.query.tree import Node, Query
    from indexer.report import Report
    from indexer.suggesting.completion import Suggestion

Kept = TypeVar("Kept")


class Engine(Protocol):
    """An index that can be searched and replaced.

    Every reading verb answers from one whole version of the index and raises ``IndexMissing`` when
    there is none that fits this program. Safe to share between threads.
    """

    def search(self, query: Query) -> ResultPage:
        """Answer a query with one page of hits, exact counts and exact facets."""

    def walk(self, query: Query, *, facts_only: bool = False, as_rows: bool = False) -> Walk:
        """Return every hit of a query in its order, from one version of the index, whatever its page and cursor.

        ``facts_only``: without marks and snippet, which take most of the time that a hit takes. ``as_rows``: as tables
        show them, with the snippet, but without marks; its clause and the evidence of its validity may be left out.
        """

    def find(self, announcement_id: str, root: Node | None = None) -> Found:
        """Return one announcement with the matches of ``root`` marked; raises ``AnnouncementNotFound``."""

    def related(self, announcement_id: str, as_of: date | None = None) -> Related:
        """Return what an announcement cites, who cites it, and its validity on a day (today); errors as ``find``."""

    def lookup_number(self, text: str) -> NumberLookup:
        """Return what bears a document number written in any form."""

    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to complete what has been typed, by characters or pinyin; best first."""

    def similar(self, announcement_id: str, limit: int = 5) -> tuple[Hit, ...]:
        """Return announcements on the same matter; raises ``AnnouncementNotFound``."""

    def coverage(self) -> tuple[SourceCoverage, ...]:
        """Return what the index holds of each source, most documents first."""

    def announcements(self) -> Iterator[Announcement]:
        """Yield every announcement in the order of ids, from one version of the index."""

    def status(self) -> IndexStatus:
        """Return what this index is and holds."""

    def one_version(self) -> AbstractContextManager[None]:
        """Answer all that this thread asks in the block from one version, current at its first question.

        The parts of a page then agree, and which version is current is looked up once.
        """

    def refresh(self) -> None:
        """Take up the version that a commit left, and let go of the one before; no error if there is none."""

    def version(self) -> str:
        """Return the version that would answer now; changes with every commit."""

    def ledger(self) -> bytes:
        """Return the ledger of the last commit's report; b"" if it had none."""

    def check(self) -> list[str]:
        """Return what is wrong in any file, posting or stored announcement; [] when nothing is."""

    def writing(self) -> AbstractContextManager[None]:
        """Let nobody else write until the block ends; raises ``IndexLocked`` saying who is, and since when.

        What is read of the index in the block is still true when it is written. The verbs
        below take the lock by themselves when their caller has not.
        """

    def replace_all(self, announcements: Iterable[Announcement], report: Report, jobs: int = 1) -> None:
        """Build a whole new index beside the old one and swap it in at once.

        ``announcements`` is drained first, so ``report`` may still be filled in while it is; report and
        its ledger are stored in the same step. Raises ``IndexLocked`` or ``IndexUnwritable``; the old
        index then stays. An exception out of ``announcements`` is passed on, with the same promise.
        """

    def change(self, add: Iterable[Announcement], remove: Collection[str], report: Report) -> None:
        """Remove by id, then add (an id that exists is replaced), all in one step; errors as above."""


class Pin(Generic[Kept]):
    """What answers all that a thread asks in one block, see ``Engine.one_version``."""

    def __init__(self) -> None:
        self._of_thread = threading.local()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep what answers first until the block ends; a block within another changes nothing."""
        if self._kept() is not None:
            yield
            return
        self._of_thread.kept = []
        try:
            yield
        finally:
            self._of_thread.kept = None

    def get(self, current: Callable[[], Kept]) -> Kept:
        """Return what this block keeps, or what is current."""
        kept = self._kept()
        if kept is None:
            return current()
        if not kept:
            kept.append(current())
        return kept[0]

    def forget(self) -> None:
        """Let go of what is kept, for it is gone."""
        if kept := self._kept():
            kept.clear()

    def _kept(self) -> list[Kept] | None:
        return getattr(self._of_thread, "kept", None)
