"""Walk through a whole version, or through all that a question finds in it, while others write."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from opensearchpy.exceptions import NotFoundError, OpenSearchException

from indexer.cluster.records import WHOLE, announcement_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.announcement import Announcement
    from indexer.cluster.connection import Body, Connection

AT_ONCE: Final = 500  # announcements in one request
KEEP_ALIVE: Final = "5m"  # between two requests; a build is not removed so long
REOPENED: Final = 3  # times, for a point in time goes with the node that held it


def walk(connection: Connection, alias: str) -> Iterator[Announcement]:
    """Return every announcement of a version in the order of ids."""
    hits = walk_hits(connection, alias, {"sort": [{"id": "asc"}], **WHOLE})
    return map(announcement_of, hits)


def walk_hits(connection: Connection, alias: str, asked: Body, at_once: int = AT_ONCE) -> Iterator[Body]:
    """Return every hit of a question with a total order, by a point in time, which outlives the version.

    The point is taken at once: what is found is settled before the first hit is read.
    """
    asked = {**asked, "size": at_once, "track_total_hits": False}
    return _walk(connection, alias, asked, _open(connection, alias))


def _walk(connection: Connection, alias: str, asked: Body, point: str) -> Iterator[Body]:
    reopened = 0
    body: Body = {**asked}
    try:
        while True:
            body["pit"] = {"id": point, "keep_alive": KEEP_ALIVE}
            try:
                hits = connection.tried(partial(connection.client.search, body=body))["hits"]["hits"]
            except NotFoundError:
                if reopened == REOPENED:
                    raise
                point, reopened = _open(connection, alias), reopened + 1
                continue
            yield from hits
            if len(hits) < asked["size"]:
                return
            body["search_after"] = hits[-1]["sort"]
    finally:
        with suppress(OpenSearchException):  # it ends by itself when nobody asks
            connection.client.delete_pit(body={"pit_id": [point]}, params={"ignore": 404})


def _open(connection: Connection, alias: str) -> str:
    made = connection.tried(lambda: connection.client.create_pit(index=alias, params={"keep_alive": KEEP_ALIVE}))
    point: str = made["pit_id"]
    return point
