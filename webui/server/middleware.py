"""What every request and answer goes through: who may ask, headers, compression, one line in the log."""

from __future__ import annotations

import gzip
import ipaddress
import json
import logging
import re
import secrets
import time
import zlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from flask import g, request
from flask.globals import app_ctx, request_ctx
from werkzeug.exceptions import RequestURITooLarge, TooManyRequests
from werkzeug.http import parse_accept_header

from indexer.errors import InputError
from indexer.text.plain import plain
from webui import choices
from webui.config import MAX_ADDRESS_CHARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask, Response

    from webui.config import WebConfig
    from webui.server.rate_limit import Limiter
    from webui.server.sign_in import SignIn

_log = logging.getLogger("webui.access")
_written = json.JSONEncoder(ensure_ascii=False).encode

_PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "same-origin"),
)
_OF_PAGES = (*_ALWAYS, ("Content-Security-Policy", _PAGE_POLICY))
_OF_DATA = (*_ALWAYS, ("Content-Security-Policy", _DATA_POLICY))
_WORDED = ("application/atom+xml", "application/opensearchdescription+xml")  # what else is said in a language
COMPRESS_FROM_BYTES = 1_400  # less fits into one network packet anyway
COMPRESS_LEVEL = 5  # 40 KB of HTML: 0.6 ms; level 9 takes three times as long for 1 % less
_TEXTUAL = ("text/", "application/json", "application/problem+json", "application/atom+xml", "application/xml")


class HostRefused(InputError):
    """The request names a host that this server was not told to be."""

    def __init__(self) -> None:
        super().__init__("This server does not answer to that host name. Its operator can add it: serve --allow-host")


def install(app: Flask, config: WebConfig, limiter: Limiter | None, sign_in: SignIn | None = None) -> None:
    """Put checks before and headers, compression and the log after every view of the app."""

    @app.before_request
    def begin() -> None:
        asked, noted = request_ctx.request, app_ctx.g  # themselves: each look at ``request`` asks first whose it is
        noted.begun = time.perf_counter()
        noted.request_id = secrets.token_hex(8)
        noted.hits = None
        if not host_allowed(asked.host, config.hosts):
            raise HostRefused
        if len(asked.full_path) > MAX_ADDRESS_CHARS:
            raise RequestURITooLarge(f"The address is longer than {MAX_ADDRESS_CHARS} characters.")
        if limiter and (wait := limiter.seconds_to_wait(asked.remote_addr or "")):
            raise TooManyRequests("Too many requests from this address.", retry_after=wait)
        if sign_in:
            noted.user = sign_in.check()

    @app.after_request
    def finish(response: Response) -> Response:
        choices.remember(response)
        _set_headers(response)
        _set_origin(response, config.origins)
        if sign_in:
            response.cache_control.private = True
        _compress(response)
        _write_line(response, with_query=config.log_queries)
        return response


@lru_cache(maxsize=256)
def host_allowed(host: str, names: tuple[str, ...]) -> bool:
    """Return whether to answer to this Host header.

    A bare address cannot be forged by a stranger's DNS, and localhost is ours; other names must be known,
    or a hostile page could rebind its name to this server and read what it answers.
    """
    name = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    name = name.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost") or name in {known.lower() for known in names}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _set_headers(response: Response) -> None:
    headers, kind = response.headers, response.mimetype
    is_page = kind == "text/html"
    set_by_view = {name for name, _ in headers}
    others = (one for one in (_OF_PAGES if is_page else _OF_DATA) if one[0] not in set_by_view)
    headers.extend([("X-Request-Id", g.get("request_id", "-")), *others])
    if is_page or kind in _WORDED:
        _vary(response, "Accept-Language", "Cookie")


def _vary(response: Response, *names: str) -> None:
    """Add names to ``Vary``: Werkzeug reads and writes the whole of it for each."""
    headers = response.headers
    held = next((value for name, value in headers if name == "Vary"), "")
    known = held.lower().split(", ")
    told = [held] if held else []
    headers["Vary"] = ", ".join([*told, *[name for name in names if name.lower() not in known]])


def _set_origin(response: Response, origins: tuple[str, ...]) -> None:
    """Let web pages of the named origins read what is answered to programs."""
    if not origins or not (request.blueprint in {"api", "exports", "spreadsheets"} or request.path.startswith("/api/")):
        return
    headers, origin = response.headers, request.headers.get("Origin", "")
    if "*" not in origins:
        _vary(response, "Origin")
        if origin not in origins:
            return
    headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
    headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link, Retry-After, X-Request-Id, X-Total-Count"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def _compress(response: Response) -> None:
    """Send long texts as gzip to clients that take it; streams are compressed as they go."""
    if response.status_code != 200 or not (response.mimetype or "").startswith(_TEXTUAL):
        return
    _vary(response, "Accept-Encoding")
    environ = request.environ
    if environ["REQUEST_METHOD"] == "HEAD" or not _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        return
    if response.is_streamed and not response.direct_passthrough:
        response.response = _compress_stream(response.iter_encoded())
    else:
        response.direct_passthrough = False
        content = response.get_data()
        if len(content) < COMPRESS_FROM_BYTES:
            return
        response.set_data(gzip.compress(content, COMPRESS_LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"


@lru_cache(maxsize=256)  # most clients say one of a few things
def _takes_gzip(accepted: str) -> bool:
    return bool(parse_accept_header(accepted).best_match(("gzip",)))


def _compress_stream(chunks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(COMPRESS_LEVEL, wbits=31)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def _path_without_query() -> str:
    """Return the path without what was asked by it: a document number, or anything that leads nowhere."""
    rule = request.url_rule
    if rule is None:
        return "-"
    return re.sub(r"<(?:path:)?number>", "-", rule.rule) if "number" in rule.arguments else request.path


def _moment(milliseconds: int) -> str:
    """Write milliseconds since 1970 in UTC; a server that answers much says most of it many times."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_second(seconds)}.{rest:03}+00:00"


@lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _write_line(response: Response, *, with_query: bool) -> None:
    asked, noted = request_ctx.request, app_ctx.g
    line = {
        "time": _moment(time.time_ns() // 1_000_000),
        "id": noted.get("request_id", "-"),
        "method": asked.method,
        "path": plain(asked.path) if with_query else _path_without_query(),
        "status": response.status_code,
        "ms": round((time.perf_counter() - noted.begun) * 1000, 1) if "begun" in noted else None,
        "hits": noted.get("hits"),
    }
    if with_query and asked.query_string:
        line["query"] = plain(unquote_plus(asked.query_string.decode("ascii", "replace")))  # as people read it
    if _log.isEnabledFor(logging.INFO):  # without the search for who called, which ``info`` makes
        _log.handle(_log.makeRecord(_log.name, logging.INFO, __file__, 0, _written(line), (), None))
