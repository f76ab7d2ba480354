"""Several segments into one, without what is deleted; memory stays bounded however large they are.

Every table is sorted alike in every segment, so the lists of a range of units or words lie side by side in
each of them. One range after another is read, put together and written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import CHUNK_ITEMS, ArrayFileWriter, ranges, steps
from indexer.embedded.store.bigram_index import (
    TEXT_FIELDS,
    blocks_of,
    document_frequency,
    documents_at,
    smallest_type,
    write_bigrams,
)
from indexer.embedded.store.documents import BLOBS, DOC_VALUES, RANKED_BY, ends_of_blobs, write_ids
from indexer.embedded.store.positions import Positions, PositionsWriter
from indexer.embedded.store.postings import CountsWriter, PostingLists, document_type
from indexer.embedded.store.relation_arrays import merge_relations
from indexer.embedded.store.term_dictionary import TermDictionary, merge_terms, write_terms
from indexer.embedded.store.unit_codes import FIRST_UNIT
from indexer.embedded.whoosh.segment import ArraySegment
from indexer.embedded.write.frequent_terms import write_common

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from indexer.embedded.store.array_file import Array


class Source:
    """One segment to be merged."""

    def __init__(self, folder: Path, record: ArraySegment) -> None:
        self.record = record
        self.live = record.live()
        self.whole = bool(self.live.all())
        self.units, self.words, self.docs = (record.open(folder, part) for part in ("units", "words", "docs"))


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists side by side: each has a key (ascending) and a length; items run through all of them."""

    keys: Array
    lengths: Array
    items: tuple[Array, ...]  # one array per kind of item, all of the same length

    def keep(self, kept: Array) -> Lists:
        """Drop items, and lists that have none left."""
        bounds = np.concatenate(([0], np.cumsum(self.lengths)))
        lengths = steps(np.concatenate(([0], np.cumsum(kept)))[bounds])
        return Lists(self.keys[lengths > 0], lengths[lengths > 0], tuple(one[kept] for one in self.items))


def join(parts: Sequence[Lists]) -> Lists:
    """Put the lists of several sources together: those with one key behind each other, in source order."""
    keys = np.concatenate([part.keys for part in parts])
    lengths = np.concatenate([part.lengths for part in parts]).astype(np.int64)
    begins = np.cumsum(lengths) - lengths
    order = np.argsort(keys, kind="stable")
    keys, lengths, begins = keys[order], lengths[order], begins[order]
    ends = np.cumsum(lengths)
    take = np.repeat(begins - (ends - lengths), lengths) + np.arange(int(ends[-1]) if len(ends) else 0)
    heads = np.flatnonzero(np.diff(keys, prepend=keys[:1] + np.uint64(1)))
    totals = np.add.reduceat(lengths, heads) if len(heads) else lengths
    items = tuple(np.concatenate(kind)[take] for kind in zip(*(part.items for part in parts), strict=True))
    return Lists(keys[heads], totals, items)


def merge_segments(
    folder: Path, records: Sequence[ArraySegment], source_folder: Path | None = None, *, passing: bool = False
) -> ArraySegment:
    """Write one segment that holds what is live in these, which are left alone; ``passing`` as in ``build_segment``."""
    sources = [Source(source_folder or folder, record) for record in records]
    merged = ArraySegment(sum(record.doc_count() for record in records))
    with ArrayFileWriter(merged.path(folder, "units")) as writer:
        _merge_units(writer, sources, passing=passing)
    with ArrayFileWriter(merged.path(folder, "words")) as writer:
        _merge_words(writer, sources)
    with ArrayFileWriter(merged.path(folder, "docs")) as writer:
        _merge_documents(writer, sources)
    write_common(folder, merged, passing=passing)
    merged.seal(folder)
    return merged


# ── units ────────────────────────────────────────────────────────────────────────────────────────────


def _merge_units(writer: ArrayFileWriter, sources: Sequence[Source], *, passing: bool) -> None:
    characters = np.unique(np.concatenate([source.units["characters"] for source in sources]))
    runs, run_numbers = merge_terms([TermDictionary(source.units, "runs") for source in sources])
    writer.add("characters", characters)
    write_terms(writer, "runs", runs)
    numbers = []
    for source, of_runs in zip(sources, run_numbers, strict=True):
        of_characters = np.searchsorted(characters, source.units["characters"])
        fixed = np.arange(FIRST_UNIT)
        of_all = np.concatenate((fixed, of_characters + FIRST_UNIT, of_runs + FIRST_UNIT + len(characters)))
        numbers.append(of_all.astype(np.uint32))
    units = FIRST_UNIT + len(characters) + len(runs)
    document_frequency = np.zeros(units, dtype=np.int64)
    for source, of_source in zip(sources, numbers, strict=True):
        document_frequency[of_source] += source.units["document_frequency"] - _lost_document_frequency(source)
    writer.add("document_frequency", document_frequency.astype(np.uint32))
    for field in TEXT_FIELDS:
        _FieldMerge(sources, numbers, field, units).write(writer, passing=passing)


def _lost_document_frequency(source: Source) -> Array:
    """Count for each unit the deleted documents that hold it."""
    rows = []
    for field in TEXT_FIELDS:
        sequence, starts = source.units[f"{field}.sequence"], source.units[f"{field}.starts"]
        texts = [sequence[starts[at] : starts[at + 1]] for at in np.flatnonzero(~source.live).tolist()]
        rows.append((np.concatenate([sequence[:0], *texts]), np.cumsum([0, *map(len, texts)])))
    return document_frequency(rows, len(source.units["document_frequency"]))


class _FieldMerge:
    """Merges one field's sequence of units and its bigrams."""

    def __init__(self, sources: Sequence[Source], numbers: Sequence[Array], field: str, units: int) -> None:
        self._sources = sources
        self._numbers = numbers
        self._field = field
        self._units = units
        lengths = [steps(source.units[f"{field}.starts"])[source.live] for source in sources]
        self._starts = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
        if self._starts[-1] >= 1 << 32:
            raise OverflowError("a segment holds at most 4,294,967,295 units of text")
        self._first_document = np.cumsum([0, *map(len, lengths)])

    def write(self, writer: ArrayFileWriter, *, passing: bool) -> None:
        """Write the merged field."""
        field = self._field
        writer.start(f"{field}.sequence", smallest_type(self._units))
        for source, numbers in zip(self._sources, self._numbers, strict=True):
            for part in self._rows(source):
                writer.append(numbers[part])
        writer.add(f"{field}.starts", self._starts.astype(np.uint32))
        writer.add(f"{field}.blocks", blocks_of(self._starts))
        lists = PositionsWriter(writer, field, int(self._starts[-1]), plain=passing)
        keys = []
        for low, high in self._ranges():
            joined = join([self._lists(at, low, high) for at in range(len(self._sources))])
            lists.append(joined.items[0], joined.lengths)
            keys.append(joined.keys)
        lists.close()
        write_bigrams(writer, field, np.concatenate(keys), self._units)

    def _rows(self, source: Source) -> Iterator[Array]:
        """Return the row of units of live documents, a stretch at a time."""
        sequence, starts = source.units[f"{self._field}.sequence"], source.units[f"{self._field}.starts"]
        bounds = np.searchsorted(starts, np.arange(0, int(starts[-1]), CHUNK_ITEMS))
        for low, high in zip(bounds, [*bounds[1:], len(starts) - 1], strict=True):
            stretch = sequence[int(starts[low]) : int(starts[high])]
            if source.whole:
                yield stretch
            else:
                yield stretch[np.repeat(source.live[low:high], steps(starts[low : high + 1]))]

    def _ranges(self) -> Iterator[tuple[int, int]]:
        """Cut the units into ranges whose bigrams have no more positions than fit in memory."""
        totals = np.zeros(self._units, dtype=np.int64)
        for source, numbers in zip(self._sources, self._numbers, strict=True):
            offsets, first = source.units[f"{self._field}.offsets"], source.units[f"{self._field}.first"]
            totals[numbers] += steps(offsets[first])
        return ranges(totals)

    def _lists(self, at: int, low: int, high: int) -> Lists:
        """Return one source's bigrams that begin with units of a range, and their positions in the merged row."""
        source, numbers = self._sources[at], self._numbers[at]
        first, second, starts, blocks = (
            source.units[f"{self._field}.{name}"] for name in ("first", "second", "starts", "blocks")
        )
        unit_low, unit_high = np.searchsorted(numbers, (low, high)).tolist()
        bigram_low, bigram_high = int(first[unit_low]), int(first[unit_high])
        per_unit = steps(first[unit_low : unit_high + 1])
        firsts = np.repeat(numbers[unit_low:unit_high].astype(np.uint64), per_unit)
        keys = firsts << np.uint64(32) | numbers[second[bigram_low:bigram_high]]
        positions, lengths = Positions(source.units, self._field).between(bigram_low, bigram_high)
        places = positions.astype(np.int64)
        base = int(self._first_document[at])
        if source.whole:
            return Lists(keys, lengths, (places + self._starts[base],))
        documents = documents_at(places, starts, blocks)
        new_starts = self._starts[base + np.cumsum(source.live) - source.live]
        places += new_starts[documents] - starts[documents]
        return Lists(keys, lengths, (places,)).keep(source.live[documents])


# ── words ────────────────────────────────────────────────────────────────────────────────────────────


def _merge_words(writer: ArrayFileWriter, sources: Sequence[Source]) -> None:
    vocabulary, numbers = merge_terms([TermDictionary(source.words, "words") for source in sources])
    write_terms(writer, "words", vocabulary)
    for field in TEXT_FIELDS:
        lengths = [source.words[f"{field}.lengths"][source.live] for source in sources]
        writer.add(f"{field}.lengths", np.concatenate(lengths))
        _merge_postings(writer, sources, numbers, field, len(vocabulary))


def _merge_postings(
    writer: ArrayFileWriter, sources: Sequence[Source], numbers: Sequence[Array], field: str, size: int
) -> None:
    totals = np.zeros(size, dtype=np.int64)
    for source, of_source in zip(sources, numbers, strict=True):
        totals[of_source] += steps(source.words[f"{field}.offsets"])
    bases = np.cumsum([0, *(source.record.doc_count() for source in sources)])
    per_word = np.zeros(size, dtype=np.int64)

    def joined(low: int, high: int) -> Lists:
        parts = zip(sources, numbers, bases.tolist(), strict=False)
        return join([_word_lists(source, of_source, field, (low, high), base) for source, of_source, base in parts])

    # Two arrays are written, one after the other; putting the lists together twice keeps memory bounded.
    writer.start(f"{field}.docs", document_type(int(bases[-1])))
    for low, high in ranges(totals):
        lists = joined(low, high)
        writer.append(lists.items[0])
        per_word[lists.keys.astype(np.int64)] = lists.lengths
    counts = CountsWriter(writer, field)
    for low, high in ranges(totals):
        counts.append(joined(low, high).items[1])
    counts.close()
    writer.add(f"{field}.offsets", np.concatenate(([0], np.cumsum(per_word))).astype(np.uint32))


def _word_lists(source: Source, numbers: Array, field: str, span: tuple[int, int], base: int) -> Lists:
    word_low, word_high = np.searchsorted(numbers, span).tolist()
    postings = PostingLists(source.words, field)
    bounds = postings.offsets[word_low : word_high + 1].astype(np.int64)
    docs, counts = postings.docs[bounds[0] : bounds[-1]], postings.counts(int(bounds[0]), int(bounds[-1]))
    renumbered = np.cumsum(source.live) - source.live + base
    lists = Lists(numbers[word_low:word_high].astype(np.uint64), steps(bounds), (renumbered[docs], counts))
    return lists.keep(source.live[docs])


# ── documents ────────────────────────────────────────────────────────────────────────────────────────


def _merge_documents(writer: ArrayFileWriter, sources: Sequence[Source]) -> None:
    write_ids(writer, np.concatenate([source.docs["ids"][source.live] for source in sources]))
    for name in ("published", "indexed", *RANKED_BY):
        writer.add(name, np.concatenate([source.docs[name][source.live] for source in sources]))
    for name in DOC_VALUES:
        table, numbers = merge_terms([TermDictionary(source.docs, name) for source in sources])
        write_terms(writer, name, table)
        of = [new[source.docs[f"{name}.of"][source.live]] for source, new in zip(sources, numbers, strict=True)]
        writer.add(f"{name}.of", np.concatenate(of).astype(np.uint32))
    merge_relations(writer, [(source.docs, source.live) for source in sources])
    for name in BLOBS:
        _merge_blobs(writer, sources, name)


def _merge_blobs(writer: ArrayFileWriter, sources: Sequence[Source], name: str) -> None:
    sizes = [steps(source.docs[f"{name}.ends"])[source.live] for source in sources]
    ends = np.concatenate(([0], np.cumsum(np.concatenate(sizes))))
    writer.add(f"{name}.ends", ends_of_blobs(ends))
    writer.start(f"{name}.bytes", np.dtype(np.uint8))
    for source in sources:
        data, bounds = source.docs[f"{name}.bytes"], source.docs[f"{name}.ends"].astype(np.int64)
        edges = np.flatnonzero(np.diff(source.live, prepend=False, append=False)).tolist()
        for low, high in zip(edges[::2], edges[1::2], strict=True):  # stretches of live documents
            writer.append(data[bounds[low] : bounds[high]])
