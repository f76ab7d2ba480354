"""What the views of one app share: the engine, the operator's choices, and what is known of the index."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from flask import Flask

    from indexer.answers.results import IndexStatus
    from indexer.engine import Engine
    from webui.config import WebConfig

_KEY = "policy_search"


@dataclass(slots=True)
class Site:
    """One engine on the web; the status is kept until the index's version changes."""

    engine: Engine
    config: WebConfig
    _status: IndexStatus | None = field(default=None)

    def status(self) -> IndexStatus:
        """Return the index's account of itself, asking the engine once a version."""
        version = self.engine.version()
        held = self._status
        if held is None or held.version != version:
            held = self._status = self.engine.status()
        return held

    def built(self) -> datetime:
        """Return the moment of the last commit."""
        moment = datetime.fromisoformat(self.status().built)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def age_seconds(self) -> int:
        """Return how long ago that was."""
        return max(0, round((datetime.now(UTC) - self.built()).total_seconds()))


def install(app: Flask, made: Site) -> None:
    """Return an app its site."""
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
