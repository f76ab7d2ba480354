"""New code without a pause: on SIGHUP the server becomes a new program that keeps the listening sockets.

The parent of the processes replaces itself by the same command (``exec``), so its number stays, as supervisors want
it. Its sockets stay open meanwhile, and its processes go on answering; when the new ones have started, the old are
told to finish. A program that does not even load is not taken over: the old one serves on and says so.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from types import FrameType

_VARIABLE = "WEBUI_TAKEN_OVER"  # pid;socket,socket;child,child
_TRIAL = "import webui.app, webui.cli, webui.server.serving, indexer.engine_choice"
_TRIAL_SECONDS = 120  # loading takes one; a machine at its limits needs longer
_LOOK_SECONDS = 0.1

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What the program before left to this one."""

    listeners: tuple[socket.socket, ...]
    children: frozenset[int]  # its processes, which still answer


def is_takeover() -> bool:
    """Return whether this process was another program before."""
    return os.environ.get(_VARIABLE, "").partition(";")[0] == str(os.getpid())


def taken_over() -> TakenOver | None:
    """Return what was left to this process, once; None if it began by itself."""
    if not is_takeover():
        return None
    _, sockets, children = os.environ.pop(_VARIABLE).split(";")
    listeners = tuple(socket.socket(fileno=int(number)) for number in sockets.split(","))
    return TakenOver(listeners, frozenset(int(number) for number in children.split(",")))


class ReloadRequest:
    """Remembers that SIGHUP came. With a terminal the signal says that it was closed, and ends the server as ever."""

    def __init__(self, *, possible: bool, again: bool = False) -> None:
        """Listen to the signal.

        ``possible``: False where there are no processes that could be replaced; the signal is then told and left.
        ``again``: this program took over from another, which had the signal ignored meanwhile.
        """
        self.requested = False
        self._possible = possible
        if not hasattr(signal, "SIGHUP"):  # Windows
            return
        ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN and not again  # nohup
        if not ignored and not sys.stdin.isatty() and not sys.stderr.isatty():
            signal.signal(signal.SIGHUP, self._note)

    def take(self) -> bool:
        """Return whether there is a request that nobody has taken yet."""
        requested, self.requested = self.requested, False
        return requested

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if self._possible:
            self.requested = True
        else:
            _log.warning("SIGHUP: one process alone cannot be replaced without a pause; serve with --processes 2")


def take_over(
    listeners: Sequence[socket.socket], children: Collection[int], ends: Callable[[], bool] = lambda: False
) -> None:
    """Become the program as it is on the disk now; return if that does not load, or if the end has come meanwhile."""
    wrong = _why_not(ends)
    if wrong:
        _log.error("SIGHUP: the new program does not load (%s); the old one serves on", wrong)
    if wrong or ends():
        return
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # stays so until the new program listens to it
    for listener in listeners:
        listener.set_inheritable(True)
    sockets = ",".join(str(listener.fileno()) for listener in listeners)
    os.environ[_VARIABLE] = f"{os.getpid()};{sockets};{','.join(map(str, children))}"
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the command that started this process


def _why_not(ends: Callable[[], bool]) -> str:
    """Load the new program in a process of its own; return why it does not load, "" if it does or the end has come."""
    with tempfile.TemporaryFile() as output:
        trial = subprocess.Popen([sys.executable, "-c", _TRIAL], stdout=output, stderr=output)  # noqa: S603 - our modules
        deadline = time.monotonic() + _TRIAL_SECONDS
        while trial.poll() is None and not ends() and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
        if trial.poll() is None:
            trial.kill()
            trial.wait()
            return "" if ends() else f"not within {_TRIAL_SECONDS} s"
        output.seek(0)
        return output.read().decode(errors="replace").strip().rpartition("\n")[2] if trial.returncode else ""
