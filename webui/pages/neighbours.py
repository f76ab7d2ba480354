"""The place of an announcement in the list of hits that led to it: which hit comes before, which after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.errors import ParameterError
from indexer.light_dataclass import dataclass
from indexer.query.parameters import write_query
from webui.address import document_link, first_page
from webui.pages.result_list import next_query, page_of

if TYPE_CHECKING:
    from indexer.answers.results import Hit, ResultPage
    from indexer.engine import Engine
    from indexer.query.tree import Query


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The way from one hit to the next ones without the list between."""

    place: int  # of this hit in the list, from 1; 0 where a cursor leads, which does not know
    total: int  # hits that can be paged through
    previous: str  # address of the hit before, with its page of the search; "" for none
    following: str


def neighbours(engine: Engine, query: Query, announcement_id: str) -> Neighbours | None:
    """Return the neighbours of a hit; None when nothing was asked, or the page of the search does not hold it."""
    if not write_query(query):
        return None
    try:
        result = engine.search(query)
    except ParameterError:  # a cursor into an index that is gone
        return None
    place = next((place for place, hit in enumerate(result.hits) if _shows(hit, announcement_id)), None)
    if place is None:
        return None
    number = 0 if query.cursor else (query.page - 1) * query.per_page + place + 1
    return Neighbours(
        number, result.listed, _previous(engine, query, result, place), _next(engine, query, result, place)
    )


def _shows(hit: Hit, announcement_id: str) -> bool:
    """Return whether a hit stands for an announcement, itself or as one of the copies listed with it."""
    return announcement_id == hit.id or any(announcement_id == repost.id for repost in hit.reposts)


def _previous(engine: Engine, query: Query, result: ResultPage, place: int) -> str:
    if place:
        return document_link(result.hits[place - 1].id, query)
    if query.page == 1 or query.cursor:
        return ""
    before = page_of(query, query.page - 1)
    hits = engine.search(before).hits
    return document_link(hits[-1].id, before) if hits else ""


def _next(engine: Engine, query: Query, result: ResultPage, place: int) -> str:
    if place + 1 < len(result.hits):
        return document_link(result.hits[place + 1].id, query)
    after = next_query(query, result)
    hits = engine.search(after).hits if after else ()
    return document_link(hits[0].id, after) if after and hits else ""


def only_bearer(query: Query, result: ResultPage) -> str:
    """Return the id of the announcement that a query names by its document number alone; "" when it is not one.

    Such a query asks for that announcement, not for a list.
    """
    number = result.number
    alone = number is not None and len(number.bearing) == 1 and first_page(query) == query
    return number.bearing[0] if alone and number and write_query(query) == [("q", query.text)] else ""
