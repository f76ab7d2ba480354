"""Who answers which request: threads for searches, others for exports, and one that says when both have enough to do.

A queue without an end would let everybody wait for ever; here whoever comes last is told at once when to come again.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import Error

THREADS = 4  # searching is short work in one process; slow clients are waited for outside these threads
EXPORT_THREADS = 1  # an export of 10,000 rows takes half a second of one core
MAX_WAITING = 64  # searches; at 10 to 50 ms each the last one waits 1 to 3 s
MAX_EXPORTS_WAITING = 8
RETRY_SECONDS = 3  # about what a full queue takes
EXPORT_RETRY_SECONDS = 15  # the same for exports
_EXPORT = re.compile(r"/export\.[a-z]+$")


class Busy(Error):  # type: ignore[misc]  # waitress has no types
    """The answer to who comes when the queue is full."""

    code = 503
    reason = "Service Unavailable"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"This server has more to do than it can. Ask again in {seconds} s.")
        self._seconds = seconds

    def to_response(self, _ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and body."""
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", str(self._seconds))]
        return f"{self.code} {self.reason}", [*headers, ("Cache-Control", "no-store")], f"{self.body}\n".encode()


class Queues:
    """Three groups of threads with their queues; what waitress calls a dispatcher."""

    def __init__(self) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it would complain of every moment of load
        self._searches = _threads(THREADS)
        self._exports = _threads(EXPORT_THREADS)
        self._refusals = _threads(1)

    def add_task(self, channel: HTTPChannel, *, refused: bool = False) -> None:
        """Queue the first request of a connection where it belongs, or the answer that there is no room."""
        request: Any = channel.requests[0]
        is_export = bool(_EXPORT.search(request.path))
        queue, most = (self._exports, MAX_EXPORTS_WAITING) if is_export else (self._searches, MAX_WAITING)
        if request.error:
            queue = self._refusals
        elif refused or len(queue.queue) >= most:
            request.error = Busy(EXPORT_RETRY_SECONDS if is_export else RETRY_SECONDS)
            queue = self._refusals
        queue.add_task(channel)

    def shutdown(self) -> None:
        """End all threads; what still waits is given up."""
        for threads in (self._searches, self._exports, self._refusals):
            threads.shutdown()


def _threads(count: int) -> ThreadedTaskDispatcher:
    threads = ThreadedTaskDispatcher()
    threads.set_thread_count(count)
    return threads
