"""Leaves of a query's tree that an answer should hold: what is ranked by and marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.query.tree import And, Not, NumberTerm, Or, Phrase, Spelled, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.query.tree import Node


def texts_of(root: Node | None) -> tuple[str, ...]:
    """Return the runs and quoted strings that an answer should hold, each once, in order."""
    return tuple(dict.fromkeys(leaf.text for leaf in _wanted(root) if isinstance(leaf, Term | Phrase)))


def typed_texts_of(root: Node | None) -> tuple[str, ...]:
    """Return these as they were typed, without their other spellings."""
    return texts_of(as_typed(root))


def as_typed(node: Node | None) -> Node | None:
    """Return a tree without the other spellings of its runs and strings."""
    match node:
        case Spelled(parts):
            return parts[0]
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(part for part in map(as_typed, parts) if part is not None))
        case Not(part):
            typed = as_typed(part)
            return Not(typed) if typed is not None else None
        case _:
            return node


def numbers_of(root: Node | None) -> tuple[str, ...]:
    """Return the document numbers that a query names."""
    return tuple(dict.fromkeys(leaf.number for leaf in _wanted(root) if isinstance(leaf, NumberTerm)))


def _wanted(node: Node | None) -> Iterator[Term | Phrase | NumberTerm]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _wanted(part)
        case Term(field="any" | "title") | Phrase(field="any" | "title") | NumberTerm():
            yield node
        case _:
            return
