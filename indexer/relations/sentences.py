"""Where sentences begin and end, so that what is said of a document is read where it is said."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Final

from indexer.relations.records import Span
from indexer.text.patterns import lazily

_END: Final = lazily(r"[。！？；!?;\n]")
REACH: Final = 300  # characters of a sentence that are looked at on either side of what is cited


class Sentences:
    """The sentences of one text."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _ends(self) -> list[int]:
        return [match.end() for match in _END.finditer(self._text)]

    def around(self, start: int, end: int) -> Span:
        """Return the sentence that holds these characters, no farther than ``REACH`` to either side."""
        before = bisect_right(self._ends, start)
        first = self._ends[before - 1] if before else 0
        after = bisect_left(self._ends, end)
        last = self._ends[after] if after < len(self._ends) else len(self._text)
        return Span(max(first, start - REACH), min(last, end + REACH))
