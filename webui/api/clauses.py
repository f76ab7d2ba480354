"""The clauses of an announcement for programs: a list of them, and the exact text of one."""

from __future__ import annotations

from flask import Blueprint, Response

from indexer.answers.clauses import clause_json, one_clause
from indexer.relations.clauses import Structure, gist
from webui.address import base_address
from webui.api.as_json import clause_links, json_response
from webui.api.endpoints import refuse_all_but
from webui.caching import revalidated
from webui.site import site

clauses_api = Blueprint("clauses", __name__)


@clauses_api.get("/api/announcements/<announcement_id>/clauses")
@revalidated
def clauses(announcement_id: str) -> Response:
    """List the clauses of an announcement in order; the 款 and 项 of an article are told with the article."""
    refuse_all_but(set())
    found = site().engine.find(announcement_id)
    structure, base = Structure(found.announcement.body), base_address()
    listed = [
        {
            "anchor": clause.anchor,
            "kind": clause.kind,
            "path": [one.label for one in structure.path(clause)],
            "heading": clause.heading,
            "gist": gist(structure.body, clause),
            "range": [clause.start, clause.end],
            "links": clause_links(base, announcement_id, clause.anchor),
        }
        for clause in structure.clauses
    ]
    about = {"id": announcement_id, "title": found.announcement.title, "version": found.version}
    return json_response({**about, "clauses": listed})


@clauses_api.get("/api/announcements/<announcement_id>/clauses/<path:name>")
@revalidated
def clause(announcement_id: str, name: str) -> Response:
    """Return the text of the clause that a name in any writing leads to: 第十二条, 第12条第2款, 第三章, 一(二)."""
    refuse_all_but(set())
    found = site().engine.find(announcement_id)
    structure = Structure(found.announcement.body)
    one = one_clause(structure, announcement_id, name)
    about = {"id": announcement_id, "title": found.announcement.title, "version": found.version}
    links = clause_links(base_address(), announcement_id, one.anchor)
    return json_response({**about, **clause_json(structure, one), "links": links})
