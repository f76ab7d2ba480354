"""Have worker processes cut words as this one does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from indexer.text.segmenter import current_segmenter, cut_in_this_process_by, segmenter_of
from indexer.workers.forking import can_fork

if TYPE_CHECKING:
    from collections.abc import Callable


def cutting_alike() -> Callable[[], None]:
    """Return what a worker process must do first to cut by the current segmenter; it can be pickled."""
    segmenter = current_segmenter()
    if can_fork():
        _ = segmenter.compiled or segmenter.cutter  # made here once: forks share it
    return partial(_cut_alike, segmenter.user_words, segmenter.digest)


def _cut_alike(user_words: tuple[str, ...], digest: str) -> None:
    segmenter = segmenter_of(user_words)
    if segmenter.digest != digest:
        raise ValueError("a worker process cuts words by another dictionary")
    cut_in_this_process_by(segmenter)
