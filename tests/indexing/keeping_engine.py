"""As much of an engine as a rebuild needs."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from indexer.answers.results import Found

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from contextlib import AbstractContextManager

    from indexer.announcement import Announcement
    from indexer.report import Report


class KeepingEngine:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.held: dict[str, Announcement] = {}
        self._ledger = b""

    def version(self) -> str:
        return "1"

    def writing(self) -> AbstractContextManager[None]:
        return nullcontext()

    def replace_all(self, announcements: Iterable[Announcement], report: Report, jobs: int = 1) -> None:
        taken = list(announcements)
        self.held = {announcement.id: announcement for announcement in taken}
        assert len(self.held) == len(taken), "an id was given twice"
        self._ledger = report.ledger

    def change(self, add: Iterable[Announcement], remove: Collection[str], report: Report) -> None:
        for identity in remove:
            del self.held[identity]
        self.held.update((announcement.id, announcement) for announcement in add)
        self._ledger = report.ledger

    def find(self, announcement_id: str) -> Found:
        return Found(self.held[announcement_id], (), (), "1")

    def ledger(self) -> bytes:
        return self._ledger


def as_engine(engine: KeepingEngine) -> Any:
    return engine
