"""Tell a sentence or a question from what clerks type, and put one together that quotes and spaces take apart.

Words, strings and names are matched as typed. Of a sentence nobody expects that: it finds what holds a fair share of
its words, and what stands in quotes within one, or after a space, ranks first where it is held but excludes nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from indexer.query.leaves import typed_texts_of
from indexer.query.runs import content_of
from indexer.query.tree import And, Phrase, Term, conjuncts
from indexer.text.segmenter import dictionary_digest, words
from indexer.text.stop_words import INTERROGATIVES

if TYPE_CHECKING:
    from indexer.query.tree import Node

SENTENCE_WORDS: Final = 6  # a run with so many words that say what it is about is a sentence
QUESTION_WORDS: Final = 3  # with an interrogative: so many
FOREIGN_WORDS: Final = 4
_FOREIGN_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*[?,.;:!]?")

# What the names of public bodies end with.
_BODY = re.compile(r"(?:政府|委员会|办公[厅室]|管理处|法院|检察院|[厅局署])$")


def asks(text: str) -> bool:
    """Return whether a text is put as a question."""
    return text.rstrip().endswith(("?", "？")) or not INTERROGATIVES.isdisjoint(words(text))


def is_question(text: str) -> bool:
    """Return whether a text asks something about matter of its own."""
    return _is_question(text, dictionary_digest())


@lru_cache(maxsize=4096)  # asked a dozen times for one query, as is the next one
def _is_question(text: str, _dictionary: str) -> bool:
    return asks(text) and len(content_of(text)) >= QUESTION_WORDS


def is_sentence(text: str) -> bool:
    """Return whether an unquoted run is one that need not be matched word for word.

    A number, a date or the name of a public body is none, however many words it is cut into.
    """
    return _is_sentence(text, dictionary_digest())


@lru_cache(maxsize=4096)
def _is_sentence(text: str, _dictionary: str) -> bool:
    return is_question(text) or (len(content_of(text)) >= SENTENCE_WORDS and not _BODY.search(text))


def sentence_of(root: Node) -> tuple[tuple[Node, ...], tuple[Term | Phrase, ...]] | None:
    """Take apart a query that is a sentence: what stays required, and the runs and strings that make up the sentence.

    None if it is no sentence. A sentence may be typed with spaces, or with quotes around some of it:
    村里说的“一户一宅”怎么认定.
    """
    parts = conjuncts(root)
    typed = tuple(part for part in parts if isinstance(part, Term | Phrase) and part.field == "any")
    runs = [part.text for part in typed if isinstance(part, Term)]
    if not runs or not (any(map(is_sentence, runs)) or (len(typed) > 1 and is_question(" ".join(_texts(typed))))):
        return None
    return tuple(part for part in parts if part not in typed), typed


def question_of(root: Node | None) -> str:
    """Return what a query asks in whole words, as it was typed; "" if it is no sentence, in Chinese or without any.

    A sentence in another language is four words of letters or more: texts hold them at most by chance.
    """
    if root is None:
        return ""
    if sentence := sentence_of(root):
        return " ".join(typed_texts_of(And(sentence[1]) if len(sentence[1]) > 1 else sentence[1][0]))
    words_typed = typed_texts_of(root)
    foreign = len(words_typed) >= FOREIGN_WORDS and all(map(_FOREIGN_WORD.fullmatch, words_typed))
    return " ".join(words_typed) if foreign else ""


def _texts(typed: tuple[Term | Phrase, ...]) -> list[str]:
    return [part.text for part in typed]
