"""Walk through a whole version, in the order of ids, while others write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from indexer.cluster.documents import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.announcement import Announcement
    from indexer.cluster.connection import Body, Connection

AT_ONCE: Final = 500  # announcements in one request
KEEP_ALIVE: Final = "5m"  # between two requests; a build is not removed so long


def walk(connection: Connection, alias: str) -> Iterator[Announcement]:
    """Give every announcement of a version by a point in time, which outlives the version."""
    made = connection.tried(lambda: connection.client.create_pit(index=alias, params={"keep_alive": KEEP_ALIVE}))
    point = made["pit_id"]
    try:
        after: list[str] = []
        while True:
            body: Body = {
                "size": AT_ONCE,
                "sort": [{"id": "asc"}],
                "_source": ["record"],
                "track_total_hits": False,
                **({"search_after": after} if after else {}),
                "pit": {"id": point, "keep_alive": KEEP_ALIVE},
            }
            hits = connection.tried(partial(connection.client.search, body=body))["hits"]["hits"]
            yield from (unpack(hit["_source"]["record"]) for hit in hits)
            if len(hits) < AT_ONCE:
                return
            after = hits[-1]["sort"]
    finally:
        connection.client.delete_pit(body={"pit_id": [point]}, params={"ignore": 404})
