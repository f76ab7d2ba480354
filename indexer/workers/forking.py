"""When a process may be forked from this one, and what holds still meanwhile.

A fork copies the locks of other threads, but not the threads that would open them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Iterator

_still: Final[WeakSet[threading.Thread]] = WeakSet()  # threads that hold no lock while ``_forking`` is held
_forking: Final = threading.Lock()


def holds_still(thread: threading.Thread) -> None:
    """Take note that a thread does nothing but wait, unless it is within ``no_fork_meanwhile``."""
    _still.add(thread)


@contextlib.contextmanager
def no_fork_meanwhile() -> Iterator[None]:
    """Let nobody fork until the block ends; who wants to waits."""
    with _forking:
        yield


def can_fork() -> bool:
    """Return whether a fork is safe: no other thread may hold a lock just then.

    The thread of tqdm that moves bars is no hindrance: no worker shows one.
    """
    here = threading.current_thread()
    others = (
        one
        for one in threading.enumerate()
        if one is not here and one not in _still and type(one).__module__ != "tqdm._monitor"
    )
    return sys.platform == "linux" and not any(others)


@contextlib.contextmanager
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


def _freed() -> None:
    if _forking.locked():  # by whoever forked this process
        _forking.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_freed)
