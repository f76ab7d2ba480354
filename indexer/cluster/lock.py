"""One writer at a time for each index name: a document that tells who writes, renewed while he lives."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from opensearchpy.exceptions import ConflictError, NotFoundError, OpenSearchException, RequestError

from indexer.errors import IndexLocked
from indexer.messages import said
from indexer.workers.forking import holds_still, no_fork_meanwhile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.cluster.connection import Connection

LOCKS: Final = "policy-search.locks"  # an index of the cluster, one document a name
RENEWED_SECONDS: Final = 10.0
STALE_SECONDS: Final = 120.0  # a writer that said nothing for so long is dead; clocks may differ by a minute


class Lock:
    """Held by one writer, and renewed by a thread of its own: reading pages may take hours."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._token = secrets.token_hex(8)  # tells a lock of ours, of which the answer was lost, from another's
        since = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
        self._holder = f"process {os.getpid()} on {socket.gethostname()} since {since}"
        self._seen: dict[str, Any] = {}  # the lock as we wrote it last
        self._writing = threading.Lock()
        self._ended = threading.Event()

    @contextmanager
    def held(self) -> Iterator[Lock]:
        """Hold the lock; raises ``IndexLocked`` while another writer does."""
        self._take()
        beating = threading.Thread(target=self._beat, name="policy-search-lock", daemon=True)
        holds_still(beating)
        beating.start()
        try:
            yield self
        finally:
            self._ended.set()
            beating.join()
            self._give_back()

    def assure(self) -> None:
        """Make sure that the lock still is ours; raises ``IndexLocked`` when we were taken for dead."""
        try:
            self._renew()
        except ConflictError:
            raise IndexLocked(self._name, said("another process, which took this one for dead")) from None

    def _beat(self) -> None:
        while not self._ended.wait(RENEWED_SECONDS):
            try:
                with no_fork_meanwhile():
                    self._renew()
            except ConflictError:
                return  # lost; ``assure`` says so before anything is published
            except OpenSearchException:
                continue  # the cluster is not there just now; the next beat may find it

    def _renew(self) -> None:
        with self._writing:
            self._write(_turn(self._seen))

    def _give_back(self) -> None:
        ignored = {"ignore": [404, 409]}  # taken over by another
        self._connection.tried(
            lambda: self._connection.client.delete(index=LOCKS, id=self._name, params={**_turn(self._seen), **ignored})
        )

    def _take(self) -> None:
        _make_index(self._connection)
        try:
            self._write({"op_type": "create"})
        except ConflictError:
            self._take_over()

    def _take_over(self) -> None:
        """Take the lock of a writer that died; raises ``IndexLocked`` if it may be alive."""
        try:
            held = self._connection.tried(lambda: self._connection.client.get(index=LOCKS, id=self._name))
            if time.time() - held["_source"]["renewed"] < STALE_SECONDS:
                raise IndexLocked(self._name, held["_source"]["holder"])
            self._write(_turn(held))
        except (NotFoundError, ConflictError):
            raise IndexLocked(self._name, said("another process that has just ended or begun")) from None

    def _write(self, only: dict[str, Any]) -> None:
        body = {"holder": self._holder, "token": self._token, "renewed": time.time()}
        try:
            self._seen = self._connection.tried(
                lambda: self._connection.client.index(index=LOCKS, id=self._name, body=body, params=only)
            )
        except ConflictError:
            # A request whose answer was lost may have done its work before it was made again.
            held = self._connection.client.get(index=LOCKS, id=self._name, params={"ignore": 404})
            if not held.get("found") or held["_source"]["token"] != self._token:
                raise
            self._seen = held


def _turn(seen: dict[str, Any]) -> dict[str, Any]:
    """Ask that nobody wrote since we looked."""
    return {"if_seq_no": seen["_seq_no"], "if_primary_term": seen["_primary_term"]}


def _make_index(connection: Connection) -> None:
    if connection.tried(lambda: connection.client.indices.exists(index=LOCKS)):
        return
    settings = {"number_of_shards": 1, "auto_expand_replicas": "0-2", "hidden": True}
    kept = {"type": "keyword", "index": False}
    fields = {"holder": kept, "token": kept, "renewed": {"type": "double", "index": False}}
    body = {"settings": settings, "mappings": {"properties": fields}}
    try:
        connection.tried(lambda: connection.client.indices.create(index=LOCKS, body=body))
    except RequestError as error:
        if error.error != "resource_already_exists_exception":
            raise
