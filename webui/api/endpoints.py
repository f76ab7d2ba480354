"""The same search for programs: JSON, described in OpenAPI."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, request

from indexer.announcement import moment, read_moment
from indexer.answers.clause_offers import offered_clauses
from indexer.answers.relations import lineage_json, related_json
from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.query.parameters import read_query, write_query
from webui.address import base_address, encoded, first_page, root, uri
from webui.api.as_json import (
    announcement_json,
    clause_offer_json,
    json_response,
    search_json,
    search_response,
    suggestion_json,
)
from webui.caching import PROGRAM, revalidated
from webui.news import count_new, last_arrival
from webui.site import site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.query.tree import Query

api = Blueprint("api", __name__)

MAX_SUGGESTIONS = 20
DEFAULT_SUGGESTIONS = 8


def asked() -> Query:
    """Read the query of this address; raises ``ParameterError`` with every problem."""
    return read_query(_values())


def _values() -> Mapping[str, Sequence[str]]:
    return dict(request.args.lists())


@api.get("/api/search")
@revalidated
def search() -> Response:
    """Answer a query."""
    query = asked()
    result = site().engine.search(query)
    g.hits = result.total
    base = base_address()
    written = search_json(base, query, result)
    written["clauses"] = [clause_offer_json(base, offer) for offer in offered_clauses(site().engine, query)]
    response = search_response(written)
    for relation in ("next", "prev"):
        if written["links"][relation]:
            response.headers.add("Link", f'<{written["links"][relation]}>; rel="{relation}"')
    return response


@api.get("/api/announcements/<announcement_id>")
@revalidated
def announcement(announcement_id: str) -> Response:
    """Return one announcement, with the matches of ``q`` as ranges; its links carry the search that it was found by."""
    query = asked()
    found = site().engine.find(announcement_id, query.root)
    return json_response(announcement_json(base_address(), found, query))


@api.get("/api/announcements/<announcement_id>/relations")
@revalidated
def relations(announcement_id: str) -> Response:
    """Return what one announcement cites, who cites it, and its validity on a day (today)."""
    refuse_all_but({"as_of"})
    return json_response(related_json(site().engine.related(announcement_id, _as_of())))


@api.get("/api/announcements/<announcement_id>/lineage")
@revalidated
def lineage(announcement_id: str) -> Response:
    """Return who issued, forwarded and carried out what one announcement says."""
    refuse_all_but(set())
    return json_response(lineage_json(site().engine.related(announcement_id)))


def _as_of() -> date | None:
    given = request.args.get("as_of", "").strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ParameterError([Problem("as_of", given, expect("whole-day", examples="2020-03-15"))]) from None


@api.get("/api/new")
@revalidated
def new() -> Response:
    """Count what a search finds that came into the index since a moment."""
    values = dict(_values())
    given = (values.pop("since", None) or [""])[-1]
    since = read_moment(given)
    if not since:
        raise ParameterError([Problem("since", given, expect("moment", examples="2026-11-27T09:00:00+08:00"))])
    query = first_page(read_query(values), sort="indexed")
    news, base, found = count_new(site().engine, query, since), base_address(), encoded(write_query(query))
    links = {"html": uri(base, "/", found), "atom": uri(base, "/feed.atom", found)}
    return json_response({"new": news.count, "more": not news.is_all, "last": moment(last_arrival()), "links": links})


@api.get("/api/suggest")
@revalidated
def suggest() -> Response:
    """Complete what has been typed."""
    refuse_all_but({"q", "limit"})
    typed, limit = read_query({"q": request.args.getlist("q")}).text, _limit()
    suggestions = site().engine.suggest(typed, limit) if typed else ()
    written = [suggestion_json(base_address(), suggestion) for suggestion in suggestions]
    return json_response({"q": typed, "suggestions": written})


def _limit() -> int:
    given = request.args.get("limit", str(DEFAULT_SUGGESTIONS))
    if given.isascii() and given.isdecimal() and len(given) < 4 and 1 <= int(given) <= MAX_SUGGESTIONS:
        return int(given)
    raise ParameterError([Problem("limit", given, expect("number-to", count=MAX_SUGGESTIONS))])


def refuse_all_but(known: set[str]) -> None:
    """Raise ``ParameterError`` with every parameter of this address that is none of these."""
    unknown = [name for name in request.args if name not in known]
    if unknown:
        expected = expect("one-of", names=", ".join(sorted(known))) if known else expect("no-parameter")
        raise ParameterError([Problem(name, request.args[name], expected) for name in unknown])


@api.get("/api/openapi.json")
def openapi() -> Response:
    """Describe this interface."""
    described = _description().replace(b'"url": "/"', b'"url": "%s/"' % root().encode(), 1)
    response = Response(described, mimetype="application/json")
    response.set_etag(PROGRAM)
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


@functools.cache
def _description() -> bytes:
    return (Path(__file__).parents[1] / "static" / "openapi.json").read_bytes()


@api.get("/healthz")
def healthz() -> Response:
    """Return whether this server answers, and from which index; 503 (problem+json) when there is none."""
    status = site().status()
    told = {"status": "ok", "version": status.version, "documents": status.documents, "built": status.built}
    response = json_response({**told, "age_seconds": site().age_seconds()})
    response.headers["Cache-Control"] = "no-store"
    return response


@api.get("/readyz")
def readyz() -> Response:
    """Return whether to send visitors here: as ``/healthz``, 503 while there is no index."""
    return healthz()


@api.get("/livez")
def livez() -> Response:
    """Return that this process answers, whatever its index: a supervisor restarts what does not."""
    response = json_response({"status": "ok"})
    response.headers["Cache-Control"] = "no-store"
    return response
