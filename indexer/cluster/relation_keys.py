"""What a document keeps of what its announcement says of others: the words, and the keys that it is resolved by."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from indexer.announcement import group_of
from indexer.cluster.documents import half_pairs_escaped, plain
from indexer.facts.dates import NO_DAY, to_day
from indexer.relations.extraction import relations_of
from indexer.relations.keys import DOCUMENT, citations_of, documents_of
from indexer.relations.records import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement
    from indexer.cluster.connection import Body
    from indexer.relations.records import Relations

TITLE_CHARS: Final = 1_000  # a longer title is not kept by itself, and names no place
# What is asked of a document that lies in the cluster, to make ``Told`` and ``Place`` of it.
KEY_FIELDS: Final = ("relation_keys", "id", "title", "region", "group", "day", "settled")


class Told(NamedTuple):
    """What one announcement says of others."""

    relations: str  # see ``indexer.relations.records``, as JSON
    keys: str  # of the document, then of its citations (``indexer.relations.keys``), in Base64


class Place(NamedTuple):
    """What must be known of an announcement to choose it among others."""

    id: str
    title: str  # "" if it is longer than ``TITLE_CHARS``
    region: str  # path joined by "/"; "" if unknown
    group: str  # id of the announcement that it is a copy of, or its own
    day: int  # of publication


def told_by(announcements: Sequence[Announcement]) -> list[Told]:
    """Read off announcements what they say of others."""
    return [_told(one, relations_of(one)) for one in announcements]


def _told(announcement: Announcement, relations: Relations) -> Told:
    keys = documents_of([announcement], [relations]).tobytes() + citations_of([relations]).tobytes()
    text = json.dumps(to_json(relations), ensure_ascii=False, separators=(",", ":"))
    return Told(half_pairs_escaped(text), b64encode(keys).decode("ascii"))


def read_relations(text: str) -> Relations:
    """Read back what ``Told.relations`` holds."""
    return from_json(json.loads(text))


def read_keys(text: str) -> tuple[bytes, bytes]:
    """Return the keys of a document and those of its citations; of "" those of one that says nothing."""
    keys = b64decode(text) or _says_nothing()
    return keys[: DOCUMENT.itemsize], keys[DOCUMENT.itemsize :]


def stored_keys(fields: Body) -> str:
    """Return the keys as they were sent, with the last signs, which the cluster leaves out; "" where there are none."""
    keys: str = fields.get("relation_keys", ("",))[0]
    return keys + "=" * (-len(keys) % 4)


def _says_nothing() -> bytes:
    nothing = np.zeros(1, DOCUMENT)
    for day in ("repealed", "expired", "effective", "issued"):
        nothing[day] = NO_DAY
    return nothing.tobytes()


def place_of(announcement: Announcement) -> Place:
    """Return what is known of an announcement; the same as ``stored_place`` gives once it is stored."""
    title = plain(announcement.title)
    return Place(
        announcement.id,
        title if len(title) <= TITLE_CHARS else "",
        plain("/".join(announcement.region)),
        group_of(announcement) or announcement.id,
        to_day(announcement.published),
    )


def stored_place(fields: Body) -> Place:
    """Read what is known of an announcement out of the fields of its document."""
    region = max(fields.get("region", ("",)), key=len)  # the path is there with each above it
    title = fields.get("title", ("",))[0]
    return Place(fields["id"][0], title, region, fields["group"][0], int(fields["day"][0]))
