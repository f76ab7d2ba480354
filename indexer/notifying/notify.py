"""Send what is new for each saved search: once, and nothing missed.

What is sent is noted as soon as it has been taken, search by search: if a run ends in between, the next one goes on
there. Only when it ends between the taking and the noting is one message sent twice, with the same Message-ID. Two
runs at once would both send: ``indexer.notifying.state.alone_with`` lets one wait.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.notifying.delivery import News, NotDelivered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.answers.results import Hit
    from indexer.engine import Engine
    from indexer.messages import Words
    from indexer.notifying.delivery import Delivery
    from indexer.notifying.searches import SavedSearch
    from indexer.notifying.state import Sent

HITS_AT_ONCE: Final = 100  # in one message


@dataclass(slots=True)
class Outcome:
    """What became of a run."""

    sent: dict[str, int] = field(default_factory=dict)  # by search
    begun: list[str] = field(default_factory=list)  # searches seen for the first time: what they find now is not news
    failed: list[Words] = field(default_factory=list)  # what was not taken, in words


def notify(  # noqa: PLR0913 - what is sent, of what, how, and what is known
    engine: Engine,
    searches: Sequence[SavedSearch],
    sent: Sent,
    deliveries: Sequence[Delivery],
    *,
    base: str = "",
    all_of_new_searches: bool = False,
) -> Outcome:
    """Send; a search that is seen for the first time begins with what it finds now, unless all of it is asked for."""
    outcome = Outcome()
    for search in searches:
        hits = list(engine.walk(search.query, facts_only=True))
        if not sent.knows(search.name) and not all_of_new_searches:
            sent.add(search.name, hits)
            outcome.begun.append(search.name)
            continue
        new = sent.new(search.name, hits)
        try:
            for some in _batches(new):
                _send(News(search.name, f"{base}/?{search.parameters}" if base else "", some, base), deliveries)
                sent.add(search.name, some)
                outcome.sent[search.name] = outcome.sent.get(search.name, 0) + len(some)
        except NotDelivered as error:
            outcome.failed.append(error.told)
        if not sent.knows(search.name):
            sent.add(search.name, ())
    sent.keep(search.name for search in searches)
    return outcome


def _batches(hits: Sequence[Hit]) -> list[tuple[Hit, ...]]:
    return [tuple(hits[at : at + HITS_AT_ONCE]) for at in range(0, len(hits), HITS_AT_ONCE)]


def _send(news: News, deliveries: Sequence[Delivery]) -> None:
    for delivery in deliveries:
        delivery.send(news)
