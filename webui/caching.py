"""Answers that a client already holds: 304 from the index's version, without asking the engine again."""

from __future__ import annotations

import functools
import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

from flask import Response, make_response, request
from flask.globals import request_ctx
from werkzeug.http import http_date, quote_etag

from indexer.facts.dates import BEIJING
from webui import choices
from webui.address import base_address
from webui.kept_answers import is_for_everybody
from webui.site import site

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from webui.site import Site

P = ParamSpec("P")


def program_digest() -> str:
    """Name this program's own files: an answer kept from another version of it is not the same answer."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in {".py", ".html", ".xml", ".css", ".js", ".mo", ".json"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()


PROGRAM = program_digest()


def revalidated(view: Callable[P, ResponseReturnValue]) -> Callable[P, Response]:
    """Tag a view's answer with the index's version; a client that holds it gets 304 and no search is made."""

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        at = site()
        with at.engine.one_version():  # an answer is of the version that its tag names
            tag, built = _tag(at), at.built()
            if _asks_about_what_it_holds():
                held = _tagged(Response(), tag, built)
                if held.make_conditional(request).status_code == 304:
                    return held
            return _tagged(_kept_or_made(at, tag, lambda: make_response(view(*args, **kwargs))), tag, built)

    return answer


def _asks_about_what_it_holds() -> bool:
    environ = request.environ
    return "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ


def _kept_or_made(at: Site, tag: str, make: Callable[[], Response]) -> Response:
    """Return an answer that was kept, if it is the same for everybody; else make it, and keep it."""
    if not is_for_everybody(at.config):
        return make()
    name = tag, base_address()  # the addresses that an answer holds begin with it
    kept = at.kept_answers.get(name)
    if kept is None:
        kept = make()
        at.kept_answers.keep(name, kept)
    return kept


def _tagged(response: Response, tag: str, built: datetime) -> Response:
    """Set validators; weak, for the time an answer took differs from one to the next."""
    headers = response.headers
    if response.status_code == 200:
        headers["ETag"] = quote_etag(tag, weak=True)
        headers["Last-Modified"] = _as_http_writes(built)
    if "Cache-Control" in headers:
        response.cache_control.no_cache = True
    else:
        headers["Cache-Control"] = "no-cache"  # may be kept, must be asked about
    return response


_as_http_writes = functools.lru_cache(maxsize=8)(http_date)  # of an index's last commit


def _tag(at: Site) -> str:
    today = datetime.now(BEIJING).date()  # citations name the day they are made
    chosen = (choices.language(), choices.theme(), choices.chart())
    parts = (PROGRAM, at.engine.version(), request_ctx.request.full_path, *chosen, str(today), at.personal())
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=10).hexdigest()
