"""What the files of a version were when they were written: number, length and time of the last change.

A process that answers once and ends need not read files through that are still what they were; a server does, for it
answers for weeks. A file that is written to, copied or put back has another stamp and is read. What a disk changes by
itself has not: that is what a server and ``check`` read everything for.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE: Final = "stamps"
Stamp = tuple[int, int, int]
# A file that was changed just before has no stamp: the time that some systems tell might outlast one more change.
_SETTLED_NS: Final = 50_000_000


def write_stamps(folder: Path, names: Iterable[str], old: Path | None) -> None:
    """Record files of a version that is not current yet.

    Those that it shares with the one before only as that recorded them: they may have been changed since.
    """
    now, of_old = time.time_ns(), read_stamps(old) if old else {}
    stamps: dict[str, Stamp] = {}
    for name in names:
        stamp = _stamp(folder / name)
        is_shared = old is not None and (old / name).exists()
        if of_old.get(name) == stamp if is_shared else stamp[2] < now - _SETTLED_NS:
            stamps[name] = stamp
    (folder / FILE).write_text(json.dumps(stamps), encoding="ascii")


def read_stamps(folder: Path) -> Mapping[str, Stamp]:
    """Return what was recorded, by name; {} if nothing was or it cannot be read, for then all files are."""
    try:
        read = json.loads((folder / FILE).read_text(encoding="ascii"))
        return {name: (int(number), int(length), int(changed)) for name, (number, length, changed) in read.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
