"""What a file is: told by its first bytes, then by its name, for names lie and servers make up their own endings."""

from __future__ import annotations

import email
import email.policy
import os
import plistlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from indexer.errors import PageUnreadable
from indexer.skip_reasons import because

if TYPE_CHECKING:
    from indexer.announcement import Page, PageKind

HEAD_BYTES = 2048  # of a file are enough to see what it is

PAGE_KINDS: dict[str, PageKind] = {
    ".html": "html",
    ".htm": "html",
    ".shtml": "html",
    ".xhtml": "html",
    ".mht": "html",
    ".mhtml": "html",
    ".webarchive": "html",
    ".txt": "text",
    ".md": "text",
    ".markdown": "text",
    ".pdf": "attachment",
    ".docx": "attachment",
    ".doc": "attachment",
    ".wps": "attachment",
    ".xls": "attachment",
    ".xlsx": "attachment",
    ".et": "attachment",
    ".ofd": "attachment",
}
# What pages are made of; it holds no announcement, and is not looked into.
_PARTS_OF_PAGES = frozenset((
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".ico", ".bmp", ".tif", ".tiff", ".css", ".js", ".mjs", ".map",
    ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".mp4", ".avi", ".mov", ".wav", ".flv", ".swf", ".json", ".xml",
    ".py", ".pyc", ".ini", ".lock", ".log", ".db",
))  # fmt: skip
# What tells people about a folder, not about a policy.
_ABOUT_THE_FOLDER = frozenset(("readme", "readme.md", "license", "license.md", "changelog.md"))
_MARKUP = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]{0,200}>\s*+)?(?:<!--.{0,1500}?-->\s*+){0,4}<(?:!doctype\s+html|html|head|meta|body|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_MIME = re.compile(rb"\A(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]{0,900}\n(?:[ \t][^\n]{0,900}\n){0,9}){1,20}", re.IGNORECASE)
_MIME_TYPE = re.compile(
    rb"^content-type:\s*(?:multipart/(?:related|alternative|mixed)|text/html)", re.IGNORECASE | re.MULTILINE
)
_WEB_ARCHIVE = (b"bplist00", b"<?xml")


def ending(name: str) -> str:
    """Return a name's ending in lower case, with its dot; "" if it has none."""
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 (names inside archives are no paths)


def may_hold_a_page(name: str) -> bool:
    """Return whether a file is worth looking into, by its name alone."""
    return ending(name) not in _PARTS_OF_PAGES and name.rpartition("/")[2].lower() not in _ABOUT_THE_FOLDER


def kind_of(name: str, head: bytes) -> PageKind | None:
    """Return how a file is to be read, by its first bytes and its name; None if it is of no kind that is read."""
    named = PAGE_KINDS.get(ending(name))
    if named != "html" and (_MARKUP.match(head) or is_mime(head)):
        return "html"
    return named


def is_mime(head: bytes) -> bool:
    """Return whether a file is a page saved as one file (MHTML) or a message."""
    lines = _MIME.match(head)
    return bool(lines and _MIME_TYPE.search(lines.group()))


def unpacked(page: Page) -> Page:
    """Return a page with its own markup, taken out of the MHTML or web archive that holds it, and its address."""
    if is_mime(page.content[:HEAD_BYTES]):
        markup, address = _from_mime(page.content)
    elif ending(page.path) == ".webarchive" and page.content.startswith(_WEB_ARCHIVE):
        markup, address = _from_web_archive(page.content)
    else:
        return page
    # The note that browsers leave; an address that could end the comment is not written into it.
    note = f"<!-- saved from url=(0000){address} -->\n" if address and "-->" not in address else ""
    return replace(page, content=b"\xef\xbb\xbf" + (note + markup).encode())


def _from_mime(content: bytes) -> tuple[str, str]:
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            raw: Any = part.get_payload(decode=True)
            address = str(part.get("Content-Location") or message.get("Snapshot-Content-Location") or "").strip()
            return _decoded(raw or b"", str(part.get_content_charset() or "")), address
    raise PageUnreadable(because("no-page-in-message"))


def _from_web_archive(content: bytes) -> tuple[str, str]:
    if b"<!ENTITY" in content:
        raise PageUnreadable(because("entities"))
    try:
        main: Any = plistlib.loads(content)["WebMainResource"]
        raw, address = bytes(main["WebResourceData"]), str(main.get("WebResourceURL", ""))
    except (plistlib.InvalidFileException, ExpatError, KeyError, TypeError, ValueError) as error:
        raise PageUnreadable(because("damaged-web-archive", why=error)) from error
    return _decoded(raw, str(main.get("WebResourceTextEncodingName", ""))), address


def _decoded(raw: bytes, label: str) -> str:
    from indexer.reading.encoding import decode  # noqa: PLC0415 (only such files need it here)

    return decode(raw, label)
