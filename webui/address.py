"""Every state of the search has an address: how queries become links, and how one click changes them.

The reading side is ``indexer.query.parameters``; nothing here interprets a parameter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import has_request_context, request
from flask.globals import request_ctx
from werkzeug.sansio.utils import get_current_url

from indexer.fields import NOT
from indexer.light_dataclass import replace
from indexer.query.parameters import NAMES, write_query
from indexer.query.tree import NumberTerm, Query, written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from indexer.query.tree import Filters

FacetName = str  # of a facet in ``indexer.fields``

_PLACES = {name: place for place, name in enumerate(NAMES)}  # of parameters in an address

# Left as they are in links of our own pages: browsers encode them, and the page is a third as long.
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_.~/一-鿿-]+")


@lru_cache(maxsize=4096)  # a page of links says the same few values a hundred times; 4 ms of its 15 without this
def _quote_readably(text: str) -> str:
    return _NOT_PLAIN.sub(lambda match: quote(match[0], safe="", errors="replace"), text)


@lru_cache(maxsize=4096)  # as above
def _quote_strictly(text: str) -> str:
    return quote(text, safe="", errors="replace")


@lru_cache(maxsize=4096)  # as above
def _quote_path(path: str) -> str:
    return quote(path, safe="/", errors="replace")


def _written(name: str, value: str) -> str:
    return f"{name}={_quote_readably(value)}"


def root() -> str:
    """Return the path under which a proxy shows this server: /policy; "" when none does."""
    return request.script_root if has_request_context() else ""


def base_address() -> str:
    """Return this server's own address as its client sees it: http://127.0.0.1:8000, or a proxy's."""
    asked = request_ctx.request
    return _address_of(asked.scheme, asked.host, asked.root_path)


@lru_cache(maxsize=64)
def _address_of(scheme: str, host: str, path: str) -> str:
    return get_current_url(scheme, host, path).rstrip("/")


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
        self.query = query or Query()
        self.root = root()
        self.pairs = [(name, value, _written(name, value)) for name, value in write_query(self.query)]
        self.names = {name for name, _, _ in self.pairs}
        self._asked = "&".join([pair for _, _, pair in self.pairs])
        self.names_number = isinstance(self.query.root, NumberTerm)
        self._around: dict[str, tuple[list[str], list[str]]] = {}

    def at(self, path: str, **extra: str) -> str:
        """Return the address at which ``path`` shows the query; ``extra`` holds choices of the page alone.

        Links to a list stay lists: a document number alone, as typed, opens the announcement that bears it.
        """
        if self.names_number and path == "/":
            extra = {"view": "list", **extra}
        asked = self._asked
        for name, value in extra.items():
            asked += f"&{_written(name, value)}" if asked else _written(name, value)
        return f"{self.root}{path}?{asked}" if asked else self.root + path

    def varying(self, path: str, name: str, **extra: str) -> Callable[[str], str]:
        """Return what makes such addresses with one more choice, whatever its value: the rest is written once."""
        before = self.at(path, **extra, **{name: ""})
        return lambda value: before + _quote_readably(value)

    def varied(self, name: str, value: str) -> str:
        """Return the address of the list with one parameter set anew, at its own place; "" leaves it out."""
        before, after = self.around(name)
        own = [_written(name, value)] if value else []
        view = ["view=list"] if self.names_number else []
        asked = "&".join([*before, *own, *after, *view])
        return f"{self.root}/?{asked}" if asked else f"{self.root}/"

    def without(self, path: str, *dropped: str) -> str:
        """Return the address at which ``path`` shows the query without some of its parameters."""
        asked = "&".join([pair for name, _, pair in self.pairs if name not in dropped])
        return f"{self.root}{path}?{asked}" if asked else self.root + path

    def around(self, name: str) -> tuple[list[str], list[str]]:
        """Return the parameters that stand before one in an address, and those behind it."""
        if name not in self._around:
            self._around[name] = self._parted(_PLACES[name])
        return self._around[name]

    def _parted(self, place: int) -> tuple[list[str], list[str]]:
        before = [pair for held, _, pair in self.pairs if _PLACES[held] < place]
        return before, [pair for held, _, pair in self.pairs if _PLACES[held] > place]

    def kept(self, *dropped: str) -> list[tuple[str, str]]:
        """Return what a form must carry along unseen: all parameters but the dropped ones."""
        return [(name, value) for name, value, _ in self.pairs if name not in dropped]


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
    return base + _quote_path(path) + ("?" + asked if asked else "")


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Write parameters as strictly; once for all the addresses that share them."""
    return "&".join([f"{_quote_strictly(name)}={_quote_strictly(value)}" for name, value in pairs])


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

    def __init__(self, lists: Addresses, facet: FacetName, *, leaving: bool = False) -> None:
        """``lists`` are those of the query at its first page.

        With ``leaving`` a click leaves a value out, or takes it back in; it is chosen no more then.
        """
        self._leaving = leaving
        self._other = facet if leaving else f"{NOT}{facet}"  # of one value only one of both can be meant
        self._facet = f"{NOT}{facet}" if leaving else facet
        self._other_way = self._other in lists.names
        self._chosen = [value for name, value, _ in lists.pairs if name == self._facet]
        before, behind = lists.around(self._facet)
        view = ["view=list"] if lists.names_number else []  # as in ``Addresses.at``
        after = [*behind, *view, *([f"leave={facet}"] if leaving else [])]
        self._before = f"{lists.root}/?" + "".join([f"{pair}&" for pair in before])
        self._after = "".join([f"&{pair}" for pair in after])
        self._section = f"#{facet}"
        # Around a value where none is chosen, which is so on most pages.
        self._plain_before, self._plain_after = f"{self._before}{self._facet}=", self._after + self._section

    def __call__(self, value: str) -> str:
        """Return the address after a click on ``value``, at this facet's place in the page."""
        if not (self._chosen or self._other_way):
            return self._plain_before + _quote_readably(value) + self._plain_after
        before, after = self._before, self._after
        if self._other_way:
            there = _written(self._other, value)
            before, after = before.replace(f"{there}&", ""), f"{after}&".replace(f"&{there}&", "&")[:-1]
        left = [held for held in self._chosen if held != value]
        if len(left) == len(self._chosen):
            left = [*(held for held in left if not self._overlap(held, value)), value]
        ticked = "&".join([_written(self._facet, held) for held in left])
        whole = f"{before}{ticked}{after}" if ticked else f"{before}{after[1:]}"
        return whole.rstrip("?&") + self._section

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
