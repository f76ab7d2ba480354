"""Clocks, memory and tables for the benchmarks."""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import watched_memory
from tests.bench.texts import default_texts
from tests.bench.watched_memory import PROC, megabytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return the options that all benchmarks share."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=20_000, help="announcements (default: 20000)")
    parser.add_argument("--texts", type=Path, default=None, help="JSON Lines to take them from")
    return parser


def texts_of(options: argparse.Namespace) -> Path:
    """Return the file of texts that the options mean."""
    return options.texts or default_texts()


@dataclass(slots=True)
class Clock:
    """Seconds that a block took, and processor time of this process and of those that it ended meanwhile."""

    seconds: float = 0.0
    processor: float = 0.0


@contextmanager
def clock() -> Iterator[Clock]:
    """Time a block."""
    result, started, before = Clock(), time.perf_counter(), _processor_seconds_so_far()
    yield result
    result.seconds = time.perf_counter() - started
    result.processor = _processor_seconds_so_far() - before


def _processor_seconds_so_far() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def milliseconds(calls: Sequence[Callable[[], object]], rounds: int = 3) -> list[float]:
    """Time each call ``rounds`` times, one round after the other, and give the best time of each."""
    best = [float("inf")] * len(calls)
    for _ in range(rounds):
        for at, call in enumerate(calls):
            started = time.perf_counter()
            call()
            best[at] = min(best[at], (time.perf_counter() - started) * 1000)
    return best


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under heads, as Markdown."""
    written = [[f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    for row in written:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def private_megabytes(process: str = "self", mapped: bool = False) -> float:
    """Return what a process has for itself; ``mapped``: with unchanged pages of files that no other process maps now.

    Those are the system's to take back whenever it needs room.
    """
    kinds = ("Private_Dirty", "Private_Clean") if mapped else ("Private_Dirty",)
    lines = (PROC / process / "smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(kinds)) / 1024


class PeakMemory:
    """The most memory that this process and its children took on together, looked at ten times a second."""

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._before = megabytes(["self"])  # the texts, mostly
        command = [sys.executable, "-I", "-S", watched_memory.__file__, str(os.getpid())]
        self._watcher = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> PeakMemory:
        assert self._watcher.stdout is not None
        self._watcher.stdout.readline()  # it has begun
        return self

    def __exit__(self, *_: object) -> None:
        told = self._watcher.communicate()[0]
        self.megabytes = max(0.0, float(told) - self._before)


def processor_seconds(processes: Sequence[str]) -> float:
    """Add up the processor time that running processes have taken."""
    ticks = 0
    for process in processes:
        after_name = (PROC / process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += sum(map(int, after_name[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
