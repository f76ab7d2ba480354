"""A power cut at any moment leaves the old or the new index whole: nothing counts before it is on the disk.

Simulates the worst disk that POSIX allows. It has of a file what was there when the file was last flushed, and of a
folder either the names that were flushed (a journal that is late) or the newest (one that is early, before the data).
Before each step that a rebuild or update takes, both such disks are laid out beside and opened.

    python -m tests.promises.power_loss
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from indexer.embedded.engine import WhooshEngine
from indexer.errors import OperatorError
from indexer.indexing.rebuild import rebuild, update
from tests.promises.ground import Pages, Verdict, content

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = ("fsync", "replace", "rename", "link", "mkdir", "unlink", "remove", "rmdir")
Identity = tuple[int, int]  # device and inode


def _identity(place: Path | int) -> Identity:
    status = os.stat(place)  # noqa: PTH116 (descriptors, too)
    return status.st_dev, status.st_ino


class Disk:
    """Remembers what was flushed below a folder, and lays out what a power cut would leave."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[Identity, bytes] = {}
        self._folders: dict[Identity, dict[str, tuple[Identity, bool]]] = {}  # name: what it leads to, is it a folder
        self.flushes = 0
        for place in [folder, *folder.rglob("*")]:
            self.flushed(place)

    def flushed(self, place: Path | int) -> None:
        """Note that a file or folder is on the disk as it is now."""
        real = place if isinstance(place, Path) else Path(f"/proc/self/fd/{place}").resolve()
        if real != self.folder and self.folder not in real.parents:
            return
        self.flushes += 1
        if real.is_dir():
            self._folders[_identity(real)] = {one.name: (_identity(one), one.is_dir()) for one in real.iterdir()}
        else:
            self._files[_identity(real)] = real.read_bytes()

    def lay_out_late(self, target: Path) -> None:
        """Write what was flushed, and only the names that were."""
        self._late(_identity(self.folder), target)

    def _late(self, folder: Identity, target: Path) -> None:
        target.mkdir()
        for name, (identity, is_folder) in self._folders.get(folder, {}).items():
            if is_folder:
                self._late(identity, target / name)
            else:
                (target / name).write_bytes(self._files.get(identity, b""))

    def lay_out_early(self, target: Path) -> None:
        """Write the newest names, with what was flushed of their files."""
        target.mkdir()
        for place in sorted(self.folder.rglob("*")):
            here = target / place.relative_to(self.folder)
            if place.is_dir():
                here.mkdir()
            else:
                here.write_bytes(self._files.get(_identity(place), b""))


@contextmanager
def watched(disk: Disk, before_each: Callable[[str], None]) -> Iterator[None]:
    """Call ``before_each`` before every step below the disk's folder, and tell the disk what is flushed."""

    def wrap(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def step(place: Any, *arguments: Any, **named: Any) -> Any:
            ours = name == "fsync" or "dir_fd" in named or str(place).startswith(str(disk.folder))
            if ours:
                before_each(name)
            result = original(place, *arguments, **named)
            if name == "fsync":
                disk.flushed(place)
            return result

        return step

    with ExitStack() as patches:
        for name in STEPS:
            patches.enter_context(mock.patch.object(os, name, wrap(name, getattr(os, name))))
        yield


class Cuts:
    """Cuts the power before every step and looks at what is left."""

    def __init__(self, disk: Disk, image: Path, before: str, verdict: Verdict) -> None:
        self._disk = disk
        self._image = image
        self._before = before
        self._verdict = verdict
        self._at_work = False
        self.left: list[tuple[str, str]] = []  # where the power was cut, and the content that was left

    def __call__(self, step: str) -> None:
        """Look at both disks; what this does itself is not watched."""
        if self._at_work:
            return
        self._at_work = True
        for journal, lay_out in (("late", self._disk.lay_out_late), ("early", self._disk.lay_out_early)):
            lay_out(self._image)
            self._verdict.counts["power cuts"] += 1
            where = f"cut {len(self.left) // 2} before {step}, {journal} journal"
            try:
                self.left.append((where, content(self._image)))
            except OperatorError as error:
                self._verdict.broken.append(f"{where}: {error}")
            shutil.rmtree(self._image)
        self._at_work = False


def prove(folder: Path, runs: int, seed: int) -> Verdict:
    """Cut the power at every step of so many rebuilds and updates."""
    verdict = Verdict()
    pages, index = Pages(folder / "pages", seed), folder / "index"
    engine = WhooshEngine(index)
    rebuild([pages.folder], engine, jobs=1)
    for run in range(runs):
        for _ in range(3):
            pages.edit()
        disk, before = Disk(index), content(index)
        cuts = Cuts(disk, folder / "image", before, verdict)
        with watched(disk, cuts):
            (update if run % 2 else rebuild)([pages.folder], engine, jobs=1)
        cuts("the end")
        after = content(index)
        for where, left in cuts.left:
            verdict.check(left in (before, after), f"run {run}, {where}: neither the old nor the new content")
            verdict.counts["left the new index" if left == after else "left the old index"] += 1
        verdict.check(cuts.left[-1][1] == after == cuts.left[-2][1], f"run {run}: what was done may still be lost")
        verdict.counts["files and folders flushed"] += disk.flushes
    return verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        return prove(Path(folder).resolve(), options.runs, options.seed).tell("Power cuts")


if __name__ == "__main__":
    sys.exit(main())
