"""What each line of a page is: text, a label, boilerplate, links, hidden, or the title."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.facts.dates import find_dates
from indexer.facts.document_number import WRITTEN_NUMBER
from indexer.light_dataclass import dataclass
from indexer.reading.html.attachment_links import FILE_ENDINGS
from indexer.reading.html.boilerplate import boilerplate, hijacked_names, without_names
from indexer.reading.html.boxed_days import boxed_days
from indexer.reading.html.labels import is_label_line, is_weak_label_line
from indexer.text.spaces import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from indexer.reading.html.document import Document, Line
    from indexer.reading.html.labels import Labelled

TEXT = ""  # the reason of a line that is text

_FILE = re.compile(rf"\.(?:{FILE_ENDINGS})\b", re.IGNORECASE)
_TIME = re.compile(r"^[T\s]*\d{1,2}\s?[:：∶]\s?\d{2}(?:\s?[:：∶]\s?\d{2})?(?:\.0)?")
_ATTACHED = re.compile(r"^[（(【]?附(?:件|表|图|录)")
_BESIDE_TITLE = re.compile(rf"[（(].{{6,24}}[）)]|{WRITTEN_NUMBER}")
_OF_METADATA = ("label", "weak label", "date")
_PARTS_OF_TABLES = ("tbody", "thead", "tfoot")
_FEWEST_ROWS = 3  # of a table that says by the others what one of its rows is
_DATE_LINE_CHARS = 60
_NAME_CHARS = 24  # beside a moment stands at most an office's name
_NOISE_BOX = re.compile(
    r"[\s_-](?:foot(?:er)?|copyright|nav|navbar|breadcrumbs?|crumbs?|share|bdsharebuttonbox|bshare|related|recommend|sidebar|comments?|"
    r"pagination|pager|toolbar|relnews|xgwd|xgxw|xgyd|xglj|dqwz|weizhi|friendlinks?|links?|topbar|header)[\s_-]"
)
_NOISE_TAGS = frozenset(("nav", "footer", "aside"))
_COPY_CHARS = 12  # a line this long that stood before is a copy
_LONG_CHARS = 40  # a line from this length on that ends like a sentence is prose
_PROSE = re.compile(r"。|[；：！？”;!?]$")
HEADINGS = ("h1", "h2", "h3")
_INFO_WITHIN = 3  # lines from a headline stands the one of date and source, or a block of metadata
_BELOW_ALL = ("footer", "comment form", "next article")
_FIRST_RUN = 2  # times as much a line is worth that stands first below the headline
_FIRST_RUN_ALONE = 3  # and there is no prose
_RELATED = re.compile(
    r"【?(?:相关(?:政策|信息|新闻|文章|链接|阅读|报道|稿件|文档|解读|推荐|资讯|内容)|延伸阅读|推荐阅读|猜你喜欢)】?[:：]?$"
)
_NEAR_CHARS = 12  # of text between two lines that show the title above the text
_LEAST_BELOW = 0.05  # of the worth above a headline, or it is none
_DAY_ALONE = re.compile(r"[\d二一][\d〇○ＯO零一二三四五六七八九]{3}\s?年\s?\S{1,3}?\s?月\s?\S{1,3}?\s?日")
_PUNCTUATION = re.compile("[，。；：、！？,;]")


@dataclass(slots=True)
class Judged:
    """Reason and worth of every line of one document."""

    reasons: list[str]  # TEXT, or why the line is none
    worth: list[float]  # what the line says for the element that holds it
    headline: int = -1  # index of the line that surely is the headline above the text; -1 if none is


def reasons_of(document: Document, labels: Sequence[Labelled] = ()) -> list[str]:
    """Return why each line is not text, apart from being a title; TEXT if it is.

    A hijacked site's false name is taken off the lines that begin with it.
    """
    names = hijacked_names(
        [document.title, document.metas.get("sitename", ""), *(line.text for line in document.lines)]
    )
    if names:
        document.lines[:] = [_without_name(line, names) for line in document.lines]
    values = {one.value_line for one in labels}
    reasons = [
        "hidden" if line.hidden else "label" if at in values else _reason(line, names)
        for at, line in enumerate(document.lines)
    ]
    for span, _ in boxed_days(document.lines):
        for at in span:
            reasons[at] = "hidden" if document.lines[at].hidden else "date"
    _judge_tables_whole(document, reasons)
    return reasons


def _judge_tables_whole(document: Document, reasons: list[str]) -> None:
    """Keep the rows that look like labels or days in a table whose other rows do not: it is the announcement's own.

    Labels at the table's head stay what they are: some layouts put the announcement into rows below them.
    """
    tables: dict[int, list[int]] = {}
    for at, line in enumerate(document.lines):
        if line.is_row:
            tables.setdefault(_table_of(document, line.box), []).append(at)
    for rows in tables.values():
        head = next((place for place, at in enumerate(rows) if reasons[at] not in _OF_METADATA[:2]), len(rows))
        like_labels = [at for at in rows[head:] if reasons[at] in _OF_METADATA]
        if len(rows) >= _FEWEST_ROWS and 2 * len(like_labels) < len(rows):
            for at in like_labels:
                reasons[at] = TEXT


def _table_of(document: Document, row: int) -> int:
    """Return the element around a row: its table, or what stands for one."""
    box = document.boxes[row].parent
    return document.boxes[box].parent if box > 0 and document.boxes[box].tag in _PARTS_OF_TABLES else box


def _without_name(line: Line, names: Collection[str]) -> Line:
    text = without_names(line.text)
    return line if text == line.text or squeeze(line.text) in names else replace(line, text=text)


def _reason(line: Line, names: Collection[str]) -> str:
    if names and squeeze(line.text) in names:
        return "hijacked name"
    if line.tag in _SAVED:
        return _SAVED[line.tag]
    if is_label_line(line):
        return "weak label" if is_weak_label_line(line) else "label"
    if line.link_share > 0.5 or (line.link_chars and _is_dated_link(line)):
        return TEXT if is_attachment_line(line) else boilerplate(line.text) or "links"
    return boilerplate(line.text) or ("date" if is_date_line(line.text) or _opens_with_day(line) else TEXT)


_SAVED = {"title": "title", "control": "page tools", "cell": TEXT}  # what text saves hold: the browser's title, buttons


def _is_dated_link(line: Line) -> bool:
    """Return whether a line is an entry of a list of announcements: a link and its day."""
    dates = find_dates(line.text)
    return len(dates) == 1 and line.link_chars > 0.8 * (len(line.text) - (dates[0].end - dates[0].start))


def is_attachment_line(line: Line) -> bool:
    """Return whether a line of links names an attachment."""
    return bool(_ATTACHED.match(line.text) or _FILE.search(line.text)) and len(line.text) > 3


def is_date_line(text: str) -> bool:
    """Return whether a line is a moment of publication: 2020-12-28 11:26, perhaps with a short name beside it.

    A date in words alone (2020年12月28日) is not: so do announcements sign.
    """
    if len(text) > _DATE_LINE_CHARS or not any(map(str.isdigit, text)):
        return False
    dates = find_dates(text)
    if len(dates) != 1:
        return False
    before, after = text[: dates[0].start].strip(" \t[【(（•·|｜:：-"), text[dates[0].end :]
    written = text[dates[0].start : dates[0].end]
    time = _TIME.match(after)
    rest = after[time.end() :] if time else after
    rest = rest.strip(" \t]】)）•·|｜-")
    if "年" in written and not time:
        return False
    return len(before) + len(rest) <= _NAME_CHARS and not _PUNCTUATION.search(before + rest)


def _opens_with_day(line: Line) -> bool:
    """Return whether the first of a line's elements is a day alone, as in a line of date, office and tools."""
    if len(line.parts) < 2 or line.is_row or len(line.text) > _DATE_LINE_CHARS or _PUNCTUATION.search(line.text):
        return False
    dates = find_dates(line.parts[0])
    whole = find_dates(line.text)
    if whole and whole[0].end == len(line.text):
        return False  # the day of a signature, in pieces
    return len(dates) == 1 and not _TIME.sub("", line.parts[0][dates[0].end :]).strip() and not dates[0].start


def weigh(document: Document, reasons: list[str], title_lines: Collection[int]) -> Judged:
    """Return the worth of every line: of text by length and punctuation, of the rest nothing or less."""
    noisy = _noisy_boxes(document)
    judged = Judged(list(reasons), [])
    seen: set[str] = set()
    for at, line in enumerate(document.lines):
        reason = reasons[at]
        if at in title_lines and reason in (TEXT, "links"):
            reason = judged.reasons[at] = "title"
        worth = _WORTH.get(reason, -15.0) if reason else _text_worth(line, in_noise=noisy[line.box])
        if reason == "links":
            worth -= min(len(line.text), 30)
        if worth > 0 and len(line.text) >= _COPY_CHARS:
            worth = 0.0 if line.text in seen else worth
            seen.add(line.text)
        judged.worth.append(worth)
    _discount_outside(document, judged, title_lines)
    return judged


def _discount_outside(document: Document, judged: Judged, title_lines: Collection[int]) -> None:
    """Take the worth from what stands above the headline, and from short lines below the page's footer."""
    worth = judged.worth
    headline = judged.headline = _headline(document, judged.reasons, title_lines)
    if headline >= 0:
        above, below = (sum(one for one in part if one > 0) for part in (worth[:headline], worth[headline:]))
        if below > _LEAST_BELOW * above or not any(map(is_prose, document.lines[:headline])):
            worth[:headline] = [min(one, 0.0) for one in worth[:headline]]
    prose = max((at for at, line in enumerate(document.lines) if worth[at] > 0 and is_prose(line)), default=-1)
    footer = next(
        (at for at in range(max(prose, headline) + 1, len(worth)) if judged.reasons[at] in _BELOW_ALL), len(worth)
    )
    if max(prose, headline) >= 0:
        worth[footer:] = [min(one, 0.0) for one in worth[footer:]]
    if headline < 0:
        return
    run = _first_run(judged.reasons, headline)
    for at in run:
        worth[at] *= _FIRST_RUN if prose > headline else _FIRST_RUN_ALONE
    related = next((at for at in range(run.stop, len(worth)) if _RELATED.match(document.lines[at].text)), len(worth))
    if sum(worth[headline:related]) > 0:
        worth[related:] = [min(one, 0.0) for one in worth[related:]]


def _first_run(reasons: Sequence[str], headline: int) -> range:
    """Return the lines of text nearest below a headline: a notice without a long line is hardly anywhere else."""
    first = next((at for at in range(headline + 1, len(reasons)) if reasons[at] == TEXT), len(reasons))
    return range(first, next((at for at in range(first, len(reasons)) if reasons[at] != TEXT), len(reasons)))


def _headline(document: Document, reasons: Sequence[str], title_lines: Collection[int]) -> int:
    """Return the index of the line that surely is the headline above the text; -1 if none is.

    A block of metadata that names the title too may stand above it, with hardly any text between.
    """
    found = -1
    for at in sorted(title_lines):
        line = document.lines[at]
        between = range(found + 1, at)
        if found >= 0 and sum(len(document.lines[one].text) for one in between if not reasons[one]) > _NEAR_CHARS:
            break
        near = reasons[max(0, at - _INFO_WITHIN) : at + 1 + _INFO_WITHIN]
        if line.tag in HEADINGS or any(reason in ("label", "date", "weak label") for reason in near):
            found = at
    return found


def is_prose(line: Line) -> bool:
    """Return whether a line is a paragraph of running text, not a heading or a label."""
    return len(line.text) >= _LONG_CHARS and bool(_PROSE.search(line.text))


def is_closing(line: Line) -> bool:
    """Return whether the text goes on at least to this line: a paragraph, or the day of the signature."""
    return is_prose(line) or bool(_DAY_ALONE.fullmatch(line.text))


_WORTH = {"hidden": 0.0, "title": 0.0, "label": -10.0, "links": -5.0, "date": -3.0, "weak label": -3.0}


def _text_worth(line: Line, *, in_noise: bool) -> float:
    if in_noise:
        return 0.0
    if line.link_share > 0.5:
        return 2.0
    if _BESIDE_TITLE.fullmatch(line.text):
        return 0.0  # as likely above the text's own element as in it
    length = len(line.text)
    marks = len(_PUNCTUATION.findall(line.text))
    return length * (1.0 + min(1.0, 10 * marks / length)) * (1 - line.link_share)


def _noisy_boxes(document: Document) -> list[bool]:
    noisy: list[bool] = []
    for box in document.boxes:
        inherited = box.parent >= 0 and noisy[box.parent]
        own = box.tag in _NOISE_TAGS or (len(box.name) > 3 and bool(_NOISE_BOX.search(box.name)))
        noisy.append(inherited or (own and box.tag != "body"))
    return noisy
