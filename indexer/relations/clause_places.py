"""Where in a text a match stands, for a line of an answer: 第三章 › 第十二条.

A page of hits looks at ten texts, so a long one is not read whole: only what stands before the match. What cannot be
told so for certain is not told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.relations.clause_marks import HEADING_CHARS, marks_of, may_open_before
from indexer.relations.clause_names import number_of, written
from indexer.relations.clauses import Structure
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from indexer.relations.clause_marks import Mark

READ_WHOLE_CHARS: Final = 1_500  # a shorter text is read whole: 0.3 ms
_WINDOW_CHARS: Final = 2_000  # before the match; few articles are longer
_HEADINGS: Final = lazily(r"\n[# \u3000]{0,10}第([一二三四五六七八九十百零〇]{1,7}|\d{1,3})章([^\n]{0,40})(?=\n)")


@dataclass(frozen=True, slots=True)
class ClausePlace:
    """The clause that a match stands in."""

    anchor: str  # on the announcement's page
    path: tuple[str, ...]  # labels from the widest: 第三章, 第十二条


def place_of(body: str, offset: int) -> ClausePlace | None:
    """Return the clause that holds a character of a body; None outside all, and where that would take long to tell."""
    if len(body) <= READ_WHOLE_CHARS:
        if not may_open_before(body, offset):
            return None
        path = Structure(body).at(offset)
        labels = tuple(one.label + (one.heading if one.kind in ("item", "subitem") else "") for one in path)
        return ClausePlace(path[-1].anchor, labels) if path else None
    found = _article_before(body, offset)
    if found is None:
        return None
    article, start = found
    anchor = written("条", article.number, article.sub)
    chapter = ""
    for heading in _HEADINGS.finditer(body, 0, start):
        number = number_of(heading[1])
        chapter = written("章", number) if number and "。" not in heading[2] else chapter
    return ClausePlace(anchor, (chapter, anchor) if chapter else (anchor,))


def _article_before(body: str, offset: int) -> tuple[Mark, int] | None:
    """Return the article that holds the place and where it begins, if it opens a line, the first of its number."""
    start = max(0, body.find("\n", max(0, offset - _WINDOW_CHARS), offset)) if offset > _WINDOW_CHARS else 0
    line_end = body.find("\n", offset, offset + HEADING_CHARS)
    window = body[start : line_end if line_end >= 0 else offset + HEADING_CHARS]
    if "条" not in window:
        return None
    marks = [
        mark
        for mark in marks_of(window)
        if mark.opens_line and mark.start + start <= offset and mark.kind in ("article", "chapter", "annex")
    ]
    if not marks or marks[-1].kind != "article" or not marks[-1].is_apart:
        return None
    article, at = marks[-1], marks[-1].start + start
    raw = body[at : at + article.end - article.start]
    is_first = body.find("\n" + raw) + 1 in (at, 0) or body.startswith(raw)
    quoted = body.rfind("：“", 0, at) > body.rfind("”", 0, at)
    return (article, at) if is_first and not quoted else None
