"""Run a function over many items in several processes, in order, losing none, each item within limits.

A worker is handed items in chunks and answers one by one, so that it is known which item it had in hand when
it ended: that one is given up with the reason, a new worker takes the rest. What an item may take is enforced from
outside: by the kernel (memory, processor time) and by this process (time on the clock), for no handler in Python
can interrupt C code. Workers leave when their parent does, however it ended.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import time
import warnings
from collections import deque
from dataclasses import field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, Self

from indexer.errors import WorkersUnavailable
from indexer.light_dataclass import dataclass
from indexer.messages import of_system, said
from indexer.skip_reasons import SkipReason, because
from indexer.workers.forking import can_fork, interrupts_held, no_fork_meanwhile
from indexer.workers.process import DONE, FAILED, OUT_OF_MEMORY, Item, Limits, Result, Task, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_CHUNKS_AHEAD = 2  # in a worker's hands: one that it works on, one that waits for it
_CHUNKS_WAITING = 4  # a worker: so many may be handed out while the first of all is not finished
_TRIES = 2  # a process that something else killed (the kernel, out of memory) may have been innocent
_EXIT_SECONDS = 5.0  # after its pipe was closed a process is gone within milliseconds


def usable_cores() -> int:
    """Return how many processes can run at once; a container's or taskset's limit counts."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class OrderedMap(Generic[Item, Result]):
    """``function`` over chunks of items in ``jobs`` processes; results in the order of the items.

    ``give_up(item, reason)`` makes the result of an item that its worker died on. ``prepare`` runs once in each
    process before its first item. ``forked`` workers start in a hundredth of a second and know all that this
    process has loaded; others start afresh in half a second. When ``helping``, this process is one of the ``jobs``: it
    does whole chunks itself, without limits, whenever the others have enough to do.
    """

    def __init__(  # noqa: PLR0913 (three have a default that fits most)
        self,
        function: Callable[[Item], Result],
        jobs: int,
        give_up: Callable[[Item, SkipReason], Result],
        prepare: Callable[[], None] | None = None,
        *,
        limits: Limits | None = None,
        forked: bool = False,
        helping: bool = False,
    ) -> None:
        self._helping = helping
        self._jobs = jobs - helping
        self._give_up = give_up
        self._limits = limits or Limits()
        self._task = Task(function, prepare, self._limits)
        self._forked = forked
        self._kept = False  # by a with statement
        self._workers: list[_Worker[Item, Result]] = []
        self._waiting: deque[_Chunk[Item, Result]] = deque()  # handed out, in the order of the items

    def run(self, chunks: Iterable[list[Item]]) -> Iterator[Result]:
        """Yield the result of every item; stops all workers at the end, or when its reader stops.

        Within a ``with`` statement, workers that have done everything are kept for the next run. Raises what
        ``function`` raises, and ``WorkersUnavailable`` when no process can be started.
        """
        source = _Source(chunks)
        try:
            while self._hand_out(source):
                head = self._waiting[0] if self._waiting else None
                while head and head.results:
                    yield head.results.popleft()
                if head is None or head.taken < len(head.items):
                    self._help_or_listen(source)
                else:
                    self._waiting.popleft()
        finally:
            if self._waiting or not self._kept:
                self._stop()

    def __enter__(self) -> Self:
        self._kept = True
        return self

    def __exit__(self, *_: object) -> None:
        self._kept = False
        self._stop()

    def _stop(self) -> None:
        for worker in self._workers:
            worker.stop()
        self._workers = []
        self._waiting.clear()

    def _hand_out(self, source: _Source[Item]) -> bool:
        """Give each worker enough to do; False when there is nothing left to do or to wait for."""
        while self._handed_out() < self._jobs * _CHUNKS_WAITING and (worker := self._idlest()):
            # What is left in the end waits for nobody: it is done here, or given to who has nothing to do.
            if not source.has(1 + self._helping * len(worker.chunks)):
                break
            handed = _Chunk[Item, Result](source.next())
            self._waiting.append(handed)
            worker.give(handed)
        return bool(self._waiting) or source.has(1)

    def _handed_out(self) -> int:
        return sum(bool(chunk.items) for chunk in self._waiting)

    def _help_or_listen(self, source: _Source[Item]) -> None:
        if self._helping and source.has(1):
            chunk = _Chunk[Item, Result]([])
            self._waiting.append(chunk)
            chunk.results.extend(map(self._task.function, source.next()))
            self._listen(0)
        else:
            self._listen()

    def _idlest(self) -> _Worker[Item, Result] | None:
        """Return the worker with the least to do, a new one before any has more than it works on."""
        least = min(self._workers, key=lambda worker: len(worker.chunks), default=None)
        if least is not None and not least.chunks:
            return least
        if len(self._workers) < self._jobs:
            self._workers.append(_Worker(self._task, forked=self._forked))
            return self._workers[-1]
        return least if least is not None and len(least.chunks) < _CHUNKS_AHEAD else None

    def _listen(self, patience: float | None = None) -> None:
        """Take what workers answer; put another in the place of one that died or is past its time."""
        busy = {worker.connection: worker for worker in self._workers if worker.chunks}
        for connection in wait(list(busy), self._patience(busy.values()) if patience is None else patience):
            worker = busy.pop(connection)  # type: ignore[call-overload]  # these are what was waited for
            if not worker.take():
                reason = worker.reason_of_death(self._limits)
                self._replace(worker, reason, again=worker.killed_from_outside)
        for worker in busy.values():
            if self._limits.wall_seconds and worker.silent_seconds() > self._limits.wall_seconds:
                self._replace(worker, because("wall-time", seconds=f"{self._limits.wall_seconds:.0f}"), again=False)

    def _patience(self, busy: Iterable[_Worker[Item, Result]]) -> float | None:
        if not self._limits.wall_seconds:
            return None
        return max(0.0, min(self._limits.wall_seconds - worker.silent_seconds() for worker in busy)) + 0.01

    def _replace(self, worker: _Worker[Item, Result], reason: SkipReason, *, again: bool) -> None:
        """Give up the item that a worker ended on, or try it once more; a new worker takes the rest."""
        worker.stop()
        chunk = worker.chunks[0]
        chunk.tries += 1
        if chunk.tries == _TRIES or not again:
            chunk.take(self._give_up(chunk.items[chunk.taken], reason))
        self._workers.remove(worker)
        left = [one for one in worker.chunks if one.taken < len(one.items)]
        if left:
            other = _Worker(self._task, forked=self._forked)
            self._workers.append(other)
            for one in left:
                other.give(one)


class _Source(Generic[Item]):
    """What is to be done, as far as it is known: read no further than is asked for."""

    def __init__(self, chunks: Iterable[list[Item]]) -> None:
        self._chunks = (chunk for chunk in chunks if chunk)
        self._read: deque[list[Item]] = deque()

    def has(self, number: int) -> bool:
        """Return whether so many chunks are left."""
        while len(self._read) < number and (chunk := next(self._chunks, None)):
            self._read.append(chunk)
        return len(self._read) >= number

    def next(self) -> list[Item]:
        """Return the next chunk, one that it has."""
        return self._read.popleft()


@dataclass(slots=True)
class _Chunk(Generic[Item, Result]):
    """Items that were handed to a worker together."""

    items: list[Item]
    results: deque[Result] = field(default_factory=deque)  # that nobody has taken yet
    taken: int = 0  # items whose result is known
    tries: int = 0  # workers that ended on the item after those

    def take(self, result: Result) -> None:
        self.results.append(result)
        self.taken += 1
        self.tries = 0


class _Worker(Generic[Item, Result]):
    """A process, seen from its parent."""

    def __init__(self, task: Task[Item, Result], *, forked: bool) -> None:
        self.chunks: deque[_Chunk[Item, Result]] = deque()  # that it has and has not finished
        self.connection, theirs = multiprocessing.Pipe()
        forked = forked and can_fork()
        context: Any = multiprocessing.get_context("fork" if forked else "spawn")
        self._process = context.Process(target=serve, args=(theirs, task, forked), daemon=True)
        try:
            with no_fork_meanwhile(), interrupts_held(), warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads: see can_fork
                self._process.start()
        except OSError as error:
            raise WorkersUnavailable(of_system(error)) from error
        finally:
            theirs.close()
        self._ready = False
        self._heard = time.monotonic()

    def give(self, chunk: _Chunk[Item, Result]) -> None:
        """Hand it items; it takes them at once, whatever it is working on."""
        if not self.chunks:
            self._heard = time.monotonic()
        self.chunks.append(chunk)
        items = pickle.dumps(chunk.items[chunk.taken :], pickle.HIGHEST_PROTOCOL)
        with contextlib.suppress(OSError):  # it has died: listening to it will tell
            self.connection.send_bytes(items)

    def take(self) -> bool:
        """Take all that it has answered; False when it is dead. Raises what it failed with, a full disk too."""
        while True:
            try:
                if not self.connection.poll():
                    return True
                answer = self.connection.recv_bytes()
            except (OSError, EOFError):
                return False
            self._take_one(*pickle.loads(answer))  # noqa: S301 (from our own child)

    def _take_one(self, kind: str, value: Any) -> None:
        self._heard = time.monotonic()
        if kind == FAILED:
            raise value
        self._ready = True
        if kind == DONE:
            chunk = self.chunks[0]
            chunk.take(value)
            if chunk.taken == len(chunk.items):
                self.chunks.popleft()

    def silent_seconds(self) -> float:
        """Return how long it has been on one item."""
        return time.monotonic() - self._heard

    @property
    def killed_from_outside(self) -> bool:
        return bool(self._process.exitcode == -getattr(signal, "SIGKILL", 9))

    def reason_of_death(self, limits: Limits) -> SkipReason:
        """Say why it ended; raises ``WorkersUnavailable`` when it could not even begin."""
        self._process.join(_EXIT_SECONDS)
        code = self._process.exitcode or 0
        if not self._ready:
            raise WorkersUnavailable(said("a new process ended at once with status %(code)s", code=str(code)))
        if limits.cpu_seconds and -code == getattr(signal, "SIGXCPU", None):
            return because("much-time", seconds=f"{limits.cpu_seconds:.0f}")
        if limits.memory_bytes and code in (OUT_OF_MEMORY, -getattr(signal, "SIGABRT", 0)):  # libraries in C abort
            return because("much-memory", size=limits.memory_bytes // 1024**2)
        name = signal.Signals(-code).name if code < 0 else f"status {code}"
        return because("died", how=name)

    def stop(self) -> None:
        """End it, whatever it does."""
        if self._process.exitcode is None:
            self._process.kill()
        self._process.join()
        self.connection.close()
