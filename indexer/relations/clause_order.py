"""Decide which marks of a text open its clauses: those that stand in order, each in its place.

第五条 that follows 第四条 opens an article; 第三十一条 between them is spoken of or taken from elsewhere. A number that
the text lacks is passed over only if it does not come later, and a series that begins anew is one of an annex.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.relations.clause_marks import lines_between
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.relations.clause_marks import Kind, Mark

TITLE_CHARS: Final = 30  # longest heading without a number, and longest second line of a heading
LEAD_CHARS: Final = 20  # longest opening of a paragraph that reads as its title: （一）基本原则。政府引导…
_LOOKED_AT: Final = 20  # further marks of one number
LONG_LINE_CHARS: Final = 300  # in such a line items are looked for too: its line ends are lost
ANNEX_TEXT_CHARS: Final = 200  # what follows the name of an annex, else it stands in a list of them
FEWEST_FROM_WITHIN: Final = 3  # articles in a row make a text that begins with a later one than 第一条

# The wider first; the 款 and 项 of an article lie below all of these.
RANKS: Final[dict[Kind, int]] = {
    "annex": 0, "book": 1, "chapter": 2, "section": 3, "title": 4, "article": 5,
    "item": 6, "subitem": 7, "point": 8, "subpoint": 9,
}  # fmt: skip
_ITEMS: Final = ("item", "subitem", "point", "subpoint")
_SIGNS: Final = frozenset("）。；;，,！!？?、：:“”《》…")
_ENDS: Final = "。；！？”）"  # of what stands above a heading: else that is the end of a line broken in two
_HAS_DAY: Final = lazily(r"\d年|[〇零一二三四五六七八九]年")
_HAN: Final = lazily("[一-鿿]")


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a clause."""

    kind: Kind
    rank: int  # of ``RANKS``; an outline's item that heads articles ranks as a chapter or section
    number: int
    sub: int
    unit: str
    heading: str
    start: int
    end: int  # behind its number


def in_order(body: str, marks: Sequence[Mark]) -> list[Opening]:
    """Return what opens the clauses of a text, in order."""
    kept = _Ordering(body, marks).kept()
    return _with_titles(body, kept)


class _Ordering:
    """One pass over the marks of a text."""

    def __init__(self, body: str, marks: Sequence[Mark]) -> None:
        self._body = body
        self._marks = marks
        self._by_number: dict[tuple[str, int], list[int]] = {}
        for at, mark in enumerate(marks):
            self._by_number.setdefault((mark.kind, mark.number if not mark.sub else -1), []).append(at)
        self._annexes = _annexes(body, marks)
        firsts = self._by_number.get(("article", 1), [])
        self._begins_at = [at for at in firsts if self._is_sure(marks[at])]
        self._series: list[tuple[int, int]] = []  # (number, sub) of the last article of each series
        self._last_item: dict[str, int] = {}  # number of the last item of each kind under what is open
        self._running: dict[str, int] = {}  # the same for outlines that count on: 一、（一）（二） 二、（三）

    def kept(self) -> list[tuple[Mark, int]]:
        """Return the marks that open clauses with their ranks."""
        kept: list[tuple[Mark, int]] = []
        in_article = False
        for at, mark in enumerate(self._marks):
            rank = RANKS[mark.kind]
            if mark.kind == "annex":
                if self._after(self._annexes, at - 1) != at:
                    continue
                self._series.clear()
                self._last_item.clear()
                self._running.clear()
                in_article = False
            elif mark.kind == "article":
                if not self._takes_article(at, mark):
                    continue
                in_article = True
                self._last_item.clear()
            elif mark.kind in _ITEMS:
                if heads := self._heads_article(at, mark):
                    rank = RANKS["chapter"] if mark.kind == "item" else RANKS["section"]
                resumes = mark.kind == "item" and 1 < mark.number == self._running.get("item", 0) + 1
                if (in_article and not heads and not resumes) or not self._takes_item(at, mark):
                    continue
                in_article = in_article and not resumes
            else:
                in_article = False
                self._last_item.clear()
            kept.append((mark, rank))
        return kept

    # ── articles ──

    def _takes_article(self, at: int, mark: Mark) -> bool:
        """Return whether an article opens here: the next of its series, the first of a new one, or one after a gap."""
        place = len(self._series) - 1
        number, sub = self._series[place] if self._series else (0, 0)
        if mark.sub:
            taken = mark.number == number and (mark.sub == sub + 1 or mark.opens_line)
        elif self._series and mark.number == number + 1:
            taken = self._is_sure(mark) or not self._surer_later(at, mark)
        elif mark.number == 1 or not self._series:
            taken, place = self._begins(at, mark), len(self._series)
        elif not self._is_sure(mark):
            taken = False
        elif mark.number > number + 1 and not self._comes(number + 1, at):
            taken = True
        else:  # back in a series that another one broke off
            place = next((one for one in self._earlier() if self._series[one][0] + 1 == mark.number), -1)
            taken = place >= 0
        if taken:
            self._series[place:] = [(mark.number, mark.sub)]
        return taken

    def _earlier(self) -> range:
        return range(len(self._series) - 2, max(-1, len(self._series) - 6), -1)

    def _begins(self, at: int, mark: Mark) -> bool:
        """Return whether a series may begin here: with 第一条 when 第二条 follows, or a later one in a row."""
        if mark.number == 1:
            alone = not self._series and not self._running and self._is_sure(mark)
            return self._comes(2, at) or alone
        if not self._is_sure(mark) or self._comes(1, at, whole_text=True):
            return False
        return all(self._comes(mark.number + more, at) for more in range(1, FEWEST_FROM_WITHIN))

    @staticmethod
    def _is_sure(mark: Mark) -> bool:
        return mark.opens_line and mark.is_apart

    def _surer_later(self, at: int, mark: Mark) -> bool:
        """Return whether the same number opens a line later, before another series: then this one is only spoken of."""
        places = self._by_number.get(("article", mark.number), [])
        first = bisect_right(places, at)
        end = self._next(1, at)
        return any(place < end and self._is_sure(self._marks[place]) for place in places[first : first + _LOOKED_AT])

    def _comes(self, number: int, at: int, *, whole_text: bool = False) -> bool:
        """Return whether an article of this number comes later, before another series begins."""
        return self._next(number, at) < (len(self._marks) if whole_text else self._next_begin(at))

    def _next(self, number: int, at: int) -> int:
        return self._after(self._by_number.get(("article", number), []), at)

    def _after(self, places: Sequence[int], at: int) -> int:
        place = bisect_right(places, at)
        return places[place] if place < len(places) else len(self._marks)

    def _next_begin(self, at: int) -> int:
        """Return the place of the next 第一条 that opens a line, or of the next annex."""
        return min(self._after(places, at) for places in (self._begins_at, self._annexes))

    # ── items ──

    def _takes_item(self, at: int, mark: Mark) -> bool:
        if not mark.opens_line and mark.line_end - mark.start < LONG_LINE_CHARS and not self._last_item:
            return False
        last, running = self._last_item.get(mark.kind, 0), self._running.get(mark.kind, 0)
        fits = mark.number in (1, last + 1, running + 1)
        if fits and mark.number == 1:
            fits = self._item_comes(mark.kind, 2, at)
        if fits:
            place = _ITEMS.index(mark.kind)
            for kind in _ITEMS[place + 1 :]:
                self._last_item.pop(kind, None)
            self._last_item[mark.kind] = self._running[mark.kind] = mark.number
        return fits

    def _item_comes(self, kind: str, number: int, at: int) -> bool:
        places = self._by_number.get((kind, number), [])
        return bisect_right(places, at) < len(places)

    def _heads_article(self, at: int, mark: Mark) -> bool:
        """Return whether a short item stands right above an article: 一、总则 above 第一条."""
        if not mark.opens_line or mark.kind not in ("item", "subitem") or at + 1 == len(self._marks):
            return False
        following = self._marks[at + 1]
        rest = mark.rest(self._body)
        return (
            following.kind == "article"
            and following.opens_line
            and 0 < len(rest) <= TITLE_CHARS
            and not _SIGNS & set(rest)
            and not self._body[mark.line_end : following.start].strip(" \t\n\u3000#*")
        )


def _annexes(body: str, marks: Sequence[Mark]) -> list[int]:
    """Return the places of the marks that open an annex, not an entry in the list of annexes below a text."""
    candidates = [at for at, mark in enumerate(marks) if mark.kind == "annex"]
    last = {marks[at].number: at for at in candidates}
    found = []
    for place, at in enumerate(candidates):
        mark = marks[at]
        end = marks[candidates[place + 1]].start if place + 1 < len(candidates) else len(body)
        bare = not mark.rest(body) and body[mark.end : mark.end + 1] not in (":", "：")
        named = last[mark.number] == at and place + 1 == len(candidates) and end - mark.line_end >= ANNEX_TEXT_CHARS
        if bare or named:
            found.append(at)
    return found


def _with_titles(body: str, kept: Sequence[tuple[Mark, int]]) -> list[Opening]:
    """Turn marks into openings, with the headings that have no number put between."""
    found: list[Opening] = []
    for at, (mark, rank) in enumerate(kept):
        if mark.kind == "article" and mark.opens_line and found:
            found += _title_above(body, found[-1], mark)
        following = kept[at + 1][0].start if at + 1 < len(kept) else len(body)
        heading = _heading(body, mark, following, rank)
        found.append(Opening(mark.kind, rank, mark.number, mark.sub, mark.unit, heading, mark.start, mark.end))
    return found


def _title_above(body: str, before: Opening, mark: Mark) -> list[Opening]:
    """Return the heading without a number above an article, as a list of one; [] where none stands."""
    above = body[max(before.end, mark.start - 8) : mark.start].rstrip()
    if before.kind != "article" or above[-1:] in _SIGNS:
        return []
    window = max(before.end, mark.start - 4 * TITLE_CHARS)
    lines = list(lines_between(body, window, mark.start))
    if len(lines) < 2:
        return []
    (_, ended), (start, end) = lines[-2:]
    title = body[start:end].lstrip("#* ")
    whole = window == before.end or lines[-2][0] > window
    fits = len(title) <= TITLE_CHARS and not _SIGNS & set(title) and "\t" not in title and body[ended - 1] in _ENDS
    if not (whole and fits) or not _HAN.search(title) or _HAS_DAY.search(title):
        return []
    return [Opening("title", RANKS["title"], 0, 0, "", title, end - len(title), end)]


def _heading(body: str, mark: Mark, following: int, rank: int) -> str:
    """Return the heading of a clause: the rest of its line, with a second line of it; "" if it has none."""
    rest = mark.rest(body)
    if mark.kind == "article":
        return _in_brackets(rest)
    if mark.kind in _ITEMS and rank > RANKS["article"]:
        return _lead(rest)
    if not mark.opens_line:
        return body[mark.end : min(following, mark.line_end)].strip(" \t\u3000\xa0\u2002")[:TITLE_CHARS]
    between = list(lines_between(body, mark.line_end, min(following, mark.line_end + 3 * TITLE_CHARS)))
    between = [line for line in between if body[line[0] : line[1]].strip("#* ")]
    if len(between) == 1 and following - mark.line_end < 3 * TITLE_CHARS and mark.kind != "annex":
        second = body[between[0][0] : between[0][1]].lstrip("#* ")
        if len(second) <= TITLE_CHARS and not set("。；：！？") & set(second):
            rest += second
    return rest


def _in_brackets(rest: str) -> str:
    """Return 定义 of 【定义】 behind the number of an article; "" without."""
    closing = {"【": "】", "[": "]", "〔": "〕"}.get(rest[:1], "")
    inside = rest[1 : rest.find(closing)] if closing and 0 < rest.find(closing) <= TITLE_CHARS else ""
    return inside.strip()


def _lead(rest: str) -> str:
    """Return what reads as the title of an item: a line of its own without an end, or a short first sentence."""
    first = rest
    for sign in "。；;：:":
        first = first.partition(sign)[0]
    if len(first) == len(rest):
        return rest if len(rest) <= 2 * TITLE_CHARS and not set("，,") & set(rest[LEAD_CHARS:]) else ""
    return first if len(first) <= LEAD_CHARS and len(rest) > len(first) + 1 else ""
