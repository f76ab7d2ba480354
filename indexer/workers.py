"""Run a function over many items in several processes, in order, losing none.

A worker that dies takes nothing with it: the items it may have held are tried again one by one, and
only the one that kills its worker again is given up. Workers leave when their parent does, however
it ended.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Result = TypeVar("Result")

_CHUNKS_AHEAD = 3  # a worker: enough that none waits, few enough that memory stays bounded


def usable_cores() -> int:
    """How many processes can run at once; a container's or taskset's limit counts."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # the parent is gone: nobody reads what this process would still do


def start_worker(prepare: Callable[[], None] | None = None) -> None:
    """Initialise a worker process: Ctrl-C is the parent's business, and so is staying alive."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    if prepare is not None:
        prepare()


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Put Ctrl-C off while workers are started: one that is not ready for it yet would end in a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _apply(function: Callable[[Item], Result], items: list[Item]) -> list[Result]:
    return [function(item) for item in items]


class OrderedMap(Generic[Item, Result]):
    """``function`` over chunks of items in ``jobs`` processes; results in the order of the items.

    ``give_up(item)`` makes the result of an item whose worker died on it twice. ``prepare`` runs once
    in each process before its first item.
    """

    def __init__(
        self,
        function: Callable[[Item], Result],
        jobs: int,
        give_up: Callable[[Item], Result],
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self._function = function
        self._jobs = jobs
        self._give_up = give_up
        self._prepare = prepare
        self._pool: ProcessPoolExecutor | None = None

    def _start(self, jobs: int) -> ProcessPoolExecutor:
        # "spawn" costs half a second once; a fork would copy the locks of threads that it does not copy.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, context, start_worker, (self._prepare,))

    def run(self, chunks: Iterable[list[Item]]) -> Iterator[Result]:
        """Return the result of every item; stops all workers at the end, or when its reader stops."""
        self._pool = self._start(self._jobs)
        waiting: deque[tuple[list[Item], Future[list[Result]]]] = deque()
        source = iter(chunks)
        try:
            while True:
                for chunk in islice(source, self._jobs * _CHUNKS_AHEAD - len(waiting)):
                    waiting.append((chunk, self._submit(chunk)))
                if not waiting:
                    return
                chunk, future = waiting.popleft()
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    yield from self._one_by_one(chunk)
                    waiting = deque((later, self._submit(later)) for later, _ in waiting)
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, chunk: list[Item]) -> Future[list[Result]]:
        assert self._pool is not None  # noqa: S101 (run() has started it)
        try:
            with interrupts_held():  # a pool starts its workers when it is given work
                return self._pool.submit(_apply, self._function, chunk)
        except BrokenProcessPool as error:
            broken: Future[list[Result]] = Future()
            broken.set_exception(error)
            return broken

    def _one_by_one(self, chunk: list[Item]) -> Iterator[Result]:
        """Try the items of a chunk whose worker died, each in a process of its own."""
        assert self._pool is not None  # noqa: S101
        self._pool.shutdown(wait=True, cancel_futures=True)
        for item in chunk:
            with self._start(1) as alone:
                try:
                    yield alone.submit(self._function, item).result()
                except BrokenProcessPool:
                    yield self._give_up(item)
        self._pool = self._start(self._jobs)
