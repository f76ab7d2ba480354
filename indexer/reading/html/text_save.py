"""A page saved as plain text, read into the same lines as a parsed one.

Nothing says which line is a link or a heading; labels and furniture read the same.
"""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.errors import PageUnreadable
from indexer.reading.html.document import Box, Document, Line
from indexer.text.spaces import collapse, squeeze

_PIECES = re.compile(r"[ \u3000\xa0]{2,}|\t")
_NAME_AND_TITLE = re.compile(r"[_|]")
MAX_LINES = 150_000
_HEAD_LINES = 30
_SHORTEST = 6  # characters of a title


def read_text(text: str) -> Document:
    """Read a text save line by line; raises ``PageUnreadable`` if there are more than a page can have."""
    if (lines := text.count("\n")) > MAX_LINES:
        raise PageUnreadable(f"too large to be one page ({lines:,} lines)")
    document = Document(boxes=[Box("", "", -1, 0)])
    for raw in text.splitlines():
        line = collapse(raw)
        if not line:
            continue
        pieces = tuple(piece for part in _PIECES.split(raw.strip()) if (piece := collapse(part)))
        document.lines.append(Line(line, pieces, 0))
    document.boxes[0].end = len(document.lines)
    at = _first_title(document)
    if at >= 0:
        document.title = document.lines[at].text
        document.lines[at] = replace(document.lines[at], tag="title")
    return document


def _first_title(document: Document) -> int:
    """Index of the browser's title, which text saves put among the first lines as "column_title"; -1 if there is none.

    It is known by one of its parts standing alone on another line.
    """
    heads = [line.text for line in document.lines[:_HEAD_LINES]]
    plain = {squeeze(head) for head in heads}
    for at, head in enumerate(heads):
        parts = _NAME_AND_TITLE.split(head)
        if len(parts) > 1 and any(squeeze(part) in plain and len(part) >= _SHORTEST for part in parts):
            return at
    return -1
