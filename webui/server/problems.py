"""What went wrong, told to people as a page and to programs as problem+json (RFC 9457).

Says what to do, never where things lie on this machine or what broke inside.
"""

from __future__ import annotations

import logging
from base64 import b64encode
from hashlib import sha256
from http import HTTPStatus

from flask import Response, g, make_response, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from indexer.errors import (
    AnnouncementNotFound,
    ClauseNotFound,
    ClusterUnavailable,
    InputError,
    OperatorError,
    OriginalUnavailable,
    ParameterError,
    Problem,
)
from indexer.light_dataclass import dataclass
from webui.address import root
from webui.api.as_json import json_response
from webui.pages.markup import render

_log = logging.getLogger("webui.errors")
RETRY_SECONDS = 30  # after a 503: about what a rebuild of a small folder takes


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed request."""

    status: int
    kind: str  # last part of the problem type's address, and the key of the page's words
    title: str  # English, the same for every failure of the kind
    detail: str  # English, about this one
    problems: tuple[Problem, ...] = ()
    clause: ClauseNotFound | None = None  # the clause that was not found


_NO_INDEX = Failure(
    503, "no-index", "No index", "There is no usable index. Its operator can make one: policy-search rebuild"
)
_UNAVAILABLE = Failure(
    503, "unavailable", "Search unavailable", "The search cluster does not answer just now. Ask again in a while"
)


def failure_of(error: Exception) -> Failure:
    """Return what an exception means to the asker; what nobody foresaw is logged with its trace."""
    match error:
        case ParameterError(problems=problems):
            return Failure(400, "wrong-parameter", "Unknown or wrong parameters", str(error), problems)
        case AnnouncementNotFound() | ClauseNotFound():
            clause = error if isinstance(error, ClauseNotFound) else None
            return Failure(404, "not-found", "Not found", str(error), clause=clause)
        case InputError():
            return _of_input(error)
        case OperatorError():
            _log.error("request %s: %s", g.get("request_id", "-"), error)
            return _UNAVAILABLE if isinstance(error, ClusterUnavailable) else _NO_INDEX
        case HTTPException(code=code, description=description) if code:
            kind = "not-found" if code == 404 else "http"
            return Failure(code, kind, HTTPStatus(code).phrase, description or HTTPStatus(code).phrase)
    _log.error("request %s failed", g.get("request_id", "-"), exc_info=error)
    detail = f"The failure is in the server's log under request {g.get('request_id', '-')}."
    return Failure(500, "failed", "The server failed", detail)


def _of_input(error: InputError) -> Failure:
    if isinstance(error, OriginalUnavailable):
        return Failure(404, f"original-{error.code}", "The saved file cannot be shown", str(error))
    return Failure(400, "wrong-request", "This request cannot be answered", str(error))


def _answers_programs() -> bool:
    of_programs = request.blueprint in {"api", "exports", "spreadsheets"}
    return of_programs or request.path.startswith("/api/") or request.path.endswith(".csv")


def answer(error: Exception) -> Response:
    """Tell the failure in the form that the address promises; for every error of the app."""
    if isinstance(error, HTTPException) and error.code and error.code < 400:
        return make_response(error.get_response())  # a redirect is no failure
    failure = failure_of(error)
    response = _as_problem(failure) if _answers_programs() else _as_page(failure)
    if isinstance(error, HTTPException):  # Allow of a 405, Retry-After of a 429
        kept = (
            pair
            for pair in error.get_headers(request.environ)
            if pair[0] in {"Allow", "Retry-After", "WWW-Authenticate"}
        )
        response.headers.extend(kept)
    if failure.status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_problem(failure: Failure) -> Response:
    told = {
        "type": f"{root()}/api#{failure.kind}",
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
        "instance": f"urn:request:{g.get('request_id', '-')}",
        "errors": [
            {"name": p.name, "value": p.value, "expected": str(p.expected), "code": p.expected.code}
            for p in failure.problems
        ],
    }
    return json_response(told, failure.status, "application/problem+json")


def _as_page(failure: Failure) -> Response:
    if failure.status == 401:
        return _sign_in_page(failure)
    wrong = {problem.name for problem in failure.problems} | {"q", "page", "cursor"}
    body = render(
        "error.html",
        failure=failure,
        heading=_heading(failure),
        typed=request.args.get("q", ""),
        kept_pairs=[(name, v) for name, v in request.args.items(multi=True) if v and name not in wrong],
        why=_why(failure),
        request_id=g.get("request_id", "-"),
    )
    return Response(body, failure.status)


# The page that asks to sign in brings its own style, which its policy names by its digest.
_SIGN_IN_STYLE = (
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:#faf9f6;color:#1d2327;"
    "font:1rem/1.7 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif}"
    "main{max-width:26rem;padding:1.5rem}h1{margin:.2rem 0 .6rem;font-size:1.5rem}p{margin:0 0 1rem}"
    ".brand{display:flex;align-items:center;gap:.6rem;color:#5a646b}"
    ".seal{display:grid;place-items:center;width:1.75rem;height:1.75rem;border-radius:4px;background:#a8392b;color:#fff}"
    "a{display:inline-block;padding:.45rem 1.2rem;border-radius:6px;background:#0f5c6e;color:#fff;text-decoration:none}"
    "@media(prefers-color-scheme:dark){body{background:#14181a;color:#e6e9ea}.brand{color:#a3adb1}"
    "a{background:#7cc4d4;color:#0c2228}}"
)
_SIGN_IN_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_SIGN_IN_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def _sign_in_page(failure: Failure) -> Response:
    body = render("signin.html", heading=_heading(failure), style=_SIGN_IN_STYLE)
    response = Response(body, failure.status)
    response.headers["Content-Security-Policy"] = _SIGN_IN_POLICY
    return response


def _why(failure: Failure) -> str:
    """Tell people why a saved file or a clause is not shown; "" of any other failure."""
    if failure.clause:
        name, meant = failure.clause.name, "、".join(failure.clause.meant)
        if meant:
            return str(_("“%(name)s”在这条公告里不止一处，请写明是哪一处：%(meant)s。", name=name, meant=meant))
        return str(_("这条公告里没有“%(name)s”。", name=name))
    reasons: dict[str, str] = {
        "unknown": _("索引里没有记下它在哪里。"),
        "gone": _("文件已不在原处，可能被移动或删除了。"),
        "changed": _("文件在收录之后改动过，原来的那一行已不在原处。"),
        "link": _("那里是一个链接，这里不沿着链接走。"),
        "no-file": _("那里不是普通文件。"),
        "large": _("文件太大，这里不打开。"),
        "far": _("它在一个很大的文件里太靠后，这里不打开。"),
        "damaged": _("文件已损坏，读不出来。"),
        "elsewhere": _("它不在网页旁边。"),
    }
    return reasons.get(failure.kind.removeprefix("original-"), "")


def _heading(failure: Failure) -> str:
    headings: dict[str, str] = {
        "wrong-parameter": _("这个地址里有写错的条件"),
        "wrong-request": _("无法回答这个请求"),
        "not-found": _("没有找到这个页面"),
        "no-index": _("还没有可以检索的索引"),
        "unavailable": _("检索暂时用不了"),
        "failed": _("服务器出错了"),
    }
    statuses = {
        401: _("请登录"),
        403: _("这里只通过加密连接登录"),
        405: _("不能这样请求"),
        413: _("请求过长"),
        414: _("地址过长"),
        429: _("请求过于频繁，请稍后再试"),
    }
    if failure.clause:
        headings[failure.kind] = _("没有找到这个条款")
    if failure.kind.startswith("original-"):
        headings[failure.kind] = _("保存的文件打不开")
    return headings.get(failure.kind) or statuses.get(failure.status, failure.title)
