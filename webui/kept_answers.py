"""Answers kept for whoever asks the same next: the front page, a popular search, a page that is turned back to.

They are kept under the tag that tells a client that what it holds is still right (``webui.caching``), so they are as
right as that: another version of the index, of this program or of the language has another tag. Only what is the same
for everybody is kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from flask import Response, g, request

from indexer.light_dataclass import dataclass
from webui.choices import REMEMBERED

if TYPE_CHECKING:
    from collections.abc import Hashable

    from webui.config import WebConfig

KEPT_BYTES: Final = 16 << 20  # of a process: 500 pages of results, or 700 answers in JSON
_LARGEST_BYTES: Final = 1 << 18  # one huge announcement must not push out all others
_ANSWER_BYTES: Final = 1024  # what an answer takes beside its body, about


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    headers: tuple[tuple[str, str], ...]
    hits: int | None  # for the log

    @property
    def size(self) -> int:
        return len(self.body) + _ANSWER_BYTES


class KeptAnswers:
    """The answers asked for last, as many as fit; threads may share it."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, name: Hashable) -> Response | None:
        """Return the answer kept under this name, None if there is none."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is None:
                return None
            self._kept.move_to_end(name)
        g.hits = kept.hits
        return Response(kept.body, headers=list(kept.headers))

    def keep(self, name: Hashable, answer: Response) -> None:
        """Keep an answer, if it is a whole and plain one; those asked for longest ago make room."""
        if answer.status_code != 200 or answer.is_streamed or "Set-Cookie" in answer.headers:
            return
        kept = _Kept(answer.get_data(), tuple(answer.headers), g.get("hits"))
        if kept.size > _LARGEST_BYTES:
            return
        with self._lock:
            if name not in self._kept:
                self._kept[name] = kept
                self._bytes += kept.size
            while self._bytes > self._most_bytes:
                self._bytes -= self._kept.popitem(last=False)[1].size


def is_for_everybody(config: WebConfig) -> bool:
    """Return whether whoever asks as this request does gets the same answer: nobody is known by a name or a cookie."""
    environ = request.environ
    if config.users or environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ:
        return False
    return "HTTP_COOKIE" not in environ or set(request.cookies) <= set(REMEMBERED)
