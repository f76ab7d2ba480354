"""policy-search on the web: HTML pages, JSON, CSV and Atom over one engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from indexer.engine import Engine
    from webui.config import WebConfig


def create_app(engine: Engine, config: WebConfig | None = None) -> Flask:
    """Build the web application over an engine."""
    from webui.app import build_app  # noqa: PLC0415 (the command line starts without waiting for Flask)

    return build_app(engine, config)
