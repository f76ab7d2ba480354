"""What a worker process does: items, one by one, within limits, until its parent is gone. See ``ordered_map``."""

from __future__ import annotations

import gc
import math
import os
import pickle
import signal
import sys
import threading
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")

OUT_OF_MEMORY = 77  # exit status of a worker that ran out of it
READY, DONE, FAILED = "ready", "done", "failed"  # what a worker answers


@dataclass(frozen=True, slots=True)
class Limits:
    """What one item may take; 0 means as much as it likes."""

    memory_bytes: int = 0  # private memory, beyond what the worker holds when it starts (Linux)
    cpu_seconds: float = 0.0  # of processor time (not on Windows)
    wall_seconds: float = 0.0  # by the clock: for what waits rather than works


@dataclass(frozen=True, slots=True)
class Task(Generic[Item, Result]):
    """What a worker is to do."""

    function: Callable[[Item], Result]
    prepare: Callable[[], None] | None
    limits: Limits


def grant(cpu_seconds: float) -> None:
    """Give the item in hand as much time again, on both clocks; where no worker runs, nothing is limited.

    To be called by what works in parts of a bounded number, each of which may take so long.
    """
    if _own:
        _limit_processor_time(cpu_seconds)
        _answer(_own[0], READY, None)


_own: list[Connection] = []  # of this process, if it is a worker, to its parent


def serve(connection: Connection, task: Task[Any, Any], forked: bool) -> None:
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
        _answer(connection, READY, None)
        while True:
            for item in pickle.loads(queue.get()):  # noqa: S301 (from our own parent)
                _limit_processor_time(task.limits.cpu_seconds)
                _answer(connection, DONE, task.function(item))
    except BrokenPipeError:
        os._exit(1)  # the parent is gone
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # there is none left to say it in words
    except BaseException as error:  # noqa: BLE001 (it is raised again where it belongs)
        _answer(connection, FAILED, error)


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
        told = pickle.dumps((FAILED, RuntimeError(f"{value!r} cannot be sent to another process: {error}")))
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
