"""Ready-made answers for what is frequent: written once, so that a query need not go through all positions.

Per field: ``common.bigrams`` with the documents and frequencies of each (``postings``), and the documents of every
unit: of those that are in many, ``units.dense``, one bitmap each in ``units.bits``; of each other a stretch of
``units.docs``, where ``units.offsets`` says. A million positions take 10 ms to turn into documents; read from here,
0.1 ms. What ``document_frequency`` adds stands here too.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ArrayFile, ArrayFileWriter, distinct, ranges, steps
from indexer.embedded.store.bigram_index import TEXT_FIELDS, count_documents, documents_at
from indexer.embedded.store.positions import Positions
from indexer.embedded.store.postings import CountsWriter, document_type
from indexer.embedded.store.unit_codes import FIRST_UNIT
from indexer.embedded.write.document_frequency import write_document_frequency

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.embedded.store.array_file import Array
    from indexer.embedded.whoosh.segment import ArraySegment

# A bigram that stands in more places has a ready-made answer; one with fewer takes 0.05 ms. In a large index more are
# called for, a share of its documents, so that what is ready-made stays below a third of the text's bytes.
COMMON_BIGRAM = 1024
BIGRAM_SHARE = 1 / 12
DENSE_SHARE = 1 / 10  # a unit that stands in more places has a bitmap: it is in every sixteenth document or so


def write_common(folder: Path, segment: ArraySegment, *, passing: bool = False) -> None:
    """Write the ready-made answers of a segment whose units and words are written; a ``passing`` one needs none."""
    units, words = (ArrayFile(segment.path(folder, part)) for part in ("units", "words"))
    with ArrayFileWriter(segment.path(folder, "common")) as writer:
        if passing:
            return
        for field in TEXT_FIELDS:
            of_field = _Field(units, field, segment.doc_count_all())
            of_field.write_units(writer)
            of_field.write_bigrams(writer)
        write_document_frequency(writer, units, words)


class _Field:
    """One field of a segment."""

    def __init__(self, units: ArrayFile, field: str, documents: int) -> None:
        self._name = field
        self._documents = documents
        self._positions = Positions(units, field)
        self._lengths = self._positions.lengths()
        self._first, self._second, self._starts, self._blocks = (
            units[f"{field}.{name}"] for name in ("first", "second", "starts", "blocks")
        )

    def write_units(self, writer: ArrayFileWriter) -> None:
        """Write the documents of units."""
        counts = steps(np.concatenate(([0], self._lengths.cumsum()))[self._first])
        dense = np.flatnonzero(counts > self._documents * DENSE_SHARE)
        writer.add(f"{self._name}.units.dense", dense.astype(np.uint32))
        writer.start(f"{self._name}.units.bits", np.dtype(np.uint8))
        for unit in dense.tolist():
            holds = np.zeros(self._documents, dtype=bool)
            for low, high in ranges(self._lengths[int(self._first[unit]) : int(self._first[unit + 1])]):
                holds[self._documents_of(*(int(self._first[unit]) + at for at in (low, high)))] = True
            writer.append(np.packbits(holds))
        found = np.zeros(len(counts), dtype=np.int64)
        writer.start(f"{self._name}.units.docs", document_type(self._documents))
        for after, before in pairwise([-1, *dense.tolist(), len(counts)]):
            for low, high in ranges(counts[after + 1 : before]):
                units = np.arange(after + 1 + low, after + 1 + high)
                documents = self._documents_of(int(self._first[units[0]]), int(self._first[units[-1] + 1]))
                keys = distinct(np.repeat(units, counts[units]).astype(np.uint64) << np.uint64(32) | documents)
                writer.append(keys & np.uint64(0xFFFFFFFF))
                found[units] = np.bincount((keys >> np.uint64(32)).astype(np.intp) - units[0], minlength=len(units))
        writer.add(f"{self._name}.units.offsets", np.concatenate(([0], found.cumsum())).astype(np.uint32))

    def write_bigrams(self, writer: ArrayFileWriter) -> None:
        """Write the documents and frequencies of bigrams."""
        # A bigram that ends in BREAK or END is never asked for alone.
        is_common = self._lengths > max(COMMON_BIGRAM, self._documents * BIGRAM_SHARE)
        common = np.flatnonzero(is_common & (self._second >= FIRST_UNIT))
        writer.add(f"{self._name}.common.bigrams", common.astype(np.uint32))
        lengths = np.zeros(len(common) + 1, dtype=np.int64)
        writer.start(f"{self._name}.common.docs", document_type(self._documents))
        for at, (docs, _) in enumerate(self._postings(common), 1):
            writer.append(docs)
            lengths[at] = len(docs)
        to = CountsWriter(writer, f"{self._name}.common")
        for _, counts in self._postings(common):
            to.append(counts)
        to.close()
        writer.add(f"{self._name}.common.offsets", lengths.cumsum().astype(np.uint64))

    def _documents_of(self, low: int, high: int) -> Array:
        """Return the documents at all positions of a range of bigrams."""
        return documents_at(self._positions.between(low, high)[0], self._starts, self._blocks)

    def _postings(self, bigrams: Array) -> Iterator[tuple[Array, Array]]:
        for bigram in bigrams.tolist():
            yield count_documents(documents_at(self._positions.of(bigram), self._starts, self._blocks))
