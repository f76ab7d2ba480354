"""What would be found without one filter or one word, where a search finds few or nothing.

Each count is that of the search it leads to, as a click gives it: read anew, strictly at first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.answers.hits import say_filter
from indexer.answers.results import Relief
from indexer.fields import FACETS, NOT
from indexer.light_dataclass import replace
from indexer.query.parser import parse
from indexer.query.printer import write
from indexer.query.spellings import with_spellings
from indexer.query.tree import Not, conjuncts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.query.tree import Filters, Query

FEW: Final = 5  # hits: with no more, people ask themselves what was too much
MOST_WORDS: Final = 8  # of a query that are left out in turn; each is a search


def reliefs(query: Query, total: int, count: Callable[[Query], int], *, none_whole: bool) -> tuple[Relief, ...]:
    """Return what leaving out each filter and word would find, filters first; () where enough is found.

    Where nothing holds all that was asked for (``none_whole``), filters that would change nothing are told too.
    """
    if (total > FEW and not none_whole) or query.page > 1 or query.cursor:
        return ()
    found = 0 if none_whole else total
    filters = _counted(_without_filters(query), count)
    words = (one for one in _counted(_without_words(query), count) if one.count > found)
    return (*(one for one in filters if none_whole or one.count > found), *words)


def _counted(asked: Iterator[tuple[str, str, Query]], count: Callable[[Query], int]) -> Iterator[Relief]:
    for name, value, query in asked:
        # Counted without an order, which takes longer than finding.
        yield Relief(name, value, count(replace(query, sort="newest", per_page=1)), query)


def _without_filters(query: Query) -> Iterator[tuple[str, str, Query]]:
    for name, fewer in _each_left_out(query.filters):
        yield name, "title" if name == "in" else say_filter(query.filters, name), replace(query, filters=fewer)


def _each_left_out(filters: Filters) -> Iterator[tuple[str, Filters]]:
    for facet in FACETS:
        if filters.chosen(facet.name):
            emptied: dict[str, tuple[()]] = {facet.name: ()}
            yield facet.name, replace(filters, **emptied)  # type: ignore[arg-type]
    for facet in FACETS:
        if filters.excluded(facet.name):
            yield (
                f"{NOT}{facet.name}",
                replace(filters, left_out=tuple(one for one in filters.left_out if one[0] != facet.name)),
            )
    if filters.first:
        yield "from", replace(filters, first=None)
    if filters.last:
        yield "to", replace(filters, last=None)
    if filters.number:
        yield "number", replace(filters, number="")
    if filters.title_only:
        yield "in", replace(filters, title_only=False)


def _without_words(query: Query) -> Iterator[tuple[str, str, Query]]:
    parts = conjuncts(parse(query.text)[0])
    for at, part in enumerate(parts[:MOST_WORDS]):
        others = parts[:at] + parts[at + 1 :]
        if all(isinstance(one, Not) for one in others):
            continue  # nothing is left that is asked for
        text = " ".join(map(write, others))
        root, understood = parse(text)
        yield "q", write(part), replace(query, text=text, root=with_spellings(root), understood=understood)
