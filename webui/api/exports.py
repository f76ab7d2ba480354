"""The same search for feed readers and browsers: Atom, OpenSearch description."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g

from indexer.announcement import moment
from indexer.facts.dates import BEIJING
from indexer.query.parameters import write_query
from webui.address import base_address, encoded, first_page, uri
from webui.api.endpoints import asked
from webui.caching import revalidated
from webui.config import FEED_ENTRIES
from webui.pages.markup import render
from webui.site import site

if TYPE_CHECKING:
    from indexer.answers.results import Hit

exports = Blueprint("exports", __name__)

_IDS = uuid.UUID("6f1c5b0e-2f0a-5c39-9d53-7b1f0a4c2d11")  # ours alone: entry ids outlive host names and rebuilds
_UNDATED = date(1970, 1, 1)  # Atom wants a moment; this one stays the same in every version, and comes last


@exports.get("/feed.atom")
@revalidated
def feed() -> Response:
    """Return the newest hits of any search as a feed, or with ``sort=indexed`` those that came into the index last."""
    query = asked()
    entries = FEED_ENTRIES if query.per_page == type(query)().per_page else query.per_page
    by_arrival = query.sort == "indexed"
    result = site().engine.search(first_page(query, sort="indexed" if by_arrival else "newest", per_page=entries))
    g.hits = result.total
    base, parameters = base_address(), write_query(first_page(query))
    body = render(
        "feed.xml",
        query=query,
        entries=[
            (hit, entry_id(hit), _entry_moment(hit, by_arrival=by_arrival), f"{base}/announcements/{hit.id}")
            for hit in result.hits
        ],
        feed_id=uuid.uuid5(_IDS, uri("", "/feed.atom", encoded(parameters))).urn,
        self_link=uri(base, "/feed.atom", encoded(parameters)),
        html_link=uri(base, "/", encoded(parameters)),
        updated=site().built().isoformat(),
    )
    return Response(body, mimetype="application/atom+xml")


def entry_id(hit: Hit) -> str:
    """Name an announcement for feed readers, the same whichever host or rebuild it comes from."""
    return uuid.uuid5(_IDS, hit.id).urn


def _entry_moment(hit: Hit, *, by_arrival: bool) -> str:
    """Return when an entry came up: the day of publication, or by arrival the moment it came into the index."""
    return (by_arrival and moment(hit.indexed)) or _moment(hit.published)


def _moment(day: date | None) -> str:
    """Return midnight in Beijing; of a page without a date no reader may learn that it changed when it did not."""
    return datetime.combine(day or _UNDATED, time(), BEIJING).isoformat()


@exports.get("/opensearch.xml")
def opensearch() -> Response:
    """Describe the search box, so that a browser can add it to its own."""
    body = render("opensearch.xml", base=base_address())
    return Response(body, mimetype="application/opensearchdescription+xml")
