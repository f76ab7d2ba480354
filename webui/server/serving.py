"""The HTTP server: waitress with our limits, in one or several processes on one socket.

Searching holds Python's lock, so threads of one process share one core; processes do not. They are forked
when the index and the dictionaries are loaded, which then are in memory once. Told to stop, each finishes
what is under way.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import sys
import time
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
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
MAX_PROCESSES = 4  # more find nothing to do on the machines this is for; --processes asks for any number
_TICK_SECONDS = 0.5  # longest wait before a stop is noticed
_WATCH_SECONDS = 0.1  # between two looks at the processes
_BACKLOG = 1024  # connections that wait to be accepted
_NOT_ASCII = re.compile(rb"[\x80-\xff]")

_log = logging.getLogger(__name__)


class AddressUnavailable(OperatorError):
    """The server cannot listen where it was told to."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"Cannot listen on {host} port {port}: {why}. Choose another: serve --port NUMBER")


def can_fork() -> bool:
    """Whether several processes can serve here."""
    return hasattr(os, "fork") and sys.platform != "darwin"  # forked there, system libraries may crash


def serve(app: Flask, host: str, port: int, announce: Callable[[str], None], processes: int = 1) -> None:
    """Answer until SIGTERM or SIGINT, then finish what is under way; tells ``announce`` the address."""
    listeners = _listen(host, port)
    announce(_address(host, listeners[0].getsockname()[1]))
    stop = _StopRequest()
    if processes > 1:
        _watch(lambda: _answer(app, listeners, stop.shared(), os.getppid()), processes, stop)
    else:
        _answer(app, listeners, stop)


def _listen(host: str, port: int) -> list[socket.socket]:
    """Open a socket for each address that a host name has."""
    opened: list[socket.socket] = []
    try:
        places = dict.fromkeys(
            (family, place) for family, _, _, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        for family, place in places:
            listener = socket.socket(family, socket.SOCK_STREAM)
            opened.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind(place)
            listener.listen(_BACKLOG)
    except OSError as error:
        for listener in opened:
            listener.close()
        raise AddressUnavailable(host, port, error.strerror or str(error)) from error
    return opened


def _answer(app: Flask, listeners: list[socket.socket], stop: _StopRequest, parent: int = 0) -> None:
    """Be a server until told to stop, or until the parent is gone."""
    sockets: dict[int, Any] = {}
    server = create_server(
        app,
        map=sockets,
        sockets=listeners,
        threads=THREADS,
        ident="",  # no word of what runs here
        channel_timeout=IDLE_SECONDS,
        connection_limit=MAX_CONNECTIONS,
        max_request_header_size=MAX_HEADER_BYTES,
        max_request_body_size=MAX_BODY_BYTES,
        clear_untrusted_proxy_headers=True,
    )
    for listener in _listeners(sockets):
        listener.channel_class = _Channel
    while not stop.requested and (not parent or os.getppid() == parent):
        wasyncore.loop(timeout=_TICK_SECONDS, use_poll=True, map=sockets, count=1)
    _finish(sockets)
    server.task_dispatcher.shutdown()


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Takes an address as people type it after curl: its characters come as bytes that RFC 3986 wants encoded."""

    def parse_header(self, header_plus: bytes) -> None:
        first_line, end, rest = header_plus.partition(b"\r\n")
        super().parse_header(_NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], first_line) + end + rest)


class _Channel(HTTPChannel):  # type: ignore[misc]  # as above
    parser_class = _Parser


def _watch(answer: Callable[[], None], processes: int, stop: _StopRequest) -> None:
    """Keep so many processes answering; at the end tell each to finish, and wait until it has."""
    children = {_fork(answer) for _ in range(processes)}
    while not stop.requested:
        for pid in _ended(children):
            _log.warning("A server process ended by itself; starting another")
            children = children - {pid} | {_fork(answer)}
        time.sleep(_WATCH_SECONDS)
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + GRACE_SECONDS + 2 * _TICK_SECONDS
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


class _StopRequest:
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

    def shared(self) -> _StopRequest:
        """Take one stop for several: a child is told by its parent and by the terminal or supervisor."""
        self._at_once = False
        return self


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
