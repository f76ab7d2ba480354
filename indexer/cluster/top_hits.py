"""The first hits by score, found without scoring all that is found.

Two steps. The cluster adds scores up by itself, without a script, and asked for nothing but the best it passes over
blocks of postings in which none can be (block-max WAND). What it cannot do so is done here with the few hundred that it
finds, the window: scores are rounded to steps, what is as good is ordered by day, what is repealed stands below what
took its place, of copies the first stays. The formula is one and the same, so the order is that of the script, which
orders what lies behind the widest window: pages on both sides of it hold no hit twice and miss none.

What lies behind a window has at most the score of its last hit. So only those are sure that stand a step above that
one; when they do not fill the page, the window widens.

The first window is sought among the few that hold in their titles what was typed: these nearly always have more than
all others can have, as the formula's weights tell before. When too few do, it is sought among all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from indexer.cluster.replaced import TELLING, lower, pairs_of
from indexer.ranking.bm25f import RANKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from indexer.cluster.connection import Body

# Found announcements from which on this takes less than the script, which orders them in one request instead of three.
WORTH: Final = 5_000
FIRST: Final = 60  # hits in the first window; of ten, hardly ever too few, and each takes a node its time
WIDER: Final = 5  # times as many in the next one
MOST: Final = 5_000  # in the widest
_NOWHERE: Final = -1.0  # a score below all


class Window(NamedTuple):
    """The best hits, in the order of their scores."""

    hits: Sequence[Body]
    size: int  # as many as were asked for
    below: float | None = None  # the most that those can have among whom it was not sought; None: among all


class Place(NamedTuple):
    """A hit's place in the list."""

    steps: float  # its score
    day: int
    id: str
    group: str
    fields: dict[str, list[Any]]


def first_size(wanted: int) -> int:
    """Return how many hits the first window holds, for a page that ends at this place; 0 where none is wide enough."""
    size = max(FIRST, 2 * wanted)
    return size if size <= MOST else 0


def window(query: Body, size: int) -> Body:
    """Return the request for so many of the best; nothing stored is read, neither texts nor names.

    In no order but that of scores, for of what is as good only whole steps are sure; by days and ids, too, nodes take a
    third more time.
    """
    return {
        "query": query,
        "size": size,
        "track_total_hits": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["id", "day", "group", "born", *TELLING],
    }


def page_of(
    window: Window, day: int, span: tuple[int, int], days_of: Callable[[list[str]], dict[str, int]]
) -> list[Place] | None:
    """Return the places of a page out of a window; None when it is too narrow to be sure of them.

    ``day`` is today, ``span`` where the page begins and ends in the list; ``days_of`` says which of some ids are found,
    and the days of these.
    """
    places = list(map(_place, window.hits))
    # What is lost by adding in single precision is less than a step.
    lowest = _NOWHERE if window.below is None else _steps(window.below) + 1
    if len(places) == window.size:
        lowest = max(lowest, places[-1].steps)
    heads: dict[str, Place] = {}
    for place in sorted(_lowered(places, lowest, day, days_of), key=lambda one: (-one.steps, -one.day, one.id)):
        if place.steps > lowest:
            heads.setdefault(place.group, place)
    first, last = span
    if len(heads) < last and lowest != _NOWHERE:
        return None
    return list(heads.values())[first:last]


def _place(hit: Body) -> Place:
    fields = hit["fields"]
    return Place(_steps(hit["_score"]), int(fields["day"][0]), fields["id"][0], fields["group"][0], fields)


def _steps(score: float) -> float:
    """Round as the script does: it divides a number of single precision, of which answers tell the first digits."""
    return float(np.rint(float(np.float32(score)) / RANKING.step))


def _lowered(
    places: Sequence[Place], lowest: float, day: int, days_of: Callable[[list[str]], dict[str, int]]
) -> Iterable[Place]:
    """Put what is repealed or amended below what took its place, which may lie behind the window."""
    pairs = [pair for place in places for pair in pairs_of(place.id, place.fields, day)]
    if not pairs:
        return places
    scores, days = {one.id: one.steps for one in places}, {one.id: one.day for one in places}
    if lowest != _NOWHERE and (behind := sorted({pair.new for pair in pairs} - scores.keys())):
        found = days_of(behind)
        days |= found
        scores |= dict.fromkeys(found, lowest)  # at most; what stands below it is not sure in any case
    lower_ones = lower(pairs, scores, days)
    return [one._replace(steps=lower_ones.get(one.id, one.steps)) for one in places]
