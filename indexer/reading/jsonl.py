"""One line of JSON Lines → an announcement; what it leaves out is filled from its text and address."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from indexer.announcement import Announcement, Attachment, Page, Repost, page_id
from indexer.errors import PageUnreadable
from indexer.facts import addresses
from indexer.facts.dates import parse_date
from indexer.facts.document_form import form_of_title
from indexer.facts.document_kind import kind_of
from indexer.facts.document_number import own_number, parse_number
from indexer.facts.issuer_evidence import issuer_by_evidence
from indexer.facts.region import issuer_region, parse_path, region_of_host
from indexer.skip_reasons import because

if TYPE_CHECKING:
    from datetime import date

    from indexer.facts.region import RegionPath

_ID = re.compile(r"[0-9A-Za-z._-]{1,64}")
_SPACES = re.compile(r"(?<![ \t\u00a0\u3000])[ \t\u00a0\u3000]*+\n\s*")
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_HEAD_LINES = 8  # a number of its own stands above the text


class _Record:
    """The keys of one record, read with their types checked."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def text(self, *keys: str) -> str:
        """Return the first of these keys that is there and not null, as clean text."""
        for key in keys:
            value = self._values.get(key)
            if value is None:
                continue
            if not isinstance(value, str):
                raise PageUnreadable(because("key-no-text", key=repr(key), given=type(value).__name__))
            return _UNSTORABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
        return ""

    def line(self, *keys: str) -> str:
        """Return text that stands on one line."""
        return " ".join(self.text(*keys).split())

    def day(self, *keys: str) -> date | None:
        text = self.line(*keys)
        if not text:
            return None
        day = parse_date(text)
        if day is None:
            raise PageUnreadable(because("key-no-date", key=repr(keys[0]), given=repr(text[:40])))
        return day

    def region(self, key: str) -> RegionPath:
        """Read a list of steps or a text joined by "/"; steps that are no place are kept as they stand."""
        value = self._values.get(key)
        if isinstance(value, list):
            if not all(isinstance(step, str) for step in value):
                raise PageUnreadable(because("key-no-texts", key=repr(key)))
            value = "/".join(value)
        if value is not None and not isinstance(value, str):
            raise PageUnreadable(because("key-no-list", key=repr(key), given=type(value).__name__))
        written = _UNSTORABLE.sub("", value or "").strip()
        steps = [step.strip() for step in written.split("/") if step.strip()]
        return parse_path(written) or (*(parse_path(steps[0]) or steps[:1]), *steps[1:]) if steps else ()

    def rows(self, key: str) -> list[_Record]:
        """Return a list of objects: attachments, reposts."""
        value = self._values.get(key) or []
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise PageUnreadable(because("key-no-objects", key=repr(key)))
        return [_Record(row) for row in value]


def _parse(line: bytes) -> _Record:
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
    return _Record(values)


def _id(record: _Record, url: str, title: str, path: str) -> str:
    """Use the id given if it fits; an address alone may be a whole list's, so the title joins in."""
    given = record.text("id")
    if _ID.fullmatch(given):
        return given
    return page_id(given or (url and f"{url} {title}") or path)


def announcement_from_record(page: Page) -> Announcement:
    """Read one JSON object; raises ``PageUnreadable`` saying which key is wrong.

    Keys are those of ``announcement.to_json``; ``date`` stands for ``published``, ``text`` for ``body``.
    """
    record = _parse(page.content)
    title, url = record.line("title"), record.line("url")
    body = _SPACES.sub("\n", record.text("body", "text"))
    if not title and not body:
        raise PageUnreadable(because("no-title-no-body"))
    source, number = record.line("source"), _number(record, title, body)
    site = record.region("site_region") or region_of_host(addresses.host(url), f"{title}\n{body}")
    region = record.region("region") or issuer_region(
        source=source, site_region=site, title=title, body=body, number=number
    )
    form = record.line("form") or form_of_title(title)
    source_from = record.line("source_from")
    if not source:
        source, source_from = issuer_by_evidence(title=title, body=body, host=addresses.host(url))
    return Announcement(
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
        url=url,
        path=record.line("path") or page.path,
        attachments=tuple(Attachment(row.line("name"), row.line("url")) for row in record.rows("attachments")),
        reposts=tuple(
            Repost(row.line("source"), row.line("url"), row.line("path"), row.day("published"))
            for row in record.rows("reposts")
            if not row.line("id")  # one of an exported index is a record of its own
        ),
        replaced_characters=title.count("\ufffd") + body.count("\ufffd"),
    )


def _number(record: _Record, title: str, body: str) -> str:
    written = record.line("number")
    if written:
        number = parse_number(written)
        return number.normal if number else written
    found = own_number(title, body.split("\n", _HEAD_LINES)[:_HEAD_LINES])
    return found.normal if found else ""
