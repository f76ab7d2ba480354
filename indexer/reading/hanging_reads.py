"""A limit of time for one read of a file: a hanging network drive or a file of the kernel's must not hold up a run."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import FrameType

READ_SECONDS: Final = 30.0  # 24 MiB over a slow network take 3 s; a drive that answers later is taken for gone
_CAN_INTERRUPT: Final = hasattr(signal, "setitimer")  # not on Windows


class ReadTimeout(OSError):
    """A read took longer than ``READ_SECONDS``."""


class Deadline:
    """Interrupts what is read in its block after ``READ_SECONDS``; raises ``ReadTimeout``.

    Works in the main thread alone, where Python runs the handlers of signals; elsewhere it does nothing.
    """

    def __enter__(self) -> None:
        """Start the clock."""
        if _CAN_INTERRUPT and threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGALRM, _raise)
            signal.setitimer(signal.ITIMER_REAL, READ_SECONDS)

    def __exit__(self, *_: object) -> None:
        """Stop the clock."""
        if hasattr(self, "_before"):
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
            del self._before


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise ReadTimeout(f"took more than {READ_SECONDS:.0f} s to read")
