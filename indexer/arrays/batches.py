"""Announcements to segments, batch by batch, in this process or in several."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from typing import TYPE_CHECKING

from indexer.arrays.build import build_segment
from indexer.arrays.merge import merge_segments
from indexer.arrays.segment import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.arrays.segment import ArraySegment

BATCH_DOCUMENTS = 5000
BATCH_CHARACTERS = 4_000_000  # what a worker holds at once: about 300 MB while it sorts
MERGED_AT_ONCE = 32  # segments; each has four files open meanwhile
_WAITING_PER_WORKER = 2  # batches sent ahead, so that no worker waits and memory stays bounded


def build_segments(folder: Path, announcements: Iterable[Announcement], jobs: int = 1) -> list[ArraySegment]:
    """Write announcements, whose ids must differ, as segments into ``folder``."""
    cut = batches(announcements)
    head = [batch for _, batch in zip(range(2), cut, strict=False)]
    if len(head) < 2 or jobs < 2:
        return [build_segment(folder, batch) for part in (head, cut) for batch in part]
    return _build_in_workers(folder, head, cut, jobs)


def _build_in_workers(
    folder: Path, head: Sequence[list[Announcement]], rest: Iterator[list[Announcement]], jobs: int
) -> list[ArraySegment]:
    built: list[ArraySegment] = []
    # Fresh processes, not forks: a fork would take along the threads' locks and the parent's memory.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as workers:
        waiting: deque[Future[ArraySegment]] = deque()
        try:
            for part in (head, rest):
                for batch in part:
                    waiting.append(workers.submit(build_segment, folder, batch))
                    if len(waiting) > jobs * _WAITING_PER_WORKER:
                        built.append(waiting.popleft().result())
            built += [one.result() for one in waiting]
        except BaseException:
            workers.shutdown(cancel_futures=True)
            raise
    return built


def batches(announcements: Iterable[Announcement]) -> Iterator[list[Announcement]]:
    """Cut a stream into lists of bounded size, never empty."""
    batch: list[Announcement] = []
    characters = 0
    for announcement in announcements:
        batch.append(announcement)
        characters += len(announcement.title) + len(announcement.body)
        if len(batch) >= BATCH_DOCUMENTS or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def merge_all(folder: Path, segments: Sequence[ArraySegment]) -> list[ArraySegment]:
    """Make one segment of all, in rounds, so that few files are open at once; removes what is merged."""
    left = list(segments)
    while len(left) > 1 or any(segment.has_deletions() for segment in left):
        left = [merge_and_remove(folder, left[at : at + MERGED_AT_ONCE]) for at in range(0, len(left), MERGED_AT_ONCE)]
    return left


def merge_and_remove(folder: Path, segments: Sequence[ArraySegment]) -> ArraySegment:
    """Merge segments of one folder and remove their files from it."""
    if len(segments) == 1 and not segments[0].has_deletions():
        return segments[0]
    merged = merge_segments(folder, segments)
    for segment in segments:
        for part in PARTS:
            with suppress(FileNotFoundError):
                segment.path(folder, part).unlink()
    return merged
