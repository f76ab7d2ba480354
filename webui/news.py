"""How many announcements have come into the index since a moment, of those that a search finds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.query.tree import Query
from webui.site import site

if TYPE_CHECKING:
    from indexer.answers.results import Hit
    from indexer.engine import Engine

MOST_COUNTED: Final = 500  # more new ones than a person reads; each is read, 0.05 ms


@dataclass(frozen=True, slots=True)
class News:
    """What is new."""

    count: int
    is_all: bool  # False: there are more than were counted


def count_new(engine: Engine, query: Query, seen: int) -> News:
    """Count what a search finds that came into the index after ``seen``, in seconds since 1970; copies too."""
    count = 0
    for hit in engine.walk(replace(query, sort="indexed", page=1, cursor=""), facts_only=True):
        if hit.indexed <= seen:
            break
        if count == MOST_COUNTED:
            return News(count, is_all=False)
        count += 1
    return News(count, is_all=True)


def last_arrival() -> int:
    """Return when what came last into the index did, in seconds since 1970; 0 of an empty index.

    What is seen up to then misses nothing: all that comes later has a later moment.
    """
    engine = site().engine
    return site().kept("last arrival", lambda: next((hit.indexed for hit in _last(engine)), 0))


def _last(engine: Engine) -> tuple[Hit, ...]:
    return engine.search(Query(sort="indexed", per_page=1)).hits
