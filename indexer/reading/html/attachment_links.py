"""Files that an announcement carries along, from the links of its page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from indexer.announcement import Attachment
from indexer.facts import addresses
from indexer.text.spaces import collapse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.reading.html.document import Document

FILE_ENDINGS = (
    "pdf|doc[xm]?|xls[xmb]?|wps|et|dps|ofd|od[tsp]|zip|rar|7z|pptx?|ppsx?|txt|csv|ceb|rtf"  # of what pages attach
)
_FILE_ADDRESS = re.compile(rf"\.(?:{FILE_ENDINGS})(?:$|[?#&])", re.IGNORECASE)
_FILE_NAME = re.compile(rf"\.(?:{FILE_ENDINGS})$", re.IGNORECASE)
_DOWNLOAD = re.compile(r"down(?:load|file)|fileid|attach|upload|getfile", re.IGNORECASE)
_SERVED = re.compile(
    r"down(?:load)?_?(?:file|attach)|download\.(?:jsp|do|action|as[ph]x?|php)\?|file_?(?:name|id)=", re.IGNORECASE
)
_CALLED = re.compile(rf"""['"]([^'"]+\.(?:{FILE_ENDINGS})(?:[?#][^'"]*)?)['"]""", re.IGNORECASE)
_SAVED_BESIDE = re.compile(r"(?:\./)?[^/:?#]{1,200}(?:_files|\.files)/")  # by a browser: no place on the page's site
_CUT_SHORT = re.compile(r"(?:(?<!\.)\.{2,}|(?<!…)…+)$")


def find_attachments(document: Document, lines: Iterable[int], url: str) -> tuple[Attachment, ...]:
    """Return the attachments linked in these lines of the document, in order, each address once."""
    wanted = set(lines)
    found: dict[str, Attachment] = {}
    for link in document.links:
        if link.line in wanted and _is_file(link.text, link.href, link.title):
            is_local = not url or _SAVED_BESIDE.match(unquote(link.href))
            address = link.href if is_local else addresses.joined(url, link.href)
            name = _name(link.text, link.title, link.href)
            if name and address not in found:
                found[address] = Attachment(name, address)
    return tuple(found.values())


def address_in_call(program: str) -> str:
    """Return the address of the file that a link's script fetches: download('/f/1.pdf'); "" if it names none."""
    called = _CALLED.search(program)
    return called[1] if called else ""


def _is_file(text: str, href: str, title: str) -> bool:
    if _FILE_ADDRESS.search(href) or _SERVED.search(href):
        return True
    return bool(_FILE_NAME.search(text) or _FILE_NAME.search(title)) and bool(_DOWNLOAD.search(href) or "?" in href)


def _name(text: str, title: str, href: str) -> str:
    """Return the link's text; its title when the text is missing or cut; else the file's own name."""
    if title and (not text or _CUT_SHORT.search(text)):
        return title
    return text or collapse(unquote(href.rsplit("/", 1)[-1].split("?", maxsplit=1)[0]))
