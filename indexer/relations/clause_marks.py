"""Find what opens a clause in a text: 第三章, 第十二条, 一、, （二）, 3., 附件1, with what is quoted left out.

Only lines' beginnings are marks, and what follows the end of a sentence, for many saved texts have lost their line
ends. Whether a mark stands in its place is decided in ``indexer.relations.clause_order``. Linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal

from indexer.light_dataclass import dataclass
from indexer.relations.clause_names import NUMBER, number_of
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["annex", "book", "chapter", "section", "title", "article", "item", "subitem", "point", "subpoint"]

HEADING_CHARS: Final = 48  # longest line that is a heading: 第三章 and what it is about
ANNEX_CHARS: Final = 80  # longest line that opens an annex with its name
_LONGEST_MARK: Final = 100  # with the line's indent and what is looked at behind it
MOST_MARKS: Final = 20_000  # looked at in one text; the Civil Code has 4,000

_OTHERS: Final[tuple[Kind, ...]] = ("item", "subitem", "point", "subpoint", "annex")
_KINDS: Final[dict[str, Kind]] = {
    "编": "book", "分编": "book", "篇": "book", "部分": "book", "章": "chapter", "节": "section", "条": "article",
}  # fmt: skip
_S: Final = r"[ \t\u3000\xa0\u2002]"
_HAN: Final = "[一二三四五六七八九十]"
_DIGIT: Final = r"[0-9\uff10-\uff19]"
_INDENT: Final = rf"(?:{_S}|[#*\u200b]){{0,40}}"
_ORDINAL: Final = (
    rf"第{_S}?(?P<number>{NUMBER}{{1,9}}){_S}?(?P<unit>分编|编|篇|部分|章|节|条)"
    rf"(?:{_S}?之{_S}?(?P<sub>{_HAN}{{1,3}})(?![一-鿿]))?"
)
_ITEM: Final = rf"(?P<item>{_HAN}{{1,4}})(?:、|{_S}?[.．](?!{_DIGIT}))|[（(](?P<subitem>{_HAN}{{1,4}})[）)]"
_OPENING: Final = (
    rf"{_INDENT}(?:{_ORDINAL}|{_ITEM}"
    rf"|(?P<point>{_DIGIT}{{1,3}})(?:、|[.．](?!{_DIGIT}))|[（(](?P<subpoint>{_DIGIT}{{1,3}})[）)]"
    rf"|(?P<annex>附{_S}?件{_S}?(?P<which>{_HAN}{{1,3}}|{_DIGIT}{{1,3}})?(?=[ \t\u3000\xa0\u2002:：\n]|\Z)))"
)
_AT_START: Final = lazily(_OPENING)
_AT_LINE: Final = lazily(rf"\n(?:{_OPENING})")  # quicker than ^ at every character
# The sign before is taken along: looking for it is ten times as fast as looking back at each character.
_IN_LINE: Final = lazily(rf"(?:[。；;！!？?”」）)：:]|{_S}){_S}?(?:{_ORDINAL}|{_ITEM})")
# What goes on behind 第三条 where it is spoken of rather than opened.
_SPOKEN_OF: Final = lazily(
    rf"{_S}?(?:[、，,]|第{NUMBER}{{1,9}}[条款项])|[和及与或至到的之以]|规定|所列|所称|修改|中[的，]|内容|条款|款|项|增加|删除|删去|[后前]增加"
)
_CONTENTS: Final = lazily(rf"^[ \t\u3000#*]{{0,40}}目{_S}{{0,8}}[录次]{_S}{{0,8}}$", re.MULTILINE)
_QUOTE: Final = lazily("[“”「」『』]")


@dataclass(frozen=True, slots=True)
class Mark:
    """What may open a clause, as it stands in the text."""

    kind: Kind
    number: int  # 0 for an annex without one
    sub: int  # 一 of 第一百二十条之一; 0 without
    unit: str  # 条, 章, 部分 …; "" for items
    start: int  # of the mark itself, behind the line's indent
    end: int  # behind the mark
    line_end: int
    opens_line: bool
    is_apart: bool  # a space, a bracket or nothing follows: 第三条 为了…, not 第三条规定的…

    def rest(self, body: str) -> str:
        """Return what follows on its line, without spaces around."""
        return body[self.end : self.line_end].strip(" \t\u3000\xa0\u2002:：")


def marks_of(body: str) -> list[Mark]:
    """Return what may open a clause, in order; nothing of a quotation, a table or a list of contents."""
    matches = _matches(body)
    first = next(matches, None)
    if first is None:
        return []
    quoted = _quotations(body)
    starts = [start for start, _ in quoted]
    found: list[Mark] = []
    for match, opens_line in chain((first,), matches):
        place = bisect_right(starts, match.end()) - 1
        if place >= 0 and match.end() <= quoted[place][1]:
            continue
        line_end = body.find("\n", match.end())
        if mark := _mark(body, match, line_end if line_end >= 0 else len(body), opens_line=opens_line):
            found.append(mark)
            if len(found) == MOST_MARKS:
                break
    found.sort(key=lambda mark: mark.start)
    return _without_contents(body, found)


def may_open_before(body: str, offset: int) -> bool:
    """Return False if nothing that opens a clause begins at this place or before it; a twentieth of ``marks_of``."""
    end = offset + _LONGEST_MARK
    return bool(_AT_START.match(body, 0, end) or _AT_LINE.search(body, 0, end) or _IN_LINE.search(body, 0, end))


def _matches(body: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Yield what looks like a mark, with whether it opens a line."""
    if first := _AT_START.match(body):
        yield first, True
    for match in _AT_LINE.finditer(body):
        if body[match.end() : match.end() + 1] != "\t":  # else a row of a table
            yield match, True
    for match in _IN_LINE.finditer(body):
        yield match, False


def _mark(body: str, match: re.Match[str], line_end: int, *, opens_line: bool) -> Mark | None:
    kind = _kind(match)
    if kind is None:
        return None
    end = match.end()
    if kind in ("book", "chapter", "section", "article"):
        written = match["number"]
        if _SPOKEN_OF.match(body, end):
            return None
        if kind != "article" and not _is_heading(body, end, line_end, opens_line=opens_line):
            return None
        start = body.rindex("第", match.start(), match.start("number"))
    else:
        written = match["which"] or "0" if kind == "annex" else match[kind]
        start = match.start(kind) - (kind in ("subitem", "subpoint"))
        if kind == "annex" and line_end - start > ANNEX_CHARS:
            return None
    number = number_of(written)
    if number is None:
        return None
    ordinal = kind in ("book", "chapter", "section", "article")
    sub = number_of(match["sub"]) or 0 if ordinal and match["sub"] else 0
    after = body[end : end + 1]
    is_apart = end == line_end or after in " \t\u3000\xa0\u2002【[（(〔:："
    unit = match["unit"] if ordinal else ""
    return Mark(kind, number, sub, "编" if unit == "篇" else unit, start, end, line_end, opens_line, is_apart)


def _kind(match: re.Match[str]) -> Kind | None:
    if unit := match["unit"]:
        return _KINDS[unit]
    named = match.groupdict()
    for kind in _OTHERS:
        if named.get(kind):
            return kind
    return None


def _is_heading(body: str, end: int, line_end: int, *, opens_line: bool) -> bool:
    """Return whether 第三章 opens a chapter: a short line of its own, or within a line a name up to the next 第一条."""
    if opens_line and line_end - end <= HEADING_CHARS:
        return not any(sign in body[end:line_end] for sign in "。；;")
    return bool(_NAME_TO_NEXT.match(body, end))


_NAME_TO_NEXT: Final = lazily(rf"[^。；;，,\n]{{1,30}}?(?<=\s)第{NUMBER}{{1,9}}[条节]{_S}")


def _quotations(body: str) -> list[tuple[int, int]]:
    """Return the stretches of the text that quote lines of another: “第三条 …” in a decision that amends a law.

    Such a quotation begins a line or follows a colon, and may hold quotations in the same signs. One that is never
    closed is none, and a quotation within a sentence ends with its line whatever its signs.
    """
    found: list[tuple[int, int]] = []
    depth = opened = 0
    for sign in _QUOTE.finditer(body):
        at = sign.start()
        if sign[0] in "“「『":
            before = body[max(0, at - 1) : at]
            begins_line = before in ("", "\n") or body[max(0, at - 4) : at].strip(" \t\u3000") in ("", "\n")
            if depth == 0:
                if begins_line or before in "：:":
                    depth, opened = 1, at
            elif not begins_line:  # each paragraph of a quotation may open with the sign anew
                depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                found.append((opened, at + 1))
    return found


def _without_contents(body: str, marks: list[Mark]) -> list[Mark]:
    """Leave out the headings that follow 目录, up to where the first of them stands again."""
    contents = _CONTENTS.search(body)
    if not contents:
        return marks
    first = next((at for at, mark in enumerate(marks) if mark.start > contents.end()), None)
    if first is None:
        return marks
    opening = marks[first]
    again = next(
        (
            at
            for at in range(first + 1, len(marks))
            if (marks[at].kind, marks[at].number, marks[at].unit) == (opening.kind, opening.number, opening.unit)
            and marks[at].rest(body).replace(" ", "")[:6] == opening.rest(body).replace(" ", "")[:6]
        ),
        first,
    )
    return marks[:first] + marks[again:]


def lines_between(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the lines of a stretch that hold something, without spaces around, as ranges of the text."""
    while start < end:
        line_end = body.find("\n", start, end)
        line_end = end if line_end < 0 else line_end
        line = body[start:line_end]
        if shown := line.strip(" \t\u3000\xa0\u2002\u200b"):
            first = start + line.index(shown)
            yield first, first + len(shown)
        start = line_end + 1
