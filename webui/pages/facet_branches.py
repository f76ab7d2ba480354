"""Open one branch of a facet's tree without choosing it.

Engines list what lies below a region or year only where it is chosen: the whole country's tree would be
thousands of values. Counts ignore the facet's own filter, so asking once more with the branch chosen gives
the same counts with that branch unfolded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from webui.address import FacetName, with_filters

if TYPE_CHECKING:
    from indexer.answers.results import FacetValue, ResultPage
    from indexer.engine import Engine
    from indexer.query.tree import Query

FOLDED_DEPTH = 2  # regions that can be opened: provinces and cities


def unfolded(engine: Engine, query: Query, result: ResultPage, branch: str) -> ResultPage:
    """Return the same answer with one branch's children listed; unchanged when there is no such branch."""
    facet: FacetName = "year" if branch.isdecimal() else "region"
    top: tuple[FacetValue, ...] = getattr(result.facets, facet)
    if not branch or branch.partition("/")[0] not in {value.value for value in top}:
        return result
    chosen = getattr(query.filters, facet)
    step = branch if facet == "year" else tuple(branch.split("/"))
    if step in chosen:
        return result
    asked = with_filters(replace(query, per_page=1), **{facet: (*chosen, step)})
    tree = _as_before(getattr(engine.search(asked).facets, facet), branch)
    return replace(result, facets=replace(result.facets, **{facet: tree}))


def _as_before(values: tuple[FacetValue, ...], branch: str) -> tuple[FacetValue, ...]:
    """Take back the choice that was made only to see below it."""
    return tuple(
        replace(value, selected=value.selected and value.value != branch, children=_as_before(value.children, branch))
        for value in values
        if value.count or value.value != branch
    )


def can_open(facet: FacetName, value: FacetValue) -> bool:
    """Whether something may lie below a value."""
    if value.children:
        return True
    if facet == "region":
        return value.count > 0 and value.value.count("/") < FOLDED_DEPTH and value.value != "全国"
    return facet == "year" and value.count > 0 and len(value.value) == len("2020")
