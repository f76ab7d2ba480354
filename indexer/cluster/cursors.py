"""Cursors: the sort values of the last hit shown, behind which a walk goes on.

By date they fit every version. By relevance they hold the version, for scores of two versions do not compare; when it
is gone, the walk has to start again.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from indexer.errors import ParameterError, Problem


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to go on."""

    after: list[Any]  # sort values, in the order of the sort's keys
    version: str  # that must answer; "" if any may


def write(sort: str, cursor: Cursor) -> str:
    """Write a cursor as it stands in addresses."""
    text = json.dumps([sort, cursor.version, *cursor.after], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str, sort: str) -> Cursor | None:
    """Read back what ``write`` wrote for this order, None from ""; raises ``ParameterError``."""
    if not text:
        return None
    try:
        fields = json.loads(base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True))
    except (ValueError, RecursionError):
        fields = None
    match fields:
        case [str(kind), str(version), *scores, int(day), str()] if kind == sort and abs(day) <= 2**31:
            by_score = sort == "relevance"
            if bool(version) == by_score and len(scores) <= by_score and all(isinstance(one, float) for one in scores):
                return Cursor(fields[2:], version)
    raise unusable(text, "the cursor of an earlier answer to the same search")


def unusable(text: str, expected: str) -> ParameterError:
    """Return that a cursor leads nowhere."""
    return ParameterError([Problem("cursor", text, expected)])
