"""Run a function over many items in several processes, in order, losing none, each item within limits.

A worker is handed items in chunks and answers one by one, so that it is known which item it had in hand when
it ended: that one is given up with the reason, a new worker takes the rest. What an item may take is enforced from
outside: by the kernel (memory, processor time) and by this process (time on the clock), for no handler in Python
can interrupt C code. Workers leave when their parent does, however it ended.
"""

from __future__ import annotations

import contextlib
import gc
import math
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import warnings
from collections import deque
from dataclasses import field
from multiprocessing.connection import wait
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from indexer.errors import WorkersUnavailable
from indexer.forking import can_fork, interrupts_held, no_fork_meanwhile
from indexer.light_dataclass import dataclass
from indexer.messages import of_system, said
from indexer.skip_reasons import SkipReason, because

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")

_CHUNKS_AHEAD = 2  # in a worker's hands: one that it works on, one that waits for it
_CHUNKS_WAITING = 4  # a worker: so many may be handed out while the first of all is not finished
_TRIES = 2  # a process that something else killed (the kernel, out of memory) may have been innocent
_EXIT_SECONDS = 5.0  # after its pipe was closed a process is gone within milliseconds
_OUT_OF_MEMORY = 77  # exit status of a worker that ran out of it
_READY, _DONE, _FAILED = "ready", "done", "failed"  # what a worker answers


def usable_cores() -> int:
    """Return how many processes can run at once; a container's or taskset's limit counts."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one item may take; 0 means as much as it likes."""

    memory_bytes: int = 0  # private memory, beyond what the worker holds when it starts (Linux)
    cpu_seconds: float = 0.0  # of processor time (not on Windows)
    wall_seconds: float = 0.0  # by the clock: for what waits rather than works


class OrderedMap(Generic[Item, Result]):
    """``function`` over chunks of items in ``jobs`` processes; results in the order of the items.

    ``give_up(item, reason)`` makes the result of an item that its worker died on. ``prepare`` runs once in each
    process before its first item. ``forked`` workers start in a hundredth of a second and know all that this
    process has loaded; others start afresh in half a second.
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
    ) -> None:
        self._jobs = jobs
        self._give_up = give_up
        self._limits = limits or Limits()
        self._task = _Task(function, prepare, self._limits)
        self._forked = forked
        self._kept = False  # by a with statement
        self._workers: list[_Worker[Item, Result]] = []
        self._waiting: deque[_Chunk[Item, Result]] = deque()  # handed out, in the order of the items

    def run(self, chunks: Iterable[list[Item]]) -> Iterator[Result]:
        """Yield the result of every item; stops all workers at the end, or when its reader stops.

        Within a ``with`` statement, workers that have done everything are kept for the next run. Raises what
        ``function`` raises, and ``WorkersUnavailable`` when no process can be started.
        """
        source = iter(chunks)
        try:
            while self._hand_out(source):
                head = self._waiting[0]
                while head.results:
                    yield head.results.popleft()
                if head.taken < len(head.items):
                    self._listen()
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

    def _hand_out(self, source: Iterator[list[Item]]) -> bool:
        """Give each worker enough to do; False when there is nothing left to wait for."""
        while len(self._waiting) < self._jobs * _CHUNKS_WAITING and (worker := self._idlest()):
            chunk = next(source, None)
            if chunk is None:
                break
            if not chunk:
                continue
            handed = _Chunk[Item, Result](chunk)
            self._waiting.append(handed)
            worker.give(handed)
        return bool(self._waiting)

    def _idlest(self) -> _Worker[Item, Result] | None:
        """Return the worker with the least to do, a new one before any has more than it works on."""
        least = min(self._workers, key=lambda worker: len(worker.chunks), default=None)
        if least is not None and not least.chunks:
            return least
        if len(self._workers) < self._jobs:
            self._workers.append(_Worker(self._task, forked=self._forked))
            return self._workers[-1]
        return least if least is not None and len(least.chunks) < _CHUNKS_AHEAD else None

    def _listen(self) -> None:
        """Take what workers answer; put another in the place of one that died or is past its time."""
        busy = {worker.connection: worker for worker in self._workers if worker.chunks}
        for connection in wait(list(busy), timeout=self._patience(busy.values())):
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


@dataclass(frozen=True, slots=True)
class _Task(Generic[Item, Result]):
    """What a worker is to do."""

    function: Callable[[Item], Result]
    prepare: Callable[[], None] | None
    limits: Limits


class _Worker(Generic[Item, Result]):
    """A process, seen from its parent."""

    def __init__(self, task: _Task[Item, Result], *, forked: bool) -> None:
        self.chunks: deque[_Chunk[Item, Result]] = deque()  # that it has and has not finished
        self.connection, theirs = multiprocessing.Pipe()
        forked = forked and can_fork()
        context: Any = multiprocessing.get_context("fork" if forked else "spawn")
        self._process = context.Process(target=_serve, args=(theirs, task, forked), daemon=True)
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
        with contextlib.suppress(OSError):  # it has died: listening to it will tell
            self.connection.send(chunk.items[chunk.taken :])

    def take(self) -> bool:
        """Take all that it has answered; False when it is dead."""
        try:
            while self.connection.poll():
                self._take_one(*pickle.loads(self.connection.recv_bytes()))  # noqa: S301 (from our own child)
        except (OSError, EOFError):
            return False
        return True

    def _take_one(self, kind: str, value: Any) -> None:
        self._heard = time.monotonic()
        if kind == _FAILED:
            raise value
        self._ready = True
        if kind == _DONE:
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
        if limits.memory_bytes and code in (_OUT_OF_MEMORY, -getattr(signal, "SIGABRT", 0)):  # libraries in C abort
            return because("much-memory", size=limits.memory_bytes // 1024**2)
        name = signal.Signals(-code).name if code < 0 else f"status {code}"
        return because("died", how=name)

    def stop(self) -> None:
        """End it, whatever it does."""
        if self._process.exitcode is None:
            self._process.kill()
        self._process.join()
        self.connection.close()


def grant(cpu_seconds: float) -> None:
    """Give the item in hand as much time again, on both clocks; where no worker runs, nothing is limited.

    To be called by what works in parts of a bounded number, each of which may take so long.
    """
    if _own:
        _limit_processor_time(cpu_seconds)
        _answer(_own[0], _READY, None)


_own: list[Connection] = []  # of this process, if it is a worker, to its parent


def _serve(connection: Connection, task: _Task[Any, Any], forked: bool) -> None:
    """Do what the parent asks until it is gone: this is all that a worker process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    _own[:] = [connection]
    if forked:
        _let_go_of_inherited(connection.fileno())
    queue: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(connection, queue), daemon=True).start()
    try:
        if task.prepare is not None:
            task.prepare()
        _limit_memory(task.limits.memory_bytes)
        _answer(connection, _READY, None)
        while True:
            for item in pickle.loads(queue.get()):  # noqa: S301 (from our own parent)
                _limit_processor_time(task.limits.cpu_seconds)
                _answer(connection, _DONE, task.function(item))
    except BrokenPipeError:
        os._exit(1)  # the parent is gone
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)  # there is none left to say it in words
    except BaseException as error:  # noqa: BLE001 (it is raised again where it belongs)
        _answer(connection, _FAILED, error)


def _let_go_of_inherited(own: int) -> None:
    """Close the parent's files: its locks must end with it, and its pipes to other workers too."""
    most = os.sysconf("SC_OPEN_MAX")
    os.closerange(3, own)
    os.closerange(own + 1, most if most > 0 else 1 << 16)
    gc.freeze()  # what was inherited is not looked through, so its pages stay shared


def _receive(connection: Connection, queue: SimpleQueue[bytes]) -> None:
    """Take what the parent sends as soon as it does, so that it never waits; leave when it is gone."""
    try:
        while True:
            queue.put(connection.recv_bytes())
    except (OSError, EOFError):
        os._exit(1)  # nobody reads what this process would still do


def _answer(connection: Connection, kind: str, value: object) -> None:
    try:
        told = pickle.dumps((kind, value))
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        told = pickle.dumps((_FAILED, RuntimeError(f"{value!r} cannot be sent to another process: {error}")))
    connection.send_bytes(told)


def _limit_memory(memory_bytes: int) -> None:
    """Keep one monstrous item from taking the machine's memory; Linux counts private memory so."""
    if memory_bytes and sys.platform == "linux":
        import resource  # noqa: PLC0415 (not on Windows)

        with open("/proc/self/statm", encoding="ascii") as pages:  # noqa: PTH123
            held = int(pages.read().split()[5]) * resource.getpagesize()
        most = _least(held + memory_bytes, resource.getrlimit(resource.RLIMIT_DATA)[1])
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _limit_processor_time(cpu_seconds: float) -> None:
    """Have the kernel end this process when it has worked so long from now, in whole seconds."""
    if cpu_seconds and sys.platform != "win32":
        import resource  # noqa: PLC0415 (not on Windows)

        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        soft = math.ceil(time.process_time() + cpu_seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (_least(soft, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _least(wanted: int, hard: int) -> int:
    return wanted if hard < 0 else min(wanted, hard)  # RLIM_INFINITY is negative
