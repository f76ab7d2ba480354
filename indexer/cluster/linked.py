"""An announcement as others are told of it, read out of the columns of its document, without its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from indexer.answers.relations import Linked
from indexer.cluster.settled import EVENT_DAYS, no_day
from indexer.cluster.validity_filters import today
from indexer.facts.dates import from_day
from indexer.facts.document_kind import NEWS
from indexer.relations.keys import IS_NEWS
from indexer.relations.lineage import level_of
from indexer.relations.validity import EVENTS, STATES, states_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LINKED_FIELDS: Final = [
    *("id", "title", "source", "kind", "day", "region"),
    *(f"validity.{event}" for event in EVENT_DAYS),
]


def state_on(day: int, days: Mapping[str, int], *, is_news: bool) -> str:
    """Return the state of an announcement by the days of its events; "" for news that have none."""
    events = np.zeros(1, dtype=EVENTS)
    for name in EVENT_DAYS:
        events[name] = days.get(name, no_day(name))
    return STATES[int(states_at(events, np.array([IS_NEWS * is_news]), day)[0])]


def link(fields: Mapping[str, Sequence[Any]]) -> Linked:
    """Return an announcement by its ``LINKED_FIELDS``."""
    days = {event: int(told[0]) for event in EVENT_DAYS if (told := fields.get(f"validity.{event}"))}
    state = state_on(today(), days, is_news=fields["kind"][0] == NEWS)
    title = fields.get("title", ("",))[0]
    region = max(fields.get("region", ("",)), key=len)  # the path is there with each above it
    level = level_of(tuple(region.split("/")) if region else (), title)
    return Linked(fields["id"][0], title, from_day(int(fields["day"][0])), fields["source"][0], state, level)
