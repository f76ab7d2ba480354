"""Which values of a facet's tree can be opened to see what lies below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.answers.results import FacetValue
    from webui.address import FacetName

FOLDED_DEPTH = 2  # regions that can be opened: provinces and cities


def can_open(facet: FacetName, value: FacetValue) -> bool:
    """Return whether something may lie below a value."""
    if value.children:
        return True
    if facet == "region":
        return value.count > 0 and value.value.count("/") < FOLDED_DEPTH and value.value != "全国"
    if facet == "folder":
        return value.has_more
    return facet == "year" and value.count > 0 and len(value.value) == len("2020")
