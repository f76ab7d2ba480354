"""Where in a text save the page's title, its menus, the announcement and the foot stand.

Markup says which line is a link and which element holds the text; here the lines must tell: a bullet above the
headline belongs to a menu, a list that holds date and source is the block of metadata, behind the owner's line at
the foot comes nothing of the announcement.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.facts.dates import find_dates
from indexer.facts.organisations import ISSUER
from indexer.light_dataclass import dataclass
from indexer.reading.html.boilerplate import boilerplate, is_hijacked
from indexer.reading.html.broken_headline import opening_lines
from indexer.reading.html.labels import is_label
from indexer.reading.html.line_kinds import is_attachment_line, is_closing, is_prose
from indexer.reading.html.text_save.headline import guess_headline, is_info
from indexer.reading.html.title import is_frame, joined_lines, title_variants, without_frame
from indexer.text.spaces import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.reading.html.document import Line
    from indexer.reading.html.text_save.marks import SavedLine

_TITLE_LINES = 3  # among which the page's own title stands, if it was saved
_HEAD_LINES = 30  # where it stands behind a false name
_NAME_AND_TITLE = re.compile(r"[_|]")
_SHORTEST_TITLE = 6  # characters
_LONGEST_TITLE = 200
_SURE_FOOT = re.compile(r"ICP备|ICP证|公网安备|网站标识码|版权所有|Copyright|©|All\s?Rights?\s?Reserved", re.IGNORECASE)
_LONGEST_FOOT = 400  # characters
_ISSUER = re.compile(ISSUER)  # on the very first line it opens a headline that is broken anyway
_BARS = re.compile("[|｜]")
_MOST_NAMES = 3  # between bars in a page's title; a menu has more
_MENU_WORD_CHARS = 12  # of a piece of a line that is a menu
_MENU_PIECES = 3
_GAPS = re.compile(r"[\s|｜]+")
_MARKS = re.compile("[，。；：！？:;]")
_HAN = re.compile("[\u4e00-\u9fff]")
_CONTROL_CHARS = 8
_HEADING_CHARS = 20  # of a line that heads a list of links
_INFO_WITHIN = 3  # lines below a headline stand date and source
_BELOW_TEXT = ("empty label", "page tools", "next article", "footer", "sharing", "QR hint")
_SIGN_CHARS = 2
_FEWEST_BELOW = 3  # lines below a headline, of which the last may be a link
_SURE_CHARS = 10  # of a line that repeats the beginning of the headline
_NAME = re.compile(r"[部委局厅署院网省市区县旗府会办司社报台频道]$")
_FEWEST_NAMES = 6
_SMALL_SHARE = 0.2  # of a page's prose that stands below its headline at least


@dataclass(frozen=True, slots=True)
class Structure:
    """Indexes of lines; what is not there is -1, or the number of lines."""

    title: int  # of the page's own title, that no reader sees on the page
    opening: int  # the first line of the headline; -1 if the page does not show its title
    headline: int  # the last line of the headline, else of what stands above the text
    foot: int  # the first line of the page's foot
    end: int  # the first line behind the announcement, at the foot at the latest
    links: frozenset[int]  # of menus and lists
    controls: frozenset[int]  # buttons and counters
    cells: frozenset[int]  # single signs in a table whose cells stand on lines of their own


def find_structure(saved: Sequence[SavedLine], lines: Sequence[Line]) -> Structure:
    """Divide a text save into menus, announcement, and foot."""
    plain = [squeeze(line.text) for line in lines]
    title = _page_title(saved, plain)
    prose = [at for at, line in enumerate(lines) if is_prose(line) and at != title]
    opening, headline = _headline(lines, plain, title, prose)
    if headline < 0 and title >= 0 and not is_frame(lines[title].text):
        headline = _anchor(lines, prose)
    elif headline < 0:
        headline = guess_headline(saved, lines)
        opening = opening_lines(lines, headline) if headline >= 0 else -1
        if opening == 1 < headline and _ISSUER.fullmatch(lines[0].text):
            opening = 0
    first = next((at for at in prose if at > headline), headline)
    foot = _foot(lines, prose, headline, first)
    closing = _closing(lines, prose, headline, foot)
    controls = _controls(saved, lines, headline, first)
    behind = closing if closing >= 0 else headline
    links = {at for at in range(max(headline, 0)) if _is_link(saved[at])}
    words = {plain[at] for at in links}
    names = _lists_of_names(lines, behind)
    menu = {plain[at] for at in range(max(headline, 0)) if len(plain[at]) <= _CONTROL_CHARS and _HAN.search(plain[at])}
    links |= {
        at
        for at in range(max(behind + 1, 0), len(lines))
        if (_is_link(saved[at]) or plain[at] in menu or _is_menu(lines[at]) or plain[at] in words or at in names)
        and not is_attachment_line(lines[at])
    }
    end = next((at for at in range(closing + 1, foot) if at in links), foot) if closing >= 0 else foot
    if closing >= 0 and not any(is_attachment_line(line) for line in lines[closing + 1 : foot]):
        end = next((at for at in range(closing + 1, end) if boilerplate(lines[at].text) in _BELOW_TEXT), end)
    while closing >= 0 and end < foot and end - 1 > closing and _heads_list(saved, lines, end - 1, closing):
        end -= 1
    if 0 <= headline < end - _FEWEST_BELOW and end - 1 > closing and _is_start_of(plain[end - 1], plain[headline]):
        end -= 1  # the link to a file that is named like its announcement
        links.add(end)
    return Structure(
        title, opening, headline, foot, end, frozenset(links - controls), controls, _cells(lines, first, end)
    )


def _is_start_of(line: str, headline: str) -> bool:
    return len(line) >= _SURE_CHARS and headline.startswith(line)


def _cells(lines: Sequence[Line], first: int, end: int) -> frozenset[int]:
    """Return the lines of single signs, as "/" and "——", that stand in a row of short lines."""
    return frozenset(
        at
        for at in range(first + 1, end - 1)
        if len(lines[at].text) <= _SIGN_CHARS
        and not _HAN.search(lines[at].text)
        and not lines[at].text.isdigit()
        and all(len(lines[one].text) <= _HEADING_CHARS for one in (at - 1, at + 1))
    )


def _closing(lines: Sequence[Line], prose: Sequence[int], headline: int, foot: int) -> int:
    """Return the last line of the text: its last paragraph, or the day of its signature; -1 without any."""
    closing = max((at for at in prose if headline < at < foot), default=-1)
    for at in range(max(closing, headline) + 1, foot):
        if boilerplate(lines[at].text) in _BELOW_TEXT:
            break
        if is_closing(lines[at]):
            closing = at
    return closing


def _page_title(saved: Sequence[SavedLine], plain: Sequence[str]) -> int:
    """Return the index of the browser's title: among the first lines, with the site's name or shown again below."""
    shown = set(plain)
    for at in range(min(_HEAD_LINES, len(saved))):
        text = saved[at].text
        if (
            is_hijacked(text)
            or saved[at].bullet
            or not _SHORTEST_TITLE <= len(text) <= _LONGEST_TITLE
            or saved[at].heading
            or len(_BARS.split(text)) > _MOST_NAMES
            or boilerplate(text) == "breadcrumb"
        ):
            continue
        parts = title_variants(text)
        names = [squeeze(part) for part in parts if part != text]
        if any(name in shown and len(name) >= _SHORTEST_TITLE for name in names) and (
            at < _TITLE_LINES or _NAME_AND_TITLE.search(text)
        ):
            return at
    first = saved[0] if saved else None
    is_usable = (
        first
        and not (first.bullet or first.heading or is_hijacked(first.text))
        and len(plain[0]) >= _SHORTEST_TITLE
        and len(_BARS.split(first.text)) <= _MOST_NAMES
    )
    shown_again = plain[1 : max(2, len(plain) // 2)]  # the issuer's name may stand below the text
    return 0 if first and is_usable and (plain[0] in shown_again or without_frame(first.text) != first.text) else -1


def _headline(lines: Sequence[Line], plain: Sequence[str], title: int, prose: Sequence[int]) -> tuple[int, int]:
    """Return the first and the last line that show the page's title; -1 and -1 if none does.

    Of several places it is the first that has most of the text below it, one with date and source near before others.
    """
    if title < 0:
        return -1, -1
    chars = sum(len(lines[at].text) for at in prose)
    for variant in title_variants(lines[title].text):
        wanted = squeeze(variant)
        if len(wanted) < _SHORTEST_TITLE:
            continue
        shown = [
            (at, at + count - 1) for at in range(title + 1, len(lines)) if (count := _count_shown(plain, at, wanted))
        ]
        shown = [
            span for span in shown if sum(len(lines[at].text) for at in prose if at > span[1]) >= _SMALL_SHARE * chars
        ]
        dated = [span for span in shown if any(is_info(lines, span[1] + 1 + at) for at in range(_INFO_WITHIN))]
        if shown:
            return (dated or shown)[0]
    return -1, -1


def _anchor(lines: Sequence[Line], prose: Sequence[int]) -> int:
    """Return the last of the first lines of date, source and the like, below which the text begins; -1 without any."""
    first = prose[0] if prose else 0
    return max(
        (at for at in range(first) if is_info(lines, at) or boilerplate(lines[at].text) == "breadcrumb"), default=-1
    )


def _count_shown(plain: Sequence[str], at: int, wanted: str) -> int:
    """Return how many lines from ``at`` show a title; 0 if they do not."""
    if plain[at].startswith(wanted) and len(plain[at]) < 2 * len(wanted):
        return 1
    return joined_lines(plain, at, wanted)


def _foot(lines: Sequence[Line], prose: Sequence[int], headline: int, first: int) -> int:
    """Return the index of the first line that surely is of the page's foot, with some of the text above it."""
    last_of_head = max(headline, first)
    for at in range(last_of_head + 1, len(lines)):
        if not _is_surely_foot(lines[at].text):
            continue
        above = sum(len(lines[one].text) for one in prose if headline < one < at)
        below = sum(len(lines[one].text) for one in prose if one > at)
        if above >= below or headline >= 0:
            foot = at  # the owner, the address and the page's tools may stand above
            while foot - 1 > last_of_head and _is_of_foot(lines[foot - 1]):
                foot -= 1
            return foot
    return len(lines)


def _is_surely_foot(text: str) -> bool:
    return len(text) <= _LONGEST_FOOT and bool(_SURE_FOOT.search(squeeze(text))) and bool(boilerplate(text))


def _is_of_foot(line: Line) -> bool:
    """Return whether a line right above the foot belongs to it."""
    return boilerplate(line.text) in ("footer", "page tools", "sharing", "QR hint") or _is_menu(line)


def _controls(saved: Sequence[SavedLine], lines: Sequence[Line], headline: int, first: int) -> frozenset[int]:
    """Return what says nothing between headline and text: the bullets beside date and source, single signs."""
    if headline < 0:
        return frozenset()
    between = range(headline + 1, first if first > headline else min(headline + 1 + _HEAD_LINES, len(lines)))
    bullets = [at for at in between if saved[at].bullet]
    is_block = any(find_dates(lines[at].text) or any(map(is_label, lines[at].parts)) for at in bullets)
    return frozenset(
        at
        for at in between
        if (
            len(lines[at].text) <= _CONTROL_CHARS
            and not _HAN.search(lines[at].text)
            and not lines[at].text[:1].isdigit()
        )
        or (is_block and saved[at].bullet and _is_link(saved[at]))
    )


def _is_link(line: SavedLine) -> bool:
    """Return whether a line is an entry of a menu or of a list of pages."""
    if line.is_menu_like:
        return True
    if not line.bullet or line.text.endswith(("。", "；", "：", ":")):
        return False
    dates = find_dates(line.text)
    if dates and len(line.text) - (dates[0].end - dates[0].start) < _SHORTEST_TITLE:
        return False
    return not (_MARKS.search(line.text) and any(map(is_label, _MARKS.split(line.text)[:1])))


def _is_menu(line: Line) -> bool:
    """Return whether a line is a row of short names: 网站地图 | 关于我们 | 联系我们."""
    pieces = [piece for piece in _GAPS.split(line.text) if piece]
    return (
        len(pieces) >= _MENU_PIECES
        and max(map(len, pieces)) <= _MENU_WORD_CHARS
        and not line.is_row
        and not _MARKS.search(line.text)
        and bool(re.search("[|｜]", line.text) or len(pieces) > 2 * _MENU_PIECES)
    )


def _lists_of_names(lines: Sequence[Line], behind: int) -> set[int]:
    """Return the lines of long runs of offices' and sites' names, as pages link to them below a text."""
    found: set[int] = set()
    start = behind + 1
    for at in range(behind + 1, len(lines) + 1):
        if at < len(lines) and len(lines[at].text) <= _HEADING_CHARS and not _MARKS.search(lines[at].text):
            continue
        run = range(start, at)
        if len(run) >= _FEWEST_NAMES and 2 * sum(bool(_NAME.search(lines[one].text)) for one in run) > len(run):
            found.update(run)
        start = at + 1
    return found


def _heads_list(saved: Sequence[SavedLine], lines: Sequence[Line], at: int, closing: int) -> bool:
    """Return whether a line right above a list of links is its heading, and no line of the text."""
    text = lines[at].text
    is_short = len(text) <= _HEADING_CHARS and not find_dates(text) and not _MARKS.search(text)
    return (
        is_short
        and not is_attachment_line(lines[at])
        and (at - 1 == closing or bool(boilerplate(text)) or saved[at].after_blank)
    )
