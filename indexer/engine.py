"""What an index must be able to do, in our own types; every engine passes the same contract tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from contextlib import AbstractContextManager

    from indexer.announcement import Announcement
    from indexer.answers.results import (
        Found,
        Hit,
        IndexStatus,
        NumberLookup,
        ResultPage,
        SourceCoverage,
    )
    from indexer.query.tree import Node, Query
    from indexer.report import Report
    from indexer.suggesting.completion import Suggestion


class Engine(Protocol):
    """An index that can be searched and replaced.

    Every reading verb answers from one whole version of the index and raises ``IndexMissing`` when
    there is none that fits this program. Safe to share between threads.
    """

    def search(self, query: Query) -> ResultPage:
        """Answer a query with one page of hits, exact counts and exact facets."""

    def walk(self, query: Query) -> Iterator[Hit]:
        """Every hit of a query in its order, from one version of the index; its page and cursor do not matter."""

    def find(self, announcement_id: str, root: Node | None = None) -> Found:
        """Return one announcement with the matches of ``root`` marked; raises ``AnnouncementNotFound``."""

    def lookup_number(self, text: str) -> NumberLookup:
        """Find who bears a document number written in any form."""

    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Ways to complete what has been typed, by characters or pinyin; best first."""

    def similar(self, announcement_id: str, limit: int = 5) -> tuple[Hit, ...]:
        """Announcements on the same matter; raises ``AnnouncementNotFound``."""

    def coverage(self) -> tuple[SourceCoverage, ...]:
        """What the index holds of each source, most documents first."""

    def announcements(self) -> Iterator[Announcement]:
        """Every announcement in the order of ids, from one version of the index."""

    def status(self) -> IndexStatus:
        """What this index is and holds."""

    def version(self) -> str:
        """Return the version that would answer now; changes with every commit."""

    def ledger(self) -> bytes:
        """Return back the ledger of the last commit's report; b"" if it had none."""

    def check(self) -> list[str]:
        """Go through every file, posting and stored announcement; say what is wrong, [] when nothing is."""

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer until the block ends; raises ``IndexLocked`` saying who is, and since when.

        For who reads before it writes: what it read of the index is still true when it writes. The verbs
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
