"""The elements of a page that no browser shows as they are, found without parsing.

Their content is half of many pages' bytes; taken out first, what is left parses in half the time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENING = re.compile(
    r"<(!--|(?i:(?:script|style|noscript|svg|template|textarea|select|iframe)\b))"  # a sure start is found fast
)
_COMMENT = "!--"


@dataclass(frozen=True, slots=True)
class DeadElement:
    """An element or comment at [start, end) of the markup; its content at [inner, inner_end)."""

    kind: str  # its tag, lower case; "!--" for a comment
    start: int
    inner: int
    inner_end: int
    end: int


def dead_elements(markup: str) -> Iterator[DeadElement]:
    """Every dead element in order, none inside another; in one pass even where none of them is ever closed."""
    unclosed: set[str] = set()
    search_from = 0
    while opening := _OPENING.search(markup, search_from):
        kind = opening.group(1).lower()
        # <!--> is a whole comment.
        inner = opening.end() - 2 if kind == _COMMENT else markup.find(">", opening.end()) + 1 or opening.end()
        closing = None if kind in unclosed else _closing(kind).search(markup, inner)
        if closing is None:
            unclosed.add(kind)
            search_from = opening.end()
            continue
        yield DeadElement(kind, opening.start(), inner, closing.start(), closing.end())
        search_from = closing.end()


def without_dead(markup: str) -> str:
    """Cut all dead elements out of a page."""
    kept: list[str] = []
    at = 0
    for element in dead_elements(markup):
        kept.append(markup[at : element.start])
        at = element.end
    return " ".join((*kept, markup[at:]))


@lru_cache
def _closing(kind: str) -> re.Pattern[str]:
    return re.compile("--!?>" if kind == _COMMENT else rf"</(?i:{kind})\s*>")
