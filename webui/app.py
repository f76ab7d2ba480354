"""The web application, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_babel import Babel
from jinja2 import StrictUndefined

from indexer.messages import CATALOGS
from webui import choices, site
from webui.address import address, document_link, first_page, kept, link, number_link
from webui.api import endpoints as api
from webui.api import exports, spreadsheets
from webui.api.clauses import clauses_api
from webui.api.compare import compare_api
from webui.caching import PROGRAM
from webui.config import MAX_BODY_BYTES, WebConfig
from webui.pages import (
    checking,
    facet_markup,
    hit_markup,
    link_markup,
    markup,
    originals,
    saved,
    sources,
    trends,
    views,
)
from webui.pages.compare import compared
from webui.pages.references import references
from webui.saved_searches import SavedSearches
from webui.server import middleware, problems, proxies
from webui.server.problem_messages import advice, reason
from webui.server.rate_limit import Limiter
from webui.server.sign_in import SignIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.engine import Engine

_BLUEPRINTS = (
    views.pages,
    checking.lists,
    sources.coverage_pages,
    originals.originals,
    trends.trends,
    saved.saved_pages,
    api.api,
    exports.exports,
    spreadsheets.spreadsheets,
    clauses_api,
    references,
    compared,
    compare_api,
)


class _App(Flask):
    """Calls views as they are: none of ours is a coroutine, which Flask looks for five times an answer."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view, or what goes before or after one, as it is."""
        return func


def build_app(engine: Engine, config: WebConfig | None = None) -> Flask:
    """Build the web application over an engine."""
    chosen = config or WebConfig()
    app = _App("webui")
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_BYTES, SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600)
    app.url_map.strict_slashes = False
    _prepare_pages(app)
    sign_in = SignIn(chosen.users, over_http=chosen.sign_in_over_http) if chosen.users else None
    made = site.Site(engine, chosen, sign_in.form_token if sign_in else None, _saved_searches(chosen))
    site.install(app, made)
    limiter = Limiter(chosen.requests_per_minute) if chosen.requests_per_minute else None
    middleware.install(app, chosen, limiter, sign_in)
    proxies.install(app, chosen)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    if chosen.metrics:
        from webui.server import metrics  # noqa: PLC0415 (its package is an extra)

        metrics.install(app, made)
    app.register_error_handler(Exception, problems.answer)
    return app


def _prepare_pages(app: Flask) -> None:
    """Give templates their language and the functions that they call."""
    app.jinja_environment = markup.PageEnvironment
    app.jinja_env.undefined = StrictUndefined
    Babel(
        app,
        default_locale="zh",
        locale_selector=choices.language,
        default_domain="messages",
        default_translation_directories=f"translations;{CATALOGS}",
    )
    markup.install(app)
    app.jinja_env.globals.update(
        address=address,
        advice=advice,
        said_reason=reason,
        first_page=first_page,
        kept=kept,
        link=link,
        document_link=document_link,
        number_link=number_link,
        hit_items=hit_markup.hit_items,
        facts=hit_markup.facts,
        reposts=hit_markup.reposts,
        tick_list=facet_markup.tick_list,
        chart=facet_markup.chart,
        map_tiles=facet_markup.map_tiles,
        legend=facet_markup.legend,
        choices=link_markup.choices,
        numbered_pages=link_markup.numbered_pages,
        find_form=link_markup.find_form,
        here_with=choices.here_with,
        program=PROGRAM,  # in the addresses of our style and script, which browsers keep for a year
    )


def _saved_searches(chosen: WebConfig) -> SavedSearches | None:
    """Return the searches that users save: beside the file of users unless another folder is chosen."""
    if chosen.users is None:
        return None
    return SavedSearches(chosen.saved or chosen.users.with_name(f"{chosen.users.name}.saved"))
