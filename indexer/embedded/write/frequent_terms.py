"""Ready-made answers for what is frequent: written once, so that a query need not go through all positions.

Per field: ``common.units`` with one bitmap of documents each in ``common.bits``, and ``common.bigrams`` with the
documents and frequencies of each (``common.offsets``, ``common.docs``, ``common.counts``). A million positions take
10 ms to turn into documents; read from here, 0.1 ms. What ``document_frequency`` adds stands here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ArrayFile, ArrayFileWriter
from indexer.embedded.store.bigram_index import TEXT_FIELDS, count_documents, documents_at, smallest_type
from indexer.embedded.store.unit_codes import FIRST_UNIT
from indexer.embedded.write.document_frequency import write_document_frequency

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.embedded.store.array_file import Array
    from indexer.embedded.whoosh.segment import ArraySegment

# A unit or a bigram that stands in more places has a ready-made answer; one with fewer takes 0.05 ms. In a large index
# more are called for, a share of its documents, so that what is ready-made stays below half of the text's bytes.
COMMON_UNIT, COMMON_BIGRAM = 512, 1024
UNIT_SHARE, BIGRAM_SHARE = 1 / 32, 1 / 12
CHUNK_POSITIONS = 1 << 22  # handled at once


def write_common(folder: Path, segment: ArraySegment) -> None:
    """Write the ready-made answers of a segment whose units and words are written."""
    units, words = (ArrayFile(segment.path(folder, part)) for part in ("units", "words"))
    with ArrayFileWriter(segment.path(folder, "common")) as writer:
        for field in TEXT_FIELDS:
            _write_units(writer, units, field, segment.doc_count_all())
            _write_bigrams(writer, units, field, segment.doc_count_all())
        write_document_frequency(writer, units, words)


def _write_units(writer: ArrayFileWriter, units: ArrayFile, field: str, documents: int) -> None:
    bounds = units[f"{field}.offsets"][units[f"{field}.first"]].astype(np.int64)
    common = np.flatnonzero(np.diff(bounds) > max(COMMON_UNIT, documents * UNIT_SHARE))
    common = common[common >= FIRST_UNIT]
    writer.add(f"{field}.common.units", common.astype(np.uint32))
    writer.start(f"{field}.common.bits", np.dtype(np.uint8))
    starts, blocks, positions = (units[f"{field}.{name}"] for name in ("starts", "blocks", "positions"))
    for unit in common.tolist():
        holds = np.zeros(documents, dtype=bool)
        for low in range(int(bounds[unit]), int(bounds[unit + 1]), CHUNK_POSITIONS):
            high = min(low + CHUNK_POSITIONS, int(bounds[unit + 1]))
            holds[documents_at(positions[low:high], starts, blocks)] = True
        writer.append(np.packbits(holds))


def _write_bigrams(writer: ArrayFileWriter, units: ArrayFile, field: str, documents: int) -> None:
    offsets = units[f"{field}.offsets"].astype(np.int64)
    # A bigram that ends in BREAK or END is never asked for alone.
    common = np.flatnonzero(
        (np.diff(offsets) > max(COMMON_BIGRAM, documents * BIGRAM_SHARE)) & (units[f"{field}.second"] >= FIRST_UNIT)
    )
    writer.add(f"{field}.common.bigrams", common.astype(np.uint32))
    lengths = np.fromiter((len(docs) for docs, _ in _postings(units, field, common)), np.int64, len(common))
    bounds = np.zeros(len(common) + 1, dtype=np.int64)
    np.cumsum(lengths, out=bounds[1:])
    writer.add(f"{field}.common.offsets", bounds.astype(np.uint64))
    writer.start(f"{field}.common.docs", np.dtype(np.uint32))
    for docs, _ in _postings(units, field, common):
        writer.append(docs)
    top = max((int(counts.max()) for _, counts in _postings(units, field, common)), default=0)
    writer.start(f"{field}.common.counts", smallest_type(top))
    for _, counts in _postings(units, field, common):
        writer.append(counts)


def _postings(units: ArrayFile, field: str, bigrams: Array) -> Iterator[tuple[Array, Array]]:
    offsets, starts, blocks, positions = (
        units[f"{field}.{name}"] for name in ("offsets", "starts", "blocks", "positions")
    )
    for bigram in bigrams.tolist():
        yield count_documents(documents_at(positions[int(offsets[bigram]) : int(offsets[bigram + 1])], starts, blocks))
