"""What no browser shows of a page, found and taken out without parsing: elements, styles, tags that change letters.

It is half of many pages' bytes; what is left parses in half the time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.errors import PageUnreadable
from indexer.light_dataclass import dataclass
from indexer.skip_reasons import because

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MARKUP_CHARS = 6_000_000  # without embedded pictures

_EMBEDDED = re.compile(r"""(["'])data:[^"'>]*\1""", re.IGNORECASE)
# Styles that do not hide: word processors leave them on every span. Matched in the one spelling that they use,
# because a pattern with a literal start is ten times as fast as one that has none.
_LOOKS = re.compile(r' style="(?![^"<>]*(?:display|visib|DISPLAY|VISIB))[^"<>]*"')
# Tags that only change letters, and the line ends of the source around block tags.
# Case is ignored behind the first character only: a pattern that begins with a sure one is found much faster.
_LETTERS = re.compile(r"</?(?i:font|basefont|u|o:p|st1:\w+)(?:\s[^<>]*)?/?>")
_BETWEEN = re.compile(
    r">\s++(?=</?(?i:div|p|ul|ol|li|table|tbody|tr|td|th|h[1-6]|dl|dd|dt|link|meta|head|body|html|title|form|section|article|center)\b)"
)
# A line end is a character of the text until the walk: as an element it costs three times as much.
BREAK = "\u2028"
_BREAKS = re.compile(r"</?[bB][rR]\b[^<>]*>(?:\s*</?[bB][rR]\b[^<>]*>)*")
_PREFORMATTED = re.compile(r"<(?i:pre)\b[^<>]*>[^<]*+(?:<(?!/?(?i:pre)\b)[^<]*+)*+")
_OPENING = re.compile(
    r"<(!--|(?i:(?:script|style|noscript|svg|template|textarea|select|iframe)\b))"  # a sure start is found fast
)
_COMMENT = "!--"


def slimmed(markup: str) -> str:
    """Take out what no reader sees; raises ``PageUnreadable`` if more is left than a page can have."""
    slim = _EMBEDDED.sub('""', markup) if "data:" in markup else markup
    if len(slim) > MAX_MARKUP_CHARS:
        raise PageUnreadable(because("much-markup", count=f"{len(slim):,}"))
    slim = _PREFORMATTED.sub(lambda match: match.group().replace("\n", BREAK), slim)
    slim = _BREAKS.sub(BREAK, slim)
    return _BETWEEN.sub(">", _LETTERS.sub("", _LOOKS.sub("", without_dead(slim))))


@dataclass(frozen=True, slots=True)
class DeadElement:
    """An element or comment at [start, end) of the markup; its content at [inner, inner_end)."""

    kind: str  # its tag, lower case; "!--" for a comment
    start: int
    inner: int
    inner_end: int
    end: int


def dead_elements(markup: str) -> Iterator[DeadElement]:
    """Yield every dead element in order, none inside another; in one pass even where none of them is ever closed."""
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
