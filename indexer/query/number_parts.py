"""Read a document number in part, 国发〔2018〕 or 国办发 2018: all numbers of that series, in their order.

Only what the index bears is read so: where no announcement has a number that begins so, it is text like any other.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from indexer.facts.document_number import key_of_series
from indexer.facts.numerals import read_numeral
from indexer.query.printer import describe
from indexer.query.tree import And, NumberSeries, Query, Spelled, Term, conjuncts, walk
from indexer.ranking.bm25f import RANKING
from indexer.text.fold import fold
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.query.tree import Node

_YEAR: Final = r"(?P<year>(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})"
# 国发[2018], 粤府办〔2020〕: without the last part.
_BRACKETED: Final = lazily(
    rf"(?P<prefix>[\u4e00-\u9fff]{{1,12}})\s?[〔\[［(（【〖]\s?{_YEAR}\s?[〕\]］)）】〗](?:年|第|号)?"
)
_ISSUER: Final = r"(?P<prefix>[\u4e00-\u9fff]{0,11}(?:发|函|令|规|字|办|财税|税发|明电|通|公告))"
_PREFIX: Final = lazily(_ISSUER)
_YEAR_ALONE: Final = lazily(rf"{_YEAR}年?")
_GLUED: Final = lazily(rf"{_ISSUER}{_YEAR}年?")
_MAY_HOLD_A_YEAR: Final = lazily("[12一二]")
_SERIAL: Final = re.compile(r"\d{1,5}")
LAST_SERIAL: Final = 99_999  # what cannot be counted stands behind all others


def with_number_series(query: Query, bears: Callable[[str], bool]) -> Query:
    """Return a query in which a number in part stands for all numbers that begin so, and which says so.

    ``bears`` says whether any announcement has a number whose key begins with a string. A reader who wants the text
    itself asks for it with ``match=exact`` or ``loose``.
    """
    if query.match != "near" or query.root is None:
        return query
    parts = conjuncts(query.root)
    for first, behind, series in _found(parts):
        if bears(series.key):
            changed: tuple[Node, ...] = (*parts[:first], series, *parts[behind:])
            root = changed[0] if len(changed) == 1 else And(changed)
            return replace(query, root=root, understood=describe(root))
    return query


def number_in_part(query: Query) -> NumberSeries | None:
    """Return the numbers in part that a whole query may be, whether or not an announcement bears such a one."""
    parts = conjuncts(query.root)
    return next((series for first, behind, series in _found(parts) if (first, behind) == (0, len(parts))), None)


def series_of(root: Node | None) -> NumberSeries | None:
    """Return the numbers in part that a query asks for."""
    return next((node for node in walk(root, (And,)) if isinstance(node, NumberSeries)), None)


def series_score(key: str) -> float:
    """Return how high a number stands in the list of its series, by its key: the first number highest."""
    found = _SERIAL.search(key.rpartition("|")[2])
    return (LAST_SERIAL - int(found[0] if found else LAST_SERIAL)) * RANKING.step


def _found(parts: tuple[Node, ...]) -> Iterator[tuple[int, int, NumberSeries]]:
    """Yield what may be a number in part: parts [first, behind) of a query, and its reading."""
    texts = [_text(part) for part in parts]
    if not any(_MAY_HOLD_A_YEAR.search(fold(text)) for text in texts):
        return  # before patterns that take 2 ms to make
    for at, text in enumerate(texts):
        if match := _BRACKETED.fullmatch(text) or _GLUED.fullmatch(fold(text)):
            yield at, at + 1, _series(match["prefix"], match["year"], text)
        elif _PREFIX.fullmatch(text) and at + 1 < len(texts) and (year := _YEAR_ALONE.fullmatch(fold(texts[at + 1]))):
            yield at, at + 2, _series(text, year["year"], f"{text} {texts[at + 1]}")


def _text(part: Node) -> str:
    typed = part.parts[0] if isinstance(part, Spelled) else part
    return typed.text if isinstance(typed, Term) and typed.field == "any" else ""


def _series(prefix: str, written: str, text: str) -> NumberSeries:
    year = int(written) if written.isdecimal() else read_numeral(written) or 0
    return NumberSeries(key_of_series(prefix, year), f"{prefix}〔{year}〕", text)
