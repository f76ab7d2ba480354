"""Two announcements side by side for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from indexer.relations.comparison import compare
from webui.address import base_address
from webui.api.as_json import announcement_links, json_response
from webui.caching import revalidated
from webui.choices import read_choices
from webui.pages.compare import both

if TYPE_CHECKING:
    from indexer.relations.comparison import Side

compare_api = Blueprint("compare_api", __name__)


@compare_api.get("/api/compare")
@revalidated
def compare_json() -> Response:
    """Return two announcements aligned clause by clause, each with its pieces."""
    _, values = read_choices()
    one, other = both(values)
    body_a, body_b = one.announcement.body, other.announcement.body
    comparison, base = compare(body_a, body_b), base_address()
    rows = [
        {
            "change": row.change,
            "moved": row.moved,
            "coarse": row.coarse,
            "a": _side(row.a, body_a),
            "b": _side(row.b, body_b),
        }
        for row in comparison.rows
    ]
    about = {
        name: {
            "id": found.announcement.id,
            "title": found.announcement.title,
            "links": announcement_links(base, found.announcement.id, ""),
        }
        for name, found in (("a", one), ("b", other))
    }
    return json_response({**about, "counts": comparison.counts, "rows": rows, "version": one.version})


def _side(side: Side | None, body: str) -> dict[str, Any] | None:
    if side is None:
        return None
    pieces = [{"text": body[start:end], "changed": changed} for start, end, changed in side.pieces]
    return {"anchor": side.anchor, "path": list(side.labels), "range": [side.start, side.end], "pieces": pieces}
