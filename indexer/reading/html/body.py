"""Which lines of a page are the announcement.

The body is the element whose lines have the greatest sum of worth, so it is the smallest one that
holds all of the text: a larger one would pay for the navigation it takes in. Containers that content
systems are known for break near ties. Head and tail are then trimmed, and a second copy is dropped.
"""

from __future__ import annotations

import re
from itertools import accumulate, groupby, takewhile
from typing import TYPE_CHECKING

from indexer.facts.dates import find_dates
from indexer.light_dataclass import dataclass
from indexer.reading.html.document import Box
from indexer.reading.html.labels import is_label
from indexer.reading.html.line_kinds import HEADINGS, TEXT, is_attachment_line, is_closing, is_prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.reading.html.document import Document, Line
    from indexer.reading.html.line_kinds import Judged

_KNOWN = re.compile(
    r"\s(?:zoom|zoomcon|ucap-content|trs_editor|trs_ueditor|trs_editor_view|ivs_content|maintext|vf_detail_content|con_con|pages_content|"
    r"vsb_content\w*|js_content|info_content|easysitetext|wenzhang-content|bodylabel|detailcontent|article-content|article_content|"
    r"articlecontent|news_content|newscontent|content_body|xxgk_content|zw_content|detail-content|artibody|article-body)\s"
)
_DIGITS = re.compile(r"\d+")
_NO_NAME = 3  # characters of a box's name without id and class
_KNOWN_SHARE = 0.8  # of the best element's worth that a known container needs to be preferred
_HEAD_LINES = 30  # trimming looks no further into a body without long paragraphs
_HEAD_CHARS = 40  # of text that may always stand above such a line
_HEAD_SHARE = 0.25  # of the text that may stand above a line which still belongs to the head
_COPY_CHARS = 12  # a line this long that stood before is a copy
_COPY_SHARE = 0.35  # of a body's text that is repeated when it holds a second copy

_CUT_ANYWHERE = frozenset(
    (
        "hidden",
        "hijacked name",
        "script leftover",
        "player hint",
        "accessibility hint",
        "leaving hint",
        "font size",
        "no words",
        "follow hint",
        "today",
    )
)
_TAIL_MARKS = frozenset(
    (
        "sharing", "QR hint", "footer", "editor", "next article", "empty label", "leaving hint", "accessibility hint",
        "comment form", "reader count", "font size", "page tools", "rights notice", "paging", "label",
    )
)  # fmt: skip
_FILE_LIST = re.compile(r"[【\[]?(?:相关附件|附件下载|附件列表|相关下载|文件下载)[】\]]?[:：]?")
_FILE_LINES = 20  # within which a text names its files, and a list repeats them
_FILES = re.compile(r"[【\[]?附件[】\]]?[:：]?")
_HEAD_OF_COPY = ("title", "date", "label", "weak label")
_MAY_END = (TEXT, "date", "weak label")  # what an announcement may end with
# Where paragraphs stand right in the page's own element, these are their neighbours in the text.
_PARAGRAPH_NAMES = "p h1 h2 h3 h4 h5 h6 table ul ol center blockquote section pre"
_PARAGRAPHS = frozenset(_PARAGRAPH_NAMES.split())


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the announcement, as indexes, and how they were found."""

    kept: tuple[int, ...]
    copies: frozenset[int]  # lines left out because they repeat others
    rule: str

    @property
    def first(self) -> int:
        """Return the index of the first line; -1 without any."""
        return self.kept[0] if self.kept else -1

    @property
    def last(self) -> int:
        """Return the index of the last line; -1 without any."""
        return self.kept[-1] if self.kept else -1


def find_body(document: Document, judged: Judged) -> Body:
    """Choose the element that holds the announcement, and its lines."""
    place, rule = _best_place(document, judged.worth)
    if place is None:
        return Body((), frozenset(), "")
    first, end = _with_neighbours(document, judged.reasons, place)
    if first < judged.headline < end and not {TEXT, "title"}.issuperset(judged.reasons[first : judged.headline]):
        first = judged.headline + 1  # the page's frame is around the text too
    first, end = _trim(document.lines, judged.reasons, first, end)
    kept = [at for at in range(first, end) if judged.reasons[at] not in _CUT_ANYWHERE]
    kept = _without_tools_below(document.lines, judged.reasons, kept)
    copies = _copies(document.lines, judged.reasons, kept)
    return Body(tuple(at for at in kept if at not in copies), copies, rule)


def hidden_parts(document: Document, body: Body) -> range:
    """Return the lines of a text's further parts, hidden until a reader turns the page: page2 beside page1."""
    for at in document.chain(document.lines[body.last].box) if body.kept else ():
        box = document.boxes[at]
        stem = _DIGITS.sub("", box.name)
        if stem == box.name:
            continue
        parts = [
            other
            for other in document.boxes[at + 1 :]
            if other.parent == box.parent and other.tag == box.tag and _DIGITS.sub("", other.name) == stem
        ]
        lines = range(box.end, parts[-1].end if parts else box.end)
        if lines and all(document.lines[line].hidden for line in lines):
            seen = {document.lines[line].text for line in body.kept}
            return range(0) if any(document.lines[line].text in seen for line in lines) else lines
    return range(0)


def _best_place(document: Document, worth: Sequence[float]) -> tuple[Box | None, str]:
    """Return the element of greatest worth, or a known container nearly as good, and why; None if none is worth any."""
    boxes = document.boxes
    sums = [0.0, *accumulate(worth)]
    net = [sums[box.end] - sums[box.first] for box in boxes]
    best = max(range(len(boxes)), key=lambda at: (net[at], at))
    bare = max(_bare_runs(document), key=lambda run: sums[run.end] - sums[run.first], default=boxes[0])
    if max(net[best], sums[bare.end] - sums[bare.first]) <= 0:
        return None, ""
    if sums[bare.end] - sums[bare.first] > net[best]:
        return bare, "densest text, between elements"
    texts = [0.0, *accumulate(max(one, 0.0) for one in worth)]
    around = set(document.chain(best))
    for at in range(len(boxes) - 1, 0, -1):
        box = boxes[at]
        near = at in around or (boxes[best].first <= box.first and box.end <= boxes[best].end)
        if near and texts[box.end] - texts[box.first] >= _KNOWN_SHARE * net[best] and _is_known(box):
            return box, "densest text, in a container of a known system"
    if boxes[best].tag == "p" and _is_plain(document, boxes[best].parent):
        return boxes[boxes[best].parent], "element of the densest paragraph"
    return boxes[best], "densest text"


def _bare_runs(document: Document) -> Iterator[Box]:
    """Yield the runs of lines that stand right in an element, between others, each as if it had one of its own."""
    lines, boxes = document.lines, document.boxes
    for at, run in groupby(range(len(lines)), key=lambda line: lines[line].box):
        first, *others = run
        end = others[-1] + 1 if others else first + 1
        if (boxes[at].first, boxes[at].end) != (first, end):
            yield Box("p", "", at, first, end)


def _is_known(box: Box) -> bool:
    return len(box.name) > _NO_NAME and bool(_KNOWN.search(box.name))


def _is_plain(document: Document, at: int) -> bool:
    """Return whether an element holds nothing but paragraphs, as editors write them: no navigation either."""
    box = document.boxes[at]
    return at > 0 and all(
        line.box == at or (document.boxes[line.box].parent == at and line.tag == "p")
        for line in document.lines[box.first : box.end]
    )


def _with_neighbours(document: Document, reasons: Sequence[str], box: Box) -> tuple[int, int]:
    """Return the lines of an element; of a paragraph also the text before and after it, up to any boilerplate."""
    boxes, first, end = document.boxes, box.first, box.end
    while box.parent > 0 and (boxes[box.parent].first, boxes[box.parent].end) == (first, end):
        box = boxes[box.parent]
    held = document.lines[first:end]
    is_leaf = all(one.is_row for one in held) or len({one.box for one in held}) == 1
    if box.parent < 0 or not (is_leaf or box.tag in _PARAGRAPHS):
        return first, end
    around = boxes[box.parent]
    while first > around.first and reasons[first - 1] == TEXT and _is_beside(document, box, first - 1):
        first -= 1
    while end < around.end and reasons[end] in (TEXT, "weak label") and _is_beside(document, box, end):
        end += 1
    return first, end


def _is_beside(document: Document, box: Box, at: int) -> bool:
    """Return whether a line stands in a paragraph or a table beside the box."""
    boxes, child = document.boxes, document.lines[at].box
    if child == box.parent:
        return True
    while boxes[child].parent != box.parent:
        child = boxes[child].parent
    sibling = boxes[child]
    if (sibling.tag, sibling.name) == (box.tag, box.name):
        return True
    like_paragraphs = box.tag in _PARAGRAPHS or document.lines[box.first].is_row
    return like_paragraphs and (sibling.tag in _PARAGRAPHS or document.lines[at].is_row)


def _trim(lines: Sequence[Line], reasons: Sequence[str], first: int, end: int) -> tuple[int, int]:
    """Take boilerplate, labels and titles off the head, and what follows a tail mark off the end."""
    prose = [at for at in range(first, end) if is_prose(lines[at]) and reasons[at] == TEXT]
    head_end = prose[0] if prose else min(end, first + _HEAD_LINES)
    text_chars = sum(len(lines[at].text) for at in range(first, end) if reasons[at] == TEXT)
    start = _head(lines, reasons, first, head_end, text_chars)
    closing = [at for at in range(start, end) if is_closing(lines[at]) and reasons[at] == TEXT]
    tail_from = max(closing[-1] + 1 if closing else start, start)
    end = next((at for at in range(tail_from, end) if _is_file_list(lines, at, start, end)), end)
    return start, _tail(lines, reasons, tail_from, end)


def _head(lines: Sequence[Line], reasons: Sequence[str], first: int, head_end: int, text_chars: int) -> int:
    """Return where the text starts: after the last line of the head that is none, titles included."""
    start, passed = first, 0
    for at in range(first, head_end):
        if reasons[at] == TEXT:
            passed += len(lines[at].text)
            if passed > max(_HEAD_CHARS, _HEAD_SHARE * text_chars):
                break
        elif reasons[at] not in ("title", "links", "empty label") and not (
            passed and reasons[at] == "weak label" and not find_dates(lines[at].text)
        ):
            start = at + 1
    while start < head_end and reasons[start] != TEXT:
        if reasons[start] == "title" and lines[start].tag not in HEADINGS and start == first:
            break  # a document that begins with its own title, inside its own element
        start += 1
    return start


def _tail(lines: Sequence[Line], reasons: Sequence[str], tail_from: int, end: int) -> int:
    """Return where the text ends: at the first tail mark behind the text's files."""
    stop = end
    attached = max((at for at in range(tail_from, end) if is_attachment_line(lines[at])), default=-1)
    for at in range(max(tail_from, attached + 1), end):
        if reasons[at] in _TAIL_MARKS:
            stop = at
            break
    while stop > tail_from and (
        _FILES.fullmatch(lines[stop - 1].text)  # and none follows
        or is_label(lines[stop - 1].text)
        or (reasons[stop - 1] not in _MAY_END and not _is_linked_paragraph(lines, reasons, stop - 1))
    ):
        stop -= 1
    return stop


def _is_file_list(lines: Sequence[Line], at: int, start: int, end: int) -> bool:
    """Return whether a line heads the page's own list of files: it says so, or the text above has named them all."""
    if _FILE_LIST.fullmatch(lines[at].text):
        return True
    if not _FILES.fullmatch(lines[at].text):
        return False
    below, above = lines[at + 1 : min(end, at + _FILE_LINES)], lines[max(start, at - _FILE_LINES) : at]
    names = [line.text.rpartition(".")[0] for line in below if is_attachment_line(line)]
    return bool(names) and all(name and any(name in line.text for line in above) for name in names)


def _is_linked_paragraph(lines: Sequence[Line], reasons: Sequence[str], at: int) -> bool:
    """Return whether a line of links is one paragraph right behind another: the text's own, not the first of a list."""
    line, above = lines[at], lines[at - 1]
    if reasons[at] != "links" or not (line.tag == "p" == above.tag and line.box == above.box + 1):
        return False
    goes_on = at + 1 < len(lines) and reasons[at + 1] == "links" and lines[at + 1].box == line.box + 1
    return reasons[at - 1] == TEXT and not (goes_on and lines[at + 1].tag == "p")


def _without_tools_below(lines: Sequence[Line], reasons: Sequence[str], kept: list[int]) -> list[int]:
    """Leave out the page's tools that stand between the text's last paragraph and the names of its files."""
    last = max((at for at in kept if is_closing(lines[at])), default=-1)
    return [at for at in kept if at < last or reasons[at] not in _TAIL_MARKS]


def _copies(lines: Sequence[Line], reasons: Sequence[str], kept: Sequence[int]) -> frozenset[int]:
    """Return the lines of a second copy and its head, if a large part of the body stands in it twice."""
    seen: set[str] = set()
    repeated: list[int] = []
    for at in kept:
        text = lines[at].text
        if len(text) >= _COPY_CHARS and text in seen:
            repeated.append(at)
        seen.add(text)
    total = sum(len(lines[at].text) for at in kept)
    if sum(len(lines[at].text) for at in repeated) < _COPY_SHARE * total:
        return frozenset()
    before = {lines[at].text for at in kept if at < repeated[0]}
    head = takewhile(lambda at: reasons[at] in _HEAD_OF_COPY, (at for at in reversed(kept) if at < repeated[0]))
    return frozenset([*head, *(at for at in kept if at >= repeated[0] and lines[at].text in before)])
