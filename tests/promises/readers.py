"""Readers are never disturbed: while the index is replaced and changed, every answer is whole and soon the newest.

Every announcement of version N says N in its title and its source, so an answer that mixes two versions shows it.

    python -m tests.promises.readers --readers 50 --seconds 60 --rebuilds 100
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.announcement import Announcement
from indexer.embedded.engine import WhooshEngine
from indexer.errors import PolicySearchError
from indexer.query.parameters import read_query
from indexer.report import Report
from tests.promises.ground import PROC, Verdict, strangers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.sharedctypes import Synchronized

DOCUMENTS = 300
PROCESSES = 5
SEEN_WITHIN_SECONDS = 2.0
PAUSE_SECONDS = 0.02  # between two questions of a reader: a person's are further apart
KEPT_MAPS = 60  # files of two versions that one process may have open: six each, and as many segments


def announcements(version: int) -> Iterator[Announcement]:
    """Return a version's announcements: the same ids, other texts."""
    for at in range(DOCUMENTS):
        title, body = f"第{version}版公告{at}", f"帮扶工作第{version}版，事项{at % 7}由示例单位落实。"
        yield Announcement(id=f"a{at}", title=title, body=body, source=f"第{version}版")


@dataclass(slots=True)
class Shared:
    """What the writer tells all readers."""

    version: Synchronized[int]
    since: Synchronized[float]
    done: Any  # an Event of multiprocessing


@dataclass(slots=True)
class Told:
    """What one process of readers saw."""

    answers: Counter[str]
    broken: list[str]
    slowest_sight: float
    descriptors: tuple[int, int]  # after the first version, and at the end
    maps: tuple[int, int]


class Readers:
    """The readers of one process, which share an engine as a server's threads do."""

    def __init__(self, index: Path, shared: Shared) -> None:
        self._engine = WhooshEngine(index)
        self._shared = shared
        self._lock = threading.Lock()
        self.told = Told(Counter(), [], 0.0, (0, 0), (0, 0))

    def run(self, threads: int) -> Told:
        """Ask until the writer is done."""
        readers = [threading.Thread(target=self._read, args=(at,)) for at in range(threads)]
        for reader in readers:
            reader.start()
        time.sleep(1.0)
        first = _held()
        for reader in readers:
            reader.join()
        last = _held()
        self.told.descriptors, self.told.maps = (first[0], last[0]), (first[1], last[1])
        return self.told

    def _read(self, start: int) -> None:
        for at in itertools.count(start):
            if self._shared.done.is_set():
                return
            expected, since = self._shared.version.value, self._shared.since.value
            asked = time.monotonic()
            try:
                seen, kind = self._ask(at)
            except (PolicySearchError, OSError, ValueError, KeyError, IndexError) as error:
                self._note(f"no answer: {error!r}")
                continue
            with self._lock:
                self.told.answers[kind] += 1
                if len(seen) != 1:
                    self.told.broken.append(f"{kind}: an answer of several versions: {sorted(seen)}")
                elif min(seen) < expected:
                    late = asked - since
                    self.told.slowest_sight = max(self.told.slowest_sight, late)
                    if late > SEEN_WITHIN_SECONDS:
                        self.told.broken.append(f"{kind}: {late:.1f} s after the swap still the old version")
            time.sleep(PAUSE_SECONDS)

    def _note(self, what: str) -> None:
        with self._lock:
            self.told.broken.append(what)

    def _ask(self, at: int) -> tuple[set[int], str]:
        engine = self._engine
        match at % 5:
            case 0 | 1:
                page = engine.search(read_query({"q": ["帮扶 事项"], "per_page": ["50"], "page": [str(1 + at % 6)]}))
                sources = {value.value for value in page.facets.source}
                return {_version(hit.title) for hit in page.hits} | set(map(_version, sources)), "search"
            case 2:
                announcement = engine.find(f"a{at % DOCUMENTS}").announcement
                return {_version(announcement.title), _version(announcement.body[4:])}, "announcement"
            case 3:
                return {_version(found.text) for found in engine.suggest("第")}, "suggestions"
            case _:
                engine.status()
                return {_version(one.source) for one in engine.coverage()}, "coverage and status"


def _version(text: str) -> int:
    return int(text[1 : text.index("版")])


def _held() -> tuple[int, int]:
    maps = (PROC / "self/maps").read_text(encoding="utf-8", errors="replace")
    return len(os.listdir("/proc/self/fd")), maps.count("/MAIN_") + maps.count("/suggestions")  # noqa: PTH208


def _be_readers(index: Path, shared: Shared, threads: int, results: Any) -> None:
    results.put(Readers(index, shared).run(threads))


def _write(index: Path, shared: Shared, seconds: float, rebuilds: int, verdict: Verdict) -> None:
    """Replace the index and change it, in turn, until both the time and the number are reached."""
    engine, began, sizes = WhooshEngine(index), time.monotonic(), []
    for version in itertools.count(2):
        if time.monotonic() - began > seconds and version > rebuilds + 1:
            break
        if version % 3:
            engine.replace_all(announcements(version), Report())
            verdict.counts["rebuilds"] += 1
        else:
            engine.change(announcements(version), [], Report())
            verdict.counts["updates"] += 1
        shared.since.value, shared.version.value = time.monotonic(), version
        verdict.check(not strangers(index), f"version {version}: left behind: {strangers(index)}")
        sizes.append(sum(one.stat().st_size for one in index.rglob("*") if one.is_file()))
        time.sleep(0.05)
    early, late = max(sizes[2:12]), max(sizes[-10:])
    verdict.figures["index folder, KB, at the start and end"] = f"{early // 1024} and {late // 1024}"
    verdict.check(late < 1.5 * early, "the index folder grew")
    shared.done.set()


def prove(folder: Path, readers: int, seconds: float, rebuilds: int) -> Verdict:
    """Read and write at once."""
    verdict, index = Verdict(), folder / "index"
    WhooshEngine(index).replace_all(announcements(1), Report())
    context = multiprocessing.get_context("spawn")
    shared = Shared(context.Value("i", 1), context.Value("d", time.monotonic()), context.Event())
    results = context.Queue()
    threads = -(-readers // PROCESSES)
    crowd = [context.Process(target=_be_readers, args=(index, shared, threads, results)) for _ in range(PROCESSES)]
    for one in crowd:
        one.start()
    time.sleep(3.0)
    _write(index, shared, seconds, rebuilds, verdict)
    for told in [results.get(timeout=60) for _ in crowd]:
        _sum_up(told, verdict)
    for one in crowd:
        one.join()
    verdict.counts["readers"] = threads * PROCESSES
    return verdict


def _sum_up(told: Told, verdict: Verdict) -> None:
    verdict.counts.update(told.answers)
    verdict.broken += told.broken
    slowest = max(told.slowest_sight, float(str(verdict.figures.get("new version seen after, s, at most", 0))))
    verdict.figures["new version seen after, s, at most"] = round(slowest, 3)
    verdict.figures["descriptors of a process, start and end"] = "{} and {}".format(*told.descriptors)
    verdict.figures["maps of a process, start and end"] = "{} and {}".format(*told.maps)
    verdict.check(told.descriptors[1] <= told.descriptors[0] + 20, f"descriptors leaked: {told.descriptors}")
    verdict.check(told.maps[1] <= KEPT_MAPS, f"maps leaked: {told.maps}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rebuilds", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        return prove(Path(folder), options.readers, options.seconds, options.rebuilds).tell("Reading while it changes")


if __name__ == "__main__":
    sys.exit(main())
