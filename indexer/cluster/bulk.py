"""Write many documents: in requests of some megabytes, again whatever the cluster could not take just then."""

from __future__ import annotations

import json
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from indexer.cluster.connection import BUSY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from indexer.cluster.connection import Connection

REQUEST_BYTES: Final = 2_500_000  # nodes with little memory take several of these at once
AT_ONCE: Final = 2  # requests: nodes write one while the next is made, and no shard waits for the slowest


class DocumentRefused(Exception):
    """The cluster does not take a document, and trying again would not help."""


Line = bytes  # what to do, and with what: a line of JSON each
_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def put(identity: str, fields: dict[str, Any]) -> Line:
    """Return what writes one document."""
    return f"{json.dumps({'index': {'_id': identity}})}\n{_json(fields)}\n".encode()


def write(connection: Connection, index: str, lines: Iterable[Line]) -> None:
    """Write documents, some requests at once; raises ``DocumentRefused``."""
    under_way: deque[Future[None]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as senders:
        for some in _requests(lines):
            if len(under_way) == AT_ONCE:
                under_way.popleft().result()
            under_way.append(senders.submit(_send, connection, index, some))
        for one in under_way:
            one.result()


def remove(connection: Connection, index: str, identity: str) -> None:
    """Remove one document by its name; it is fine if it is gone."""
    connection.tried(lambda: connection.client.delete(index=index, id=identity, params={"ignore": 404}))


def _requests(lines: Iterable[Line]) -> Iterator[list[Line]]:
    some: list[Line] = []
    size = 0
    for line in lines:
        if some and size + len(line) > REQUEST_BYTES:
            yield some
            some, size = [], 0
        some.append(line)
        size += len(line)
    if some:
        yield some


def _send(connection: Connection, index: str, lines: list[Line]) -> None:
    patience = connection.patience()
    while lines:
        answer = connection.tried(partial(connection.client.bulk, index=index, body=b"".join(lines)))
        if not answer["errors"]:
            return
        left = [line for line, item in zip(lines, answer["items"], strict=True) if _is_left(item["index"])]
        if len(left) < len(lines):
            patience = connection.patience()  # it goes on, if slowly
        elif not patience.waited():
            raise DocumentRefused(f"{len(left)} documents were not taken: the cluster is too busy")
        lines = left


def _is_left(item: dict[str, Any]) -> bool:
    """Return whether a document is still to be written."""
    if "error" not in item:
        return False
    if item["status"] in BUSY:
        return True
    raise DocumentRefused(f"{item['_id']}: {item['error']['type']}: {item['error'].get('reason', '')[:300]}")
