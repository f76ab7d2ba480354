"""The whole title of an announcement, without the names of site and column.

The head of a page proposes (label, ``ArticleTitle``, parts of ``<title>``), the visible page confirms:
a headline as the reader sees it wins over a head that is cut short, and over one that names the site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.cleaning.furniture import is_hijacked, without_names
from indexer.cleaning.judge import TEXT
from indexer.cleaning.spaces import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.cleaning.document import Document, Line
    from indexer.cleaning.labels import Labelled

_SEPARATOR = re.compile(r"\s*[_|｜丨]+\s*|\s+[-–—·>]+\s+|\s*--+\s*|\s*[-–—](?=[^-–—_|]*$)\s*")
_SITE = re.compile(
    r"(?:网|网站|门户|官网|平台|主页|首页|频道|栏目|专栏|信息公开|中心|政府|委员会|局|厅|办公室|公司|新闻|动态|要闻|公告|公示公告|通知公告|文件|专题)$"
)
_CUT_SHORT = re.compile(r"(?:\.{2,}|…+)$")
_MAY_BE_CUT_CHARS = 60  # templates cut titles at 60, 80 or 100 characters
_SHORTEST = 4  # characters; shorter strings prove nothing
_LONGEST = 200
_JOINED_LINES = 5  # a headline is broken into no more lines
_HEADINGS = ("h1", "h2", "h3")
_TITLE_BOX = re.compile(r"[\s_-](?:\w*title\w*|tit|bt|biaoti|headline|\w*_?bt)[\s_-]")
_ENOUGH = 4  # a heading's marks that outweigh a head which the page does not confirm


@dataclass(frozen=True, slots=True)
class Title:
    """The title, the lines that show it, and the rule that found it."""

    text: str
    lines: frozenset[int]
    rule: str


def choose_title(document: Document, reasons: Sequence[str], labels: Sequence[Labelled]) -> Title:
    """Find the announcement's title; "" if nothing on the page can be one."""
    proposals = list(_proposals(document, labels))
    for text, rule in proposals:
        at, count = _shown(document.lines, reasons, text)
        if count:
            whole = _whole([line.text for line in document.lines[at : at + count]], text)
            return Title(whole, _all_lines(document, reasons, text), f"{rule}, as the page shows it")
    heading, at = _heading(document, reasons, strong=bool(proposals))
    if heading:
        return Title(heading, frozenset((at,)), "heading")
    if proposals:
        text, rule = proposals[0]
        return Title(text, frozenset(), rule)
    return Title("", frozenset(), "")


def _whole(parts: Sequence[str], proposed: str) -> str:
    """Join a broken headline with a blank where the proposal has one."""
    text = parts[0]
    for part in parts[1:]:
        text += f" {part}" if f"{text} {part}" in proposed else part
    return text


def _proposals(document: Document, labels: Sequence[Labelled]) -> Iterator[tuple[str, str]]:
    """What may be the title, likeliest first, each with its rule."""
    metas = document.metas
    if sum(one.field in ("index_number", "number", "issuer", "publisher", "published") for one in labels) >= 2:
        for one in labels:
            if one.field == "title" and _SHORTEST <= len(one.value) <= _LONGEST:
                yield one.value, f"label {one.label}"
    sites = {squeeze(metas.get(key, "")) for key in ("sitename", "columnname")}
    for key in ("articletitle", "og:title", "title", "dc.title", "twitter:title"):
        for text in _variants(without_names(metas.get(key, ""))):
            if squeeze(text) not in sites:
                yield text, f"meta {key}"
    for text in _variants(document.title):
        if squeeze(text) not in sites:
            yield text, "title of the page"


def _variants(title: str) -> list[str]:
    """A title with fewer and fewer site and column names around it, likeliest first."""
    if not title:
        return []
    cuts = [(0, 0), *((match.start(), match.end()) for match in _SEPARATOR.finditer(title)), (len(title), len(title))]
    pieces = [title[a[1] : b[0]] for a, b in zip(cuts, cuts[1:], strict=False)]
    own = [piece for piece in pieces if piece and not is_hijacked(piece)]
    if len(own) <= 1:
        return [piece for piece in own if len(piece) >= _SHORTEST]
    runs = [
        title[cuts[i][1] : cuts[j][0]]
        for i in range(len(pieces))
        for j in range(i + 1, len(cuts))
        if j - i < len(pieces)
    ]
    clean = [
        run for run in runs if len(run) >= _SHORTEST and not any(is_hijacked(part) for part in _SEPARATOR.split(run))
    ]
    return sorted(dict.fromkeys(clean), key=lambda run: (bool(_SITE.search(run)), -len(run) if run in own else 1))


def _shown(lines: Sequence[Line], reasons: Sequence[str], title: str) -> tuple[int, int]:
    """Where the page shows a title: index and number of lines; (0, 0) if it does not."""
    wanted = squeeze(title)
    if len(wanted) < _SHORTEST:
        return 0, 0
    partly: tuple[int, int] = (0, 0)
    cut = bool(_CUT_SHORT.search(wanted)) or len(wanted) >= _MAY_BE_CUT_CHARS
    start = _CUT_SHORT.sub("", wanted)
    for at, line in enumerate(lines):
        if reasons[at] not in (TEXT, "links"):
            continue
        plain = squeeze(line.text)
        if plain == wanted:
            return at, 1
        if (
            cut
            and not partly[1]
            and reasons[at] == TEXT
            and len(plain) <= _LONGEST
            and plain.startswith(start)
            and "。" not in plain
        ):
            partly = at, 1
        if len(plain) < len(wanted) and wanted.startswith(plain) and (count := _joined(lines, at, wanted)):
            return at, count
    return partly


def _joined(lines: Sequence[Line], at: int, wanted: str) -> int:
    """How many lines from ``at`` make up the wanted text together; 0 if they do not."""
    plain = ""
    for count, line in enumerate(lines[at : at + _JOINED_LINES], 1):
        plain += squeeze(line.text)
        if plain == wanted:
            return count
        if not wanted.startswith(plain):
            break
    return 0


def _all_lines(document: Document, reasons: Sequence[str], title: str) -> frozenset[int]:
    """Every line that shows the title or a part of it broken off."""
    wanted = squeeze(title)
    found: set[int] = set()
    for at, line in enumerate(document.lines):
        plain = squeeze(line.text)
        if plain == wanted or (
            len(plain) > len(wanted) >= 12 and plain.startswith(wanted) and len(plain) < _LONGEST and "。" not in plain
        ):
            found.add(at)
        elif plain and wanted.startswith(plain):
            found.update(range(at, at + _joined(document.lines, at, wanted)))
    return frozenset(found)


def _heading(document: Document, reasons: Sequence[str], *, strong: bool) -> tuple[str, int]:
    """The line that looks most like a headline; ``strong`` asks for more than one mark of it."""
    best, most, where = "", (_ENOUGH if strong else 2), -1
    sites = {squeeze(document.metas.get(key, "")) for key in ("sitename", "columnname")}
    for at, line in enumerate(document.lines):
        if (
            reasons[at] != TEXT
            or not _SHORTEST <= len(line.text) <= _LONGEST
            or line.is_row
            or squeeze(line.text) in sites
        ):
            continue
        if len(line.text) > 60 and "。" in line.text:
            break
        box = document.boxes[line.box]
        score = (2 if box.tag in _HEADINGS else 0) + (2 if _TITLE_BOX.search(box.name) else 0)
        score += 2 if _before_info(reasons, at) else 0
        if score > most or (score == most and not best):
            best, most, where = line.text, score, at
    return best, where


def _before_info(reasons: Sequence[str], at: int) -> bool:
    """Whether the line of date and source comes next."""
    return any(reason in ("label", "date") for reason in reasons[at + 1 : at + 3])
