"""Cursors: where a walk through many hits goes on.

By date a cursor holds the last hit's day and id, so a walk meets each announcement once even while the index
is replaced under it. By relevance it holds the version and how far it got, for scores of two versions do
not compare; when that version is gone, the walk has to start again.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from indexer.errors import ParameterError, Problem


@dataclass(frozen=True, slots=True)
class AfterDay:
    """Go on behind this announcement in the order of days."""

    sort: str
    day: int
    id: str


@dataclass(frozen=True, slots=True)
class AfterScore:
    """Go on behind so many hits of this version."""

    version: str
    offset: int


Cursor = AfterDay | AfterScore

_encode = json.JSONEncoder(separators=(",", ":")).encode


def write(cursor: Cursor) -> str:
    """Write a cursor as it stands in addresses."""
    match cursor:
        case AfterDay(sort, day, announcement_id):
            fields: list[str | int] = [sort, day, announcement_id]
        case AfterScore(version, offset):
            fields = ["relevance", offset, version]
    return base64.urlsafe_b64encode(_encode(fields).encode()).decode().rstrip("=")


def read(text: str, sort: str) -> Cursor:
    """Read back what ``write`` wrote for this order; raises ``ParameterError``."""
    try:
        fields = json.loads(base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True))
    except (ValueError, RecursionError):
        fields = None
    match fields:
        case ["relevance", int(offset), str(version)] if sort == "relevance" and 0 <= offset < 2**62:
            return AfterScore(version, offset)
        case [str(kind), int(day), str(announcement_id)] if kind == sort != "relevance" and abs(day) <= 2**31:
            return AfterDay(sort, day, announcement_id)
    raise unusable(text, "the cursor of an earlier answer to the same search")


def unusable(cursor: Cursor | str, expected: str) -> ParameterError:
    """Return that a cursor leads nowhere."""
    return ParameterError([Problem("cursor", cursor if isinstance(cursor, str) else write(cursor), expected)])
