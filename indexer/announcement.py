"""What a Page is, what an Announcement is, and how an announcement is written as JSON.

Knows nothing of how pages are found, read or indexed.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from indexer.facts.dates import BEIJING
from indexer.facts.region import RegionPath
from indexer.light_dataclass import dataclass

PageKind = Literal["html", "text", "record", "attachment"]  # record: one line of JSON Lines


@dataclasses.dataclass(frozen=True, slots=True, order=True)  # the light one gives no order
class Place:
    """Where a page lies, in parts: names hold any sign, so nothing is ever taken out of a joined one."""

    root: str  # label of the path that was given
    file: str  # path of the file from that label on; undecodable bytes of a name as surrogates
    entry: str = ""  # name within the archive that the file is
    line: int = 0  # from 1, of the JSON Lines that the file is


@dataclass(frozen=True, slots=True)
class Page:
    """One saved page, not yet understood."""

    path: str  # as it is reported: the given root's name and what follows: pages/a/b.html, x.zip!/a.html
    content: bytes
    kind: PageKind = "html"
    origin: str = ""  # the same place as an absolute path, for the next update; never shown
    attachments_digest: str = ""  # changes when the files that it may carry along change; "" if there are none
    place: Place | None = None  # where it lies, part by part; None for a page that comes from nowhere
    within: str = ""  # the given folder that it lies in, links resolved: what it carries along lies there too
    keep_all: bool = False  # read it though it looks like a list, a form or an error


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an announcement carries along."""

    name: str
    url: str  # as the page writes it, made absolute when the page's own address is known; "" if it has none
    file: str = ""  # name of the file that lies beside the saved page; "" if none does
    has_text: bool = False  # what the file says stands in the body, under a line of its name: see ``attachment_line``


def attachment_line(name: str) -> str:
    """Return the line of a body under which the text of an attachment stands."""
    return f"附件：{name}"


@dataclass(frozen=True, slots=True)
class Repost:
    """Another saved copy of an announcement, shown under the issuing body's own."""

    source: str
    url: str
    path: str
    published: date | None = None
    id: str = ""  # of the copy in this index; "" if a record only tells of it


@dataclass(frozen=True, slots=True)
class Announcement:
    """One policy announcement, cleaned: the unit that is indexed and found."""

    id: str  # stable over rebuilds of the same input; [0-9A-Za-z._-]{1,64}
    title: str
    body: str  # paragraphs and table rows joined by "\n", cells by "\t"; no markup
    source: str = ""  # issuing body as it signs itself: 深圳市人民政府; "" if the page gives none
    source_from: str = ""  # what told it: label, meta, title, signature, site, host; "" if a record gave it, or without
    published: date | None = None  # day of publication, Beijing time
    signed: date | None = None  # 成文日期
    effective: date | None = None  # 施行日期
    region: RegionPath = ()  # the issuer's, widest first; () if unknown; ("全国",) for national bodies
    site_region: RegionPath = ()  # the publishing site's
    number: str = ""  # 发文字号 in normal form: 深府规〔2024〕3号
    index_number: str = ""  # 索引号
    form: str = ""  # 文种: 通知, 公告, 意见 …
    kind: str = ""  # 政策文件 or 动态, see indexer.facts.document_kind; "" if nobody has told them apart
    validity_label: str = ""  # what its page labels its validity with: 有效性：已废止；废止日期：2020-05-01
    url: str = ""  # original address; "" if the page does not say
    path: str = ""  # where it was read from, see Page.path
    attachments: tuple[Attachment, ...] = ()
    reposts: tuple[Repost, ...] = ()
    repost_of: str = ""  # id of the announcement that this is a copy of, in this index; "" for one that stands alone
    replaced_characters: int = field(default=0, compare=False)  # U+FFFD that decoding left in the text
    # When it first came into this index, in seconds since 1970; a rebuild keeps it. 0 if nobody knows.
    indexed: int = field(default=0, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)  # what of the page was cut or left out; not stored


def group_of(announcement: Announcement) -> str:
    """Return the id of the announcement that this is a copy of, or that has copies in this index; "" if it is alone."""
    leads = any(repost.id for repost in announcement.reposts)
    return announcement.repost_of or (announcement.id if leads else "")


def page_id(path: str) -> str:
    """Name the announcement of a page by where the page was found: 16 hexadecimal digits.

    The path, not the text, so that a corrected page keeps its address and its place in feeds.
    """
    return hashlib.blake2b(path.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def to_json(announcement: Announcement) -> dict[str, Any]:
    """Write an announcement under the keys that other programs rely on; dates as YYYY-MM-DD or null."""
    return {
        "id": announcement.id,
        "title": announcement.title,
        "source": announcement.source,
        "source_from": announcement.source_from,
        "published": _day(announcement.published),
        "signed": _day(announcement.signed),
        "effective": _day(announcement.effective),
        "region": list(announcement.region),
        "site_region": list(announcement.site_region),
        "number": announcement.number,
        "index_number": announcement.index_number,
        "form": announcement.form,
        "kind": announcement.kind,
        "validity_label": announcement.validity_label,
        "url": announcement.url,
        "path": announcement.path,
        "body": announcement.body,
        "attachments": [
            {"name": a.name, "url": a.url, "file": a.file, "has_text": a.has_text} for a in announcement.attachments
        ],
        "reposts": [
            {"source": r.source, "url": r.url, "path": r.path, "published": _day(r.published), "id": r.id}
            for r in announcement.reposts
        ],
        "repost_of": announcement.repost_of,
        "indexed": moment(announcement.indexed),
    }


@lru_cache(maxsize=64)  # what came in together came in the same second
def moment(seconds: int) -> str | None:
    """Write seconds since 1970 as a moment in Beijing; None for 0."""
    return datetime.fromtimestamp(seconds, BEIJING).isoformat() if seconds else None


def read_moment(text: str | None) -> int:
    """Read back what ``moment`` wrote; 0 for anything that is no moment with its zone, or lies before 1970."""
    try:
        read = datetime.fromisoformat(text or "")
    except ValueError:
        return 0
    return max(0, int(read.timestamp())) if read.tzinfo else 0


def _read_day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def from_json(record: dict[str, Any]) -> Announcement:
    """Read back what ``to_json`` wrote.

    For our own records only: a stranger's JSON Lines go through ``indexer.reading.corpus``, which checks them.
    """
    return Announcement(
        id=record["id"],
        title=record["title"],
        body=record["body"],
        source=record["source"],
        source_from=record.get("source_from", ""),
        published=_read_day(record["published"]),
        signed=_read_day(record["signed"]),
        effective=_read_day(record["effective"]),
        region=tuple(record["region"]),
        site_region=tuple(record["site_region"]),
        number=record["number"],
        index_number=record["index_number"],
        form=record["form"],
        kind=record["kind"],
        validity_label=record.get("validity_label", ""),
        url=record["url"],
        path=record["path"],
        attachments=tuple(
            Attachment(a["name"], a["url"], a.get("file", ""), a.get("has_text", False)) for a in record["attachments"]
        ),
        reposts=tuple(
            Repost(r["source"], r["url"], r["path"], _read_day(r["published"]), r["id"]) for r in record["reposts"]
        ),
        repost_of=record["repost_of"],
        indexed=read_moment(record.get("indexed")),
    )
