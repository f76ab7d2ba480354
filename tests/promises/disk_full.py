"""A full disk, a folder that may not be written, pages that vanish: the old index answers on, and a sentence says why.

Every call that writes, flushes, links, renames or makes a folder in the index fails once, each in turn, with "no
space left".
Where a small file system can be mounted, a real one is filled, too.

    python -m tests.promises.disk_full
"""

from __future__ import annotations

import argparse
import builtins
import errno
import io
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from unittest import mock

from indexer.embedded.engine import WhooshEngine
from indexer.errors import IndexUnwritable, PathUnreadable, PolicySearchError
from indexer.indexing.rebuild import rebuild, update
from tests.promises.ground import Pages, Verdict, content, strangers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLS = ("mkdir", "link", "replace", "rename", "fsync")
NOBODY = 65534


class FailingOnce:
    """Counts calls that write below a folder, and fails the one that was chosen."""

    def __init__(self, folder: Path, at: int) -> None:
        self._folder = str(folder)
        self._at = at
        self.calls = 0
        self.failed = ""

    def count(self, what: str) -> None:
        self.calls += 1
        if self.calls == self._at:
            self.failed = what
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), what)

    def covers(self, place: object) -> bool:
        return isinstance(place, str | Path) and str(place).startswith(self._folder)

    def call(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a function of ``os``."""

        def counted(place: object, *arguments: Any, **named: Any) -> Any:
            if name == "fsync" or self.covers(place):
                self.count(name)
            return original(place, *arguments, **named)

        return counted

    def open(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap ``open``: files below the folder write through ``_CountedFile``."""

        def opened(place: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if not self.covers(place) or not set(mode) & set("wax+"):
                return original(place, mode, *arguments, **named)
            self.count("open")
            raw = _CountedFile(self, place, mode.replace("b", "").replace("t", ""))
            buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
            return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding=named.get("encoding"))

        return opened


class _CountedFile(io.FileIO):
    def __init__(self, counter: FailingOnce, place: str | Path, mode: str) -> None:
        super().__init__(place, mode)
        self._counter = counter

    def write(self, data: Any) -> int:
        self._counter.count("write")
        return super().write(data)


@contextmanager
def failing(folder: Path, at: int) -> Iterator[FailingOnce]:
    """Let the call of this number fail below a folder; 0: none."""
    counter = FailingOnce(folder, at)
    with ExitStack() as patches:
        for name in CALLS:
            patches.enter_context(mock.patch.object(os, name, counter.call(name, getattr(os, name))))
        wrapped = counter.open(io.open)
        patches.enter_context(mock.patch.object(io, "open", wrapped))
        patches.enter_context(mock.patch.object(builtins, "open", wrapped))
        yield counter


def _change(pages: Pages, engine: WhooshEngine, verb: str) -> None:
    (update if verb == "update" else rebuild)([pages.folder], engine, jobs=1)


def prove_every_call(folder: Path, seed: int, verdict: Verdict, every: int = 1) -> None:
    """Fail each call of a rebuild and of an update, or only some of them."""
    pages, index = Pages(folder / "pages", seed), folder / "index"
    engine = WhooshEngine(index)
    rebuild([pages.folder], engine, jobs=1)
    for verb in ("rebuild", "update"):
        for at in itertools.count(1, every):
            before = content(index)
            for _ in range(3):
                pages.edit()
            with failing(index, at) as counter:
                error = _error_of(pages, engine, verb)
            if not counter.failed:
                break
            told = f"{verb}, call {at} ({counter.failed})"
            verdict.counts[f"{verb}: calls that failed"] += 1
            left = content(index)
            verdict.check(isinstance(error, IndexUnwritable) or left != before, f"{told}: {error!r}")
            _change(pages, engine, "update")
            verdict.check(left in (before, content(index)), f"{told}: neither the old nor the new content")
            if error is not None and "untouched" in str(error):
                verdict.check(left == before, f"{told}: said to be untouched, and is not")
            verdict.check(not strangers(index), f"{told}: not cleaned up: {strangers(index)}")


def _error_of(pages: Pages, engine: WhooshEngine, verb: str) -> Exception | None:
    try:
        _change(pages, engine, verb)
    except (PolicySearchError, OSError) as error:
        return error
    return None


def prove_small_disks(folder: Path, seed: int, verdict: Verdict) -> None:
    """Let a real file system run full, at many sizes."""
    place = folder / "disk"
    place.mkdir()
    pages = Pages(folder / "pages-for-disk", seed)
    for kilobytes in range(48, 640, 16):
        mount = ("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place))
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            verdict.figures["small disks"] = "cannot be mounted here"
            return
        try:
            _fill(place / "index", pages, verdict, f"a disk of {kilobytes} KB")
        finally:
            subprocess.run(("umount", "--lazy", str(place)), check=True)


def _fill(index: Path, pages: Pages, verdict: Verdict, told: str) -> None:
    engine, held = WhooshEngine(index), ""
    for _ in range(4):
        pages.edit()
        error = _error_of(pages, engine, "update" if held else "rebuild")
        verdict.counts["small disks: runs that failed" if error else "small disks: runs that had room"] += 1
        if error is None:
            held = content(index)
        elif held:
            verdict.check(content(index) == held, f"{told}: the old index is not as it was")
        verdict.check(error is None or isinstance(error, IndexUnwritable), f"{told}: {error!r}")


def prove_spool(folder: Path, seed: int, verdict: Verdict) -> None:
    """Let the disk for temporary files be full: /dev/full takes no byte."""
    pages, index = Pages(folder / "pages-for-spool", seed), folder / "spooled"
    engine = WhooshEngine(index)
    rebuild([pages.folder], engine, jobs=1)
    before = content(index)
    with mock.patch("tempfile.TemporaryFile", side_effect=_without_room):
        for verb in ("rebuild", "update"):
            pages.edit()
            error = _error_of(pages, engine, verb)
            verdict.counts["temporary files without room"] += 1
            verdict.check(isinstance(error, PolicySearchError), f"temporary files without room: {error!r}")
            verdict.check(content(index) == before, "temporary files without room: the old index is not as it was")


def _without_room(**_: object) -> IO[bytes]:
    return Path("/dev/full").open("r+b", buffering=0)


def prove_refusals(folder: Path, seed: int, verdict: Verdict) -> None:
    """Write into a folder that may only be read; read pages that are gone."""
    pages, index = Pages(folder / "pages-for-refusals", seed), folder / "read-only"
    engine = WhooshEngine(index)
    rebuild([pages.folder], engine, jobs=1)
    before = content(index)
    for verb in ("rebuild", "update"):
        pages.edit()
        with _only_reading(folder):
            error = _error_of(pages, engine, verb)
            verdict.check(content(index) == before, "a read-only index cannot be read")
        verdict.counts["read-only folders"] += 1
        verdict.check(isinstance(error, IndexUnwritable), f"read-only folder: {error!r}")
    shutil.rmtree(pages.folder)
    for verb in ("rebuild", "update"):
        error = _error_of(pages, engine, verb)
        verdict.counts["vanished pages"] += 1
        verdict.check(isinstance(error, PathUnreadable), f"vanished pages: {error!r}")
        verdict.check(content(index) == before, "vanished pages: the old index is not as it was")


@contextmanager
def _only_reading(folder: Path) -> Iterator[None]:
    """Take away the right to write below a folder; root, who may anything, becomes nobody meanwhile."""
    places = [folder, *folder.rglob("*")]
    modes = [(place, place.stat().st_mode) for place in places]
    for place, mode in modes:
        place.chmod(mode & 0o555 | (0o555 if place.is_dir() else 0o444))
    if root := os.geteuid() == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for place, mode in modes:
            with suppress(FileNotFoundError):
                place.chmod(mode)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        Path(folder).chmod(0o755)
        for prove in (prove_every_call, prove_small_disks, prove_spool, prove_refusals):
            prove(Path(folder), options.seed, verdict)
    return verdict.tell("No room, no right, no pages")


if __name__ == "__main__":
    sys.exit(main())
