"""Announcements on their way to other processes."""

from __future__ import annotations

import pickle
from collections import deque
from dataclasses import fields
from operator import attrgetter
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from indexer.announcement import Announcement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_SUFFIX: Final = ".batch"
_LAST_PIECES: Final = 4  # of a batch, so that processes are done within a tenth of a second of each other
_VALUES = attrgetter(*(field.name for field in fields(Announcement)))


class Batch:
    """Announcements to be done here or elsewhere; to another process they go by a file.

    Through a pipe they would go in pieces of 64 KB, each of which waits until the other process listens. Column by
    column they are written and read in three fifths of the time that one by one would take.
    """

    def __init__(self, folder: Path, announcements: list[Announcement]) -> None:
        """Take announcements, and where to write a file."""
        self._folder = folder
        self.announcements = announcements

    def __reduce__(self) -> tuple[Any, ...]:
        path = self._folder / f"{token_hex(8)}{_SUFFIX}"
        columns = list(zip(*map(_VALUES, self.announcements), strict=True))
        path.write_bytes(pickle.dumps(columns, pickle.HIGHEST_PROTOCOL))
        return _read, (path,)


def _read(path: Path) -> Batch:
    """Read a batch; if this process dies later on, another file is written for the next one."""
    columns = pickle.loads(path.read_bytes())  # noqa: S301 (our parent wrote it into a folder of its own)
    path.unlink()
    return Batch(path.parent, list(map(Announcement, *columns)))


def remove_unread(folder: Path) -> None:
    """Remove the files of processes that died before they read them."""
    for path in folder.glob(f"*{_SUFFIX}"):
        path.unlink()


def evened(batches: Iterable[list[Announcement]], jobs: int) -> Iterator[list[Announcement]]:
    """Cut the last batches small, so that so many processes are done at about the same time."""
    ahead: deque[list[Announcement]] = deque()
    for batch in batches:
        ahead.append(batch)
        if len(ahead) > jobs:
            yield ahead.popleft()
    for batch in ahead:
        size = -(-len(batch) // _LAST_PIECES)
        yield from (batch[at : at + size] for at in range(0, len(batch), size))
