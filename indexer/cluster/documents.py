"""Announcements as the cluster keeps them."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final

from indexer.announcement import group_of
from indexer.cluster.mappings import KEPT_KEYWORDS
from indexer.cluster.text_fields import AT_ONCE, text_fields
from indexer.cluster.tokens import key_token, row_tokens
from indexer.facts.dates import to_day
from indexer.facts.document_number import number_key
from indexer.fields import FOLDER, SITE
from indexer.ranking.prior import PRIOR_STEPS, prior_of, title_core
from indexer.relations.keys import issued_by
from indexer.relations.titles import title_key
from indexer.text.fold import fold
from indexer.text.units import units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.announcement import Announcement
    from indexer.cluster.averages import Averages
    from indexer.fields import Field

_HALF_PAIRS: Final = re.compile("[\ud800-\udfff]")


def document_id(announcement_id: str, born: int) -> str:
    """Name the document of an announcement that came with a version."""
    return f"{announcement_id}.{born}"


def documents(
    announcements: Sequence[Announcement], records: Sequence[str], averages: Averages
) -> Iterator[dict[str, Any]]:
    """Return what is sent for announcements; ``records`` are these, packed. Many texts at once are cut in less time."""
    for first in range(0, len(announcements), AT_ONCE):
        lot = announcements[first : first + AT_ONCE]
        texts = text_fields([one.title for one in lot], [one.body for one in lot], averages)
        for announcement, record, fields in zip(lot, records[first : first + AT_ONCE], texts, strict=True):
            yield {"record": record, **fields, **_facts(announcement)}


def _facts(announcement: Announcement) -> dict[str, Any]:
    region, number = "/".join(announcement.region), number_key(announcement.number)
    published, group = announcement.published, group_of(announcement)
    return {
        "id": announcement.id,
        "title": plain(announcement.title),
        "title_key": key_token(title_key(announcement.title)),
        "prior": round(prior_of(announcement) * PRIOR_STEPS),
        "title_core": title_core(announcement.title),
        **{name: value for field in KEPT_KEYWORDS for name, value in _keyword(field, field.read(announcement))},
        "region": _each_step(announcement.region),
        "folder": _each_step(tuple(filter(None, FOLDER.read(announcement).split("/")))),
        "path": plain(fold(announcement.path)),
        "site": _domains(_folded(SITE.read(announcement))),
        "indexed": announcement.indexed,
        "region_row": _row(region),
        "number": plain(number),
        "written_number": plain(announcement.number),
        "number_row": _row(number),
        "day": to_day(published),
        "issued": to_day(issued_by(announcement)),
        "month": published.isoformat()[:7] if published else None,
        "group": group or announcement.id,
        "shared": bool(group),
    }


def _keyword(field: Field, value: str) -> Iterator[tuple[str, str]]:
    """Yield a value as it is counted, and as it is asked for: its units in a row, or all of it, folded."""
    yield field.name, plain(value)
    if field.by_parts:
        yield f"{field.name}_row", _row(value)
    else:
        yield f"{field.name}_folded", _folded(value)


def _each_step(steps: Sequence[str]) -> list[str]:
    """Return a path and each above it."""
    return [plain("/".join(steps[: depth + 1])) for depth in range(len(steps))]


def _domains(host: str) -> list[str]:
    """Return a host and each domain that it lies in; [] for no host."""
    labels = host.split(".") if host else []
    return [".".join(labels[first:]) for first in range(len(labels))]


@functools.lru_cache(maxsize=4096)  # many announcements are of one source, place or site
def _row(value: str) -> str:
    return " ".join(row_tokens(units(value)))


@functools.lru_cache(maxsize=4096)
def _folded(value: str) -> str:
    return plain(fold(value))


def plain(text: str) -> str:
    """Replace halves of surrogate pairs, which the cluster's JSON cannot carry."""
    return text.encode("utf-8", "replace").decode() if _HALF_PAIRS.search(text) else text


def half_pairs_escaped(text: str) -> str:
    """Write halves of surrogate pairs in JSON as its escapes."""
    return _HALF_PAIRS.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
