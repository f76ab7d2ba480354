"""Which lines of a page are the announcement.

Every line has a worth: much text with punctuation is worth more, links and furniture are worth less
than nothing. The body is the element with the greatest sum, so it is the smallest one that holds all
of the text: a larger one would pay for the navigation it takes in. Containers that content systems
are known for break near ties. Head and tail are then trimmed, and a second copy is dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from indexer.cleaning.furniture import furniture
from indexer.cleaning.labels import is_label_line
from indexer.cleaning.spaces import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.cleaning.document import Document, Line

_KNOWN = re.compile(
    r"\s(?:zoom|zoomcon|ucap-content|trs_editor|trs_ueditor|trs_editor_view|view|ivs_content|maintext|vf_detail_content|con_con|pages_content|"
    r"vsb_content\w*|js_content|info_content|easysitetext|wenzhang-content|bodylabel|detailcontent|article-content|article_content|"
    r"articlecontent|news_content|newscontent|content_body|xxgk_content|contentbox|zw_content|detail-content|artibody|article-body)\s"
)
_NOISE_BOX = re.compile(
    r"[\s_-](?:foot(?:er)?|copyright|nav|navbar|breadcrumbs?|crumbs?|share|bdsharebuttonbox|related|recommend|sidebar|comments?|pagination|pager|toolbar|"
    r"relnews|xgwd|xgxw|xgyd|dqwz|weizhi|position|location|siteMap|friendlink|links?)[\s_-]",
    re.IGNORECASE,
)
_PUNCTUATION = re.compile("[，。；：、！？]")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|7z|pptx?|txt|csv|ceb|rtf)\b", re.IGNORECASE)
_LONG_CHARS = 40  # a paragraph from this length on is prose if it holds punctuation
_HEAD_LINES = 30  # trimming looks no further into a body without long paragraphs
_KNOWN_SHARE = 0.8  # of the best element's worth that a known container needs to be preferred
_COPY_CHARS = 12  # a line this long that stood before is a copy
_COPY_SHARE = 0.35  # of a body's text that is repeated when it holds a second copy


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that was left out of the body."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of the announcement, and why others beside them are gone."""

    kept: tuple[int, ...]  # indexes of lines
    cut: tuple[Cut, ...]
    rule: str

    @property
    def first(self) -> int:
        """Index of the first line; -1 without any."""
        return self.kept[0] if self.kept else -1


@dataclass(slots=True)
class Judged:
    """What each line of a document is, judged once."""

    reasons: list[str] = field(default_factory=list)  # "" for text, else why it is none
    worth: list[float] = field(default_factory=list)


def judge(document: Document, titles: Sequence[str], *, with_hidden: bool = False) -> Judged:
    """Weigh every line; ``titles`` are known titles of the page, which are worth nothing as text."""
    judged = Judged()
    heads = {squeeze(title) for title in titles if title}
    noisy = _noisy_boxes(document)
    seen: set[str] = set()
    for line in document.lines:
        reason, worth = _weigh(line, heads, in_noise=noisy[line.box])
        if line.hidden and not with_hidden:
            reason, worth = "hidden", 0.0
        elif worth > 0 and len(line.text) >= _COPY_CHARS and not line.is_row:
            if line.text in seen:
                worth = 0.0
            seen.add(line.text)
        judged.reasons.append(reason)
        judged.worth.append(worth)
    return judged


def _noisy_boxes(document: Document) -> list[bool]:
    noisy: list[bool] = []
    for box in document.boxes:
        inherited = box.parent >= 0 and noisy[box.parent]
        noisy.append(inherited or box.tag in ("nav", "footer", "aside") or bool(_NOISE_BOX.search(box.name)))
    return noisy


def _weigh(line: Line, heads: set[str], *, in_noise: bool) -> tuple[str, float]:
    """Reason why a line is no text ("" if it is), and its worth."""
    reason = furniture(line.text)
    if reason:
        return reason, -15.0
    if is_label_line(line):
        return "label", -10.0
    if squeeze(line.text) in heads:
        return "title", 0.0
    length = len(line.text)
    if line.link_share > 0.5:
        if _FILE.search(line.text) or "附件" in line.text:
            return "", 2.0
        return "links", -5.0 - min(length, 30)
    if in_noise:
        return "", 0.0
    marks = len(_PUNCTUATION.findall(line.text))
    return "", length * (1.0 + min(1.0, 10 * marks / length)) * (1 - line.link_share)


def find_body(document: Document, judged: Judged) -> Body:
    """Choose the element that holds the announcement, and its lines."""
    sums = [0.0, *accumulate(judged.worth)]
    box, rule = _best_box(document, sums)
    chosen = document.boxes[box]
    first, last = _trim(document, judged, chosen.first, chosen.end)
    kept, cut = [], []
    for at in range(chosen.first, chosen.end):
        reason = judged.reasons[at]
        if first <= at < last and not _is_cut_inside(reason):
            kept.append(at)
        else:
            cut.append(Cut(document.lines[at].text, reason or "before or after the text"))
    kept, copies = _without_copy(document.lines, kept)
    return Body(tuple(kept), (*cut, *copies), rule)


def _best_box(document: Document, sums: list[float]) -> tuple[int, str]:
    def worth(at: int) -> float:
        box = document.boxes[at]
        return sums[box.end] - sums[box.first]

    best = max(range(len(document.boxes)), key=lambda at: (worth(at), at))
    most = worth(best)
    for at in document.chain(best):
        if _KNOWN.search(document.boxes[at].name) and worth(at) >= _KNOWN_SHARE * most:
            return at, "densest text, in a container of a known system"
    within = [
        at
        for at in range(best + 1, len(document.boxes))
        if document.boxes[at].end <= document.boxes[best].end
        and worth(at) >= _KNOWN_SHARE * most
        and _KNOWN.search(document.boxes[at].name)
    ]
    if within:
        return within[-1], "container of a known system in the densest text"
    return best, "densest text"


_CUT_INSIDE = frozenset(
    (
        "hidden",
        "script leftover",
        "player hint",
        "accessibility hint",
        "leaving hint",
        "font size",
        "sharing",
        "page tools",
        "no words",
    )
)


def _is_cut_inside(reason: str) -> bool:
    return reason in _CUT_INSIDE


def _trim(document: Document, judged: Judged, first: int, end: int) -> tuple[int, int]:
    """Take furniture, labels and titles off the head, and what follows a tail mark off the end."""
    lines = document.lines
    long = [at for at in range(first, end) if _is_long(lines[at]) and not judged.reasons[at]]
    head_end = min(long[0] if long else end, first + _HEAD_LINES)
    start = first
    for at in range(first, head_end):
        if judged.reasons[at] not in ("", "title", "links"):
            start = at + 1
    while start < head_end and (
        judged.reasons[start] and (judged.reasons[start] != "title" or lines[start].tag in ("h1", "h2", "h3"))
    ):
        start += 1
    tail_from = max(long[-1] + 1 if long else start, start)
    stop = end
    for at in range(tail_from, end):
        if judged.reasons[at] in _TAIL_MARKS:
            stop = at
            break
    while stop > tail_from and judged.reasons[stop - 1]:
        stop -= 1
    return start, stop


_TAIL_MARKS = frozenset(
    (
        "sharing",
        "QR hint",
        "footer",
        "editor",
        "next article",
        "empty label",
        "leaving hint",
        "accessibility hint",
        "comment form",
        "reader count",
        "font size",
        "page tools",
    )
)


def _is_long(line: Line) -> bool:
    return len(line.text) >= _LONG_CHARS and bool(_PUNCTUATION.search(line.text))


def _without_copy(lines: Sequence[Line], kept: list[int]) -> tuple[list[int], list[Cut]]:
    """Drop the second copy when a large part of the body stands in it twice."""
    seen: set[str] = set()
    repeated = [
        at for at in kept if len(lines[at].text) >= _COPY_CHARS and (lines[at].text in seen or seen.add(lines[at].text))
    ]
    total = sum(len(lines[at].text) for at in kept)
    if not repeated or sum(len(lines[at].text) for at in repeated) < _COPY_SHARE * total:
        return kept, []
    once: set[str] = set()
    single = [at for at in kept if at < repeated[0] or not (lines[at].text in once or once.add(lines[at].text))]
    texts = {lines[at].text for at in kept if at < repeated[0]}
    single = [at for at in single if at < repeated[0] or lines[at].text not in texts]
    gone = set(kept) - set(single)
    return single, [Cut(lines[at].text, "second copy") for at in sorted(gone)]
