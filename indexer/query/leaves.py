"""Leaves of a query's tree that an answer should hold: what is ranked by and marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.query.tree import And, Near, Not, NumberTerm, Or, Phrase, Spelled, Term, rewrite, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.query.tree import Node


_JOINING: Final = (And, Or, Not)


def texts_of(root: Node | None) -> tuple[str, ...]:
    """Return the runs and quoted strings that an answer should hold, each once, in order."""
    texts: dict[str, None] = {}
    for leaf in _wanted(root):
        match leaf:
            case Term(text) | Phrase(text):
                texts[text] = None
            case Near(rows):
                texts |= dict.fromkeys(rows)
            case _:
                continue
    return tuple(texts)


def typed_texts_of(root: Node | None) -> tuple[str, ...]:
    """Return these as they were typed, without their other spellings."""
    return texts_of(as_typed(root))


def as_typed(node: Node | None) -> Node | None:
    """Return a tree without the other spellings of its runs and strings."""
    if node is None:
        return None
    return rewrite(node, lambda one: one.parts[0] if isinstance(one, Spelled) else None)


def runs_of(root: Node | None, *, stop: tuple[type, ...] = ()) -> tuple[Term, ...]:
    """Return the unquoted runs that an answer should hold, in order; without those within nodes of kind ``stop``."""
    nodes = walk(root, stop=stop)
    return tuple(node for node in nodes if isinstance(node, Term) and node.field in ("any", "title"))


def count_leaves(root: Node | None) -> int:
    """Return how many leaves a tree has, those that must not be there among them."""
    return sum(not isinstance(node, _JOINING) for node in walk(root, _JOINING))


def numbers_of(root: Node | None) -> tuple[str, ...]:
    """Return the document numbers that a query names."""
    return tuple(dict.fromkeys(leaf.number for leaf in _wanted(root) if isinstance(leaf, NumberTerm)))


def _wanted(root: Node | None) -> Iterator[Term | Phrase | Near | NumberTerm]:
    for node in walk(root):
        match node:
            case Term(field="any" | "title") | Phrase(field="any" | "title") | Near() | NumberTerm():
                yield node
            case _:
                continue
