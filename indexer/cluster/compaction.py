"""Have the nodes give up, once a build answers, what they kept of it to bring copies up to date.

Of each document they keep all that they were sent, two thirds of the room, until segments are merged after the last
copy has laid it down. They look for that every half minute, and merge large builds by themselves; small ones stand in
segments that nobody would ever merge. One segment of each shard is also what is searched in the least time; so while a
build is written few of its segments are merged, for what is merged before is merged twice.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Final

from opensearchpy.exceptions import OpenSearchException

if TYPE_CHECKING:
    from indexer.cluster.connection import Connection

WORTH_COMPACTING: Final = 10_000  # announcements; what fewer leave behind is not worth the wait
LARGEST_SEGMENT: Final = 5_000_000_000  # bytes; of larger ones OpenSearch merges away nothing that is replaced later
LOOKED_FOR_SECONDS: Final = 45.0  # until every copy has said that it has all; nodes ask them every 30
_PAUSE_SECONDS: Final = 1.0
# Settings of a build that is being written; by default 10 segments make a larger one.
MERGED_LATER: Final = {
    "index.merge.policy.segments_per_tier": 100,
    "index.merge.policy.max_merge_at_once": 100,
}


def compact(connection: Connection, index: str, count: int) -> None:
    """Merge the segments of a build of so many, when all of its copies have laid down what was written."""
    try:
        if count < WORTH_COMPACTING:
            let_merge(connection, index)
            return
        connection.flush(index)
        until = time.monotonic() + LOOKED_FOR_SECONDS
        while not _is_laid_down(connection, index) and time.monotonic() < until:
            time.sleep(_PAUSE_SECONDS)
        let_merge(connection, index)
        _merge(connection, index)
    except OpenSearchException as error:  # it answers as well: what a lost node leaves undone, later merges do
        logging.getLogger(__name__).warning("%s answers, but is not merged: %s", index, error)


def let_merge(connection: Connection, index: str) -> None:
    """Let the segments of a build that is written merge as those of any index do."""
    settings = dict.fromkeys(MERGED_LATER)
    try:
        connection.tried(lambda: connection.client.indices.put_settings(index=index, body=settings))
    except OpenSearchException as error:
        logging.getLogger(__name__).warning("%s answers, but more slowly than it could: %s", index, error)


def _is_laid_down(connection: Connection, index: str) -> bool:
    """Return whether no copy of any shard needs to be told again of anything."""
    for copies in _shards(connection, index):
        leases = [lease["retaining_seq_no"] for copy in copies for lease in copy["retention_leases"]["leases"]]
        if min(leases, default=0) <= max(copy["seq_no"]["max_seq_no"] for copy in copies):
            return False
    return True


def _merge(connection: Connection, index: str) -> None:
    largest = max(copy["store"]["size_in_bytes"] for copies in _shards(connection, index) for copy in copies)
    segments = {"max_num_segments": str(1 + largest // LARGEST_SEGMENT), "wait_for_completion": "false"}
    client = connection.client
    task = client.indices.forcemerge(index=index, params=segments)["task"]
    while not connection.tried(lambda: client.tasks.get(task_id=task))["completed"]:
        time.sleep(_PAUSE_SECONDS)
    connection.refresh(index)  # until then readers hold on to what was merged


def _shards(connection: Connection, index: str) -> list[list[dict[str, Any]]]:
    """Return what the copies of each shard tell of themselves."""
    client = connection.client
    told = connection.tried(lambda: client.indices.stats(index=index, metric="store", params={"level": "shards"}))
    return list(told["indices"][index]["shards"].values())
