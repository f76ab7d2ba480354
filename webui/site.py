"""What the views of one app share: the engine, the operator's choices, and what is known of the index."""

from __future__ import annotations

from dataclasses import field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar, cast

from flask import current_app, g

from indexer.light_dataclass import dataclass
from indexer.query.tree import Filters, Query
from webui.kept_answers import KeptAnswers

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from indexer.answers.results import IndexStatus
    from indexer.engine import Engine
    from webui.config import WebConfig
    from webui.saved_searches import SavedSearches

_KEY = "policy_search"
KEPT_AT_MOST = 2_000  # counts of months, of one year each; gaps of sources; a few lists
_ABSENT = object()

Kept = TypeVar("Kept")


@dataclass(slots=True)
class Site:
    """One engine on the web; the status is kept until the index's version changes."""

    engine: Engine
    config: WebConfig
    form_token: Callable[[str], str] | None = None  # proves that a form was shown to a user; None: nobody signs in
    saved: SavedSearches | None = None  # of those who sign in
    kept_answers: KeptAnswers = field(default_factory=KeptAnswers)
    _status: IndexStatus | None = field(default=None)
    _kept: tuple[str, dict[object, object]] = field(default_factory=lambda: ("", {}))  # what it was made of, and it

    def status(self) -> IndexStatus:
        """Return the index's account of itself, asking the engine once a version."""
        version = self.engine.version()
        held = self._status
        if held is None or held.version != version:
            held = self._status = self.engine.status()
        return held

    def whole(self, year: str = "") -> dict[str, int]:
        """Return how many announcements there are of each year, with ``year`` also of its months, once a version."""
        return self.kept(("whole", year), lambda: self._count(year))

    def _count(self, year: str) -> dict[str, int]:
        years = self.engine.search(Query(per_page=1, filters=Filters(opened=year))).facets.year
        return {value.value: value.count for one in years for value in (one, *one.children)}

    def kept(self, key: object, make: Callable[[], Kept]) -> Kept:
        """Return what is the same for all visitors while the index is, made when it is first asked for."""
        version = self.engine.version()
        made_of, held = self._kept
        if made_of != version:
            held = {}
            self._kept = version, held  # in one: a thread that answers from the version before keeps its own apart
        found = held.get(key, _ABSENT)
        if found is _ABSENT:
            found = make()
            if len(held) >= KEPT_AT_MOST:
                held.clear()
            held[key] = found
        return cast("Kept", found)

    def personal(self) -> str:
        """Return what changes when what this asker alone is shown does; "" when nobody signs in."""
        user = g.get("user")
        return f"{user} {self.saved.stamp(user)}" if self.saved and user else ""

    def built(self) -> datetime:
        """Return the moment of the last commit."""
        moment = datetime.fromisoformat(self.status().built)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def age_seconds(self) -> int:
        """Return how long ago that was."""
        return max(0, round((datetime.now(UTC) - self.built()).total_seconds()))


def install(app: Flask, made: Site) -> None:
    """Give an app its site."""
    app.extensions[_KEY] = made


def site() -> Site:
    """Find the site of the app that answers now."""
    return cast("Site", current_app.extensions[_KEY])


def engine_of(app: Flask) -> Engine:
    """Return the engine that an app answers from."""
    return cast("Site", app.extensions[_KEY]).engine


def config_of(app: Flask) -> WebConfig:
    """Return what the operator chose for an app."""
    return cast("Site", app.extensions[_KEY]).config
