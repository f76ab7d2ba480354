"""Which connections may stay, and for how long: deadlines for asking and taking, room for all, a cap an address.

waitress reads and writes without threads, so a slow client costs a connection and no more; here is what it may cost.
A connection that must make room is always one that waits: no answer under way is cut off for another visitor.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from indexer.light_dataclass import dataclass
from webui.config import MAX_LIST_BYTES

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from flask import Flask

    from webui.server.queues import Queues

REQUEST_SECONDS = 10.0  # from a request's first byte to its last; a phone on a bad line takes one or two
IDLE_SECONDS = 30.0  # a connection that asks nothing is closed after it
REFUSED_SECONDS = 2.0  # for a connection without room to hear that there is none
TAKING_SECONDS = 20.0  # in each such stretch a client takes at least …
TAKING_BYTES = 16_384  # … so much of a waiting answer (0.8 KB a second), or it is sent away
ANSWER_SECONDS = 600.0  # the longest that one answer may wait for its reader altogether
SWEEP_SECONDS = 0.5  # between two looks at all connections: 1,000 of them take 1 ms
MAX_CONNECTIONS = 1_000  # of a process; each about 10 KB
SPARE_DESCRIPTORS = 64  # beside connections: the index, the log, answers too long for memory
MAX_PER_ADDRESS = 50  # connections of one address to a process; an office behind one address has 8 browsers at once
MAX_HEADER_BYTES = 32_768
_ACCEPT_PAUSE_SECONDS = 1.0  # after the system had no descriptor left
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Room:
    """How many connections a process may hold."""

    connections: int = MAX_CONNECTIONS
    per_address: int = MAX_PER_ADDRESS  # 0: any number, as behind a proxy, where all come from one address

    @classmethod
    def within(cls, descriptors: int, *, behind_proxy: bool) -> Room:
        """Return what fits into so many open files."""
        room = max(8, min(MAX_CONNECTIONS, descriptors - SPARE_DESCRIPTORS))
        return cls(room, 0 if behind_proxy else MAX_PER_ADDRESS)


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Takes an address as people type it after curl: its characters come as bytes that RFC 3986 wants encoded."""

    def parse_header(self, header_plus: bytes) -> None:
        first_line, end, rest = header_plus.partition(b"\r\n")
        super().parse_header(_NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], first_line) + end + rest)


class _Task(WSGITask):  # type: ignore[misc]  # as above
    """Answers one request; an answer that comes in one piece is sent with its headers, which wakes its reader once."""

    wrote_header: bool

    def write(self, data: bytes) -> None:
        """Write a piece of the body, with the headers if it is the whole of it."""
        if self.wrote_header or not self.has_body or not data or self.content_length != len(data):
            super().write(data)
            return
        headers = self.build_response_header()  # while they are not written it may still add one
        self.wrote_header, self.content_bytes_written = True, len(data)
        self.channel.write_soon(headers + data)


class Channel(HTTPChannel):  # type: ignore[misc]  # as above
    """One connection, with the times that its deadlines count from."""

    parser_class = _Parser
    task_class = _Task
    refused = False  # there was no room for it: it is told so when it has asked

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.since = time.monotonic()  # it asks nothing since, or since the first byte of a request not yet complete
        self._taken = 0  # bytes, ever
        self._answered = 0.0  # since when an answer waits for its reader; 0: none does
        self._looked = (0.0, 0)  # the stretch that is counted: since when, taken by then
        super().__init__(*arguments, **named)

    def received(self, data: bytes) -> bool:
        """Take bytes of a request; its time runs from the first one, empty lines buy none."""
        before = self.request
        went = bool(super().received(data))
        if self.request is not None and self.request is not before:
            self.since = time.monotonic()
        return went

    def service(self) -> None:
        """Answer; the time until the next request runs from the end."""
        super().service()
        self.since = time.monotonic()

    def write_soon(self, data: Any) -> int:
        """Send what the client takes now, in the thread that answers; only what is left is the loop's to send.

        waitress has all of it wait before it sends: until the thread that sends has Python's lock back, its loop then
        turns without a pause, 30 to 50 times an answer when several connections ask.
        """
        sent = 0
        if isinstance(data, bytes):
            with self.outbuf_lock:
                sent = self._sent_at_once(data)
        return sent + int(super().write_soon(data[sent:] if sent else data))

    def _sent_at_once(self, data: bytes) -> int:
        if self.total_outbufs_len or not self.connected:
            return 0
        try:
            return self.send(data, do_close=False)
        except OSError:  # it comes again where waitress tries, which knows what to do
            return 0

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send what the client takes now."""
        sent = int(super().send(data, do_close=do_close))
        self._taken += sent
        return sent

    @property
    def waits(self) -> bool:
        """Return whether this connection only waits for its client to ask."""
        return not self.requests and not self.total_outbufs_len

    def is_overdue(self, now: float) -> bool:
        """Whether the client lets us wait longer than it may; to be asked regularly, for it counts as it is asked."""
        if self.total_outbufs_len:
            return self._takes_too_little(now)
        self._answered = 0.0
        if self.requests:
            self.since = now  # the time to answer is ours
            return False
        patience = IDLE_SECONDS if self.request is None else REQUEST_SECONDS
        return now - self.since > (REFUSED_SECONDS if self.refused else patience)

    def _takes_too_little(self, now: float) -> bool:
        self.since = now
        if not self._answered:
            self._answered, self._looked = now, (now, self._taken)
        begun, taken = self._looked
        if now - begun < TAKING_SECONDS:
            return now - self._answered > ANSWER_SECONDS
        self._looked = (now, self._taken)
        return self._taken - taken < TAKING_BYTES


class Listener(TcpWSGIServer):  # type: ignore[misc]  # as above
    """Accepts connections of one socket into the room that there is."""

    def __init__(self, app: Flask, taken: socket.socket, sockets: dict[int, Any], queues: Queues, room: Room) -> None:
        self._room = room
        self._queues = queues
        self._accepts_from = 0.0
        adjustments = Adjustments(
            ident="",  # no word of what runs here
            connection_limit=room.connections + SPARE_DESCRIPTORS,  # not reached: room is made before
            cleanup_interval=2**31,  # ours is ``sweep``
            max_request_header_size=MAX_HEADER_BYTES,
            max_request_body_size=MAX_LIST_BYTES,
            clear_untrusted_proxy_headers=False,  # who is to be trusted is decided where the app is put together
            sockets=[taken],
        )
        info = (taken.family, taken.type, taken.proto, taken.getsockname())
        super().__init__(
            app, sockets, _sock=taken, dispatcher=queues, adj=adjustments, bind_socket=False, sockinfo=info
        )

    def readable(self) -> bool:
        """Return whether to accept now."""
        return bool(self.accepting) and time.monotonic() >= self._accepts_from

    def handle_accept(self) -> None:
        """Take one connection, and send away another that waits when there is no room."""
        try:
            accepted = self.accept()
        except OSError:  # no descriptor left: without a pause this would be tried again at once, for ever
            self._accepts_from = time.monotonic() + _ACCEPT_PAUSE_SECONDS
            _send_away(_longest_waiting(self.active_channels.values()))
            return
        if accepted is None:
            return
        own, address = accepted
        self.set_socket_options(own)
        has_room = self._make_room(address[0])
        if not has_room and len(self.active_channels) >= self._room.connections + SPARE_DESCRIPTORS // 2:
            own.close()  # not even room to say so
            return
        Channel(self, own, address, self.adj, map=self._map).refused = not has_room

    def add_task(self, channel: Channel) -> None:
        """Hand a complete request to the threads that answer."""
        self._queues.add_task(channel, refused=channel.refused)

    def _make_room(self, address: str) -> bool:
        """Return whether one more connection may come from this address, sending away one that waits if need be."""
        held = self.active_channels.values()
        if self._room.per_address:
            own = [channel for channel in held if channel.addr[0] == address]
            if len(own) >= self._room.per_address and not _send_away(_longest_waiting(own)):
                return False
        return len(held) < self._room.connections or _send_away(_longest_waiting(held))

    def sweep(self, now: float) -> None:
        """Send away whoever is overdue."""
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(now):
                channel.handle_close()


def _longest_waiting(channels: Iterable[Channel]) -> Channel | None:
    return min((channel for channel in channels if channel.waits), key=lambda channel: channel.since, default=None)


def _send_away(channel: Channel | None) -> bool:
    if channel:
        channel.handle_close()
    return channel is not None
