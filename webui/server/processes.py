"""Several processes that answer on one socket: forked when all is loaded, replaced when one dies, ended together."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

GRACE_SECONDS = 10.0  # after SIGTERM, for answers under way; below the 30 s after which supervisors kill
MAX_PROCESSES = 4  # more find nothing to do on the machines this is for; --processes asks for any number
TICK_SECONDS = 0.5  # longest wait before a stop is noticed
_WATCH_SECONDS = 0.1  # between two looks at the processes

_log = logging.getLogger(__name__)


def can_fork() -> bool:
    """Whether several processes can serve here."""
    return hasattr(os, "fork") and sys.platform != "darwin"  # forked there, system libraries may crash


def watch(answer: Callable[[], None], processes: int, stop: StopRequest) -> None:
    """Keep so many processes answering; at the end tell each to finish, and wait until it has."""
    children = {_fork(answer) for _ in range(processes)}
    while not stop.requested:
        for pid in _ended(children):
            _log.warning("A server process ended by itself; starting another")
            children = children - {pid} | {_fork(answer)}
        time.sleep(_WATCH_SECONDS)
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + GRACE_SECONDS + 2 * TICK_SECONDS
    while children and time.monotonic() < end:
        children = children - _ended(children)
        time.sleep(_WATCH_SECONDS)
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _fork(answer: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        answer()
        status = 0
    finally:  # whatever happened, this copy of the program ends here
        if status:
            _log.exception("A server process failed")
        logging.shutdown()
        os._exit(status)


def _ended(children: set[int]) -> set[int]:
    """Return the processes that have ended since the last look."""
    return {pid for pid in children if os.waitpid(pid, os.WNOHANG)[0]}


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
