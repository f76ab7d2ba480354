"""The HTTP server: waitress with our limits, in one or several processes on one socket.

Searching holds Python's lock, so threads of one process share one core; processes do not. They are forked
when the index and the dictionaries are loaded, which then are in memory once. Told to stop, each finishes
what is under way. Why waitress: see ``webui/README.md``.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel

from indexer.errors import OperatorError, OutOfMemory
from indexer.messages import Words, of_system, said
from webui.server.connections import MAX_CONNECTIONS, SPARE_DESCRIPTORS, SWEEP_SECONDS, Listener, Room
from webui.server.processes import GRACE_SECONDS, MEANWHILE_SECONDS, TICK_SECONDS, StopRequest, watch
from webui.server.queues import Queues
from webui.server.takeover import ReloadRequest, take_over, taken_over
from webui.site import config_of, engine_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from flask import Flask

    from indexer.engine import Engine

LINGER_SECONDS = 2.0  # after a stop, for the first request of a connection that was just taken
_BACKLOG = 1024  # connections that wait to be accepted


class AddressUnavailable(OperatorError):
    """The server cannot listen where it was told to."""

    def __init__(self, host: str, port: int, why: Words) -> None:
        super().__init__(
            said(
                "Cannot listen on %(host)s port %(port)s: %(why)s. Choose another: serve --port NUMBER",
                host=host,
                port=str(port),
                why=why,
            )
        )


def serve(app: Flask, host: str, port: int, announce: Callable[[str], None], processes: int = 1) -> None:
    """Answer until SIGTERM or SIGINT, then finish what is under way; tells ``announce`` the address."""
    room = Room.within(_descriptors(), behind_proxy=config_of(app).behind_proxy > 0)
    before = taken_over()
    opened = list(before.listeners) if before else _listen(host, port)
    stop, reload = StopRequest(), ReloadRequest(possible=processes > 1, again=before is not None)
    announce(_address(host, opened[0].getsockname()[1]))
    if processes > 1:
        answer = partial(_answer, app, opened, room)

        def meanwhile(children: Collection[int]) -> None:
            engine_of(app).refresh()
            if reload.take():
                take_over(opened, children, lambda: stop.requested)

        leaving = before.children if before else ()
        watch(lambda: answer(stop.shared(), os.getppid()), processes, stop, meanwhile, leaving)
    else:
        _answer(app, opened, room, stop)


def _descriptors() -> int:
    """Return how many files this process may have open, having asked for what we can use."""
    wanted = MAX_CONNECTIONS + 2 * SPARE_DESCRIPTORS
    if sys.platform == "win32":
        return wanted
    import resource  # noqa: PLC0415 (not on Windows)

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft


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
        raise AddressUnavailable(host, port, of_system(error)) from error
    return opened


def _answer(app: Flask, opened: list[socket.socket], room: Room, stop: StopRequest, parent: int = 0) -> None:
    """Be a server until told to stop, or until the parent is gone."""
    sockets: dict[int, Any] = {}
    try:
        queues, ended = Queues(), _keep_up(engine_of(app))
    except RuntimeError as error:  # of threads that cannot be started
        raise OutOfMemory from error
    listeners = [Listener(app, one, sockets, queues, room) for one in opened]
    looked = time.monotonic()
    while not stop.requested and (not parent or os.getppid() == parent):
        wasyncore.loop(timeout=TICK_SECONDS, use_poll=True, map=sockets, count=1)
        looked = _sweep(listeners, looked)
    ended.set()
    _finish(sockets, listeners)
    queues.shutdown()


def _keep_up(engine: Engine) -> threading.Event:
    """Take up new versions of the index in a thread, until the event that is returned is set.

    Whoever asks first after a rebuild need not wait until it is opened, and an idle process lets go of the old one.
    """
    ended = threading.Event()

    def keep_up() -> None:
        while not ended.wait(MEANWHILE_SECONDS):
            engine.refresh()

    threading.Thread(target=keep_up, name="keep-up", daemon=True).start()
    return ended


def _sweep(listeners: list[Listener], looked: float) -> float:
    """Send away whoever is overdue, now and then; gives when that was done last."""
    now = time.monotonic()
    if now - looked < SWEEP_SECONDS:
        return looked
    for listener in listeners:
        listener.sweep(now)
    return now


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _finish(sockets: dict[int, Any], listeners: list[Listener]) -> None:
    """Take no new connections and go on until every answer under way is sent, or the grace is over."""
    for listener in listeners:
        wasyncore.dispatcher.close(listener)  # the socket alone; waitress's own close would end the loop's trigger
    begun = time.monotonic()
    while (passed := time.monotonic() - begun) < GRACE_SECONDS:
        # Who was let in a moment ago may just be asking.
        left = list(sockets.values())
        if not any(_is_busy(one) or (passed < LINGER_SECONDS and isinstance(one, HTTPChannel)) for one in left):
            break
        wasyncore.loop(timeout=0.05, use_poll=True, map=sockets, count=1)


def _is_busy(held: Any) -> bool:
    return isinstance(held, HTTPChannel) and bool(held.requests or held.total_outbufs_len)
