"""JSON answers with their addresses: what ``indexer.answers.as_json`` writes, plus ``links``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Response

from indexer.announcement import to_json
from indexer.answers.as_json import result_json
from indexer.answers.relations import validity_json
from indexer.query.parameters import write_query
from webui.address import encoded, first_page, uri
from webui.api.facet_text import facets_text
from webui.api.hit_text import hits_text
from webui.pages.result_list import next_query, page_of

if TYPE_CHECKING:
    from indexer.answers.clause_offers import ClauseOffer
    from indexer.answers.results import Found, ResultPage
    from indexer.query.tree import Query
    from indexer.suggesting.completion import Suggestion


# What is written holds itself nowhere: to look for that takes a tenth of the time.
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False).encode


def json_response(value: object, status: int = 200, mimetype: str = "application/json") -> Response:
    """Write JSON as UTF-8; a lone surrogate, which UTF-8 cannot hold, becomes "?"."""
    return _response(_write(value), status, mimetype)


def search_response(written: dict[str, Any]) -> Response:
    """Write what ``search_json`` tells."""
    text = _write({**written, "hits": None, "facets": None})
    told = f'"hits":{written["hits"]},"facets":{written["facets"]}'
    # Nothing else reads so: within a string the quotes are written with backslashes.
    return _response(text.replace('"hits":null,"facets":null', told, 1))


def _response(text: str, status: int = 200, mimetype: str = "application/json") -> Response:
    return Response(text.encode("utf-8", "replace") + b"\n", status, mimetype=mimetype)


def search_json(base: str, query: Query, result: ResultPage) -> dict[str, Any]:
    """Write one page of an answer under the keys that programs rely on, its hits and facets as text already."""
    whole = encoded(write_query(query))  # with its place in the list
    written = result_json(result, facets_text, lambda hits: hits_text(hits, base, whole))
    for hit, record in zip(result.meant, written["near_in_meaning"], strict=True):
        record["links"] = announcement_links(base, hit.id, "")
    for choice, record in zip(result.readings, written["readings"], strict=True):
        chosen = encoded(write_query(first_page(query, match=choice.match)))
        record["links"] = {"html": uri(base, "/", chosen), "self": uri(base, "/api/search", chosen)}
    others = [first_page(query) for query in (*(o.query for o in result.offers), *(r.query for r in result.relief))]
    for other, record in zip(others, (*written["offers"], *written["relief"]), strict=True):
        leads_to = encoded(write_query(other))
        record["links"] = {"html": uri(base, "/", leads_to), "self": uri(base, "/api/search", leads_to)}
    return {**written, "links": _search_links(base, query, result, whole)}


def announcement_links(base: str, announcement_id: str, whole: str) -> dict[str, str]:
    """Return an announcement's addresses for people and for programs; ``whole`` is the search, encoded."""
    page, asked = f"/announcements/{announcement_id}", f"?{whole}" if whole else ""  # an id holds no other signs
    return {"html": f"{base}{page}{asked}", "self": f"{base}/api{page}{asked}", "original": f"{base}{page}/original"}


def _search_links(base: str, query: Query, result: ResultPage, whole: str) -> dict[str, str | None]:
    after = next_query(query, result)
    walk = first_page(query, cursor=result.cursor) if result.cursor else None
    before = page_of(query, query.page - 1) if query.page > 1 and not query.cursor else None
    first = encoded(write_query(first_page(query))) if query.page > 1 or query.cursor else whole

    def link(path: str, asked: Query | None) -> str | None:
        return uri(base, path, encoded(write_query(asked))) if asked else None

    return {
        "self": uri(base, "/api/search", whole),
        "next": link("/api/search", after),
        "prev": link("/api/search", before),
        "walk": link("/api/search", walk),
        "html": uri(base, "/", whole),
        "atom": uri(base, "/feed.atom", first),
        "csv": uri(base, "/export.csv", first),
    }


def announcement_json(base: str, found: Found, query: Query) -> dict[str, Any]:
    """Write one announcement with the matches of the query as ranges."""
    return {
        **to_json(found.announcement),
        "title_marks": [list(mark) for mark in found.title_marks],
        "body_marks": [list(mark) for mark in found.body_marks],
        "version": found.version,
        "validity": validity_json(found.validity),
        "links": announcement_links(base, found.announcement.id, encoded(write_query(query))),
    }


def clause_links(base: str, announcement_id: str, anchor: str) -> dict[str, str]:
    """Return a clause's addresses: on the page for people, for programs, and as a reference."""
    page, asked = f"/announcements/{announcement_id}", encoded([("clause", anchor)])
    return {
        "html": f"{uri(base, page, asked)}#{encoded([('', anchor)])[1:]}",
        "self": uri(base, f"/api{page}/clauses/{anchor}"),
        "cite": uri(base, f"{page}/cite", asked),
    }


def clause_offer_json(base: str, offer: ClauseOffer) -> dict[str, Any]:
    """Write a clause that a query names."""
    return {
        "id": offer.id,
        "title": offer.title,
        "published": offer.published.isoformat() if offer.published else None,
        "anchor": offer.anchor,
        "cited": offer.cited,
        "text": offer.text,
        "links": clause_links(base, offer.id, offer.anchor),
    }


def suggestion_json(base: str, suggestion: Suggestion) -> dict[str, Any]:
    """Write one way to go on typing."""
    link = uri(base, "/", encoded(suggestion.parameters))
    if suggestion.kind == "number":
        link = uri(base, f"/number/{suggestion.text}")
    told = {"text": suggestion.text, "kind": suggestion.kind, "count": suggestion.count}
    return {**told, "parameters": dict(suggestion.parameters), "links": {"html": link}}
