"""Whether the files of a version hold what was written: all of them are read through before it answers.

A checksum takes 0.35 ms a megabyte, so an index of 20,000 announcements (200 MB) opens 70 ms later, and no changed
byte ever becomes a wrong answer. Files never change, and the next version links to most of them: each is read
once in a process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.embedded.search.completion_lists import FILE as SUGGESTIONS
from indexer.embedded.search.relation_graph import FILE as RELATIONS
from indexer.embedded.store.array_file import ArrayFile, Damaged
from indexer.embedded.store.segment_record import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from indexer.embedded.search.snapshot import Snapshot

State = tuple[int, int, int, int]  # device, number, length and time of a file: the same for every link to it


class WholeFiles:
    """Remembers which files were read through and found whole."""

    def __init__(self) -> None:
        self._whole: frozenset[State] = frozenset()

    def require(self, snapshot: Snapshot) -> None:
        """Read what has not been read; raises ``Damaged`` naming the first array that is not what was written."""
        states = {_state(path): path for path in array_files(snapshot)}
        for state, path in states.items():
            if state not in self._whole:
                for problem in ArrayFile(path).problems():
                    raise Damaged(problem)
        self._whole = frozenset(states)


def states_of(snapshot: Snapshot) -> tuple[tuple[Path, State], ...]:
    """Return the files of a version as they are now; raises ``Damaged`` if one is not there."""
    return tuple((path, _state(path)) for path in array_files(snapshot))


def are_as_before(files: Iterable[tuple[Path, State]]) -> bool:
    """Return whether files still are what they were: 2 µs a file.

    A file that was cut short ends the process that reads behind its end, so this is asked before each answer. One
    that is gone is still there for those who have it open.
    """
    for path, state in files:
        try:
            if _state(path) != state:
                return False
        except Damaged:
            continue
    return True


def array_files(snapshot: Snapshot) -> Iterator[Path]:
    """Name the array files of a version."""
    yield snapshot.folder / SUGGESTIONS
    yield snapshot.folder / RELATIONS
    for segment in snapshot.segments:
        for part in PARTS:
            yield segment.record.path(snapshot.folder, part)


def _state(path: Path) -> State:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise Damaged(f"{path.name} is not there") from None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
