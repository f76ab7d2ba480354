"""Choices of a page that are no part of the search: language, colours, and what is folded open.

``lang``, ``theme`` and ``chart`` are remembered in a cookie; ``open``, ``more``, ``find`` and ``view`` belong to one
address.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from flask import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.fields import FACETS
from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Response

LANGUAGES = ("zh", "en")
THEMES = ("auto", "light", "dark")
CHARTS = ("count", "share")
REMEMBERED = {"lang": LANGUAGES, "theme": THEMES, "chart": CHARTS}
PAGE_CHOICES = (*REMEMBERED, "open", "more", "view", "leave", "find")
MAX_SOUGHT_CHARS = 100  # of a value's part that is sought among those of a facet; the rest is left out
FACET_NAMES = tuple(facet.name for facet in FACETS)
MORE = (*FACET_NAMES, "all")
VIEWS = ("list",)
_ALLOWED = {**REMEMBERED, "more": MORE, "view": VIEWS, "leave": FACET_NAMES}
_LANGUAGE = "policy_search.language"  # where a request keeps it
_CHOSEN = "policy_search.chosen"  # and all that is remembered
_ASKED = "policy_search.asked"  # and its parameters as an address has them
_COOKIE_SECONDS = 365 * 24 * 3600
_request = request._get_current_object  # type: ignore[attr-defined]  # a third of what a look through the proxy takes


@dataclass(frozen=True, slots=True)
class Choices:
    """What of this page is folded open."""

    open: str = ""  # branch of the region tree, or year, that is folded open
    more: str = ""  # facet of which all values are shown; "all" on pages with one list
    by_share: bool = False  # the histogram shows shares of the index, not counts
    leave: str = ""  # facet whose values are left out by a click rather than chosen
    find: str = ""  # what the values of the facet ``more`` must hold to be shown
    view: str = ""  # "list": the hits, also where a document number would lead to its only bearer


def read_choices() -> tuple[Choices, dict[str, list[str]]]:
    """Part the address into the page's choices and the search's parameters; empty form fields say nothing."""
    values = {name: [v for v in given if v] for name, given in request.args.lists()}
    search = {name: given for name, given in values.items() if given and name not in PAGE_CHOICES}
    problems = [
        Problem(name, values[name][-1], expect("one-of", names=", ".join(allowed)))
        for name, allowed in _ALLOWED.items()
        if values.get(name) and values[name][-1] not in allowed
    ]
    if problems:
        raise ParameterError(problems)
    chosen = {name: _last(values, name) for name in ("open", "more", "view", "leave")}
    find = " ".join(_last(values, "find").split())[:MAX_SOUGHT_CHARS]
    return Choices(**chosen, find=find, by_share=chart() == "share"), search


def _last(values: dict[str, list[str]], name: str) -> str:
    return (values.get(name) or [""])[-1]


def _remembered(name: str) -> str:
    """Take what the address says, else the cookie; "" when neither chooses."""
    asked = _request()
    chosen: dict[str, str] | None = asked.environ.get(_CHOSEN)
    if chosen is None:
        told = (asked.args, asked.cookies) if "HTTP_COOKIE" in asked.environ else (asked.args,)
        chosen = {one: _first_allowed(one, told) for one in REMEMBERED}
        asked.environ[_CHOSEN] = chosen
    return chosen[name]


def _first_allowed(name: str, told: Iterable[Mapping[str, str]]) -> str:
    return next((one[name] for one in told if name in one and one[name] in REMEMBERED[name]), "")


@lru_cache(maxsize=256)  # what browsers ask for: most send one of a few
def _accepted(header: str) -> str:
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES) or LANGUAGES[0]


def language() -> str:
    """Return the language of this answer: chosen, else what the browser asks for, else Chinese."""
    environ = _request().environ
    found: str | None = environ.get(_LANGUAGE)
    if found is None:
        found = _remembered("lang") or _accepted(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        environ[_LANGUAGE] = found  # asked for by each word of a page
    return found


def theme() -> str:
    """Return the colour scheme of this answer; "auto" follows the reader's system."""
    return _remembered("theme") or THEMES[0]


def chart() -> str:
    """Return what the histogram of this answer shows: counts, or shares of what the index holds."""
    return _remembered("chart") or CHARTS[0]


def remember(response: Response) -> None:
    """Keep a language or colour scheme chosen in this address for the next pages."""
    told = request.args
    for name, allowed in REMEMBERED.items():
        if name in told and (given := told[name]) in allowed:
            secure, path = request.is_secure, request.script_root or "/"
            response.set_cookie(
                name, given, max_age=_COOKIE_SECONDS, secure=secure, samesite="Lax", httponly=True, path=path
            )


def here_with(name: str, value: str) -> str:
    """Return this page's own address with one choice changed; without the path, which a stranger may have written."""
    environ = _request().environ
    if _ASKED not in environ:
        environ[_ASKED] = [(held, _encoded(held, given)) for held, given in request.args.items(multi=True) if given]
    return "?" + "&".join([*(pair for held, pair in environ[_ASKED] if held != name), _encoded(name, value)])


def _encoded(name: str, value: str) -> str:
    return f"{quote_plus(name, errors='replace')}={quote_plus(value, errors='replace')}"
