"""Announcements on their way from the pages to the engine: in a file, for they may be more than fits in memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from indexer.announcement import from_json
from indexer.record_file import RecordFile

if TYPE_CHECKING:
    from indexer.announcement import Announcement, Place


class Spool:
    """Announcements by the place of their pages; raises ``NoTemporaryRoom`` when there is no room for them."""

    def __init__(self) -> None:
        self._records = RecordFile()
        self._numbers: dict[Place, int] = {}

    def add(self, place: Place, record: bytes) -> None:
        """Keep an announcement, written as JSON."""
        self._numbers[place] = self._records.add(record)

    def __contains__(self, place: Place) -> bool:
        """Return whether the announcement of a page is kept."""
        return place in self._numbers

    def __getitem__(self, place: Place) -> Announcement:
        """Return the announcement of a page."""
        return from_json(json.loads(self._records[self._numbers[place]]))

    def close(self) -> None:
        """Give the room back."""
        self._records.close()
