"""What the operator chose for the web side; read at the edge (``webui.cli``), passed down as values."""

from __future__ import annotations

import importlib.util
from functools import cache
from typing import TYPE_CHECKING

from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from pathlib import Path

MAX_ADDRESS_CHARS = 16_384  # of a request's path and query as sent; a 1,000-character query is 9,000 of them
MAX_BODY_BYTES = 4_096  # nothing here takes a body but a list to check; a client that sends one is told so early
MAX_LIST_BYTES = 262_144  # of a list that is pasted or uploaded
EXPORT_LIMIT = 10_000  # hits in one CSV file: what a spreadsheet and a person can still handle
FEED_ENTRIES = 30  # about what feed readers keep; per_page asks for up to 100


@cache  # asked for by each page: looking through the path takes a tenth of a millisecond
def has_xlsx() -> bool:
    """Return whether workbooks can be written here: whether the extra ``xlsx`` is installed."""
    return importlib.util.find_spec("xlsxwriter") is not None


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Choices of the web side, with defaults that suit one person's own machine."""

    hosts: tuple[str, ...] = ()  # names this server answers to, beside localhost and bare addresses
    log_queries: bool = True  # False: log lines leave out what was asked
    metrics: bool = False  # answer /metrics
    requests_per_minute: int = 0  # per client address, at most; 0: no limit
    behind_proxy: int = 0  # proxies of ours in front, whose word on the visitor counts
    prefix: str = ""  # path under which a proxy shows this server: /policy
    origins: tuple[str, ...] = ()  # whose web pages may read what is answered to programs; "*": anybody's
    users: Path | None = None  # who may ask at all; None: everybody
    saved: Path | None = None  # folder of the searches that they save; None: beside ``users``
    sign_in_over_http: bool = False  # True: passwords may come unencrypted from other machines
