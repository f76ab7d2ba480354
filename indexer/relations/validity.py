"""Whether an announcement still holds, as far as this index knows: told by dated evidence, for any day.

That it holds is never claimed: what nothing was found against is 未见废止. A repeal counts only where its target is
certain and older than the repeal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.facts.dates import NO_DAY
from indexer.relations.keys import CODES, IS_NEWS, IS_REVISED, IS_RULE, LEVEL_BITS, SOMETIME
from indexer.relations.lineage import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.relations.keys import Array

REPEALED: Final = "已废止"
EXPIRED: Final = "已失效"
NOT_YET: Final = "尚未施行"
PARTLY: Final = "部分废止"
AMENDED: Final = "已修改"
NONE_FOUND: Final = "未见废止"
# In this order they win over one another; "" is for news, which have no validity. Numbers are places in here.
STATES: Final = (REPEALED, EXPIRED, NOT_YET, PARTLY, AMENDED, NONE_FOUND, "")
_CODE: Final = {state: code for code, state in enumerate(STATES)}

_REPEALS, _REPLACES, _AMENDS = CODES["repeals"], CODES["replaces"], CODES["amends"]
NEVER: Final = 2**31 - 1
BY_ITSELF: Final = -1  # who tells of an event, where it is no edge: the document itself,
BY_VERSION: Final = -2  # or a later version, whose number is this less what is stored

EVENTS: Final = np.dtype(
    [(name, "<i4") for name in ("repealed", "partly", "amended", "expired", "effective")]
    + [(f"{name}_by", "<i4") for name in ("repealed", "partly", "amended")]
)  # days, NEVER where there is none, SOMETIME where nobody names it, and who says so


def events_of(documents: Array, edges: Array, published: Array, versions: Iterable[tuple[int, int]]) -> Array:
    """Return the events of each document (see ``EVENTS``); ``versions`` are those of ``later_versions``."""
    events = np.empty(len(documents), dtype=EVENTS)
    for name in ("repealed", "partly", "amended"):
        events[name], events[f"{name}_by"] = NEVER, BY_ITSELF
    for name in ("repealed", "expired"):
        events[name] = np.where(documents[name] == NO_DAY, NEVER, documents[name])
    events["effective"] = documents["effective"]
    told = np.flatnonzero((edges["sure"] == 1) & np.isin(edges["relation"], (_REPEALS, _REPLACES, _AMENDS)))
    levels = documents["flags"] >> LEVEL_BITS
    above = levels[edges["target"][told]] < levels[edges["source"][told]]
    known = levels[edges["source"][told]] < len(LEVELS) - 1
    for at in told[~(above & known)].tolist():  # nobody repeals or amends what stands above him
        _tell(events, edges[at], at, documents, published)
    for older, newer in versions:
        when = int(published[newer])
        if when < events["amended"][older]:
            events["amended"][older], events["amended_by"][older] = when, BY_VERSION - newer
    return events


def later_versions(documents: Array, published: Array, places: Array, live: Array) -> Iterator[tuple[int, int]]:
    """Yield each rule with the next later version of it: of the same title and place, and revised as it says itself.

    ``places`` has a number a document, one for a region.
    """
    rules = np.flatnonzero(live & ((documents["flags"] & IS_RULE) != 0) & (published != NO_DAY))
    rules = rules[np.lexsort((published[rules], places[rules], documents["title"][rules]))]
    same = (documents["title"][rules[1:]] == documents["title"][rules[:-1]]) & (places[rules[1:]] == places[rules[:-1]])
    later = same & (published[rules[1:]] > published[rules[:-1]])
    later &= (documents["flags"][rules[1:]] & IS_REVISED) != 0
    at = np.flatnonzero(later)
    yield from zip(rules[at].tolist(), rules[at + 1].tolist(), strict=True)


def _tell(events: Array, edge: Array, at: int, documents: Array, published: Array) -> None:
    source, target = int(edge["source"]), int(edge["target"])
    issued, day = int(documents["issued"][target]), int(edge["day"])
    same_title = documents["title"][source] == documents["title"][target]
    if day == NO_DAY:
        day = int(published[source])
    if issued == NO_DAY:
        if same_title or (day != NO_DAY and int(documents["effective"][target]) >= day):
            return  # which of two versions is meant nobody can tell
    elif day != NO_DAY and issued >= day:
        return  # a later version than the one that was repealed
    elif day == NO_DAY and same_title:
        return
    name = "amended" if edge["relation"] == _AMENDS else "partly" if edge["partly"] else "repealed"
    when = SOMETIME if day == NO_DAY else day
    if events[name][target] == NEVER or when < events[name][target]:
        events[name][target], events[f"{name}_by"][target] = when, at


def states_at(events: Array, flags: Array, day: int) -> Array:
    """Return for each document the number of its state (see ``STATES``) on a day."""
    states = np.full(len(events), _CODE[NONE_FOUND], dtype=np.uint8)
    states[events["amended"] <= day] = _CODE[AMENDED]
    states[events["partly"] <= day] = _CODE[PARTLY]
    states[events["effective"] > day] = _CODE[NOT_YET]
    # A term holds through its last day; one that is over since nobody knows when is over.
    states[events["expired"] < day] = _CODE[EXPIRED]
    states[events["repealed"] <= day] = _CODE[REPEALED]
    news = (flags & IS_NEWS) != 0
    states[news & (states == _CODE[NONE_FOUND])] = _CODE[""]
    return states
