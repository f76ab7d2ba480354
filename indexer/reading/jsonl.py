"""One line of JSON Lines → an announcement; what it leaves out is filled from its text and address."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from indexer.announcement import Announcement, Attachment, Page, Repost, page_id, read_moment
from indexer.errors import PageUnreadable
from indexer.facts import addresses
from indexer.facts.document_form import form_of_title
from indexer.facts.document_kind import kind_of
from indexer.facts.document_number import own_number, parse_number
from indexer.facts.issuer_evidence import issuer_by_evidence
from indexer.facts.region import issuer_region, region_of_host
from indexer.reading.record_values import RecordValues
from indexer.skip_reasons import because
from indexer.text.spaces import without_doubled_stops

_ID = re.compile(r"[0-9A-Za-z._-]{1,64}")
_SPACES = re.compile(r"(?<![ \t\u00a0\u3000])[ \t\u00a0\u3000]*+\n\s*")
_FILE_CHARS = 255  # of a file's name, which no file system lets be longer
_HEAD_LINES = 8  # a number of its own stands above the text


def _parse(line: bytes) -> RecordValues:
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PageUnreadable(because("not-utf-8", place=error.start)) from error
    except json.JSONDecodeError as error:
        raise PageUnreadable(because("not-json", place=error.pos, why=error.msg)) from error
    except RecursionError as error:
        raise PageUnreadable(because("json-nested-too-deeply")) from error
    except ValueError as error:
        raise PageUnreadable(because("json-unreadable", why=error)) from error  # a number of 100,000 digits
    if not isinstance(values, dict):
        raise PageUnreadable(because("no-object", given=type(values).__name__))
    return RecordValues(values)


def _id(record: RecordValues, url: str, title: str, path: str) -> str:
    """Use the id given if it fits; an address alone may be a whole list's, so the title joins in."""
    given = record.line("id")
    if _ID.fullmatch(given):
        return given
    return page_id(given or (url and f"{url} {title}") or path)


def announcement_from_record(page: Page) -> Announcement:
    """Read one JSON object; raises ``PageUnreadable`` if it is none or holds no text.

    Keys are those of ``announcement.to_json``; ``date`` stands for ``published``, ``text`` for ``body``.
    A key that cannot be read is left out and noted. Markup in a body is read, but for records that an index wrote.
    """
    record = _parse(page.content)
    title, url = record.line("title"), record.line("url")
    body = without_doubled_stops(_SPACES.sub("\n", record.body("body", "text", as_it_stands=record.has("repost_of"))))
    if not title and not body:
        raise PageUnreadable(because("no-title-no-body"))
    source, number, host = record.line("source"), _number(record, title, body), addresses.host(url)
    site = record.region("site_region") or region_of_host(host, f"{title}\n{body}")
    region = record.region("region") or issuer_region(
        source=source, site_region=site, title=title, body=body, number=number
    )
    form = record.line("form") or form_of_title(title)
    source_from = record.line("source_from")
    if not source:
        source, source_from = issuer_by_evidence(title=title, body=body, host=host)
    announcement = Announcement(
        id=_id(record, url, title, page.path),
        title=title or body.split("\n", 1)[0][:80],
        body=body,
        source=source,
        source_from=source_from,
        published=record.day("published", "date"),
        signed=record.day("signed"),
        effective=record.day("effective"),
        region=region,
        site_region=site,
        number=number,
        index_number=record.line("index_number"),
        form=form,
        kind=kind_of(title, body, form, number),
        validity_label=record.line("validity_label"),
        url=url,
        path=record.line("path") or page.path,
        attachments=tuple(map(_attachment, record.rows("attachments", "name"))),
        reposts=_reposts(record),
        indexed=read_moment(record.line("indexed")),
        replaced_characters=title.count("\ufffd") + body.count("\ufffd"),
    )
    return replace(announcement, notes=record.notes.told)


def _attachment(row: RecordValues) -> Attachment:
    """Read a file that an announcement carries along; of one that is only a text, an address is told by its sign."""
    name, url = row.line("name", "title"), row.line("url", "href")
    if not url and "://" in name:
        name, url = addresses.path(name).rpartition("/")[2] or name, name
    file = row.line("file").rpartition("/")[2][:_FILE_CHARS]
    return Attachment(name, url, file, row.flag("has_text"))


def _reposts(record: RecordValues) -> tuple[Repost, ...]:
    return tuple(
        Repost(row.line("source"), row.line("url"), row.line("path"), row.day("published"))
        for row in record.rows("reposts", "url")
        if not row.line("id")  # one of an exported index is a record of its own
    )


def _number(record: RecordValues, title: str, body: str) -> str:
    written = record.line("number")
    if written:
        number = parse_number(written)
        return number.normal if number else written
    found = own_number(title, body.split("\n", _HEAD_LINES)[:_HEAD_LINES])
    return found.normal if found else ""
