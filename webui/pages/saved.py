"""Saved searches: on this server for who signs in, in the browser for who does not."""

from __future__ import annotations

import hmac
import logging
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from flask import Blueprint, g, make_response, redirect, request

from indexer.announcement import moment
from indexer.errors import InputError, ParameterError, PathUnwritable
from indexer.light_dataclass import dataclass
from indexer.messages import said
from indexer.query.parameters import read_query, write_query
from webui.address import address, first_page, link
from webui.choices import read_choices
from webui.news import count_new, last_arrival
from webui.pages.markup import render
from webui.pages.result_list import chips
from webui.saved_searches import MAX_NAME_CHARS, MOST_SAVED, SavedSearchesUnreadable, SavedSearchRefused, tidy_name
from webui.site import site
from webui.translation import gettext as _

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from indexer.query.tree import Query
    from webui.news import News
    from webui.saved_searches import Saved, SavedSearches

saved_pages = Blueprint("saved", __name__)
_log = logging.getLogger("webui.errors")

MAX_FORM_BYTES: Final = 65_536
ON_FRONT: Final = 5  # saved searches that the front page lists


@dataclass(frozen=True, slots=True)
class SavedView:
    """One saved search as pages list it."""

    name: str
    href: str
    feed: str
    conditions: tuple[str, ...]  # its filters, for people
    text: str  # its words
    news: News | None  # None where the search can be asked no more


@saved_pages.get("/saved")
def listed() -> ResponseReturnValue:
    """List the saved searches; with parameters of a search, offer to save it."""
    _choices, values = read_choices()
    return _page(read_query(values) if values else None)


@saved_pages.post("/saved")
def change() -> ResponseReturnValue:
    """Save, forget, or note as seen; then lead on. Only from our own form, of who is signed in."""
    request.max_content_length = MAX_FORM_BYTES
    store, user, form = site().saved, g.get("user"), request.form
    if store is None or user is None:
        raise SavedSearchRefused("nobody", said("Nothing is saved here: nobody signs in"))
    asked = form.get("asked", "")
    query = read_query(parse_qs(asked, max_num_fields=200)) if asked else None
    if not _is_ours(form.get("token", "")):
        return _page(query, _("这张表单过期了，请再点一次。"), 400)
    try:
        return redirect(_carry_out(store, user, form.get("do", ""), form.get("name", ""), query), 303)
    except SavedSearchRefused as refused:
        return _page(query, _why(refused.code), 400)
    except (PathUnwritable, SavedSearchesUnreadable) as error:
        _log.error("request %s: %s", g.get("request_id", "-"), error)
        return _page(query, _("服务器上存不下来，请告诉管理员；原因在日志里。"), 503)


def _carry_out(store: SavedSearches, user: str, what: str, name: str, query: Query | None) -> str:
    """Do what a form asks; return where to go on."""
    seen = last_arrival()
    if what == "save" and query:
        store.save(user, name, address("/", first_page(query)).rpartition("?")[2], seen)
    elif what == "delete":
        store.delete(user, name)
    elif what == "seen-all":
        store.look(user, seen, *(one.name for one in store.of(user)))
    elif what == "news":
        asked = next((one.asked for one in store.of(user) if one.name == name), None)
        store.look(user, seen, name)
        if asked is not None:
            return address("/", first_page(read_query(parse_qs(asked)), sort="indexed"))
    else:
        raise InputError(said("A form of the saved searches does something else"))
    return link("/saved")


def _is_ours(token: str) -> bool:
    """Return whether a form comes from a page of ours that this user was shown."""
    from_here = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    return from_here and hmac.compare_digest(token.encode(), form_token().encode())


def form_token() -> str:
    """Return what forms of this user carry, and no other site knows; "" when nobody is signed in."""
    make, user = site().form_token, g.get("user")
    return make(user) if make and user else ""


def saved_of_user() -> tuple[SavedView, ...] | None:
    """Return the searches that who is signed in has saved, those with news first; None where they cannot be read."""
    store, user = site().saved, g.get("user")
    if store is None or user is None:
        return ()
    try:
        views = [_view(one) for one in store.of(user)]
    except SavedSearchesUnreadable as error:
        _log.error("request %s: %s", g.get("request_id", "-"), error)
        return None
    return tuple(sorted(views, key=lambda one: not (one.news and one.news.count)))


def _view(one: Saved) -> SavedView:
    try:
        query = read_query(parse_qs(one.asked))
        news = count_new(site().engine, query, one.seen)
    except (ParameterError, ValueError):
        return SavedView(one.name, link("/") + "?" + one.asked, "", (), "", None)
    return SavedView(
        one.name,
        address("/", query),
        address("/feed.atom", first_page(query, sort="indexed")),
        _conditions(query),
        query.text,
        news,
    )


def _conditions(query: Query) -> tuple[str, ...]:
    return tuple(f"{chip.name} {chip.label}" for chip in chips(query))


def _page(query: Query | None, wrong: str = "", status: int = 200) -> ResponseReturnValue:
    asked = address("/", first_page(query)).rpartition("?")[2] if query and write_query(first_page(query)) else ""
    mine = saved_of_user()
    wrong = wrong or (_("保存的检索读不出来，请告诉管理员；原因在日志里。") if mine is None else "")
    body = render(
        "saved.html",
        asked=asked,
        back=address("/", query) if query else "",
        named=_name_for(query) if query else "",
        name_chars=MAX_NAME_CHARS,
        most=MOST_SAVED,
        signed_in=site().saved is not None and g.get("user") is not None,
        user=g.get("user"),
        token=form_token(),
        mine=mine or (),
        mark=moment(last_arrival()) or "",
        wrong=wrong,
    )
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _name_for(query: Query) -> str:
    """Suggest a name: what is asked for, else the filters."""
    parts = [query.text] if query.text else []
    return tidy_name(" ".join([*parts, *(chip.label for chip in chips(query))]))


def _why(code: str) -> str:
    reasons: dict[str, str] = {
        "name": _("请给这次检索起个名字，不要以 # 开头。"),
        "long": _("这次检索的条件太长，存不下。"),
        "full": _("最多保存 %(most)s 次检索，请先删去几个。", most=MOST_SAVED),
    }
    return reasons[code]
