"""The HTTP server: waitress with our limits, and an end that finishes what is under way."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from indexer.errors import OperatorError
from webui.config import MAX_BODY_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from flask import Flask

THREADS = 4  # searching is short work in one process; slow clients are waited for outside these threads
GRACE_SECONDS = 10.0  # after SIGTERM, for answers under way; below the 30 s after which supervisors kill
IDLE_SECONDS = 30  # a connection that sends nothing for so long is closed
MAX_HEADER_BYTES = 32_768
MAX_CONNECTIONS = 500  # sockets, each about 10 KB; well below the usual limit of 1,024 open files
_TICK_SECONDS = 0.5  # longest wait before a stop is noticed


class AddressUnavailable(OperatorError):
    """The server cannot listen where it was told to."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"Cannot listen on {host} port {port}: {why}. Choose another: serve --port NUMBER")


def serve(app: Flask, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Answer until SIGTERM or SIGINT, then finish what is under way; tells ``announce`` the address."""
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            app,
            map=sockets,
            host=host,
            port=port,
            threads=THREADS,
            ident="",  # no word of what runs here
            channel_timeout=IDLE_SECONDS,
            connection_limit=MAX_CONNECTIONS,
            max_request_header_size=MAX_HEADER_BYTES,
            max_request_body_size=MAX_BODY_BYTES,
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:
        raise AddressUnavailable(host, port, error.strerror or str(error)) from error
    stop = _StopRequest()
    announce(_address(host, _listeners(sockets)[0].effective_port))
    while not stop.requested:
        wasyncore.loop(timeout=_TICK_SECONDS, use_poll=True, map=sockets, count=1)
    _finish(sockets)
    server.task_dispatcher.shutdown()


class _StopRequest:
    """Remembers that SIGTERM or SIGINT came; a second one ends the process at once, as usual."""

    def __init__(self) -> None:
        self.requested = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.requested = True
        signal.signal(number, signal.SIG_DFL)


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _listeners(sockets: dict[int, Any]) -> list[BaseWSGIServer]:
    return [held for held in sockets.values() if isinstance(held, BaseWSGIServer)]


def _finish(sockets: dict[int, Any]) -> None:
    """Take no new connections and go on until every answer under way is sent, or the grace is over."""
    for listener in _listeners(sockets):
        wasyncore.dispatcher.close(listener)  # the socket alone; waitress's own close would end the loop's trigger
    end = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < end and any(_is_busy(held) for held in list(sockets.values())):
        wasyncore.loop(timeout=0.05, use_poll=True, map=sockets, count=1)


def _is_busy(held: Any) -> bool:
    return isinstance(held, HTTPChannel) and bool(held.requests or held.total_outbufs_len)
