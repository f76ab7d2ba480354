"""The whole title of an announcement, without the names of site and column.

The head of a page proposes (label, ``ArticleTitle``, parts of ``<title>``), the visible page confirms:
a headline as the reader sees it wins over a head that is cut short, and over one that names the site.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.facts.document_form import form_of_title
from indexer.light_dataclass import dataclass
from indexer.reading.html.boilerplate import is_hijacked, without_names
from indexer.reading.html.broken_headline import first_beside, headline_above_text, opening_lines
from indexer.reading.html.label_words import FIELD_OF, WEAK
from indexer.reading.html.line_kinds import TEXT
from indexer.text.spaces import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from indexer.reading.html.document import Document, Line
    from indexer.reading.html.labels import Labelled

_SEPARATOR = re.compile(
    r"\s{0,40}[_|｜丨]+\s*|\s{1,40}[-–—·>]+\s+|\s{0,40}(?:--+|[–—]{2,})\s*|"
    # Before the names of site and column, not in a person's.
    r"\s{0,40}[·•](?=(?:[^·•_|]{2,12}[·•])?[^·•_|]{2,20}(?:网|网站|政府|门户)$)\s*|"
    r"\s{0,40}(?<![\dA-Za-z—–-])-(?![\dA-Za-z—–-])\s*|"  # between words, not in 2021-2025
    r"\s{0,40}[-–—](?=[^-–—_|]*$)\s*"
)
_SITE = re.compile(r"(?:网|网站|门户|官网|平台|主页|首页|频道|栏目|专栏)$")
_SHORT_FRAME = re.compile(
    r"(?:信息公开|中心|政府|委员会|局|厅|办公室|公司|研究[所院]|学院|大学|医院|法院|检察院|学校|新闻|动态|要闻|公告|公示公告|通知公告|文件|专题)$"
)
_SHORT_FRAME_CHARS = 14  # longer names with such an end may well be titles
_CUT_SHORT = re.compile(r"(?:(?<!\.)\.{2,}|(?<!…)…+)$")
_MAY_BE_CUT_CHARS = 60  # templates cut titles at 60, 80 or 100 characters
_SHORTEST = 4  # characters; shorter strings prove nothing
_LONGEST = 200
_LONGEST_HEAD = 300  # characters of a <title> that are looked at
_MOST_PIECES = 8  # of a <title>; more is no list of names
_DAY_BESIDE = re.compile(r"[（(\[【]\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?[）)\]】]")
_DECORATION = " \u3000:：·*☆★■□◆◇◎|｜=~"  # ::: 某县政务网 :::
_BLANKS = re.compile(r"\s+")
_LABEL_RULE = "label"
_TITLE_RULE = "title of the page"
_END_OF_TITLE = "end of the page's title"
_BLOCK_LINES = 2  # from one label of a block to the next, with a value between
_JOINED_LINES = 5  # a headline is broken into no more lines
_HEADINGS = ("h1", "h2", "h3")
_TITLE_BOX = re.compile(r"[\s_-](?:\w{0,40}title\w{0,40}|tit|bt|biaoti|headline|\w{0,40}_?bt)[\s_-]")
_SHORTEST_TITLE = 8  # characters; what is shorter may be a column's name
_LONGEST_HEADING = 60  # characters of a line with a full stop
_SUBTITLE = re.compile(r"[（(].{0,100}[）)]$|[—–-]{2}")  # （2021年3月5日）, ——在全市工作会议上的讲话
_WORDS = re.compile(r"[^\W\d年月日]")  # 2024年02月 has none
_ORGAN = re.compile(r"(?:网|网站|门户|政府|[厅局委部院署]|办公室|委员会|中心|公司|研究所|政务公开|信息公开)$")
_LONGEST_NAME = 40  # characters of the end of a line that are looked at
_NAME_CHARS = range(4, 25)  # of a site's name that stands right behind the title
_SURE_META = "articletitle"
_ENDED = re.compile(r"[。；：！？.;:!]$")
_LEAF_CHARS = 10  # of a day above a heading, as on the leaf of a calendar
_CLEAR_MARKS = 5  # of a heading that outweighs a head which the page does not confirm
_SOME_MARKS = 2
_COLONS = ("：", ":")
_LABEL_CHARS = 5  # with its colon


@dataclass(frozen=True, slots=True)
class _Page:
    """What the choice of a title looks at."""

    document: Document
    reasons: Sequence[str]
    plain: Sequence[str]  # the lines without spaces


@dataclass(frozen=True, slots=True)
class Title:
    """The title, the lines that show it, and the rule that found it."""

    text: str
    lines: frozenset[int]
    rule: str


def choose_title(document: Document, reasons: Sequence[str], labels: Sequence[Labelled]) -> Title:
    """Find the announcement's title; "" if nothing on the page can be one."""
    page = _Page(document, reasons, [squeeze(line.text) for line in document.lines])
    proposals = list(_proposals(document, labels, page.plain))
    names = {squeeze(one.value) for one in labels if one.field in ("source", "issuer", "publisher")}
    heading = _heading(page, names)
    column = squeeze(document.metas.get("columnname", ""))
    for text, rule in proposals:
        at, count = _shown(page, text)
        is_heading = count and document.lines[at].tag == "h1" and not names_site(text)
        if count and squeeze(text) == column and not (rule.endswith(_SURE_META) or _is_info(page, at + count)):
            continue  # the column's own heading
        if count and (is_heading or not (is_frame(text) and heading.marks > _marks(page, at + count - 1))):
            parts = [line.text for line in document.lines[at : at + count]]
            whole = text if _is_dated(page.plain[at], squeeze(text)) else _whole(parts, text)
            return Title(whole, _all_lines(page.plain, whole), f"{rule}, as the page shows it")
    if labelled := next((proposal for proposal in proposals if proposal[1].startswith(_LABEL_RULE)), None):
        return Title(labelled[0], frozenset(), labelled[1])
    proposals = [proposal for proposal in proposals if proposal[1] != _END_OF_TITLE]  # true only if the page shows it
    own = [proposal for proposal in proposals if not is_frame(proposal[0]) and squeeze(proposal[0]) != column]
    if heading.marks >= _marks_needed(document, heading, own):
        text = _heading_text(page, heading.line)
        return Title(text, _all_lines(page.plain, text), "heading")
    if not own and (broken := headline_above_text(document, reasons)):
        return Title("".join(document.lines[at].text for at in broken), frozenset(broken), "lines above the text")
    if own or proposals:
        text, rule = (own or proposals)[0]
        return Title(without_frame(text), frozenset(), rule)
    return Title("", frozenset(), "")


def _heading_text(page: _Page, at: int) -> str:
    """Return the text of a heading, its lines joined when its element is broken into several."""
    document = page.document
    line = document.lines[at]
    box = document.boxes[line.box]
    lines = [document.lines[one] for one in range(box.first, box.end) if page.reasons[one] == TEXT]
    broken = 1 < len(lines) <= _JOINED_LINES and (line.tag in _HEADINGS or _is_one_headline(lines, line))
    if not broken:
        opening = opening_lines(document.lines, at, first_beside(document, page.reasons, at))
        return "".join(one.text for one in document.lines[opening : at + 1])
    return "".join(one.text for one in lines if not _SUBTITLE.match(one.text)) if broken else line.text


def _is_one_headline(lines: Sequence[Line], last: Line) -> bool:
    """Return whether an element holds nothing but a headline broken into lines."""
    return lines[-1] is last and not any(one.box != last.box or _ENDED.search(one.text) for one in lines)


def _marks_needed(document: Document, heading: _Heading, own: Sequence[tuple[str, str]]) -> int:
    """Return how much a heading must look like one to outweigh a head that the page does not show."""
    if not own:
        return _SOME_MARKS
    if not heading.marks:
        return _CLEAR_MARKS
    shown = squeeze(document.lines[heading.line].text)
    if any(len(text) >= _SHORTEST_TITLE and _continues(shown, squeeze(text)) for text, _ in own):
        return _SOME_MARKS  # the head is cut short
    if all(rule == _TITLE_RULE for _, rule in own) and _alike(shown, document.title):
        return _SOME_MARKS  # the author's of the template, not of this page: 项目信息 目录 for 项目信息公开目录（试行）
    return _CLEAR_MARKS


def _alike(heading: str, title: str) -> bool:
    """Return whether half of a title's letters stand in the heading."""
    letters = set(squeeze(title))
    return 2 * len(letters & set(heading)) > len(letters)


def _whole(parts: Sequence[str], proposed: str) -> str:
    """Join a broken headline with a blank where the proposal has one."""
    text = parts[0]
    for part in parts[1:]:
        text += f" {part}" if f"{text} {part}" in proposed else part
    return text


def _proposals(document: Document, labels: Sequence[Labelled], plain: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what may be the title, likeliest first, each with its rule."""
    metas = document.metas
    if sum(one.field in ("index_number", "number", "issuer", "publisher", "published") for one in labels) >= 2:
        for one in labels:
            if one.field == "title" and _SHORTEST <= len(one.value) <= _LONGEST and _in_a_block(one, labels):
                yield one.value, f"{_LABEL_RULE} {one.label}"
    sites = {squeeze(metas.get("sitename", ""))}
    for key in ("articletitle", "og:title", "title", "dc.title", "twitter:title"):
        for text in title_variants(without_names(metas.get(key, ""))):
            if squeeze(text) not in sites:
                yield text, f"meta {key}"
    before_name = _before_name(document.title, [metas.get("sitename", ""), *plain])
    for text in (before_name, *title_variants(document.title)):
        if text and squeeze(text) not in sites:
            yield text, _TITLE_RULE
    for text in _ends(document.title):
        yield text, _END_OF_TITLE


def _in_a_block(label: Labelled, labels: Sequence[Labelled]) -> bool:
    """Return whether a label stands among others, as in a block of metadata; 名称 alone is a name in the text."""
    return label.label not in WEAK or any(
        one is not label and one.label not in WEAK and abs(one.line - label.line) <= _BLOCK_LINES for one in labels
    )


def _before_name(title: str, plain: Sequence[str]) -> str:
    """Return a title that the site's name follows without a sign, without that name; "" if none does.

    The name stands on the page too, alone or behind 版权所有：.
    """
    whole = squeeze(title[:_LONGEST_HEAD])
    for name in dict.fromkeys(line[-_LONGEST_NAME:].rpartition("：")[2] for line in plain):
        if len(name) in _NAME_CHARS and whole.endswith(name) and _ORGAN.search(name):
            rest = title.strip()[: -len(name)].rstrip()
            if len(rest) >= _SHORTEST_TITLE and (form_of_title(rest) or squeeze(rest) in plain):
                return rest
    return ""


def title_variants(title: str) -> list[str]:
    """Return a title with fewer and fewer site and column names around it, likeliest first."""
    title = title[:_LONGEST_HEAD].strip(_DECORATION)
    if not title:
        return []
    cuts = [(0, 0), *((match.start(), match.end()) for match in _SEPARATOR.finditer(title)), (len(title), len(title))]
    pieces = [title[a[1] : b[0]] for a, b in pairwise(cuts)]
    own = [piece for piece in pieces if piece and not is_hijacked(piece)]
    if len(pieces) > _MOST_PIECES:
        return [title]
    if len(own) <= 1:
        return [piece for piece in own if len(piece) >= _SHORTEST]
    runs = [title[cuts[i][1] : cuts[j][0]] for i in range(len(pieces)) for j in range(i + 1, len(cuts))]
    clean = [
        run for run in runs if len(run) >= _SHORTEST and not any(is_hijacked(part) for part in _SEPARATOR.split(run))
    ]
    return sorted(dict.fromkeys(clean), key=lambda run: (is_frame(run), run not in own and run != title, -len(run)))


def _ends(title: str) -> list[str]:
    """Return what stands behind each blank of a title, longest first: some templates part names by nothing else."""
    title = title[:_LONGEST_HEAD]
    ends = [title[match.end() :] for match in _BLANKS.finditer(title)][:_MOST_PIECES]
    return [end for end in ends if len(end) >= _SHORTEST_TITLE]


def without_frame(title: str) -> str:
    """Return a title without the name of the site at its end, and of the columns before that."""
    cuts = list(_SEPARATOR.finditer(title))
    if cuts and names_site(title[cuts[-1].end() :]):
        title = title[: cuts.pop().start()]
        while cuts and len(title) - cuts[-1].end() < _SHORTEST_TITLE:
            title = title[: cuts.pop().start()]
    return title


def is_frame(text: str) -> bool:
    """Return whether a proposal looks like the name of a site or column rather than a title."""
    if all(len(piece) < _SHORTEST_TITLE or names_site(piece) for piece in _SEPARATOR.split(text)):
        return True
    *columns, site = text.split()
    return bool(columns) and names_site(site) and all(len(column) < _SHORTEST_TITLE for column in columns)


def names_site(text: str) -> bool:
    """Return whether a text ends as the names of sites and columns do."""
    return bool(_SITE.search(text) or (len(text) <= _SHORT_FRAME_CHARS and _SHORT_FRAME.search(text)))


def _shown(page: _Page, title: str) -> tuple[int, int]:
    """Return where the page shows a title: index and number of lines; (0, 0) if it does not."""
    wanted = squeeze(title)
    if len(wanted) < _SHORTEST:
        return 0, 0
    partly = (0, 0)
    start = _CUT_SHORT.sub("", wanted)
    may_be_cut = start != wanted or len(wanted) >= _MAY_BE_CUT_CHARS
    for at, plain in enumerate(page.plain):
        if not (wanted.startswith(plain) or plain.startswith(start)) or page.reasons[at] not in (TEXT, "links"):
            continue
        if page.document.lines[at].tag == "title":
            continue
        if page.reasons[at] == "links" and len(wanted) < _SHORTEST_TITLE:
            continue
        if _is_dated(plain, wanted):
            return at, 1
        if count := joined_lines(page.plain, at, wanted):
            return at, count
        if may_be_cut and not partly[1] and page.reasons[at] == TEXT and _continues(plain, start):
            partly = at, 1
    return partly


def _continues(plain: str, start: str) -> bool:
    """Return whether a line is a headline that goes on after ``start``, and not a sentence."""
    return plain.startswith(start) and len(plain) <= _LONGEST and "。" not in plain


def joined_lines(plain: Sequence[str], at: int, wanted: str) -> int:
    """Return how many lines from ``at`` make up the wanted text together; 0 if they do not."""
    text = ""
    for count, line in enumerate(plain[at : at + _JOINED_LINES], 1):
        text += line
        if text == wanted:
            return count
        if not wanted.startswith(text):
            break
    return 0


def _is_dated(plain: str, wanted: str) -> bool:
    """Return whether a line shows the title with the day of publication in brackets behind it."""
    return plain.startswith(wanted) and bool(_DAY_BESIDE.fullmatch(plain, len(wanted)))


def _all_lines(plain: Sequence[str], title: str) -> frozenset[int]:
    """Return every line that shows the title or a part of it broken off."""
    wanted = squeeze(title)
    found: set[int] = set()
    for at, line in enumerate(plain):
        if _is_dated(line, wanted):
            found.add(at)
        elif line and wanted.startswith(line):
            found.update(range(at, at + joined_lines(plain, at, wanted)))
        elif len(wanted) >= _SHORTEST_TITLE and _continues(line, wanted):
            found.add(at)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Heading:
    """The line that looks most like a headline."""

    line: int
    marks: int  # 0 if no line looks like one


def _heading(page: _Page, names: Collection[str]) -> _Heading:
    """Find the heading; none of the ``names`` that the page gives for its source is one."""
    best = _Heading(-1, 0)
    site, column = (squeeze(page.document.metas.get(key, "")) for key in ("sitename", "columnname"))
    for at, line in enumerate(page.document.lines):
        if page.reasons[at] != TEXT or line.is_row or page.plain[at] == site or page.plain[at] in names:
            continue
        if page.plain[at] == column and not _is_info(page, at + 1):
            continue
        if len(line.text) > _LONGEST_HEADING and "。" in line.text:
            break  # the text has begun
        if line.text.endswith(_COLONS) or (at and _is_short_label(page.document.lines[at - 1].text)):
            continue
        if not _SHORTEST <= len(line.text) <= _LONGEST or _SUBTITLE.match(line.text) or not _WORDS.search(line.text):
            continue
        marks = _marks(page, at)
        if marks > best.marks or (marks == best.marks > 0 and best.line == at - 1 and _is_info(page, at + 1)):
            best = _Heading(at, marks)  # of two, the one right above the line of date and source
    return best


def _is_short_label(text: str) -> bool:
    """Return whether a line is a short label of another value than the title, on a line of its own: 地点：."""
    return text.endswith(_COLONS) and len(text) <= _LABEL_CHARS and FIELD_OF.get(text[:-1]) is None


def _marks(page: _Page, at: int) -> int:
    """Return how much a line looks like a headline: by its element, its class, the line of date and source below."""
    box = page.document.boxes[page.document.lines[at].box]
    way_between = at + 1 < len(page.reasons) and page.reasons[at + 1] == "breadcrumb"  # menus stand above it
    below = _is_info(page, at + 1) or (not way_between and _is_info(page, at + 2))
    on_leaf = at > 0 and page.reasons[at - 1] == "date" and len(page.plain[at - 1]) <= _LEAF_CHARS
    return 2 * (box.tag in _HEADINGS) + 2 * bool(_TITLE_BOX.search(box.name)) + 3 * below + 2 * on_leaf


def _is_info(page: _Page, at: int) -> bool:
    """Return whether a line is one of date and source."""
    return at < len(page.reasons) and page.reasons[at] in ("label", "date", "weak label")
