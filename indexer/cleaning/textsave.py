"""A page saved as plain text, read into the same lines as a parsed one.

Nothing says which line is a link or a heading; labels and furniture read the same.
"""

from __future__ import annotations

from indexer.cleaning.document import Box, Document, Line
from indexer.cleaning.furniture import is_hijacked
from indexer.cleaning.spaces import collapse, squeeze

import re

_PIECES = re.compile(r"[ \u3000\xa0]{2,}|\t")
_NAME_AND_TITLE = re.compile(r"[_|]")


def read_text(text: str) -> Document:
    """Read a text save line by line."""
    document = Document(boxes=[Box("", "", -1, 0)])
    for raw in text.splitlines():
        line = collapse(raw)
        if not line:
            continue
        pieces = tuple(piece for part in _PIECES.split(raw.strip()) if (piece := collapse(part)))
        document.lines.append(Line(line, pieces, 0))
    document.boxes[0].end = len(document.lines)
    document.title = _first_title(document)
    return document


def _first_title(document: Document) -> str:
    """The browser's title, which text saves put among the first lines as "column_title"."""
    heads = [line.text for line in document.lines[:30]]
    plain = [squeeze(head) for head in heads]
    for head in heads[:10]:
        for part in _NAME_AND_TITLE.split(head):
            if len(part) >= 6 and plain.count(squeeze(part)) and not is_hijacked(part):
                return head if squeeze(part) != squeeze(head) else part
    return ""
