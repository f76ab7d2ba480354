"""How often one client address may do something: a token bucket each, in memory that forked processes share."""

from __future__ import annotations

import hashlib
import ipaddress
import math
import mmap
import os
import struct
import sys
import tempfile
import threading
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SETS = 2048  # an address belongs to one of these, told by its digest …
_WAYS = 8  # … and of so many in it the one that asked least recently is forgotten for another
_SLOT = struct.Struct("<Qdd")  # digest of the address, tokens, when
_SET_BYTES = _WAYS * _SLOT.size
_IPV6_BITS = 64  # the part of such an address that belongs to one household


class Limiter:
    """Lets each address do so much a minute, evenly refilled; made before forking, it counts for all processes."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._memory = mmap.mmap(-1, _SETS * _SET_BYTES)
        self._lock = threading.Lock()
        self._file = _unnamed_file()
        weakref.finalize(self, os.close, self._file)

    def seconds_to_wait(self, address: str) -> int:
        """Take one token; 0 when there was one, else whole seconds until there is."""
        return self._look(address, take=True)

    def seconds_left(self, address: str) -> int:
        """Return the same without taking any."""
        return self._look(address, take=False)

    def _look(self, address: str, *, take: bool) -> int:
        digest = int.from_bytes(hashlib.blake2b(_household(address).encode(), digest_size=8).digest(), "little") or 1
        start = digest % _SETS * _SET_BYTES
        with self._locked(start):
            now = self._clock()
            place, tokens, then = self._find(start, digest, now)
            tokens = min(self._per_minute, tokens + (now - then) * self._per_minute / 60)
            allowed = tokens >= 1
            _SLOT.pack_into(self._memory, place, digest, tokens - 1 if allowed and take else tokens, now)
        return 0 if allowed else math.ceil((1 - tokens) * 60 / self._per_minute)

    def _find(self, start: int, digest: int, now: float) -> tuple[int, float, float]:
        """Return where an address stands, with its tokens and their time; else the place of the stalest."""
        slots = [
            (place, *_SLOT.unpack_from(self._memory, place)) for place in range(start, start + _SET_BYTES, _SLOT.size)
        ]
        for place, held, tokens, then in slots:
            if held == digest:
                return place, tokens, then
        free = min(slots, key=lambda slot: (slot[1] != 0, slot[3]))
        return free[0], float(self._per_minute), now

    @contextmanager
    def _locked(self, start: int) -> Iterator[None]:
        """Keep other threads out, and other processes; a lock of the system ends with the process that holds it."""
        with self._lock:
            if sys.platform == "win32":  # one process there
                yield
                return
            import fcntl  # noqa: PLC0415 (not on Windows)

            fcntl.lockf(self._file, fcntl.LOCK_EX, 1, start)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, start)


def _unnamed_file() -> int:
    """Return the descriptor of a file that is only locked."""
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _household(address: str) -> str:
    """Return what stands for one visitor: an IPv4 address, or the network of an IPv6 address."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address.partition("%")[0], _IPV6_BITS), strict=False))
    except ValueError:
        return address
