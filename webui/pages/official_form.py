"""How an official document is set: who it is for, its signature and day, and titles within its text.

After GB/T 9704-2012 in spirit: the addressees begin at the margin, the signature and its day stand at the right,
what repeats title and number above the text is centred.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Look = Literal["", "centre", "to", "signed", "day"]

HEAD_LINES = 6  # in which title, number and addressees stand
SIGNATURE_LINES = 4  # above a day at the end
SIGNATURE_CHARS = 36  # the longest names of joint issuers on a line of their own
ADDRESSEE_CHARS = 160
TITLE_CHARS = 8  # of a title that may be told by its end
AFTER_DAY = 14  # lines that may follow a signature's day: notes, names of attachments
_HASHES = re.compile(r"(#{1,6})[ 　\t]+(?=\S)")
_DAY = re.compile(
    r"[（(]?(?:[12][0-9]{3}|[一二][〇○零O0一二三四五六七八九]{3})[ 　]?年[ 　]?[0-9一二三四五六七八九十]{1,3}[ 　]?月"
    r"[ 　]?[0-9一二三四五六七八九十]{1,3}[ 　]?日[）)]?"
)
_NUMBER = re.compile(r"[一-鿿]{1,14}[〔\[（(【]?[12][0-9]{3}[〕\]）)】]?[年第 ]{0,3}[0-9]{1,6}号")
_LISTED = re.compile(
    r"[0-9]{1,3}[.．、]|[^.]{1,40}(?:\.[^.]{1,40}){0,3}\.[A-Za-z]{2,5}$"
)  # an attachment: 2. 名单.xlsx
_NUMBER_BEHIND = re.compile(r"[（(][^（）()]{1,30}号[）)]$")
_SENTENCE = re.compile("[。；，：:;！？?!]")


def heading_mark(line: str) -> tuple[int, int]:
    """Return how a line begins that is marked as a heading by number signs: their characters, their level; 0, 0."""
    found = _HASHES.match(line)
    return (found.end(), len(found[1])) if found else (0, 0)


def looks(lines: Sequence[str], title: str) -> Mapping[int, Look]:
    """Return by its number how each line is set that is no plain paragraph; lines are without blanks around."""
    found: dict[int, Look] = {}
    told = _squeezed(title)
    titled = _title_lines(lines[:HEAD_LINES], told)
    for place, line in enumerate(lines[:HEAD_LINES]):
        if place in titled or _NUMBER.fullmatch(line) or _DAY.fullmatch(line):
            found[place] = "centre"
        elif line.endswith(("：", ":")) and len(line) <= ADDRESSEE_CHARS and not re.search("[。；]", line):
            found[place] = "to"
            break
        elif len(line) > SIGNATURE_CHARS or line.endswith(("。", "；")):
            break
    for place in range(max(HEAD_LINES // 2, len(lines) - AFTER_DAY), len(lines)):
        if place not in found and _DAY.fullmatch(lines[place]):
            found[place] = "day"
            found.update(dict.fromkeys(_signature(lines, place, found), "signed"))
    return found


def _title_lines(lines: Sequence[str], title: str) -> set[int]:
    """Return which of the first lines are the title again, each time on one line or over several."""
    found: set[int] = set()
    for first in range(len(lines)):
        if first not in found:
            found.update(_one_title(lines, first, title))
    return found


def _one_title(lines: Sequence[str], first: int, title: str) -> range:
    """Return which lines from one on are the title.

    Before it may stand who issues, which the title of a page leaves out; behind it the page's may have the number.
    """
    bare, joined = _NUMBER_BEHIND.sub("", title), ""
    for last in range(first, len(lines)):
        joined += _squeezed(lines[last][heading_mark(lines[last])[0] :])
        before = joined.removesuffix(bare)
        ends_with_it = len(before) < len(joined) and len(bare) >= TITLE_CHARS and not _SENTENCE.search(before)
        if joined == title or ends_with_it:
            return range(first, last + 1)
        if len(joined) > len(title) + SIGNATURE_CHARS:
            break
    return range(0)


def _signature(lines: Sequence[str], day: int, taken: Mapping[int, Look]) -> list[int]:
    """Return which lines above a day are the names of those who sign."""
    names: list[int] = []
    for place in range(day - 1, max(0, day - 1 - SIGNATURE_LINES), -1):
        line = lines[place]
        if place in taken or len(line) > SIGNATURE_CHARS or _SENTENCE.search(line) or "\t" in line or line[0] in "（(#":
            break
        if _LISTED.match(line):
            break
        names.append(place)
    return names


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
