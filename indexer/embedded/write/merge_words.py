"""Merge words: their table, and the documents that hold each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ranges, steps
from indexer.embedded.store.bigram_index import TEXT_FIELDS
from indexer.embedded.store.postings import CountsWriter, PostingLists, document_type
from indexer.embedded.store.term_dictionary import TermDictionary, merge_terms, write_terms
from indexer.embedded.write.document_frequency import Postings
from indexer.embedded.write.frequent_terms import words_of_either
from indexer.embedded.write.merge_lists import Lists, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from indexer.embedded.store.array_file import Array, ArrayFileWriter
    from indexer.embedded.store.parts import Parts
    from indexer.embedded.write.merge_lists import Merging, Source

    _Stretch = tuple[int, Array]  # of a source's words: the first, and the merged numbers of it and those after it


class WordsMerge:
    """Numbers the words of all sources anew."""

    def __init__(self, merging: Merging) -> None:
        self._merging = merging
        self._sources = merging.sources()
        tables = [TermDictionary(source.words, "words") for source in self._sources]
        self._vocabulary, self._numbers = merge_terms(tables)

    def tasks(self) -> Iterator[Callable[[], Path]]:
        """Return what is to be done for ``write``, in parts of no more documents than fit in memory."""
        totals = np.zeros(len(self._vocabulary), dtype=np.int64)
        for source, numbers in zip(self._sources, self._numbers, strict=True):
            totals[numbers] += sum(steps(source.words[f"{field}.offsets"]) for field in TEXT_FIELDS)
        for low, high in ranges(totals):
            stretches = []
            for numbers in self._numbers:
                first, last = np.searchsorted(numbers, (low, high)).tolist()
                stretches.append((first, numbers[first:last]))
            yield partial(_write_part, self._merging, stretches, (low, high))

    def write(self, writer: ArrayFileWriter, parts: Parts) -> None:
        """Write the table and the postings, of which the parts are the results of the tasks."""
        write_terms(writer, "words", self._vocabulary)
        for field in TEXT_FIELDS:
            lengths = [source.words[f"{field}.lengths"][source.live] for source in self._sources]
            writer.add(f"{field}.lengths", np.concatenate(lengths))
            writer.start(f"{field}.docs", document_type(self._merging.documents))
            for docs in parts[f"{field}.docs"]:
                writer.append(docs)
            to = CountsWriter(writer, field)
            for counts in parts[f"{field}.counts"]:
                to.append(counts)
            to.close()
            per_word = parts.whole(f"{field}.per_word")
            writer.add(f"{field}.offsets", np.concatenate(([0], per_word.cumsum())).astype(np.uint32))


# ── what may be done in another process ──────────────────────────────────────────────────────────────


def _write_part(merging: Merging, stretches: Sequence[_Stretch], span: tuple[int, int]) -> Path:
    """Write the postings of a range of words."""
    sources, low = merging.sources(), span[0]
    bases = np.cumsum([0, *(source.record.doc_count() for source in sources)]).tolist()
    fields = []
    with merging.new_part() as writer:
        for field in TEXT_FIELDS:
            given = zip(sources, stretches, bases, strict=False)
            lists = join([_lists(source, stretch, field, base) for source, stretch, base in given])
            docs, counts = lists.items
            per_word = np.zeros(span[1] - low, dtype=np.int64)
            per_word[lists.keys.astype(np.int64) - low] = lists.lengths
            writer.add(f"{field}.docs", docs.astype(document_type(merging.documents)))
            writer.add(f"{field}.counts", counts)
            writer.add(f"{field}.per_word", per_word)
            fields.append(Postings(lists.keys, lists.lengths, docs))
        if not merging.passing:
            for name, array in words_of_either(fields, span).items():
                writer.add(name, array)
    return writer.path


def _lists(source: Source, stretch: _Stretch, field: str, base: int) -> Lists:
    first, numbers = stretch
    postings = PostingLists(source.words, field)
    bounds = postings.offsets[first : first + len(numbers) + 1].astype(np.int64)
    docs, counts = postings.docs[bounds[0] : bounds[-1]], postings.counts.between(int(bounds[0]), int(bounds[-1]))
    renumbered = np.cumsum(source.live) - source.live + base
    lists = Lists(numbers.astype(np.uint64), steps(bounds), (renumbered[docs].astype(np.uint32), counts))
    return lists.keep(source.live[docs])
