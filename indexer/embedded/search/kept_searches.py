"""The questions asked last, with what each found.

Another page, another order, an opened branch of a facet or an export of the same question needs no second search.
They are of one version of the index, and go with it: nothing here or in a search holds what answers from it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from indexer.embedded.search.top_docs import Search

KEPT_BYTES: Final = 16 << 20  # of a process: about 50 questions that a third of 20,000 announcements answer
SEARCH_BYTES: Final = 4096  # what a search takes beside its arrays, about


class KeptSearches:
    """As many as fit; threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Search, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, question: Hashable, make: Callable[[], Search]) -> Search:
        """Return the search for a question, made if it is not kept."""
        with self._lock:
            kept = self._kept.get(question)
        return kept[0] if kept else make()

    def keep(self, question: Hashable, search: Search) -> None:
        """Keep a search that has answered, with all that it holds by now; those used longest ago make room."""
        size = search.rest() + SEARCH_BYTES
        with self._lock:
            self._bytes -= self._kept.pop(question, (search, 0))[1]
            if size > KEPT_BYTES:  # one answer of millions must not push out all others
                return
            self._kept[question] = search, size
            self._bytes += size
            while self._bytes > KEPT_BYTES:
                self._bytes -= self._kept.popitem(last=False)[1][1]
