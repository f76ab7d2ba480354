"""Do the parts of a build in this process, or in several."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from indexer.text.segmenter import current_segmenter, cut_in_this_process_by, segmenter_of
from indexer.workers.forking import can_fork
from indexer.workers.ordered_map import OrderedMap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from indexer.skip_reasons import SkipReason

_Result = TypeVar("_Result")


class Do(Protocol):
    """Does what it is given; yields the results in the same order."""

    jobs: int  # how many it does at once

    def __call__(self, tasks: Iterable[Callable[[], _Result]], /) -> Iterator[_Result]:
        """Do all."""


class Here:
    """Does one after the other, each when its result is asked for."""

    jobs = 1

    def __call__(self, tasks: Iterable[Callable[[], _Result]], /) -> Iterator[_Result]:
        """Do all."""
        return (task() for task in tasks)


class _InProcesses:
    def __init__(self, workers: OrderedMap[Callable[[], Any], Any], jobs: int) -> None:
        self._workers = workers
        self.jobs = jobs

    def __call__(self, tasks: Iterable[Callable[[], _Result]], /) -> Iterator[_Result]:
        return self._workers.run([task] for task in tasks)


@contextmanager
def processes(jobs: int) -> Iterator[Do]:
    """Give what does tasks in so many processes, this one among them, which cut alike; others end with the block."""
    if jobs < 2:
        yield Here()
        return
    segmenter = current_segmenter()
    if can_fork():
        _ = segmenter.compiled or segmenter.cutter  # made here once: forks share it
    prepare = partial(_prepare, segmenter.user_words, segmenter.digest)
    with OrderedMap[Any, Any](_run, jobs, _died, prepare, forked=True, helping=True) as workers:
        yield _InProcesses(workers, jobs)


def _run(task: Callable[[], _Result]) -> _Result:
    return task()


def _prepare(user_words: tuple[str, ...], digest: str) -> None:
    segmenter = segmenter_of(user_words)
    if segmenter.digest != digest:
        raise ValueError("a worker process cuts words by another dictionary")
    cut_in_this_process_by(segmenter)


def _died(_: object, reason: SkipReason) -> Any:
    raise OSError(reason)
