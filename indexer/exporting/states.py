"""Whether what is exported still holds: looked up for all at once, for both engines tell it with their hits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from indexer.announcement import Announcement
    from indexer.answers.relations import Evidence, Validity
    from indexer.engine import Engine
    from indexer.query.tree import Query


@dataclass(frozen=True, slots=True)
class Told:
    """An announcement with what is known of its validity; None for news, and where nothing is known."""

    announcement: Announcement
    validity: Validity | None = None

    @property
    def state(self) -> str:
        """Return its state; "" where none is known."""
        return self.validity.state if self.validity else ""

    @property
    def evidence(self) -> Evidence | None:
        """Return who says so."""
        return next(iter(self.validity.evidence), None) if self.validity else None

    @property
    def since(self) -> date | None:
        """Return from which day it holds (of a term, its last day); None where nobody says."""
        return self.evidence.day if self.evidence else None


def states_of(engine: Engine, query: Query) -> dict[str, Validity | None]:
    """Return the validity of all that a query finds, by id."""
    same: dict[Validity | None, Validity | None] = {}  # of most nothing is told, and they share one
    return {hit.id: same.setdefault(hit.validity, hit.validity) for hit in engine.walk(query, facts_only=True)}


def told(announcements: Iterable[Announcement], states: Mapping[str, Validity | None]) -> Iterator[Told]:
    """Yield announcements with their validity."""
    return (Told(one, states.get(one.id)) for one in announcements)
