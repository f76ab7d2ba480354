"""The same search for feed readers, spreadsheets and browsers: Atom, CSV, OpenSearch description."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g

from indexer.exporting.cells import defuse
from indexer.query.parameters import write_query
from webui.address import encoded, first_page, uri
from webui.api.endpoints import asked, base_address
from webui.caching import BEIJING, revalidated
from webui.config import EXPORT_LIMIT, FEED_ENTRIES
from webui.pages.citation import citation
from webui.pages.markup import render
from webui.site import site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.answers.results import Hit

exports = Blueprint("exports", __name__)

_IDS = uuid.UUID("6f1c5b0e-2f0a-5c39-9d53-7b1f0a4c2d11")  # ours alone: entry ids outlive host names and rebuilds
COLUMNS = ("id", "title", "source", "published", "region", "number", "form", "url", "link", "citation", "validity")
_UNDATED = date(1970, 1, 1)  # Atom wants a moment; this one stays the same in every version, and comes last
CHUNK_ROWS = 100  # about 40 KB


@exports.get("/feed.atom")
@revalidated
def feed() -> Response:
    """Return the newest hits of any search as a feed; ``sort`` and ``page`` do not matter here."""
    query = asked()
    entries = FEED_ENTRIES if query.per_page == type(query)().per_page else query.per_page
    result = site().engine.search(first_page(query, sort="newest", per_page=entries))
    g.hits = result.total
    base, parameters = base_address(), write_query(first_page(query))
    body = render(
        "feed.xml",
        query=query,
        entries=[(hit, entry_id(hit), _moment(hit.published), f"{base}/announcements/{hit.id}") for hit in result.hits],
        feed_id=uuid.uuid5(_IDS, uri("", "/feed.atom", encoded(parameters))).urn,
        self_link=uri(base, "/feed.atom", encoded(parameters)),
        html_link=uri(base, "/", encoded(parameters)),
        updated=site().built().isoformat(),
    )
    return Response(body, mimetype="application/atom+xml")


def entry_id(hit: Hit) -> str:
    """Name an announcement for feed readers, the same whichever host or rebuild it comes from."""
    return uuid.uuid5(_IDS, hit.id).urn


def _moment(day: date | None) -> str:
    """Return midnight in Beijing; of a page without a date no reader may learn that it changed when it did not."""
    return datetime.combine(day or _UNDATED, time(), BEIJING).isoformat()


@exports.get("/export.csv")
@revalidated
def export() -> Response:
    """Stream all hits as CSV, up to ``EXPORT_LIMIT``; the total stands in X-Total-Count."""
    query = first_page(asked())
    g.hits = (
        site().engine.search(first_page(query, per_page=1)).total
    )  # asked before the answer starts, so that a failure still is one
    response = Response(_rows(site().engine.walk(query, facts_only=True), base_address()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="policy-search.csv"'
    response.headers["X-Total-Count"] = str(g.hits)
    response.headers["X-Export-Limit"] = str(EXPORT_LIMIT)
    return response


def _rows(hits: Iterable[Hit], base: str) -> Iterator[str]:
    """Write the file; so many rows are one chunk of the stream."""
    today = datetime.now(BEIJING).date()
    yield "\ufeff" + _csv_lines([COLUMNS])  # the mark tells spreadsheets that this is UTF-8
    rows = (_row(hit, base, today) for hit in islice(hits, EXPORT_LIMIT))
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield _csv_lines(chunk)


def _row(hit: Hit, base: str, today: date) -> tuple[str, ...]:
    day = hit.published.isoformat() if hit.published else ""
    link = f"{base}/announcements/{hit.id}"
    facts = (hit.id, hit.title, hit.source, day, "/".join(hit.region), hit.number, hit.form, hit.url, link)
    return (*facts, citation(hit, today), hit.validity.state if hit.validity else "")


def _csv_lines(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([defuse(cell) for cell in row] for row in rows)
    return out.getvalue()


@exports.get("/opensearch.xml")
def opensearch() -> Response:
    """Describe the search box, so that a browser can add it to its own."""
    body = render("opensearch.xml", base=base_address())
    return Response(body, mimetype="application/opensearchdescription+xml")
