"""Offer what could be chosen instead of words that were typed, with how many announcements each choice leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.answers.results import Offer
from indexer.light_dataclass import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.query.tree import Query


def offers(query: Query, count: Callable[[Query], int]) -> tuple[Offer, ...]:
    """Return the choices that find something, on the first page of an answer; ``count`` says how much each finds."""
    asked = query.offered and query.text and query.page == 1 and not query.cursor
    return tuple(_counted(query, count)) if asked else ()


def _counted(query: Query, count: Callable[[Query], int]) -> Iterator[Offer]:
    from indexer.query.offers import candidates  # noqa: PLC0415 - what a terminal is never shown

    for one in candidates(query):
        for leading_to in (one.query, one.otherwise):
            # Counted without an order, which takes longer than finding.
            if leading_to and (total := count(replace(leading_to, sort="newest", per_page=1))):
                yield Offer(one.filter, one.value, one.label, total, leading_to)
                break
