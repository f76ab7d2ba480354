"""Cursors come back as they were written, and fit no other order."""

from __future__ import annotations

import base64
import json

import pytest

from indexer.answers.cursor import Cursor, read, write
from indexer.errors import ParameterError

CURSORS = [
    Cursor("relevance", "7-0123abcd", (20,)),
    Cursor("relevance", "7-0123abcd", (3.0, 18000, "a")),
    Cursor("newest", "", (18000, "a")),
    Cursor("newest", "", (-(2**31), "a")),
]


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_comes_back_as_it_was_and_fits_no_other_order(cursor: Cursor) -> None:
    written = write(cursor)
    assert read(written, cursor.sort) == cursor
    with pytest.raises(ParameterError, match="cursor"):
        read(written, "oldest")


@pytest.mark.parametrize(
    "fields",
    [
        [],
        {},
        "newest",
        ["newest", "", 2**40, "a"],
        ["newest", "7-0123abcd", 1, "a"],
        ["newest", "", "a", 1],
        ["newest", "", 1],
        ["relevance", "", 20],
        ["relevance", "7-0123abcd", 1e300],
        ["relevance", "7-0123abcd", [1]],
        ["relevance", "7-0123abcd", None],
    ],
)
def test_what_no_answer_gave_is_refused(fields: object) -> None:
    text = base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")
    for sort in ("newest", "relevance"):
        with pytest.raises(ParameterError, match="an earlier answer to the same search"):
            read(text, sort)
