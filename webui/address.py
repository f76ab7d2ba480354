"""Every state of the search has an address: how queries become links, and how one click changes them.

The reading side is ``indexer.query.parameters``; nothing here interprets a parameter.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from flask import has_request_context, request

from indexer.fields import NOT
from indexer.query.parameters import NAMES, write_query
from indexer.query.tree import NumberTerm, written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from indexer.query.tree import Filters, Query

FacetName = str  # of a facet in ``indexer.fields``

# Left as they are in links of our own pages: browsers encode them, and the page is a third as long.
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_.~/一-鿿-]+")


@lru_cache(maxsize=4096)  # a page of links says the same few values a hundred times; 4 ms of its 15 without this
def _quote_readably(text: str) -> str:
    return _NOT_PLAIN.sub(lambda match: quote(match[0], safe="", errors="replace"), text)


def _written(name: str, value: str) -> str:
    return f"{name}={_quote_readably(value)}"


def root() -> str:
    """Return the path under which a proxy shows this server: /policy; "" when none does."""
    return request.script_root if has_request_context() else ""


def link(path: str, **parameters: str) -> str:
    """Return the address of ``path`` with these parameters; without them when all are empty."""
    pairs = [_written(name, value) for name, value in parameters.items() if value]
    path = root() + path
    return path + "?" + "&".join(pairs) if pairs else path


def number_link(number: str) -> str:
    """Return the address that leads to the bearer of a document number."""
    return f"{root()}/number/" + _quote_readably(number)


class Addresses:
    """The addresses that hold one query whole, which is written once for all of them."""

    def __init__(self, query: Query | None) -> None:
        """Write the query; None for addresses without one."""
        self._root = root()
        pairs = write_query(query) if query else []
        self._pairs = [(name, _written(name, value)) for name, value in pairs]
        self._asked = "&".join([pair for _, pair in self._pairs])
        self._names_number = query is not None and isinstance(query.root, NumberTerm)

    def at(self, path: str, **extra: str) -> str:
        """Return the address at which ``path`` shows the query; ``extra`` holds choices of the page alone.

        Links to a list stay lists: a document number alone, as typed, opens the announcement that bears it.
        """
        if self._names_number and path == "/":
            extra = {"view": "list", **extra}
        asked = self._asked
        for name, value in extra.items():
            asked += f"&{_written(name, value)}" if asked else _written(name, value)
        return f"{self._root}{path}?{asked}" if asked else self._root + path

    def varied(self, name: str, value: str) -> str:
        """Return the address of the list with one parameter set anew, at its own place; "" leaves it out."""
        place = NAMES.index(name)
        before = [pair for held, pair in self._pairs if NAMES.index(held) < place]
        after = [pair for held, pair in self._pairs if NAMES.index(held) > place]
        own = [_written(name, value)] if value else []
        view = ["view=list"] if self._names_number else []
        asked = "&".join([*before, *own, *after, *view])
        return f"{self._root}/?{asked}" if asked else f"{self._root}/"


def address(path: str, query: Query, **extra: str) -> str:
    """Return the one address at which ``path`` shows this query, see ``Addresses.at``."""
    return Addresses(query).at(path, **extra)


def document_link(announcement_id: str, query: Query | None = None) -> str:
    """Return the address of an announcement's page, with the whole search that led to it."""
    return Addresses(query).at(f"/announcements/{announcement_id}")


def uri(base: str, path: str, asked: str = "") -> str:
    """Return a strict, absolute address for programs: every reserved or non-ASCII character encoded.

    ``asked`` is what ``encoded`` makes of the parameters.
    """
    return base + quote(path, safe="/", errors="replace") + ("?" + asked if asked else "")


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Write parameters as strictly; once for all the addresses that share them."""
    return urlencode(list(pairs), quote_via=quote, errors="replace")


def kept(query: Query, dropped: Collection[str]) -> list[tuple[str, str]]:
    """Return what a form must carry along unseen: all parameters but the dropped ones and the place in the list."""
    return [pair for pair in write_query(query) if pair[0] not in {*dropped, "page", "cursor"}]


def first_page(query: Query, **changes: Any) -> Query:
    """Change a query and start again at its first page."""
    return replace(query, **{"page": 1, "cursor": "", **changes})


def with_filters(query: Query, **changes: Any) -> Query:
    """Change filters, back on the first page."""
    return first_page(query, filters=replace(query.filters, **changes))


class Clicks:
    """Where a click on each value of one facet leads: ticked, or unticked when it is chosen.

    What these addresses share is written once: a page has a hundred of them.
    """

    def __init__(self, query: Query, facet: FacetName, *, leaving: bool = False) -> None:
        """With ``leaving`` a click leaves a value out, or takes it back in; it is chosen no more then."""
        pairs = write_query(first_page(query))
        self._section, self._leaving = facet, leaving
        self._other = facet if leaving else f"{NOT}{facet}"  # of one value only one of both can be meant
        facet = f"{NOT}{facet}" if leaving else facet
        place = NAMES.index(facet)
        self._facet = facet
        self._other_way = any(name == self._other for name, _ in pairs)
        self._chosen = [value for name, value in pairs if name == facet]
        self._before = f"{root()}/?" + "".join(
            f"{_written(name, value)}&" for name, value in pairs if NAMES.index(name) < place
        )
        self._after = "".join(f"{_written(name, value)}&" for name, value in pairs if NAMES.index(name) > place)
        if isinstance(query.root, NumberTerm):
            self._after += "view=list&"  # as in ``address``

    def __call__(self, value: str) -> str:
        """Return the address after a click on ``value``, at this facet's place in the page."""
        before, after = self._before, self._after
        if self._other_way:  # rare: most pages have none
            there = _written(self._other, value) + "&"
            before, after = before.replace(there, ""), after.replace(there, "")
        left = [held for held in self._chosen if held != value]
        if len(left) == len(self._chosen):
            left = [*(held for held in left if not self._overlap(held, value)), value]
        ticked = "".join([f"{_written(self._facet, held)}&" for held in left])
        leave = f"leave={self._section}&" if self._leaving else ""
        return f"{before}{ticked}{after}{leave}"[:-1] + "#" + self._section  # without the last "&", or "?"

    def _overlap(self, one: str, other: str) -> bool:
        """Return whether one place or time lies within the other: choosing both would widen, not narrow."""
        if self._leaving:
            return False
        if self._facet == "year":
            return one.startswith(other) or other.startswith(one)
        is_tree = self._facet in ("region", "folder")
        return is_tree and (f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/"))


def without(filters: Filters, name: str, value: str) -> Filters:
    """Drop one choice, named as the address names it."""
    match name:
        case str() if name.startswith(NOT):
            dropped = (name.removeprefix(NOT), value)
            return replace(filters, left_out=tuple(one for one in filters.left_out if one != dropped))
        case "from":
            return replace(filters, first=None)
        case "to":
            return replace(filters, last=None)
        case "number":
            return replace(filters, number="")
        case "in":
            return replace(filters, title_only=False)
    left: Any = tuple(held for held in getattr(filters, name) if written(held) != value)
    return replace(filters, **{name: left})
