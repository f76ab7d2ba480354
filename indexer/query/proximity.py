"""Operators for nearness, 扶贫 NEAR/5 产业, and what other search engines write behind words: 扶贫*, 扶贫~1, 扶贫^2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.query.tree import Near, Phrase, Term
from indexer.text.patterns import lazily
from indexer.text.units import BREAK, units

if TYPE_CHECKING:
    from indexer.query.tree import Node

NEAR_UNITS: Final = 10  # between two strings, where a query does not say how many
MOST_BETWEEN: Final = 99  # two digits; the window ends sooner
_MOST_WINDOW: Final = 100  # as of runs: ``query.readings``
# Any number of characters, other endings, less weight: nothing to look for. 2020~2021 and 5*3 say something else.
SUFFIX: Final = lazily(r"(?<![0-9*＊])[*＊]+$|(?<![0-9])[~～^](?:\d{1,2}(?:\.\d+)?)?$")
LEADING: Final = lazily(r"[+＋](?=[\u4e00-\u9fff])")


def near_of(left: Node | None, right: Node | None, between: int) -> Near | None:
    """Return what finds two strings near each other, each as it stands; None if they are no strings of one field.

    What is near already goes on to the right: 甲乙 NEAR 丙丁 NEAR 戊己.
    """
    rows: list[str] = []
    fields: set[str] = set()
    for node in (left, right):
        match node:
            case Near(of_node, _, field) if node is left:
                rows += of_node
            case Term(text, field) | Phrase(text, field):
                rows.append(text)
            case _:
                return None
        fields.add(field)
    lengths = [sum(unit != BREAK for unit in units(row)) for row in rows]
    whole = all(length > 1 and BREAK not in units(row) for row, length in zip(rows, lengths, strict=True))
    before = left.window if isinstance(left, Near) else lengths[0]
    window = before + min(between, MOST_BETWEEN) + lengths[-1]
    if not whole or fields not in ({"any"}, {"title"}, {"any", "title"}) or window > _MOST_WINDOW:
        return None
    return Near(tuple(rows), window, "title" if "title" in fields else "any")


def between_of(node: Near) -> int:
    """Return how many units may stand between the strings, all in all."""
    return node.window - sum(len(units(row)) for row in node.rows)


def operators_of(node: Near) -> list[str]:
    """Return the operators that stand between the strings when it is written."""
    return [f"NEAR/{between_of(node)}", *["NEAR/0"] * (len(node.rows) - 2)]
