"""Short ways to fill an engine and to ask it, for the contract tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from indexer.query.tree import Filters, Node, Query, Sort
from indexer.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement
    from indexer.answers.results import FacetValue, ResultPage
    from indexer.engine import Engine


class Held(NamedTuple):
    """An index that several tests read, and what it holds."""

    engine: Engine
    kept: list[Announcement]


def held(engine: Engine, kept: Sequence[Announcement]) -> Held:
    """Fill an index for several tests."""
    load(engine, *kept)
    return Held(engine, list(kept))


def load(engine: Engine, *announcements: Announcement) -> None:
    """Make these the whole index."""
    engine.replace_all(announcements, Report(read=len(announcements), indexed=len(announcements)))


def ask(engine: Engine, root: Node | None = None, sort: Sort = "relevance", **parameters: object) -> ResultPage:
    """Search by a tree; other parameters are filters or stand beside them in the query."""
    beside = {name: parameters.pop(name) for name in ("page", "per_page", "cursor") if name in parameters}
    filters = Filters(**parameters)  # type: ignore[arg-type]
    return engine.search(Query(root=root, filters=filters, sort=sort, **{"per_page": 100, **beside}))  # type: ignore[arg-type]


def ids(page: ResultPage) -> list[str]:
    return [hit.id for hit in page.hits]


def found(engine: Engine, root: Node | None = None, **parameters: object) -> set[str]:
    """The ids of all that is found by the first reading of a query; the total must say as many."""
    page = ask(engine, root, **parameters)  # type: ignore[arg-type]
    assert page.total == len(page.hits)
    return set() if page.reading in ("part", "loose") else set(ids(page))


def counts(values: Sequence[FacetValue]) -> dict[str, int]:
    """A facet as value → count, children included."""
    flat = {value.value: value.count for value in values}
    for value in values:
        flat |= counts(value.children)
    return flat
