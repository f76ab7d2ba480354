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

OFFICE_ENDINGS: dict[str, PageKind] = dict.fromkeys(
    (
        ".pdf", ".docx", ".docm", ".dotx", ".doc", ".dot", ".wps", ".wpt", ".xls", ".xlsx", ".xlsm", ".xlsb", ".et",
        ".ofd", ".odt", ".ott", ".ods", ".odp", ".rtf", ".pptx", ".pptm", ".ppsx",
    ),
    "attachment",
)  # fmt: skip
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
    **OFFICE_ENDINGS,
}
SERVED_KINDS: dict[str, PageKind] = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}
OLE, RTF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"
_PDF_WITHIN = 1024  # bytes from the start stands the mark of a PDF
# Parts that stand first in an office file's archive: their names, which 30 bytes of a ZIP entry's head go before.
_OFFICE_PART = re.compile(
    rb"\APK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|word/|xl/|ppt/|docProps/|OFD\.xml|Doc_0/|mimetypeapplication/vnd\.oasis)",
    re.DOTALL,
)
# What pages are made of; it holds no announcement, and is not looked into.
_PARTS_OF_PAGES = frozenset((
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".ico", ".bmp", ".tif", ".tiff", ".css", ".js", ".mjs", ".map",
    ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".mp4", ".avi", ".mov", ".wav", ".flv", ".swf", ".json", ".xml",
    ".py", ".pyc", ".ini", ".lock", ".log", ".db",
))  # fmt: skip
_ASSET_FOLDERS = ("_files", ".files")  # what browsers save beside a page: frames, not announcements
_SAVED_ENDINGS = (".html", ".htm", ".shtml", ".xhtml", ".php", ".jsp", ".asp", ".aspx", ".do", ".action", ".mht")
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


def kind_of_name(name: str) -> str:
    """Return how a file that is not looked into is counted: by its ending, or as hidden (.*)."""
    return ".*" if name.rpartition("/")[2].startswith(".") else ending(name) or "*"


def may_hold_a_page(name: str) -> bool:
    """Return whether a file is worth looking into, by its name alone."""
    return ending(name) not in _PARTS_OF_PAGES and name.rpartition("/")[2].lower() not in _ABOUT_THE_FOLDER


def kind_of(name: str, head: bytes) -> PageKind | None:
    """Return how a file is to be read, by its first bytes and its name; None if it is of no kind that is read."""
    named = PAGE_KINDS.get(ending(name))
    if named != "attachment" and is_office_file(head):
        return "attachment"
    if named != "html" and (_MARKUP.match(head) or is_mime(head) or is_web_archive(head)):
        return "html"
    return named


def tail_of_assets(name: str, siblings: set[str]) -> str:
    """Return by which ending of its name a folder is one that a browser saved beside ``X.html``: _files; "" if none."""
    if name.startswith("."):
        return ".*"
    for tail in _ASSET_FOLDERS:
        stem = name.removesuffix(tail)
        if stem != name and not siblings.isdisjoint(f"{stem}{ending}" for ending in _SAVED_ENDINGS):
            return tail
    return ""


def is_office_file(head: bytes) -> bool:
    """Return whether a file is one of PDF, RTF, Word, WPS, Excel, PowerPoint, OFD or OpenDocument, by its start."""
    return b"%PDF-" in head[:_PDF_WITHIN] or head.startswith((OLE, RTF)) or bool(_OFFICE_PART.match(head))


def is_web_archive(head: bytes) -> bool:
    """Return whether a file is a page as Safari saves it, by its start."""
    return head.startswith(_WEB_ARCHIVE) and b"WebMainResource" in head


def is_mime(head: bytes) -> bool:
    """Return whether a file is a page saved as one file (MHTML) or a message."""
    lines = _MIME.match(head)
    return bool(lines and _MIME_TYPE.search(lines.group()))


def unpacked(page: Page) -> Page:
    """Return a page with its own markup, taken out of the MHTML or web archive that holds it, and its address."""
    if is_mime(page.content[:HEAD_BYTES]):
        markup, address = _from_mime(page.content)
    elif is_web_archive(page.content[:HEAD_BYTES]) or ending(page.path) == ".webarchive":
        markup, address = _from_web_archive(page.content)
    else:
        return page
    return replace(page, content=with_address(b"\xef\xbb\xbf" + markup.encode(), address))


def with_address(content: bytes, address: str) -> bytes:
    """Return a page with the note of its address that browsers leave; one that could end the comment is not written."""
    if not address.startswith(("http://", "https://")) or "--" in address or not address.isprintable():
        return content
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    return mark + f"<!-- saved from url=(0000){address} -->\n".encode() + content.removeprefix(mark)


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
