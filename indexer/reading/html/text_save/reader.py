"""From a text save to the same document that markup gives: lines with links, inside boxes for menu, text and foot."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from indexer.reading.html.document import Box, Document, Line, Link
from indexer.reading.html.hard_wraps import joined, wrapped_runs
from indexer.reading.html.labels import is_label_line
from indexer.reading.html.text_save.marks import MAX_LINES, SavedLine, saved_lines
from indexer.reading.html.text_save.structure import Structure, find_structure

__all__ = ["MAX_LINES", "read_text"]


def read_text(text: str) -> Document:
    """Read a text save; raises ``PageUnreadable`` if there are more lines than a page can have."""
    saved = _without_hard_wraps(saved_lines(text))
    lines = [_line(one) for one in saved]
    structure = find_structure(saved, lines)
    document = Document(boxes=[Box("", "", -1, 0, len(lines))])
    _add_boxes(document, structure, len(lines))
    for at, one in enumerate(saved):
        document.lines.append(_placed(document, structure, one, at))
        document.links += [Link(shown, address, "", at) for shown, address in one.links if address]
    if structure.opening >= 0:
        _mark_headline(document, structure)
    if structure.title >= 0:
        document.title = lines[structure.title].text
    return document


def _without_hard_wraps(saved: list[SavedLine]) -> list[SavedLine]:
    """Join the lines of paragraphs that were broken at a fixed width."""
    found: list[SavedLine] = []
    for may_be, group in groupby(
        saved,
        key=lambda line: not (line.bullet or line.is_row or line.heading or line.links or is_label_line(_line(line))),
    ):
        lines = list(group)
        if not may_be:
            found += lines
            continue
        start = 0
        for run in wrapped_runs(lines):
            if any(line.after_blank for line in lines[run.start + 1 : run.stop]):
                continue
            found += lines[start : run.start]
            whole = joined([line.text for line in lines[run.start : run.stop]])
            found.append(replace(lines[run.start], text=whole, parts=(whole,)))
            start = run.stop
        found += lines[start:]
    return found


def _line(saved: SavedLine, box: int = 0, tag: str = "", link_chars: int = 0) -> Line:
    tag = tag or (f"h{saved.heading}" if saved.heading else "tr" if saved.is_row else "")
    return Line(saved.text, saved.parts, box, link_chars or saved.link_chars, is_row=saved.is_row, tag=tag)


def _add_boxes(document: Document, structure: Structure, count: int) -> None:
    """Give menu, text and foot an element each."""
    if (above := structure.opening if structure.opening >= 0 else structure.headline + 1) > 0:
        document.boxes.append(Box("nav", "", 0, 0, above))
    if structure.headline >= 0 or structure.end < count:
        document.boxes.append(Box("div", "", 0, structure.headline + 1, structure.end))
    if structure.foot < count:
        document.boxes.append(Box("footer", "", 0, structure.foot, count))


def _mark_headline(document: Document, structure: Structure) -> None:
    """Put a headline into an element of headings."""
    span = range(structure.opening, structure.headline + 1)
    document.boxes.append(Box("h1", "", 0, span.start, span.stop))
    for at in span:
        document.lines[at] = replace(document.lines[at], box=len(document.boxes) - 1, tag="h1", link_chars=0)


def _placed(document: Document, structure: Structure, saved: SavedLine, at: int) -> Line:
    """Return a line with its element, and as the link, control or title that it is."""
    box = next((number for number, one in enumerate(document.boxes) if number and one.first <= at < one.end), 0)
    if at == structure.title:
        return _line(saved, box, "title")
    if at in structure.controls:
        return _line(saved, box, "control")
    if at in structure.cells:
        return _line(saved, box, "cell")
    return _line(saved, box, link_chars=len(saved.text) if at in structure.links else 0)
