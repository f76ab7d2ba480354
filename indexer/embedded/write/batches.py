"""Announcements to segments, batch by batch, in this process or in several."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from indexer.embedded.store.segment_record import PARTS
from indexer.embedded.write.handing_over import Batch, evened, remove_unread
from indexer.embedded.write.merge import merge_segments
from indexer.embedded.write.processes import Here
from indexer.embedded.write.segment_builder import build_segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.embedded.whoosh.segment import ArraySegment
    from indexer.embedded.write.processes import Do

BATCH_DOCUMENTS = 5000
BATCH_CHARACTERS = 1_000_000  # what a worker holds at once: 40 to 60 MB while it sorts
MERGED_AT_ONCE = 64  # segments; each has three files open meanwhile


def build_segments(
    folder: Path, announcements: Iterable[Announcement], do: Do | None = None, *, merged_next: bool = False
) -> list[ArraySegment]:
    """Write segments into ``folder``, in the order of the announcements, whose ids must differ.

    If they are ``merged_next``, several are only good for being merged.
    """
    do = do or Here()
    cut = batches(announcements)
    head = list(islice(cut, 2))
    several = chain(head, evened(cut, do.jobs) if do.jobs > 1 else cut)
    alone = Here() if len(head) < 2 else do
    build = partial(_build, folder, passing=merged_next and len(head) > 1)
    segments = list(alone(partial(build, Batch(folder, batch)) for batch in several))
    remove_unread(folder)
    return segments


def _build(folder: Path, batch: Batch, *, passing: bool) -> ArraySegment:
    return build_segment(folder, batch.announcements, passing=passing)


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


def merge_all(
    folder: Path, segments: Sequence[ArraySegment], do: Do | None = None, *, compiled: bool = True
) -> list[ArraySegment]:
    """Make one segment of all, in rounds, so that few files are open at once; removes what is merged.

    The kernel helps, where there is one, if it is not left alone (``compiled``).
    """
    merge = partial(_merge_and_remove, folder, do=do or Here(), compiled=compiled)
    left = list(segments)
    while len(left) > 1 or any(segment.has_deletions() for segment in left):
        lots = [left[at : at + MERGED_AT_ONCE] for at in range(0, len(left), MERGED_AT_ONCE)]
        left = [merge(lot, passing=len(lots) > 1) for lot in lots]
    return left


def _merge_and_remove(
    folder: Path, segments: Sequence[ArraySegment], *, do: Do, compiled: bool, passing: bool
) -> ArraySegment:
    """Merge segments of one folder and remove their files from it; for ``passing`` see ``build_segment``."""
    if len(segments) == 1 and not segments[0].has_deletions():
        return segments[0]
    merged = merge_segments(folder, segments, do, passing=passing, compiled=compiled)
    for segment in segments:
        for part in PARTS:
            with suppress(FileNotFoundError):
                segment.path(folder, part).unlink()
    return merged
