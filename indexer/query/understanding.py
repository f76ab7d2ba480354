"""Leaves of a query's tree: what an answer should hold, and what is enough when none holds all of it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.query.signs import signed_words
from indexer.query.tree import And, Not, NumberTerm, Or, Phrase, Spelled, Term
from indexer.ranking.bm25f import content_words, is_sentence
from indexer.text.segmenter import dictionary_digest

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


def wanted_words(text: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of an unquoted run that must be there, and whether it is a sentence."""
    return _wanted_words(text, dictionary_digest())


@lru_cache(maxsize=4096)
def _wanted_words(text: str, _dictionary: str) -> tuple[tuple[str, ...], bool]:
    return content_words(signed_words(text)), is_sentence(text)


def loosened(root: Node) -> tuple[Node, tuple[Node, ...]] | None:
    """Take a query apart into what stays required and what need only be there in part.

    Days, fields and what must not be there stay; a document number is rare, so it weighs more than the words around it.
    None when there is but one thing to look for.
    """
    kept, wanted = _split(root)
    return (And(tuple(kept)), tuple(wanted)) if len(wanted) > 1 else None


def _split(node: Node) -> tuple[list[Node], list[Node]]:
    match node:
        case Spelled(parts):  # in part means: some of the words that were typed
            return _split(parts[0])
        case And(parts):
            split = [_split(part) for part in parts]
            return [one for kept, _ in split for one in kept], [one for _, wanted in split for one in wanted]
        case Term(text, "any" | "title" as field):
            return [], [Phrase(word, field) for word in wanted_words(text)[0]]
        case Phrase(field="any" | "title") | NumberTerm() | Or():
            return [], [node]
        case _:
            return [node], []
