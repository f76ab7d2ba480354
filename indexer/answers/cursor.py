"""Cursors: where a walk through many hits goes on; written alike by every engine.

By date a cursor holds the last hit's day and id, so a walk meets each announcement once even while the index is
replaced under it. By relevance it holds the version too, for scores of two versions do not compare, and the place in
that version's order as its engine counts it; when the version is gone, the walk has to start again.
"""

from __future__ import annotations

import base64
import json
from json.encoder import encode_basestring_ascii as _quoted

from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.light_dataclass import dataclass

Value = int | float | str
BOUND = ("relevance", "cited")  # orders that a version has of its own
_BY_DATE = ("newest", "oldest")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Go on behind this place."""

    sort: str  # the order that it is a place in
    version: str  # that must answer; "" if any may
    place: tuple[Value, ...]  # by date (day, id); by arrival (moment, day, id); by relevance as the engine counts


def write(cursor: Cursor) -> str:
    """Return a cursor as it stands in addresses."""
    # As JSON writes a list of such values; its own encoder takes three times as long, and every page has a cursor.
    values = cursor.sort, cursor.version, *cursor.place
    text = ",".join([_quoted(one) if isinstance(one, str) else repr(one) for one in values])
    return base64.urlsafe_b64encode(f"[{text}]".encode()).decode().rstrip("=")


def read(text: str, sort: str) -> Cursor:
    """Read back what ``write`` wrote for this order; raises ``ParameterError``."""
    try:
        fields = json.loads(base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True))
    except (ValueError, RecursionError):
        fields = None
    match fields:
        case [str(kind), str(version), *place] if kind == sort and version and all(map(_is_value, place)):
            if sort in BOUND:
                return Cursor(sort, version, tuple(place))
        case [str(kind), "", int(day), str(announcement_id)] if kind == sort in _BY_DATE and abs(day) <= 2**31:
            return Cursor(sort, "", (day, announcement_id))
        case ["indexed", "", int(moment), int(day), str(announcement_id)] if sort == "indexed" and abs(day) <= 2**31:
            if abs(moment) < 2**62:
                return Cursor(sort, "", (moment, day, announcement_id))
    raise unusable(text)


def _is_value(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, int | float) and abs(value) < 2**62)


def unusable(text: str, code: str = "cursor-of-search") -> ParameterError:
    """Return the error that a cursor leads nowhere."""
    return ParameterError([Problem("cursor", text, expect(code))])
