"""Walk through a whole version, in the order of ids, while others write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from opensearchpy.exceptions import NotFoundError

from indexer.cluster.documents import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.announcement import Announcement
    from indexer.cluster.connection import Body, Connection

AT_ONCE: Final = 500  # announcements in one request
KEEP_ALIVE: Final = "5m"  # between two requests; a build is not removed so long
REOPENED: Final = 3  # times, for a point in time goes with the node that held it


def walk(connection: Connection, alias: str) -> Iterator[Announcement]:
    """Give every announcement of a version by a point in time, which outlives the version."""
    return (unpack(fields["record"]) for fields in walk_fields(connection, alias, ["record"]))


def walk_fields(connection: Connection, alias: str, fields: Sequence[str] = ()) -> Iterator[Body]:
    """Give what is kept of every announcement of a version, all of it or these fields."""
    point, reopened = _open(connection, alias), 0
    after: list[str] = []
    try:
        while True:
            try:
                hits = _page(connection, point, after, fields)
            except NotFoundError:
                if reopened == REOPENED:
                    raise
                point, reopened = _open(connection, alias), reopened + 1
                continue
            yield from (hit["_source"] for hit in hits)
            if len(hits) < AT_ONCE:
                return
            after = hits[-1]["sort"]
    finally:
        connection.client.delete_pit(body={"pit_id": [point]}, params={"ignore": 404})


def _open(connection: Connection, alias: str) -> str:
    made = connection.tried(lambda: connection.client.create_pit(index=alias, params={"keep_alive": KEEP_ALIVE}))
    point: str = made["pit_id"]
    return point


def _page(connection: Connection, point: str, after: list[str], fields: Sequence[str]) -> list[Body]:
    kept = list(fields) or True
    body: Body = {"size": AT_ONCE, "sort": [{"id": "asc"}], "_source": kept, "track_total_hits": False}
    body["pit"] = {"id": point, "keep_alive": KEEP_ALIVE}
    if after:
        body["search_after"] = after
    hits: list[Body] = connection.tried(partial(connection.client.search, body=body))["hits"]["hits"]
    return hits
