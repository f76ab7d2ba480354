"""Several processes that answer on one socket: forked when all is loaded, replaced when one dies, ended together."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from indexer.errors import OperatorError, OutOfMemory
from indexer.messages import said

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import FrameType

GRACE_SECONDS = 10.0  # after SIGTERM, for answers under way; below the 30 s after which supervisors kill
MAX_PROCESSES = 4  # more find nothing to do on the machines this is for; --processes asks for any number
TICK_SECONDS = 0.5  # longest wait before a stop is noticed
MEANWHILE_SECONDS = 1.0  # between two looks at whether the index was replaced
_AT_ONCE_SECONDS = 2.0  # of a process that lived no longer, the next one hardly will
MOST_AT_ONCE = 8
LEAST_ADDRESS_SPACE = 200_000_000  # bytes; with 160 MB the library that cuts words aborts the whole process
_WATCH_SECONDS = 0.1  # between two looks at the processes

_log = logging.getLogger(__name__)


class ServersEnd(OperatorError):
    """Every process that should answer ends as soon as it has started."""

    def __init__(self) -> None:
        super().__init__(said("The server's processes end as soon as they start; what ended them is said above"))


def can_fork() -> bool:
    """Return whether several processes can serve here."""
    return hasattr(os, "fork") and sys.platform != "darwin"  # forked there, system libraries may crash


def watch(
    answer: Callable[[], None],
    processes: int,
    stop: StopRequest,
    meanwhile: Callable[[Collection[int]], None],
    leaving: Collection[int] = (),
) -> None:
    """Keep so many processes answering; at the end tell each to finish, and wait until it has.

    ``meanwhile`` is called here about once a second, with all that run. ``leaving`` are processes of the program
    before this one; they are told to finish when ours have started.
    """
    children = {_fork(answer): time.monotonic() for _ in range(processes)}
    left = _told_to_finish(leaving)
    at_once = 0  # processes in a row that ended as soon as they had started
    last = time.monotonic()
    while not stop.requested:
        if time.monotonic() - last > MEANWHILE_SECONDS:
            left -= _ended(left)
            meanwhile({*children, *left})
            last = time.monotonic()
        for started in [children.pop(pid) for pid in _ended(children)]:
            at_once = at_once + 1 if time.monotonic() - started < _AT_ONCE_SECONDS else 0
            if at_once >= MOST_AT_ONCE:
                _end(children)
                raise ServersEnd
            _log.warning("A server process ended by itself; starting another")
            children[_fork(answer)] = time.monotonic()
        time.sleep(_WATCH_SECONDS)
    _end({*children, *left})


def _told_to_finish(children: Collection[int]) -> set[int]:
    """Send SIGTERM to processes; return them."""
    for pid in children:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    return set(children)


def _end(running: Collection[int]) -> None:
    """Tell each process to finish, and wait until it has; one that has not after the grace is killed."""
    children = _told_to_finish(running)
    end = time.monotonic() + GRACE_SECONDS + 2 * TICK_SECONDS
    while children and time.monotonic() < end:
        children -= _ended(children)
        time.sleep(_WATCH_SECONDS)
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _fork(answer: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status, reported = 1, False
    try:
        answer()
        status = 0
    except OperatorError as error:
        _log.error("A server process failed: %s", error)
        reported = True
    finally:  # whatever happened, this copy of the program ends here
        if status and not reported:
            _log.exception("A server process failed")
        logging.shutdown()
        os._exit(status)


def _ended(children: Collection[int]) -> set[int]:
    """Return the processes that have ended since the last look."""
    return {pid for pid in children if _has_ended(pid)}


def _has_ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:  # somebody else has asked for its end
        return True


def refuse_little_memory() -> None:
    """Raise ``OutOfMemory`` where a limit is set (ulimit -v) within which our libraries abort instead of failing."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (not on Windows)

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY and limit < LEAST_ADDRESS_SPACE:
        raise OutOfMemory


class StopRequest:
    """Remembers that SIGTERM or SIGINT came; a second one ends the process at once, as usual."""

    def __init__(self) -> None:
        self.requested = False
        self._at_once = True
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.requested = True
        if self._at_once:
            signal.signal(number, signal.SIG_DFL)

    def shared(self) -> StopRequest:
        """Take one stop for several: a child is told by its parent and by the terminal or supervisor."""
        self._at_once = False
        return self
