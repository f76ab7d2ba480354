"""Saved pages and their attachments as they were saved, shown so that they can do no harm.

A saved page is a stranger's: it is shown in a sandbox of its own origin, without scripts, forms or frames, and it may
ask nobody for anything. PDFs are left to the browser's own viewer; whatever else it is, it is only given to be saved.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from indexer.errors import OriginalUnavailable, ParameterError, Problem
from indexer.expectations import expect
from indexer.indexing.originals import open_beside, open_original
from webui.file_names import disposition
from webui.site import site

if TYPE_CHECKING:
    from indexer.indexing.originals import Original

originals = Blueprint("originals", __name__)

_SANDBOX = "; ".join(
    (
        "sandbox",  # no scripts, forms, windows or plug-ins, and an origin of its own: it sees nothing of ours
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",  # what was saved within the page itself
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
# No policy holds a page back from opening connections ahead of need (preconnect): such elements become unknown ones.
_LINK_ELEMENT = re.compile(r"<link(?=[\s/>])", re.IGNORECASE)


@originals.get("/announcements/<announcement_id>/original")
def original(announcement_id: str) -> Response:
    """Show the saved page of an announcement, or with ``download=1`` give it byte for byte."""
    wanted = _download()
    with site().engine.one_version():
        site().engine.find(announcement_id)  # an id that the index does not have is told as everywhere else
        found = open_original(site().engine.ledger(), announcement_id)
    return _answer(found, download=wanted)


@originals.get("/announcements/<announcement_id>/attachments/<int:number>")
def attachment(announcement_id: str, number: int) -> Response:
    """Show or give the saved file of an attachment, counted from 1."""
    wanted = _download()
    with site().engine.one_version():
        attachments = site().engine.find(announcement_id).announcement.attachments
        if not (1 <= number <= len(attachments)) or not attachments[number - 1].file:
            raise OriginalUnavailable("elsewhere")
        found = open_beside(site().engine.ledger(), announcement_id, attachments[number - 1].file)
    return _answer(found, download=wanted)


def _download() -> bool:
    problems = [
        Problem(name, given, expect("one-of", names="download=1"))
        for name, given in request.args.items(multi=True)
        if (name, given) != ("download", "1") and name not in ("lang", "theme")
    ]
    if problems:
        raise ParameterError(problems)
    return "download" in request.args


def _answer(found: Original, *, download: bool) -> Response:
    content, mimetype = _shown(found)
    if download or mimetype == _NOT_SHOWN:
        content, mimetype = found.content, _NOT_SHOWN
    response = Response(content, content_type=mimetype)
    response.headers["Content-Disposition"] = disposition(found.name, inline=mimetype != _NOT_SHOWN)
    response.headers["Cache-Control"] = "no-store"  # a file may change without the index
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-DNS-Prefetch-Control"] = "off"
    if mimetype.startswith("text/"):
        response.headers["Content-Security-Policy"] = _SANDBOX
    return response


_NOT_SHOWN = "application/octet-stream"


def _shown(found: Original) -> tuple[bytes, str]:
    """Return what a browser is to show, and as what."""
    if found.is_pdf:
        return found.content, "application/pdf"
    if found.kind == "html":
        page = _LINK_ELEMENT.sub("<x-link", found.text())
        return page.encode("utf-8", "replace"), "text/html; charset=utf-8"
    if found.kind in ("text", "record"):
        return found.text().encode("utf-8", "replace"), "text/plain; charset=utf-8"
    return b"", _NOT_SHOWN
