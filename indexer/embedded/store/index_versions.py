"""Versions of an index on disk: each in a folder of its own, one of them current.

    <index>/current      the name of the current generation, replaced by an atomic rename
    <index>/policy-search-index   says that the folder is ours; one lies in each generation, too
    <index>/g000012/     a whole Whoosh index: table of contents, our segments' files, meta.json, ledger, stamps
    <index>/lock         held by the one writer; says who and since when

A new generation is written beside, flushed to disk file by file, and only then named in ``current``. Files
that it shares with the one before are hard links. Whoever dies on the way leaves the old one in place and
a folder that the next writer sweeps away; the generation before the current one is kept for readers and
result lists that began with it.
"""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from indexer.embedded.store.ownership import (
    GENERATION,
    claim,
    flush,
    is_marked,
    make_generation,
    numbered,
    remove_begun,
    remove_marked,
)
from indexer.errors import IndexLocked, IndexMissing, IndexUnsafe, IndexUnwritable, SystemUnfit
from indexer.messages import of_system, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

POINTER = "current"
_LOCK = "lock"
_KEPT_GENERATIONS = 2  # the current one and the one before it
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def current(place: Path) -> Path:
    """Return the folder of the current generation; raises ``IndexMissing``."""
    try:
        name = (place / POINTER).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise IndexMissing(place, said("there is none yet")) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexMissing(place, said("%(file)s cannot be read: %(why)s", file=POINTER, why=str(error))) from error
    if not GENERATION.fullmatch(name):
        raise IndexMissing(place, said("%(file)s names no generation", file=POINTER))
    return place / name


def before(folder: Path) -> Path | None:
    """Return the folder of the generation before this one, None if it is gone."""
    older = [path for number, path in numbered(folder.parent) if number < int(folder.name[1:]) and is_marked(path)]
    return max(older, default=None)


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Be the one writer of an index; raises ``IndexLocked``. The lock of a dead process is free."""
    try:
        lock = _take_lock(place)
    except OSError as error:
        raise IndexUnwritable(place, of_system(error)) from error
    with lock:
        yield


def _take_lock(place: Path) -> IO[str]:
    fcntl = _file_locks()
    claim(place)
    with ExitStack() as failing:
        file = failing.enter_context((place / _LOCK).open("a+", encoding="utf-8"))
        _refuse_if_others_write(place)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise IndexLocked(place, file.read().strip() or said("another process")) from None
        sweep(place)
        file.seek(0)
        file.truncate()
        since = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
        file.write(f"process {os.getpid()} since {since}\n")
        file.flush()
        failing.pop_all()
        return file


def _file_locks() -> ModuleType:
    try:
        import fcntl  # noqa: PLC0415 - Windows has none; there an index can be on a cluster
    except ImportError:
        raise SystemUnfit(
            said("the embedded index"), said("locks and flushes of Linux, macOS or another Unix")
        ) from None
    return fcntl


def refuse_if_unsafe(folder: Path) -> None:
    """Raise ``IndexUnsafe`` if others could have written what opening a generation runs: a pickle."""
    _refuse_if_others_write(folder.parent, folder, *folder.glob("*.toc"))


def _refuse_if_others_write(*places: Path) -> None:
    for place in places:
        if place.stat().st_mode & _OTHERS_WRITE:
            raise IndexUnsafe(place)


def begin(place: Path) -> Path:
    """Make the folder of the next generation."""
    last = max((number for number, _ in numbered(place)), default=0)
    return make_generation(place, last + 1)


def discard(folder: Path) -> None:
    """Remove a generation that was not finished; one that is current by now stays."""
    if not is_current(folder):
        remove_marked(folder)


def is_current(folder: Path) -> bool:
    """Return whether this generation is the one that answers."""
    try:
        return current(folder.parent) == folder
    except IndexMissing:
        return False


def share(old: Path, new: Path, names: list[str]) -> None:
    """Put files of one generation into another without copying, where the file system can."""
    for name in names:
        try:
            os.link(old / name, new / name)
        except OSError:  # no hard links here
            shutil.copy2(old / name, new / name)


def publish(folder: Path) -> None:
    """Make a complete generation the current one, so that it survives a power cut at any moment."""
    paths = [*folder.iterdir(), folder]
    for path in paths:
        if (mode := path.stat().st_mode) & _OTHERS_WRITE:  # else nothing of it would be new to the disk
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS_WRITE)
    for path in paths:
        flush(path)
    place = folder.parent
    flush(place)
    pointer = place / f"{POINTER}.new"
    pointer.write_text(folder.name + "\n", encoding="ascii")
    flush(pointer)
    pointer.replace(place / POINTER)
    flush(place)
    sweep(place)


def sweep(place: Path) -> None:
    """Remove what dead writers and replaced generations left; readers keep what they have open."""
    (place / f"{POINTER}.new").unlink(missing_ok=True)
    try:
        live = current(place).name
    except IndexMissing:
        live = ""
    remove_begun(place)
    for number, folder in numbered(place):
        if not is_marked(folder):
            with suppress(OSError):
                folder.rmdir()  # empty: a writer died as it removed it; what holds anything is not ours
            continue
        newer = not live or number > int(live[1:])
        if newer or number <= int(live[1:]) - _KEPT_GENERATIONS:
            remove_marked(folder)
