"""Say a query's tree in words: in plain Chinese for a reader, in the query language for a link.

The Chinese reading is what an answer shows as ``understood``, so that nobody must guess how a query was taken.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from indexer.fields import FIELDS
from indexer.query.proximity import between_of, operators_of
from indexer.query.tree import (
    And,
    DateSpan,
    Near,
    Node,
    Not,
    NumberSeries,
    NumberTerm,
    Or,
    Phrase,
    Spelled,
    Term,
    conjuncts,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.query.tree import Field

_ASKED_FOR: Final = tuple(one for one in FIELDS if one.is_asked_for)
_VERBS: Final[dict[Field, tuple[str, str]]] = {  # asked for, asked to be without
    "any": ("含", "不含"),
    "title": ("标题含", "标题不含"),
    **{one.name: (f"{one.label}{one.verb}", f"{one.label}不{one.verb}") for one in _ASKED_FOR},
    "cites": ("引用", "不引用"),
    "cited-by": ("引用于", "不引用于"),
}
RELATION_FIELDS: Final = ("cites", "cited-by", "validity")
FIELD_NAMES: Final[dict[Field, tuple[str, ...]]] = {  # as typed before a colon; the first is how we write it
    "title": ("标题", "title"),
    **{one.name: (one.label, one.name) for one in _ASKED_FOR},
    "cites": ("引用", "cites"),  # announcements that cite what is named: by id, document number or title
    "cited-by": ("被引用", "cited-by"),  # those that it cites
}


def describe(root: Node | None) -> str:
    """Say in Chinese how a query is read, "" for none; a run alone is said as it stands: 对口帮扶."""
    if isinstance(root, Spelled):
        root = root.parts[0]
    if root is None:
        return ""
    if isinstance(root, Term) and root.field == "any":
        return root.text
    return "，".join(_clauses(conjuncts(root), "、", brackets=False))


def _clauses(parts: Sequence[Node], joint: str, *, brackets: bool) -> list[str]:
    """Say the parts; neighbours with the same verb share it: 含“甲”、“乙”."""
    said: list[str] = []
    last_verb = ""
    for part in parts:
        verb, what = _clause(part)
        if brackets and isinstance(part, And | Or):
            what = f"（{what}）"
        if verb and verb == last_verb:
            said[-1] += joint + what
        else:
            said.append(verb + what)
        last_verb = verb
    return said


def _clause(node: Node) -> tuple[str, str]:
    """Say one part as a verb, which neighbours may share, and what it is about."""
    match node:
        case And():
            return "", "且".join(_clauses(node.parts, "且", brackets=True))
        case Or():
            return "", "或".join(_clauses(node.parts, "或", brackets=True))
        case Not(And() | Or() as part):
            return "", f"除去（{_clause(part)[1]}）"
        case Not():
            return _leaf(node.part, negated=True)
        case _:
            return _leaf(node)


def _leaf(node: Node, *, negated: bool = False) -> tuple[str, str]:
    without = "除去" if negated else ""
    match node:
        case Term() | Phrase():
            verb = _VERBS[node.field][negated] + ("原文" if isinstance(node, Phrase) else "")
            return verb, f"“{node.text}”"
        case Near():
            strings = "、".join(f"“{row}”" for row in node.rows)
            return _VERBS[node.field][negated], f"相隔不超过 {between_of(node)} 个字的{strings}"
        case NumberTerm():
            return f"{without}文号", f" {node.number}"
        case NumberSeries():
            return "", f"文号以 {node.name} 开头，按号排列"
        case DateSpan():
            return "", f"{without}发布于{_days(node)}"
        case _:
            raise TypeError(f"{node!r} is no leaf")


def _days(span: DateSpan) -> str:
    match span.first, span.last:
        case None, None:
            return "任何时候"
        case first, None:
            return f" {first} 及以后"
        case None, last:
            return f" {last} 及以前"
        case first, last:
            return f" {first} 至 {last}"


# What in a run would be read as syntax once it stands elsewhere; all of it breaks rows, as the full stop for it does.
_SYNTAX: Final = re.compile(r"[()（）\"＂“”「」『』|｜:：]|\.\.|^[-－]")


def write(root: Node | None) -> str:
    """Write a tree in the query language, "" for none; reading it gives the tree again."""
    if root is None:
        return ""
    parts = conjuncts(root)
    return " ".join(_written(part, brackets=len(parts) > 1) for part in parts)


def _written(node: Node, *, brackets: bool = True) -> str:
    if isinstance(node, Spelled):
        node = node.parts[0]
    match node:
        case Term() | Phrase():
            typed = _SYNTAX.sub("。", node.text) if isinstance(node, Term) else quoted(node.text)
            return _prefix(node.field) + typed
        case NumberTerm() | NumberSeries():
            return node.text
        case Near():
            first, *rows = map(quoted, node.rows)
            return " ".join((_prefix(node.field) + first, *chain(*zip(operators_of(node), rows, strict=True))))
        case DateSpan():
            return f"{node.first or ''}..{node.last or ''}"
        case Not():
            return "-" + _written(node.part)
        case And():
            text = " ".join(_written(part) for part in node.parts)
        case Or():
            text = " OR ".join(_written(part) for part in node.parts)
    return f"({text})" if brackets else text


def _prefix(field: Field) -> str:
    return f"{FIELD_NAMES[field][0]}:" if field in FIELD_NAMES else ""


def quoted(text: str) -> str:
    """Quote a string with marks that it does not hold itself."""
    if not set(text) & set('"＂“”'):
        return f'"{text}"'
    return f"『{text}』" if set(text) & set("「」") else f"「{text}」"
