"""When each announcement first came into the index: known of it ever after, whether it is updated or rebuilt.

The moment stands in the ledger. A page that is read again, changed or not, keeps that of its place; one that has moved,
and so has another place, keeps that of its id or of what it says. An announcement of an exported index brings its own.
All that come with one run have one moment, so an update ends as a rebuild over the same old index would.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indexer.indexing.ledger import Ledger, Row


class Arrivals:
    """The moments that the index before knows."""

    def __init__(self, before: Ledger, now: Callable[[], float] = time.time) -> None:
        """Remember the rows of a ledger as they are now; settling changes rows in place."""
        indexed = [row for row in before.rows if row.is_indexed and row.indexed]
        self._by_place = {row.place: row.indexed for row in indexed}
        self._by_id = {row.id: row.indexed for row in indexed}
        self._by_content = {row.content: row.indexed for row in indexed}
        self._now = int(now())

    def settle(self, rows: Iterable[Row]) -> None:
        """Give each row of an announcement in the index its moment."""
        for row in rows:
            known = (
                self._by_place.get(row.place)
                or self._by_id.get(row.id)
                or self._by_content.get(row.content)
                or row.indexed
            )
            row.indexed = known or self._now
