"""The pages for people: parse, ask, present."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, g, make_response, redirect, request, url_for

from indexer.answers.clause_offers import offered_clauses
from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.facts.dates import BEIJING
from indexer.fields import UNSTATED
from indexer.query.parameters import read_query, write_query
from indexer.relations.clauses import Structure
from webui.address import address, document_link, uri
from webui.caching import revalidated
from webui.choices import read_choices
from webui.config import EXPORT_LIMIT, has_xlsx
from webui.pages.citation import citation
from webui.pages.compare import versions_of
from webui.pages.document import attachment_texts, lay_out
from webui.pages.front import examples, front_of
from webui.pages.lineage import by_level, level_names, rows_beside, rows_of
from webui.pages.lineage_picture import picture_of
from webui.pages.markup import render
from webui.pages.neighbours import neighbours, only_bearer
from webui.pages.parts import part_at, part_of
from webui.pages.relations import relations_view
from webui.pages.result_list import list_page
from webui.site import site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from indexer.answers.results import ResultPage
    from indexer.query.tree import Query
    from webui.choices import Choices

pages = Blueprint("pages", __name__)

FIELDS = ("q", "from", "to")  # parameters that are typed into a field of the result list
EXAMPLES = 20  # newest announcements among which one with a document number is looked for


@pages.get("/")
@revalidated
def search() -> ResponseReturnValue:
    """Show the hits of a query with its facets; the newest announcements when nothing is asked.

    A document number that one announcement bears leads to it; ``view=list`` shows the hits all the same.
    Wrong parameters are marked at their fields; the rest of them is searched all the same.
    """
    shown, values = read_choices()
    problems: Sequence[Problem] = ()
    try:
        query, result = _ask(values, shown)
    except ParameterError as error:
        problems = error.problems
        wrong = {problem.name for problem in problems}
        query, result = _ask({name: given for name, given in values.items() if name not in wrong}, shown)
    g.hits = result.total
    if not shown.view and (bearer := only_bearer(query, result)):
        return redirect(document_link(bearer, query))
    years = {value[:4] for value in query.filters.year if value != UNSTATED}
    whole = site().whole(years.pop() if len(years) == 1 else "")
    page = list_page(query, result, shown, whole)
    if problems:
        given = {problem.name: values[problem.name][-1] for problem in problems if problem.name in FIELDS}
        page = replace(page, problems=tuple(problems), given=given, is_front=False)
    front = front_of(result) if page.is_front else None
    clauses = offered_clauses(site().engine, query)
    body = render(
        "search.html", page=page, front=front, clauses=clauses, export_limit=EXPORT_LIMIT, has_xlsx=has_xlsx()
    )
    return make_response(body, 400 if problems else 200)


def _ask(values: Mapping[str, Sequence[str]], shown: Choices) -> tuple[Query, ResultPage]:
    query = read_query(values)
    listing = replace(query.filters, opened=shown.open, sought=(shown.more, shown.find))
    return query, site().engine.search(replace(query, filters=listing))


@pages.get("/announcements/<announcement_id>")
@revalidated
def announcement(announcement_id: str) -> ResponseReturnValue:
    """Show one announcement, with the matches of the search that led to it marked; a very long one in parts."""
    _, values = read_choices()
    asked = {str(name): values.pop(name) for name in ("part", "mark", "clause", "relations") if name in values}
    everything = _everything(asked.pop("relations", [""])[-1])
    query = read_query(values)
    engine = site().engine
    found = engine.find(announcement_id, query.root)
    body, marks = found.announcement.body, found.body_marks
    structure, wanted = Structure(body), asked.pop("clause", [""])[-1]
    clause = next(iter(structure.find(wanted)), None) if wanted else None
    if clause and not asked:
        asked["part"] = [str(part_at(body, clause.start))]
    part = part_of(f"/announcements/{announcement_id}", query, body, marks, asked)
    related = engine.related(announcement_id)
    return render(
        "announcement.html",
        found=found,
        a=found.announcement,
        query=query,
        back=address("/", query) if write_query(query) else "",
        beside=neighbours(engine, query, announcement_id),
        part=part,
        document=lay_out(structure, marks, part, attachment_texts(found.announcement), found.announcement.title),
        similar=engine.similar(announcement_id),
        relations=relations_view(related, everything=everything),
        lineage=rows_beside(related),
        lacks="" if clause else wanted,
        versions=versions_of(engine, found.announcement),
        citation=citation(found.announcement, datetime.now(BEIJING).date(), clause.cited if clause else ""),
    )


def _everything(relations: str) -> bool:
    """Read whether a page is to show all relations of its announcement."""
    if relations not in ("", "all"):
        raise ParameterError([Problem("relations", relations, expect("one-of", names="all"))])
    return bool(relations)


@pages.get("/announcements/<announcement_id>/lineage")
@revalidated
def lineage(announcement_id: str) -> ResponseReturnValue:
    """Show who issued, forwarded and carried out what an announcement says."""
    _, values = read_choices()
    _refuse_all_but(set(), values)
    engine = site().engine
    found, related = engine.find(announcement_id), engine.related(announcement_id)
    return render(
        "lineage.html",
        a=found.announcement,
        related=related,
        levels=by_level(rows_of(related)),
        picture=picture_of(related.lineage, announcement_id, level_names(), document_link),
    )


@pages.get("/number/<path:number>")
def number(number: str) -> ResponseReturnValue:
    """Lead to the announcement that bears a document number; list several, or what is near."""
    _, values = read_choices()
    _refuse_all_but(set(), values)
    found = site().engine.lookup_number(number)
    if len(found.bearing) == 1:
        return redirect(url_for("pages.announcement", announcement_id=found.bearing[0].id))
    body = render("number.html", found=found, typed=number)
    return make_response(body, 200 if found.bearing else 404)


@pages.get("/help")
@revalidated
def help_page() -> ResponseReturnValue:
    """Explain what can be typed and chosen, each way with an example that finds something in this index."""
    _, values = read_choices()
    _refuse_all_but(set(), values)
    return render("help.html", examples=examples())


@pages.get("/api")
@revalidated
def api_guide() -> ResponseReturnValue:
    """Explain the interface for programs, with lines to try."""
    _, values = read_choices()
    _refuse_all_but(set(), values)
    hits = site().engine.search(read_query({"per_page": [str(EXAMPLES)]})).hits
    return render(
        "api.html",
        base=request.url_root.rstrip("/"),
        export_limit=EXPORT_LIMIT,
        an_id=next((hit.id for hit in hits), "ID"),
        number_uri=uri("", "/number/" + next((hit.number for hit in hits if hit.number), "国办发[2017]47号")),
    )


def _refuse_all_but(known: set[str], values: dict[str, list[str]]) -> None:
    expected = expect("one-of", names=", ".join(sorted(known))) if known else expect("no-parameter")
    unknown = [Problem(name, given[-1], expected) for name, given in values.items() if name not in known]
    if unknown:
        raise ParameterError(unknown)
