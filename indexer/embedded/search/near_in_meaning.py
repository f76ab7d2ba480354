"""Where a question finds little: what is near to it in meaning, whatever words it holds. An optional extra."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.answers.relief import FEW
from indexer.query.sentences import question_of
from indexer.semantic.vectors import key_of, passage_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from indexer.embedded.search.snapshot import Snapshot
    from indexer.embedded.search.top_docs import TopDocs
    from indexer.embedded.store.array_file import Array
    from indexer.query.tree import Query
    from indexer.semantic.meaning import Meaning

MOST_NEAR: Final = 5
_LOOKED_AT: Final = 200  # of the nearest of the whole index; filters take some of them away
# Less is another matter. Of 60 questions to a mailbox three in four have .88 or more to their answer, and cooking,
# dogs and pianos .84 to .85 to the nearest of 500 answers; questions in English .80 to .81, and cooking and football
# .74 to .78.
LEAST_COSINE: Final = 0.87
LEAST_COSINE_BETWEEN_LANGUAGES: Final = 0.79


def question_to_compare(query: Query, top_docs: TopDocs) -> str:
    """Return the question to compare meanings with; "" where enough was found, or nothing is asked in a sentence."""
    found_whole = 0 if top_docs.none_whole else top_docs.total
    if found_whole > FEW or query.page > 1 or query.cursor or (query.sort, query.match) != ("relevance", "near"):
        return ""
    return question_of(query.root)


def nearest(
    meaning: Meaning, question: str, snapshot: Snapshot, passing: Array, shown: Collection[int]
) -> list[tuple[int, float]]:
    """Return documents that pass the filters and are not shown yet, best first, each with its cosine.

    ``passing`` marks the documents that pass. A document whose text is not what was encoded is left out.
    """
    found: dict[int, float] = {}
    least = LEAST_COSINE_BETWEEN_LANGUAGES if question.isascii() else LEAST_COSINE
    for announcement_id, key, cosine in meaning.nearest(question, _LOOKED_AT):
        if cosine < least or len(found) == MOST_NEAR:
            break
        document = snapshot.find(announcement_id)
        if document < 0 or not passing[document] or document in shown:
            continue
        if key_of(passage_of(snapshot.document(document))) == key:
            found[document] = cosine
    return list(found.items())
