"""Merge words: their table, and the documents that hold each.

What comes between two words in the order of their bytes lies side by side in every segment, so a stretch of the merged
table is made of a stretch of each, wherever the merged numbers begin.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.embedded.store.array_file import CHUNK_ITEMS, steps
from indexer.embedded.store.bigram_index import TEXT_FIELDS
from indexer.embedded.store.postings import CountsWriter, PostingLists, document_type
from indexer.embedded.store.term_dictionary import TermDictionary, join_terms, merge_stretches, write_terms
from indexer.embedded.write.document_frequency import Postings
from indexer.embedded.write.frequent_terms import words_of_either
from indexer.embedded.write.merge_lists import Lists, join

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from indexer.embedded.store.array_file import Array, ArrayFileWriter
    from indexer.embedded.store.parts import Parts
    from indexer.embedded.write.merge_lists import Merging, Source

_SAMPLED: Final = CHUNK_ITEMS // 64  # documents of a segment's words, of which one word is looked at
_Span = tuple[bytes, bytes | None]  # from this word on, up to that one, or all of the rest


def tasks_of_words(merging: Merging) -> list[Callable[[], Path]]:
    """Return what is to be done for ``write_words``, in parts of no more documents than fit in memory."""
    seen = sorted(word for source in merging.sources() for word in _samples(source))
    bounds = [b"", *sorted(set(seen[CHUNK_ITEMS // _SAMPLED :: CHUNK_ITEMS // _SAMPLED])), None]
    return [partial(_write_part, merging, span) for span in pairwise(bounds)]  # type: ignore[arg-type]


def _samples(source: Source) -> list[bytes]:
    """Return words of a source that have about as many documents between them."""
    table = TermDictionary(source.words, "words")
    ends = np.sum([steps(source.words[f"{field}.offsets"]) for field in TEXT_FIELDS], axis=0).cumsum()
    at = ends.searchsorted(np.arange(_SAMPLED, int(ends[-1]) if len(ends) else 0, _SAMPLED))
    return [table.raw(number) for number in at.tolist()]


def write_words(writer: ArrayFileWriter, merging: Merging, parts: Parts) -> None:
    """Write the table and the postings, of which the parts are the results of the tasks."""
    sources = merging.sources()
    join_terms(writer, "words", parts)
    for field in TEXT_FIELDS:
        lengths = [source.words[f"{field}.lengths"][source.live] for source in sources]
        writer.add(f"{field}.lengths", np.concatenate(lengths))
        writer.start(f"{field}.docs", document_type(merging.documents))
        for docs in parts[f"{field}.docs"]:
            writer.append(docs)
        to = CountsWriter(writer, field)
        for counts in parts[f"{field}.counts"]:
            to.append(counts)
        to.close()
        per_word = parts.whole(f"{field}.per_word")
        writer.add(f"{field}.offsets", np.concatenate(([0], per_word.cumsum())).astype(np.uint32))


# ── what may be done in another process ──────────────────────────────────────────────────────────────


def _write_part(merging: Merging, span: _Span) -> Path:
    """Write a stretch of the table and its postings."""
    sources = merging.sources()
    bases = np.cumsum([0, *(source.record.doc_count() for source in sources)]).tolist()
    stretches = [_stretch(TermDictionary(source.words, "words"), *span) for source in sources]
    words, numbers = merge_stretches(stretches)
    fields = []
    with merging.new_part() as writer:
        write_terms(writer, "words", words)
        for field in TEXT_FIELDS:
            given = zip(sources, stretches, numbers, bases, strict=False)
            lists = join([_lists(source, first, new, field, base) for source, (_, first, _), new, base in given])
            docs, counts = lists.items
            per_word = np.zeros(len(words), dtype=np.int64)
            per_word[lists.keys.astype(np.int64)] = lists.lengths
            writer.add(f"{field}.docs", docs.astype(document_type(merging.documents)))
            writer.add(f"{field}.counts", counts)
            writer.add(f"{field}.per_word", per_word)
            fields.append(Postings(lists.keys, lists.lengths, docs))
        if not merging.passing:
            for name, array in words_of_either(fields, (0, len(words))).items():
                writer.add(name, array)
    return writer.path


def _stretch(table: TermDictionary, low: bytes, high: bytes | None) -> tuple[TermDictionary, int, int]:
    return table, table.place(low), len(table) if high is None else table.place(high)


def _lists(source: Source, first: int, numbers: Array, field: str, base: int) -> Lists:
    postings = PostingLists(source.words, field)
    bounds = postings.offsets[first : first + len(numbers) + 1].astype(np.int64)
    docs, counts = postings.docs[bounds[0] : bounds[-1]], postings.counts.between(int(bounds[0]), int(bounds[-1]))
    renumbered = np.cumsum(source.live) - source.live + base
    lists = Lists(numbers.astype(np.uint64), steps(bounds), (renumbered[docs].astype(np.uint32), counts))
    return lists.keep(source.live[docs])
