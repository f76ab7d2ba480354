"""References to announcements and their clauses, to read and to take along: GB/T 7714, BibTeX, RIS."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, make_response

from indexer.answers.clauses import one_clause
from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.facts.dates import BEIJING
from indexer.relations.clauses import Structure
from indexer.relations.reference_formats import FORMATS, write_references
from indexer.text.plain import plain
from webui.caching import revalidated
from webui.choices import read_choices
from webui.file_names import disposition, file_name
from webui.pages.citation import reference
from webui.pages.markup import render
from webui.site import site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from indexer.relations.reference_formats import Reference, ReferenceFormat

references = Blueprint("references", __name__)

MOST_AT_ONCE: Final = 100  # announcements in one file of references: as many as a page of hits may hold
_TYPES: Final[dict[ReferenceFormat, tuple[str, str]]] = {  # media type, and the ending of a file's name
    "gbt7714": ("text/plain", "txt"),
    "bibtex": ("application/x-bibtex", "bib"),
    "ris": ("application/x-research-info-systems", "ris"),
}


@references.get("/announcements/<announcement_id>/cite")
@revalidated
def of_one(announcement_id: str) -> ResponseReturnValue:
    """Show or give the reference to an announcement, or to a clause of it."""
    _, values = read_choices()
    form, clause = _format(values), values.pop("clause", [""])[-1]
    _refuse(values, ("clause", "format"))
    found = site().engine.find(announcement_id).announcement
    named = one_clause(Structure(found.body), announcement_id, clause) if clause else None
    made = [reference(found, datetime.now(BEIJING).date(), named.cited if named else "")]
    if form:
        return _file(made, form)
    anchor = named.anchor if named else ""
    text = found.body[named.start : named.end] if named else ""
    return render("cite.html", a=found, anchor=anchor, text=text, made=made, written=_written(made), asked=())


@references.get("/cite")
@revalidated
def of_several() -> ResponseReturnValue:
    """Show or give the references to several announcements, in the order in which they are named."""
    _, values = read_choices()
    form, ids = _format(values), list(dict.fromkeys(values.pop("id", [])))
    typed = values.pop("q", [""])[-1]  # the search that they were ticked in; the file is named after it
    _refuse(values, ("format", "id", "q"))
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        raise ParameterError([Problem("id", str(len(ids)), expect("ids-to", count=MOST_AT_ONCE))])
    today = datetime.now(BEIJING).date()
    made = [reference(site().engine.find(one).announcement, today) for one in ids]
    if form:
        return _file(made, form, typed)
    asked = [*(("id", one) for one in ids), *([("q", typed)] if typed else [])]
    return render("cite.html", a=None, anchor="", text="", made=made, written=_written(made), asked=asked)


def _format(values: dict[str, list[str]]) -> ReferenceFormat | None:
    given = values.pop("format", [""])[-1]
    if given and given not in FORMATS:
        raise ParameterError([Problem("format", given, expect("one-of", names=", ".join(FORMATS)))])
    return next((form for form in FORMATS if form == given), None)


def _refuse(values: dict[str, list[str]], known: Sequence[str]) -> None:
    if values:
        expected = expect("known-name", names=", ".join(known))
        raise ParameterError([Problem(name, given[-1], expected) for name, given in values.items()])


def _written(made: Sequence[Reference]) -> list[tuple[ReferenceFormat, str, str]]:
    names: dict[ReferenceFormat, str] = {"gbt7714": "GB/T 7714", "bibtex": "BibTeX", "ris": "RIS"}
    return [(form, names[form], write_references(made, form)) for form in FORMATS]


def _file(made: Sequence[Reference], form: ReferenceFormat, typed: str = "") -> Response:
    media, ending = _TYPES[form]
    response = make_response(plain(write_references(made, form)))
    response.headers["Content-Type"] = f"{media}; charset=utf-8"
    response.headers["Content-Disposition"] = disposition(file_name(typed, f".{ending}"))
    return response
