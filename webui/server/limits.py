"""How many requests one client address may make: a token bucket each, forgotten when it is full again."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_ADDRESSES = 10_000  # remembered at once; beyond it the one that asked least recently is forgotten


class Limiter:
    """Lets each address make so many requests a minute, evenly refilled; safe to share between threads."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address: (tokens, when)
        self._lock = threading.Lock()

    def seconds_to_wait(self, address: str) -> int:
        """Take one token; 0 when there was one, else whole seconds until there is."""
        with self._lock:
            now = self._clock()
            tokens, then = self._buckets.pop(address, (float(self._per_minute), now))
            tokens = min(self._per_minute, tokens + (now - then) * self._per_minute / 60)
            allowed = tokens >= 1
            self._buckets[address] = (tokens - 1 if allowed else tokens, now)
            if len(self._buckets) > MAX_ADDRESSES:
                self._buckets.popitem(last=False)
            return 0 if allowed else math.ceil((1 - tokens) * 60 / self._per_minute)
