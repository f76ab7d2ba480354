"""The structure of a text: its 编 章 节 条, its outline 一、（一）1., its annexes, and the 款 and 项 of an article.

Pure: a body goes in, ranges of it come out. Linear in the text, also in hostile ones.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final

from indexer.facts.numerals import write_numeral
from indexer.light_dataclass import dataclass
from indexer.relations.article_parts import parts_of
from indexer.relations.clause_marks import marks_of
from indexer.relations.clause_names import normal_name, written
from indexer.relations.clause_order import in_order
from indexer.relations.clause_tails import content_end

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.relations.article_parts import ArticlePart
    from indexer.relations.clause_marks import Kind
    from indexer.relations.clause_order import Opening

GIST_CHARS: Final = 24  # of an article in a list of contents


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a text, with all below it."""

    anchor: str  # its address within the page: 第十二条, 第二编第一章, 一(二), 附件2; unique in the text
    kind: Kind
    label: str  # its number as it is written in normal form: 第十二条, 第一章, 一、, （二）, 附件2
    heading: str  # its own heading: 总则; "" for one that has none, such as most articles
    start: int  # characters [start, end) of the body
    end: int
    parent: int  # place of what it lies in among the clauses; -1 for none


@dataclass(frozen=True, slots=True)
class NamedClause:
    """A clause that a name leads to: one of the structure, or a 款 or 项 of an article."""

    anchor: str
    labels: tuple[str, ...]  # from the widest: 第三章, 第十二条, 第二款
    start: int
    end: int

    @property
    def cited(self) -> str:
        """Return the clause as a reference names it: an article without the chapter that it stands in."""
        article = next((at for at, label in enumerate(self.labels) if label.startswith("第") and "条" in label), 0)
        annex = self.labels[0] if article and self.labels[0].startswith("附件") else ""
        return annex + "".join(self.labels[article:])


class Structure:
    """The clauses of one text, in order."""

    def __init__(self, body: str) -> None:
        self.body = body

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Return all but the 款 and 项 of articles; () for a text without clauses."""
        return tuple(_clauses(self.body))

    @cached_property
    def _starts(self) -> list[int]:
        return [clause.start for clause in self.clauses]

    @cached_property
    def _by_anchor(self) -> dict[str, int]:
        return {clause.anchor: at for at, clause in enumerate(self.clauses)}

    @property
    def articles(self) -> tuple[Clause, ...]:
        """Return the 条 of the text."""
        return tuple(clause for clause in self.clauses if clause.kind == "article")

    def path(self, clause: Clause) -> tuple[Clause, ...]:
        """Return what a clause lies in, from the widest, with itself at the end."""
        path = [clause]
        while path[-1].parent >= 0:
            path.append(self.clauses[path[-1].parent])
        return tuple(reversed(path))

    def at(self, offset: int) -> tuple[Clause, ...]:
        """Return the clauses that hold a character of the body, from the widest; () outside all."""
        place = bisect_right(self._starts, offset) - 1
        while place >= 0 and self.clauses[place].end <= offset:
            place = self.clauses[place].parent
        return self.path(self.clauses[place]) if place >= 0 else ()

    def parts(self, article: Clause) -> tuple[ArticlePart, ...]:
        """Return the 款 and 项 of an article, in order."""
        return parts_of(self.body, article.start, article.end)

    def find(self, name: str) -> tuple[NamedClause, ...]:
        """Return what a name in any writing leads to: its own anchor, else every clause that it may mean; () if none.

        第十二条 is the first of that number; 第一章 in a code of several books may be one of each.
        """
        normal = normal_name(name) or name.strip().lstrip("#")
        if normal in self._by_anchor:
            return (self._named(self.clauses[self._by_anchor[normal]]),)
        if part := self._part(normal):
            return (part,)
        return tuple(self._named(clause) for clause in self.clauses if _ends_with(clause.anchor, normal))

    def _named(self, clause: Clause) -> NamedClause:
        labels = tuple(one.label for one in self.path(clause))
        return NamedClause(clause.anchor, labels, clause.start, clause.end)

    def _part(self, name: str) -> NamedClause | None:
        """Find a 款 or 项: 第十二条第二款第三项, or 第十二条第三项 where the article has one 款."""
        cut = name.rfind("条") + 1
        sub = name[cut:].partition("第")[0]
        cut += len(sub)
        place = self._by_anchor.get(name[:cut])
        if place is None or not name[cut:]:
            return None
        article = self.clauses[place]
        found = next((part for part in self.parts(article) if name[cut:] in part.names), None)
        if found is None:
            return None
        labels = (*(one.label for one in self.path(article)), *found.labels)
        return NamedClause(article.anchor + found.names[0], labels, found.start, found.end)

    def same_number(self, anchor: str) -> tuple[str, ...]:
        """Return the anchors of other clauses that bear the same number elsewhere in the text: 第一条-2 of an annex."""
        alike = (clause.anchor for clause in self.clauses if _uncounted(clause.anchor) == _uncounted(anchor))
        return tuple(one for one in alike if one != anchor)


def _uncounted(anchor: str) -> str:
    return anchor.rpartition("-")[0] or anchor


def gist(body: str, clause: Clause) -> str:
    """Return what a clause is about: its heading, else how its text begins, up to ``GIST_CHARS`` characters."""
    if clause.heading:
        return clause.heading
    opening = body[clause.start : min(clause.end, clause.start + 4 * GIST_CHARS)]
    text = opening[_mark_length(opening, clause.label) :].strip(" \t\u3000\xa0\u2002:：")
    line = text.partition("\n")[0]
    for sign in "。；：，":
        first = line.partition(sign)[0]
        if 4 <= len(first) <= GIST_CHARS:
            return first
    return line if len(line) <= GIST_CHARS else line[: GIST_CHARS - 1] + "…"


def _mark_length(opening: str, label: str) -> int:
    """Return how long the mark is as the text writes it; its number may be in digits or with spaces."""
    closing = label[-1]
    return opening.find(closing) + 1 if closing in opening[: len(label) + 6] else 0


def _ends_with(anchor: str, name: str) -> bool:
    return bool(name) and anchor.endswith(name) and (len(anchor) == len(name) or name[0] in "第附(")


def _clauses(body: str) -> Iterator[Clause]:
    openings = in_order(body, marks_of(body))
    parents, ends = _nesting(body, openings)
    used: dict[str, int] = {}
    anchors: list[str] = []
    for at, opening in enumerate(openings):
        parent = parents[at]
        label = _label(opening)
        anchor = _anchor(
            opening, label, openings[parent] if parent >= 0 else None, anchors[parent] if parent >= 0 else ""
        )
        used[anchor] = used.get(anchor, 0) + 1
        if used[anchor] > 1:
            anchor = f"{anchor}-{used[anchor]}"
        anchors.append(anchor)
        heading = "" if opening.kind == "title" else opening.heading
        yield Clause(anchor, opening.kind, label, heading, opening.start, ends[at], parent)


def _nesting(body: str, openings: Sequence[Opening]) -> tuple[list[int], list[int]]:
    """Return what each clause lies in, -1 for nothing, and where it ends: before the next one not below it."""
    parents: list[int] = []
    ends = [len(body)] * len(openings)
    open_ones: list[int] = []
    for at, opening in enumerate(openings):
        while open_ones and openings[open_ones[-1]].rank >= opening.rank:
            ends[open_ones.pop()] = opening.start
        parents.append(open_ones[-1] if open_ones else -1)
        open_ones.append(at)
    shown: dict[int, int] = {}  # where what ends at a place ends in truth, without the signature below it
    at = 0
    for end in sorted(set(ends)):
        while at < len(openings) and openings[at].start < end:
            at += 1
        closes = at == len(openings) or openings[at].kind == "annex"
        shown[end] = content_end(body, openings[at - 1].end, end, closes=closes)
    return parents, [shown[end] for end in ends]


_PREFIXED: Final = frozenset({"book", "chapter", "section", "title", "item", "subitem", "point", "subpoint"})


def _anchor(opening: Opening, label: str, parent: Opening | None, above: str) -> str:
    """Name a clause by its number; a chapter within its book, an item within what it belongs to."""
    if opening.kind in ("annex", "article"):
        return label
    own = label.rstrip("、.").replace("（", "(").replace("）", ")").replace(" ", "")
    if parent is None or parent.kind not in _PREFIXED or opening.kind == "title":
        return own
    return f"{above}.{own}" if above[-1:].isdecimal() and own.isdecimal() else above + own


def _label(opening: Opening) -> str:
    """Write the number of a clause: 第十二条, 一、, （二）, 3., 附件1; the heading of one that has no number."""
    number = opening.number
    if opening.unit:
        return written(opening.unit, number, opening.sub)
    of_item = {"item": f"{write_numeral(number)}、", "subitem": f"（{write_numeral(number)}）", "point": f"{number}.",
               "subpoint": f"（{number}）", "annex": f"附件{number or ''}", "title": opening.heading}  # fmt: skip
    return of_item[opening.kind]
