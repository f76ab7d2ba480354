"""Follow folders: call for an update when something below them has changed and then kept still for a moment.

Looks at names, sizes and times again and again: that works on every file system, network folders included, and a look
at 100,000 files takes half a second.
"""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

from indexer.reading.corpus import is_wanted
from indexer.settings import INDEX_MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

LOOK_SECONDS = 2.0  # between two looks; what still changes from one look to the next is waited for
RETRY_SECONDS = 30.0  # after an update that failed: a lock that another holds, a folder that is gone for now


def watch(paths: Iterable[Path], update: Callable[[], bool], pause: Callable[[float], None] = time.sleep) -> None:
    """Call ``update`` after every change, until ``pause`` or ``update`` raises; False from it: try again later."""
    places = tuple(paths)
    done = seen = fingerprint(places)
    while True:
        pause(LOOK_SECONDS)
        now = fingerprint(places)
        settled, seen = now == seen, now
        if now != done and settled:
            if update():
                done = now
            else:
                pause(RETRY_SECONDS)


def fingerprint(places: Iterable[Path]) -> bytes:
    """Return what changes when anything that is read below these places does.

    What cannot be looked at counts as not there. Other files do not count, and no index: watching would never rest
    where an index or a log is written among the pages.
    """
    digest = hashlib.blake2b(digest_size=16)
    for place in places:
        for path, size, changed in _files(os.fspath(place), frozenset()):
            digest.update(os.fsencode(path) + f"\0{size}\0{changed}\n".encode())
    return digest.digest()


def _files(path: str, above: frozenset[tuple[int, int]]) -> Iterator[tuple[str, int, int]]:
    try:
        status = os.stat(path)  # noqa: PTH116 (names with undecodable bytes)
        names = sorted(os.listdir(path)) if os.path.isdir(path) else None  # noqa: PTH208, PTH112
    except OSError:
        return
    identity = (status.st_dev, status.st_ino)
    if names is None:
        yield path, status.st_size, status.st_mtime_ns
    elif identity not in above and INDEX_MARK not in names:  # a link back to a folder that it lies in; an index
        for name in names:
            below = os.path.join(path, name)  # noqa: PTH118
            if is_wanted(name) or os.path.isdir(below):  # noqa: PTH112
                yield from _files(below, above | {identity})
