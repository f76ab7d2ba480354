"""Put paragraphs together that a page's line ends (``<br>``, or those of preformatted text) break inside a sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.reading.html.document import Link
from indexer.reading.html.hard_wraps import joined, wrapped_runs

if TYPE_CHECKING:
    from indexer.reading.html.document import Document

# What opens a paragraph: two ideographic blanks, or as wide by others. More of them centre a line or push it right.
_INDENT = re.compile(r"\A[ \t\r\n]*+(?:\u3000{1,3}|[\xa0\u2002\u2003]{2,8})[ \t]*(?=[^\s])")


def is_indent(raw: str) -> bool:
    """Return whether a line as it is written begins like a paragraph."""
    return bool(_INDENT.match(raw))


def join_wraps(document: Document, first: int) -> None:
    """Join the broken sentences among a document's last lines, from an index on, and let links follow their lines."""
    lines = document.lines[first:]
    if len(lines) < 2 or any(line.link_chars for line in lines) or len({line.hidden for line in lines}) > 1:
        return
    runs = list(wrapped_runs(lines))
    for run in reversed(runs):
        whole = joined([lines[at].text for at in run])
        lines[run.start : run.stop] = [replace(lines[run.start], text=whole, parts=(whole,))]
    if not runs:
        return
    gone = [at for run in runs for at in run[1:]]
    document.lines[first:] = lines
    for at in range(len(document.links) - 1, -1, -1):
        link = document.links[at]
        if link.line < first:
            break
        shift = sum(first + line <= link.line for line in gone)
        document.links[at] = Link(link.text, link.href, link.title, link.line - shift)
