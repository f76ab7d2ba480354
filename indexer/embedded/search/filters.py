"""Choices beside a query's text: for each filter what passes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.facts.dates import NO_DAY, to_day
from indexer.facts.document_number import number_key
from indexer.fields import FACETS, NOT, UNSTATED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.store.array_file import Array
    from indexer.query.tree import Filters

    Test = Callable[[Array], Array]  # document numbers → whether each passes


def tests_of(filters: Filters, snapshot: Snapshot) -> dict[str, Test]:
    """Return a test for each filter that is set, by its parameter's name."""
    return dict(_tests(filters, snapshot)) if filters.narrows else {}


def _tests(filters: Filters, snapshot: Snapshot) -> Iterator[tuple[str, Test]]:
    doc_values, published = snapshot.doc_values, snapshot.published
    for facet in FACETS:
        values = snapshot.values_of(facet)
        if chosen := filters.chosen(facet.name):
            yield facet.name, _within(values.of, values.passing(_held(chosen)))
        if excluded := filters.excluded(facet.name):
            yield f"{NOT}{facet.name}", _within(values.of, ~values.passing(_held(excluded)))
    if filters.first:
        first = to_day(filters.first)
        yield "from", lambda documents: published[documents] >= first
    if filters.last:
        last = to_day(filters.last)
        yield "to", lambda documents: (published[documents] <= last) & (published[documents] > NO_DAY)
    if filters.number:
        number, wanted = doc_values["number"], "" if filters.number == UNSTATED else number_key(filters.number)
        yield "number", _within(number.of, number.passing([wanted]))


def _held(values: Iterable[str]) -> list[str]:
    """Return values as documents hold them: "" for none."""
    return ["" if value == UNSTATED else value for value in values]


def _within(of: Array, passing: Array) -> Test:
    return lambda documents: passing[of[documents]]
