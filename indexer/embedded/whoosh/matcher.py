"""The documents of one term, as Whoosh walks through them."""

from __future__ import annotations

from bisect import bisect_left
from copy import copy
from typing import TYPE_CHECKING

from whoosh.matching import ListMatcher
from whoosh.matching.mcore import ReadTooFar
from whoosh.query.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class ArrayMatcher(ListMatcher):  # type: ignore[misc]  # whoosh has no types
    """Walks through a posting list; positions are found in a document's text when they are asked for."""

    positions_in: Callable[[int], Sequence[int]] | None = None  # None: of a field without positions
    _ids: list[int]
    _i: int  # where in these it stands

    def copy(self) -> ArrayMatcher:
        """Return another that stands at the same document."""
        return copy(self)

    def supports_block_quality(self) -> bool:
        """Never: with it, Whoosh leaves out documents that belong to the first hits."""
        return False

    def skip_to(self, document: int) -> None:
        """Go to the first document that is not before this one."""
        if not self.is_active():
            raise ReadTooFar
        self._i = bisect_left(self._ids, document, self._i)

    def value(self) -> Sequence[int]:
        """Return the positions in the document where it stands."""
        return self.positions_in(self._ids[self._i]) if self.positions_in else ()

    def spans(self) -> list[Span]:
        """Return the positions as Whoosh's spans."""
        return [Span(at) for at in self.value()]
