"""The paragraphs 款 and items 项, 目 of an article, read only when somebody asks for them."""

from __future__ import annotations

from itertools import islice
from typing import Final

from indexer.facts.numerals import LARGEST
from indexer.light_dataclass import dataclass
from indexer.relations.clause_marks import lines_between
from indexer.relations.clause_names import NUMBER, number_of, written
from indexer.text.patterns import lazily

_HAN: Final = "[一二三四五六七八九十]{1,4}"
_ITEM: Final = lazily(
    rf"(?P<bracket>[（(]{_HAN}[）)])|(?P<han>{_HAN}、)|(?P<digits>{NUMBER}{{1,3}}(?:、|[.．](?!\d)))|(?P<digit_bracket>[（(]\d{{1,3}}[）)])"
)
MOST_PARTS: Final = 1_000  # of one article
_STRIPPED: Final = "（）()、.．"


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """A 款, 项 or 目 of an article."""

    names: tuple[str, ...]  # behind the article's: 第二款第三项; the first one is its anchor's
    labels: tuple[str, ...]  # 第二款, 第三项
    start: int  # characters [start, end) of the body
    end: int


def parts_of(body: str, start: int, end: int) -> tuple[ArticlePart, ...]:
    """Return the parts of the article at [start, end) in order; a 款 covers the items that follow it.

    An item belongs to the last 款 before it; 第三项 alone names it too where the article has one 款.
    """
    rows = _rows(body, start, end)
    paragraphs = sum(1 for row in rows if not row[2])
    found: list[ArticlePart] = []
    paragraph = item = 0
    for at, (first, _, depth, number) in enumerate(rows):
        labels: list[str] = [written("款", min(max(paragraph + (depth == 0), 1), LARGEST))]
        if depth == 0:
            paragraph, item = paragraph + 1, 0
        elif depth == 1:
            item = number
            labels.append(written("项", number))
        else:
            labels += [written("项", max(item, 1)), written("目", number)]
        until = at + 1
        while until < len(rows) and rows[until][2] > depth:  # all rows up to the next one as deep lie in it
            until += 1
        names: tuple[str, ...] = ("".join(labels),)
        if depth and paragraphs <= 1:
            del labels[0]
            names = ("".join(labels), *names)
        found.append(ArticlePart(names, tuple(labels), first, rows[until - 1][1]))
    return tuple(found)


def _rows(body: str, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """Return the lines of an article with how deep each lies (0 款, 1 项, 2 目) and its number."""
    rows: list[tuple[int, int, int, int]] = []
    kinds: list[str] = []  # of marks, the wider first
    for first, last in islice(lines_between(body, start, end), MOST_PARTS):
        mark = _ITEM.match(body, first, last) if rows else None
        number = number_of(mark[0].strip(_STRIPPED)) if mark else None
        if not mark or not number:
            rows.append((first, last, 0, 0))
            kinds.clear()
            continue
        kind = mark.lastgroup or ""
        if kind not in kinds:
            kinds.append(kind)
        del kinds[kinds.index(kind) + 1 :]
        rows.append((first, last, min(len(kinds), 2), number))
    return rows
