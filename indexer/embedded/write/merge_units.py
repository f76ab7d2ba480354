"""Merge units: their numbers, the texts as rows of them, and bigrams with their positions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.kernel import compiled
from indexer.embedded.store.array_file import CHUNK_ITEMS, ArrayFile, ranges, steps
from indexer.embedded.store.bigram_index import (
    TEXT_FIELDS,
    blocks_of,
    document_frequency,
    documents_at,
    smallest_type,
    write_bigrams,
)
from indexer.embedded.store.positions import Positions, PositionsWriter, join_positions
from indexer.embedded.store.term_dictionary import TermDictionary, merge_terms, write_terms
from indexer.embedded.store.texts import FIELD
from indexer.embedded.store.unit_codes import FIRST_UNIT
from indexer.embedded.write.frequent_terms import Bigrams, ready_made
from indexer.embedded.write.merge_lists import Lists, join
from indexer.embedded.write.merge_texts import merge_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from indexer.embedded.store.array_file import Array, ArrayFileWriter, Begun
    from indexer.embedded.store.parts import Parts
    from indexer.embedded.write.merge_lists import Merging, Source


def tasks_of_units(merging: Merging) -> tuple[Callable[[], Begun], list[Callable[[], Path]]]:
    """Return what begins the file of units, and what is to be done for ``finish_units``.

    That is in parts of no more positions than fit in memory.
    """
    sources = merging.sources()
    path = _prepare(merging, sources)
    prepared = _Prepared(path, sources)
    totals = np.zeros(prepared.units, dtype=np.int64)
    for field in TEXT_FIELDS:
        for source, numbers in zip(sources, prepared.numbers, strict=True):
            totals[numbers] += steps(source.units[f"{field}.offsets"][source.units[f"{field}.first"]])
    return partial(_write_rows, merging, path), [partial(_write_part, merging, path, span) for span in ranges(totals)]


def _prepare(merging: Merging, sources: Sequence[Source]) -> Path:
    """Write what all tasks go by: the units of all sources numbered anew, and where texts begin in the merged row."""
    tables = [source.units["characters"] for source in sources]
    characters = np.unique(np.concatenate(tables))
    runs, run_numbers = merge_terms([TermDictionary(source.units, "runs") for source in sources])
    with merging.new_part() as writer:
        writer.add("characters", characters)
        write_terms(writer, "runs", runs)
        for at, (of_characters, of_runs) in enumerate(zip(tables, run_numbers, strict=True)):
            special = np.arange(FIRST_UNIT), np.searchsorted(characters, of_characters) + FIRST_UNIT
            numbers = np.concatenate((*special, of_runs + FIRST_UNIT + len(characters)))
            writer.add(f"numbers.{at}", numbers.astype(np.uint32))
        for field in TEXT_FIELDS:
            starts = _starts(sources, field)
            writer.add(f"{field}.starts", starts)
            writer.add(f"{field}.blocks", blocks_of(starts))
    return writer.path


def _starts(sources: Sequence[Source], field: str) -> Array:
    """Return where texts of one field begin in the merged row."""
    lengths = [steps(source.units[f"{field}.starts"])[source.live] for source in sources]
    starts = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
    if starts[-1] >= 1 << 32:
        raise OverflowError("a segment holds at most 4,294,967,295 units of text")
    return starts.astype(np.uint32)


class _Prepared:
    """What ``_prepare`` wrote."""

    def __init__(self, path: Path, sources: Sequence[Source]) -> None:
        file = ArrayFile(path)
        self.characters = file["characters"]
        self.runs = TermDictionary(file, "runs")
        self.units = FIRST_UNIT + len(self.characters) + len(self.runs)
        self.numbers = [file[f"numbers.{at}"] for at in range(len(sources))]  # merged, for each source's units
        self.starts = {field: file[f"{field}.starts"] for field in TEXT_FIELDS}
        self.blocks = {field: file[f"{field}.blocks"] for field in TEXT_FIELDS}


def finish_units(writer: ArrayFileWriter, parts: Parts, units: int) -> None:
    """Write bigrams and their positions, of which the parts are the results of the tasks, behind the rows."""
    for field in TEXT_FIELDS:
        join_positions(writer, field, parts)
        keys = np.concatenate(list(parts[f"{field}.keys"]))
        write_bigrams(writer, field, keys, units)


def _lost_document_frequency(source: Source) -> Array:
    """Count for each unit the deleted documents that hold it."""
    rows = []
    for field in TEXT_FIELDS:
        sequence, starts = source.units[f"{field}.sequence"], source.units[f"{field}.starts"]
        texts = [sequence[starts[at] : starts[at + 1]] for at in np.flatnonzero(~source.live).tolist()]
        rows.append((np.concatenate([sequence[:0], *texts]), np.cumsum([0, *map(len, texts)])))
    return document_frequency(rows, len(source.units["document_frequency"]))


def _rows(source: Source, field: str) -> Iterator[Array]:
    """Return the row of units of live documents, a stretch at a time."""
    sequence, starts = source.units[f"{field}.sequence"], source.units[f"{field}.starts"]
    bounds = np.searchsorted(starts, np.arange(0, int(starts[-1]), CHUNK_ITEMS))
    for low, high in zip(bounds, [*bounds[1:], len(starts) - 1], strict=True):
        stretch = sequence[int(starts[low]) : int(starts[high])]
        if source.whole:
            yield stretch
        else:
            yield stretch[np.repeat(source.live[low:high], steps(starts[low : high + 1]))]


# ── what may be done in another process ──────────────────────────────────────────────────────────────


def _write_rows(merging: Merging, path: Path) -> Begun:
    """Begin the file of units: with these, and the texts as rows of their numbers."""
    sources = merging.sources()
    prepared = _Prepared(path, sources)
    with merging.new_part() as writer:
        writer.add("characters", prepared.characters)
        write_terms(writer, "runs", prepared.runs.all_raw())
        counts = np.zeros(prepared.units, dtype=np.int64)
        for source, numbers in zip(sources, prepared.numbers, strict=True):
            counts[numbers] += source.units["document_frequency"] - _lost_document_frequency(source)
        writer.add("document_frequency", counts.astype(np.uint32))
        for field in TEXT_FIELDS:
            writer.start(f"{field}.sequence", smallest_type(prepared.units))
            for source, numbers in zip(sources, prepared.numbers, strict=True):
                for part in _rows(source, field):
                    writer.append(numbers.take(part))
            writer.add(f"{field}.starts", prepared.starts[field])
            writer.add(f"{field}.blocks", prepared.blocks[field])
        merge_texts(writer, sources, prepared.starts[FIELD])
        return writer.leave()


def _write_part(merging: Merging, path: Path, span: tuple[int, int]) -> Path:
    """Write bigrams that begin with units of a range, their positions, and what is ready-made of them."""
    sources, bigrams = merging.sources(), {}
    prepared = _Prepared(path, sources)
    first_documents = np.cumsum([0, *(source.record.doc_count() for source in sources)]).tolist()
    native = compiled() if merging.compiled else None
    with merging.new_part() as writer:
        for field in TEXT_FIELDS:
            starts = prepared.starts[field]
            given = zip(sources, prepared.numbers, first_documents, strict=False)
            lists = join([_lists(one, new, field, span, starts[at:]) for one, new, at in given])
            positions = lists.items[0]
            to = PositionsWriter(writer, field, int(starts[-1]), plain=merging.passing, native=native)
            to.append(positions, lists.lengths)
            to.close()
            writer.add(f"{field}.keys", lists.keys)
            if not merging.passing:
                documents = documents_at(positions, starts, prepared.blocks[field])
                bigrams[field] = Bigrams(lists.keys, lists.lengths, documents)
        if not merging.passing:
            for name, array in ready_made(bigrams, span, merging.documents).items():
                writer.add(name, array)
    return writer.path


def _lists(source: Source, numbers: Array, field: str, span: tuple[int, int], merged: Array) -> Lists:
    """Return one source's bigrams that begin with units of a range, and their positions in the merged row.

    ``merged`` is where live documents begin in that row, from the source's first on.
    """
    first, second, starts, blocks = (
        source.units[f"{field}.{name}"] for name in ("first", "second", "starts", "blocks")
    )
    unit_low, unit_high = np.searchsorted(numbers, span).tolist()
    bigram_low, bigram_high = int(first[unit_low]), int(first[unit_high])
    per_unit = steps(first[unit_low : unit_high + 1])
    firsts = np.repeat(numbers[unit_low:unit_high].astype(np.uint64), per_unit)
    keys = firsts << np.uint64(32) | numbers[second[bigram_low:bigram_high]]
    positions, lengths = Positions(source.units, field).between(bigram_low, bigram_high)
    if source.whole:
        return Lists(keys, lengths, (positions + merged[0],))
    documents = documents_at(positions, starts, blocks)
    new_starts = merged[np.cumsum(source.live) - source.live]
    positions = positions + new_starts[documents] - starts[documents]  # 2³² is added and taken away again
    return Lists(keys, lengths, (positions,)).keep(source.live[documents])
