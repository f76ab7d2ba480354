"""Do the parts of a build in this process, or in several."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from indexer.text.cut_alike import cutting_alike
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
    with OrderedMap[Any, Any](_run, jobs, _died, cutting_alike(), forked=True, helping=True) as workers:
        yield _InProcesses(workers, jobs)


def _run(task: Callable[[], _Result]) -> _Result:
    return task()


def _died(_: object, reason: SkipReason) -> Any:
    raise OSError(reason)
