"""What visitors see of this server when proxies of ours stand in front: their scheme, host name and path.

Only so many hops are believed as the operator named; what a visitor writes into such headers beyond them counts
for nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import WSGIApplication

    from flask import Flask

    from webui.config import WebConfig

PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")  # of a path under which a proxy shows us; never "//", another host
_TOLD_BY_PROXIES = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_FORWARDED")
_RELAYED = "policy_search.relayed"


def install(app: Flask, config: WebConfig) -> None:
    """Put the operator's word on proxies around an app."""
    inner: WSGIApplication = _Prefix(app.wsgi_app, config.prefix)
    if config.behind_proxy:
        hops = config.behind_proxy
        inner = ProxyFix(inner, x_for=hops, x_proto=hops, x_host=hops, x_prefix=0 if config.prefix else hops)
    app.wsgi_app = _Noting(inner)  # type: ignore[method-assign]  # Flask's own way to wrap an app


def is_relayed(environ: dict[str, Any]) -> bool:
    """Return whether some proxy passed this request on, one of ours or not."""
    return bool(environ.get(_RELAYED))


class _Noting:
    """Notes that a proxy was there, before its headers are used up."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ[_RELAYED] = any(environ.get(name) for name in _TOLD_BY_PROXIES)
        return self._app(environ, start_response)


class _Prefix:
    """Serves under a path, whether the proxy takes it off or leaves it on."""

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        prefix = self._prefix or environ.get("SCRIPT_NAME", "").rstrip("/")
        if not PREFIX.fullmatch(prefix):
            prefix = ""
        environ["SCRIPT_NAME"] = prefix
        path = environ.get("PATH_INFO", "")
        if prefix and f"{path}/".startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return self._app(environ, start_response)
