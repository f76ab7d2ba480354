"""Announcements on their way from the pages to the engine: in a file, for they may be more than fits in memory."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

from indexer.announcement import from_json
from indexer.errors import NoTemporaryRoom

if TYPE_CHECKING:
    from indexer.announcement import Announcement, Place


class Spool:
    """Announcements by the place of their pages, in a file without a name: however we end, nothing stays behind."""

    def __init__(self) -> None:
        try:
            self._file = tempfile.TemporaryFile(prefix="policy-search-")  # noqa: SIM115 (closed by close)
        except OSError as error:
            raise _no_room(error) from error
        self._where: dict[Place, tuple[int, int]] = {}
        self._end = 0

    def add(self, place: Place, record: bytes) -> None:
        """Keep an announcement, written as JSON."""
        try:
            self._file.seek(self._end)
            self._file.write(record)
        except OSError as error:
            raise _no_room(error) from error
        self._where[place] = (self._end, len(record))
        self._end += len(record)

    def __contains__(self, place: Place) -> bool:
        """Return whether the announcement of a page is kept."""
        return place in self._where

    def __getitem__(self, place: Place) -> Announcement:
        """Return the announcement of a page."""
        start, length = self._where[place]
        try:
            self._file.seek(start)  # writes what a write has only put aside
        except OSError as error:
            raise _no_room(error) from error
        return from_json(json.loads(self._file.read(length)))

    def close(self) -> None:
        """Give the room back."""
        with suppress(OSError):  # what could not be written is not wanted any more
            self._file.close()


def _no_room(error: OSError) -> NoTemporaryRoom:
    return NoTemporaryRoom(tempfile.gettempdir(), error.strerror or str(error))
