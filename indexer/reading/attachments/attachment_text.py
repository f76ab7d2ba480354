"""The text of files that announcements come in or carry along: PDF, Word, WPS, Excel, PowerPoint, OFD and others.

What a file is, is told by its first bytes; names lie. PDF, the old Word and the spreadsheets need the
optional packages of ``policy-search[attachments]``; the others need none. Sizes are bounded, so that a
small file cannot unfold into gigabytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from indexer.announcement import Announcement, Attachment, attachment_line, page_id
from indexer.errors import PageUnreadable
from indexer.facts import addresses
from indexer.facts.dates import find_dates
from indexer.facts.document_form import form_of_title
from indexer.facts.document_kind import kind_of
from indexer.facts.document_number import own_number, parse_number
from indexer.facts.region import issuer_named, issuer_region
from indexer.reading.attachments.binary_formats import sheet_lines, word_lines
from indexer.reading.attachments.ofd_text import ofd_lines
from indexer.reading.attachments.open_document import open_document_lines
from indexer.reading.attachments.packages import UNPACKED_BYTES
from indexer.reading.attachments.pdf_text import pdf_lines
from indexer.reading.attachments.rich_text import rtf_lines
from indexer.reading.attachments.slides import slides_lines
from indexer.reading.attachments.word_text import docx_lines
from indexer.reading.file_kind import OLE, PAGE_KINDS, RTF
from indexer.skip_reasons import because

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

ATTACHMENT_SUFFIXES = tuple(suffix for suffix, kind in PAGE_KINDS.items() if kind == "attachment")
TEXT_CHARS = 5_000_000  # of one file; a yearbook has two million

_WEB_PAGE = re.compile(rb"\A\s*+(?:\xef\xbb\xbf)?<(?:!doctype html|html|meta|table)", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def read_attachment(name: str, content: bytes, notes: list[str] | None = None) -> str:
    """Return the text of a file: paragraphs and table rows by lines, cells apart by tabs.

    ``notes`` get what was left out, or recognised. Raises ``PageUnreadable`` with the reason and, where there is one,
    the cure.
    """
    lines = _lines(name, content, [] if notes is None else notes)
    text = "\n".join(_bounded(line for line in map(_clean, lines) if line))
    if not text:
        raise PageUnreadable(because("scan"))
    return text


def _lines(name: str, content: bytes, notes: list[str]) -> Iterable[str]:
    if b"%PDF-" in content[:1024]:
        return pdf_lines(content, notes)
    if content.startswith(b"PK"):
        return _zipped_lines(content)
    if content.startswith(OLE):
        return word_lines(content) if _is_word(name, content) else sheet_lines(content)
    if _WEB_PAGE.match(content):
        raise PageUnreadable(because("web-page", ending=PurePosixPath(name).suffix))
    if content.startswith(RTF):
        return rtf_lines(content)
    raise PageUnreadable(because("no-known-file"))


def _is_word(name: str, content: bytes) -> bool:
    """Tell a document from a spreadsheet by the directory of the compound file, else by its name."""
    if "WordDocument".encode("utf-16-le") in content:
        return True
    return "Book".encode("utf-16-le") not in content and name.lower().endswith((".doc", ".wps"))


def _zipped_lines(content: bytes) -> Iterable[str]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise PageUnreadable(because("damaged", why=error)) from error
    names = set(archive.namelist())
    if "OFD.xml" in names:
        return ofd_lines(archive)
    if "content.xml" in names:
        return open_document_lines(archive)
    if any(name.startswith("word/") for name in names):
        return docx_lines(archive)
    if "ppt/presentation.xml" in names:
        return slides_lines(archive)
    if any(name.startswith("xl/") for name in names):
        if sum(member.file_size for member in archive.infolist()) > UNPACKED_BYTES:
            raise PageUnreadable(because("unfolds", size=UNPACKED_BYTES // 1024**2))
        return sheet_lines(content)
    raise PageUnreadable(because("other-archive"))


def _clean(line: str) -> str:
    return _UNPRINTABLE.sub("", line).replace("\u3000", " ").rstrip().lstrip(" ")


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    chars = 0
    for line in lines:
        chars += len(line)
        if chars > TEXT_CHARS:
            raise PageUnreadable(because("much-text", count=f"{TEXT_CHARS:,}"))
        yield line


def announcement_from_attachment(path: str, content: bytes) -> Announcement:
    """Make an announcement of a file that lies alone in a folder; raises ``PageUnreadable``."""
    notes: list[str] = []
    body = read_attachment(path, content, notes)
    lines = body.split("\n")
    title = _title(PurePosixPath(path).stem, lines)
    found = own_number(title, lines[:_HEAD_LINES])
    number = found.normal if found else ""
    source = issuer_named(title=title, body=body)
    return Announcement(
        id=page_id(path),
        title=title,
        body=body,
        source=source,
        signed=_signed(lines),
        region=issuer_region(source=source, title=title, body=body, number=number),
        number=number,
        form=form_of_title(title),
        kind=kind_of(title, body, number=number),
        path=path,
        notes=tuple(notes),
    )


_STEPS_BELOW = 2  # a folder and a name
_HEAD_LINES = 8  # a title stands within them, under number, urgency and "附件1"
_TITLE_LINES = 3  # a long title is set in as many
_NO_TITLE = re.compile(
    r"^(?:附件|附表|附录|抄送|特急|加急|急件|机密|秘密|内部|公开|第?\d+页|[\d\s.:：—–_-]+$|\S{1,3}$)"
)
_TITLE_CHARS = 80


def _title(stem: str, lines: list[str]) -> str:
    """Choose what the file says its title is: the head line or lines that end in a form; else the file's name."""
    plain = (line for line in lines[:_HEAD_LINES] if "\t" not in line)  # no rows of a table
    head = [line for line in plain if not _NO_TITLE.match(line) and not parse_number(line)]
    for first in range(len(head)):
        for end in range(first + 1, min(first + _TITLE_LINES, len(head)) + 1):
            joined = "".join(head[first:end])
            if len(joined) <= _TITLE_CHARS and form_of_title(joined):
                return joined
    named = re.sub(r"^[\d\s._、-]+", "", stem).strip()
    if form_of_title(named) or not head or len(head[0]) > _TITLE_CHARS:
        return named or stem
    return head[0]


def _signed(lines: list[str]) -> date | None:
    """Read the day under the signature: the last short line that holds nothing else but a day."""
    for line in reversed(lines):
        found = find_dates(line)
        if found and found[0].end - found[0].start >= len(line.strip("（）() ")):
            return found[0].day
    return None


def attachment_file_names(attachment: Attachment, page_url: str = "") -> tuple[str, ...]:
    """Return the names under which an attachment may lie beside its saved page, the likelier first.

    They lie in the page's folder, or in a folder in it where the page's link leads there: files/a.pdf. No other path.
    """
    named = [_below_page(attachment.url, page_url), addresses.path(attachment.url), attachment.name]
    names = [named[0], *(re.split(r"[/\\]", name)[-1].strip() for name in named[1:])]
    known = [name for name in names if name.lower().endswith(ATTACHMENT_SUFFIXES)]
    return tuple(dict.fromkeys(known))


def _below_page(address: str, page_url: str) -> str:
    """Return the way from a page's folder to a file in one of its own folders; "" if the link leads elsewhere."""
    way = addresses.path(address)
    if "://" in address or address.startswith("/"):
        folder = addresses.path(page_url).rpartition("/")[0] + "/"
        if addresses.site(address) != addresses.site(page_url) or not way.startswith(folder):
            return ""
        way = way.removeprefix(folder)
    steps = [step for step in way.split("/") if step != "."]
    is_plain = len(steps) <= _STEPS_BELOW and all(steps) and ".." not in steps and "\\" not in way
    return "/".join(steps) if is_plain else ""


def with_attachment_texts(
    announcement: Announcement, find: Callable[[str], bytes | None]
) -> tuple[Announcement, tuple[str, ...]]:
    """Append the texts of the attachments that lie beside a page to its body; also give what could not be read.

    ``find`` gives the content of a file beside the page by its name, None if there is none.
    """
    body, problems, attachments = announcement.body, [], list(announcement.attachments)
    notes = list(announcement.notes)
    for place, attachment in enumerate(attachments):
        for name in attachment_file_names(attachment, announcement.url):
            content = find(name)
            if content is None:
                continue
            attachments[place] = replace(attachment, file=name)
            try:
                noted: list[str] = []
                body += f"\n{attachment_line(attachment.name)}\n{read_attachment(name, content, noted)}"
                notes += [f"{name}: {note}" for note in noted]
                attachments[place] = replace(attachment, file=name, has_text=True)
            except PageUnreadable as error:
                problems.append(f"{name}: {error}")
            break
    joined = replace(announcement, body=body, attachments=tuple(attachments), notes=tuple(notes))
    return joined, tuple(problems)
