"""States of validity as filters: what is stored are days, so that a state is always that of the day it is asked on.

The same rules as ``indexer.relations.validity.states_at``, which tells the state of one announcement; a state wins
over those behind it in ``STATES``.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from indexer.facts.dates import BEIJING, to_day
from indexer.facts.document_kind import NEWS
from indexer.fields import UNSTATED
from indexer.relations.validity import AMENDED, EXPIRED, NONE_FOUND, NOT_YET, PARTLY, REPEALED, STATES

if TYPE_CHECKING:
    from collections.abc import Collection

    from indexer.cluster.connection import Body

# Of each state its event, and how the day of that lies to the day that is asked for.
_TOLD_BY: Final = {
    REPEALED: ("repealed", "lte"),
    EXPIRED: ("expired", "lt"),
    NOT_YET: ("effective", "gt"),
    PARTLY: ("partly", "lte"),
    AMENDED: ("amended", "lte"),
}
_NEWS: Final[Body] = {"term": {"kind": NEWS}}


def today() -> int:
    """Return the day on which states count, in Beijing."""
    return to_day(datetime.now(BEIJING).date())


def happened(event: str, day: int, lies: str = "lte") -> Body:
    """Find what an event has happened to by a day."""
    return {"range": {f"validity.{event}": {lies: day}}}


def state_is(state: str, day: int) -> Body:
    """Find what has a state on a day; "" for news that have none."""
    if state not in STATES:
        return {"match_none": {}}
    those = {name: happened(*(_TOLD_BY[name][0], day, _TOLD_BY[name][1])) for name in STATES if name in _TOLD_BY}
    before = [those[name] for name in STATES[: STATES.index(state)] if name in those]
    own = [those[state]] if state in those else [] if state == NONE_FOUND else [_NEWS]
    return {"bool": {"filter": own, "must_not": [*before, *([_NEWS] if state == NONE_FOUND else [])]}}


def one_of_states(states: Collection[str], day: int) -> Body:
    """Find what has one of these states, as they are chosen."""
    some = [state_is("" if state == UNSTATED else state, day) for state in states]
    return {"bool": {"should": some, "minimum_should_match": 1}}
