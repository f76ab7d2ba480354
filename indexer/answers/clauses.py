"""One clause of an announcement as programs and the command line get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.errors import ClauseNotFound

if TYPE_CHECKING:
    from indexer.relations.clauses import NamedClause, Structure


def one_clause(structure: Structure, announcement_id: str, name: str) -> NamedClause:
    """Return the clause that a name means; raises ``ClauseNotFound`` when it means none, or may mean several."""
    named = structure.find(name)
    if len(named) != 1:
        raise ClauseNotFound(announcement_id, name, [one.anchor for one in named])
    return named[0]


def clause_json(structure: Structure, one: NamedClause) -> dict[str, Any]:
    """Write a clause with its text, what lies in it, and the others of its number."""
    article = next((clause for clause in structure.clauses if clause.anchor == one.anchor), None)
    below: list[dict[str, Any]] = []
    if article and article.kind == "article":
        for part in structure.parts(article):
            anchor = article.anchor + part.names[0]
            below.append({"anchor": anchor, "label": part.labels[-1], "range": [part.start, part.end]})
    elif article:
        inside = (clause for clause in structure.clauses if clause.parent >= 0)
        below = [
            {"anchor": clause.anchor, "label": clause.label, "range": [clause.start, clause.end]}
            for clause in inside
            if structure.clauses[clause.parent] is article
        ]
    return {
        "anchor": one.anchor,
        "path": list(one.labels),
        "cited": one.cited,
        "text": structure.body[one.start : one.end],
        "range": [one.start, one.end],
        "below": below,
        "same_number": list(structure.same_number(one.anchor)),
    }
