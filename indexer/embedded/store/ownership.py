"""What in an index folder this program has written itself: nothing else is ever removed or written over.

The index folder and each generation in it hold a file named ``MARK``, written before anything else. A place that
holds other things and no mark is refused before anything happens to it; a folder without one is never removed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from indexer.errors import PlaceTaken
from indexer.messages import said
from indexer.settings import INDEX_MARK

if TYPE_CHECKING:
    from pathlib import Path

MARK: Final = INDEX_MARK
_SENTENCE: Final = "policy-search made this folder: what it writes here, it removes again. Keep nothing else in it.\n"
GENERATION: Final = re.compile(r"g(\d{6,})")
_BEGUN: Final = re.compile(r"\.g\d{6,}\.new")  # a generation before it has its mark
_HARMLESS: Final = frozenset({"lost+found", ".DS_Store"})  # what systems put into empty volumes and folders
_NAMES_SHOWN: Final = 3
META_FILE: Final = "meta.json"  # by which a generation of a version without marks is known


def claim(place: Path) -> None:
    """Make sure that a folder is an index's or may become one; raises ``PlaceTaken`` and leaves it as it was."""
    if place.exists() and not place.is_dir():
        raise PlaceTaken(place, said("it is a file"))
    missing = [folder for folder in (place, *place.parents) if not folder.exists()]
    if not missing and not is_marked(place) and not _adopt(place):
        others = sorted(path.name for path in place.iterdir() if path.name not in _HARMLESS)
        if others:
            shown = ", ".join(others[:_NAMES_SHOWN]) + (", …" if len(others) > _NAMES_SHOWN else "")
            raise PlaceTaken(place, said("it holds other things (%(names)s)", names=shown))
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    for folder in missing:
        flush(folder.parent)
    mark(place)


def is_marked(folder: Path) -> bool:
    """Return whether this program made a folder."""
    return (folder / MARK).is_file()


def mark(folder: Path) -> None:
    """Say on the disk that a folder is ours; its file alone says so, whether or not the sentence got into it."""
    if not is_marked(folder):
        (folder / MARK).write_text(_SENTENCE, encoding="ascii")
        flush(folder / MARK)
        flush(folder)


def make_generation(place: Path, number: int) -> Path:
    """Make the marked folder of a generation; until it is marked it has a name that nobody else gives."""
    begun, folder = place / f".g{number:06d}.new", place / f"g{number:06d}"
    begun.mkdir(mode=0o755)
    mark(begun)
    begun.rename(folder)
    return folder


def remove_begun(place: Path) -> None:
    """Remove the folders of writers that died while they made one: they hold a mark or nothing."""
    for path in place.iterdir():
        if _BEGUN.fullmatch(path.name) and {one.name for one in path.iterdir()} <= {MARK}:
            (path / MARK).unlink(missing_ok=True)
            path.rmdir()


def remove_marked(folder: Path) -> None:
    """Remove a folder of ours, its mark last: whoever dies amid this leaves a folder that still says whose it is."""
    with suppress(OSError):  # what a reader holds open on some systems goes with the next sweep
        for path in folder.iterdir():
            if path.name == MARK:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        (folder / MARK).unlink(missing_ok=True)
        folder.rmdir()


def numbered(place: Path) -> list[tuple[int, Path]]:
    """Return the generations in a folder, and all else that has a name like theirs, by number."""
    found = ((GENERATION.fullmatch(path.name), path) for path in place.iterdir())
    return [(int(match[1]), path) for match, path in found if match]


def _adopt(place: Path) -> bool:
    """Mark the index of a version that set no marks; return whether there is one."""
    written = [path for _, path in numbered(place) if _has_record(path)]
    known = {"current", "current.new", "lock", *(path.name for path in written), *_HARMLESS}
    if not written or not (place / "current").is_file() or {path.name for path in place.iterdir()} - known:
        return False
    for folder in written:
        mark(folder)
    return True


def _has_record(folder: Path) -> bool:
    try:
        record = json.loads((folder / META_FILE).read_text(encoding="utf-8"))
        return all(key in record["content"] for key in ("stamp", "segments", "digests"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def flush(path: Path) -> None:
    """Have the disk confirm a file or a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
