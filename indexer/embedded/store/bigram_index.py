"""The positional inverted index of one field: each bigram's posting list, and the sequence of units that verifies it.

Arrays, per field (``title`` or ``body``):
  sequence   the unit numbers of all texts one after the other, END after each
  starts     where each document's text begins in it, and where the last one ends
  blocks     the document that stands at every 64th position
  first      per unit: the first of the bigrams that begin with it (bigrams are sorted)
  second     per bigram: its second unit
  and where each bigram's first unit stands, see ``positions``
and for both fields together
  document_frequency  per unit: how many documents hold it in either field
Bigrams that begin with BREAK or END are left out: the bigram before them says as much. Those that begin with one unit
lie side by side, so a single unit needs no list of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.embedded.store.array_file import distinct, heads_of, steps
from indexer.embedded.store.unit_codes import FIRST_UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.embedded.store.array_file import Array, ArrayFileWriter

BLOCK_SHIFT = 6  # a block is 64 positions: rarely more than one text's end lies in it
FEW_POSITIONS = 128  # for which one binary search each takes 2 µs and the steps of the faster way 9
TEXT_FIELDS = ("title", "body")


def smallest_type(top: int) -> np.dtype[Any]:
    """Return the smallest unsigned integer type that holds ``top``."""
    return np.dtype(np.min_scalar_type(max(top, 0)))


def write_sequence(writer: ArrayFileWriter, field: str, sequence: Array, starts: Array, units: int) -> None:
    """Write the sequence of units and how to tell documents from positions."""
    writer.add(f"{field}.sequence", sequence.astype(smallest_type(units)))
    writer.add(f"{field}.starts", starts.astype(np.uint32))
    writer.add(f"{field}.blocks", blocks_of(starts))


def blocks_of(starts: Array) -> Array:
    """Name the document at every 64th position."""
    at = np.arange(0, int(starts[-1]), 1 << BLOCK_SHIFT)
    return (np.searchsorted(starts, at, side="right") - 1).astype(np.uint32)


def sorted_bigrams(sequence: Array, units: int) -> tuple[Array, Array, Array]:
    """Invert a sequence of units: return the distinct bigrams (first << 32 | second), their counts, and all positions.

    First unit, second unit and position are packed into one number: sorting these takes a tenth of the
    time of a stable argsort over bigrams.
    """
    unit_bits = max(units - 1, 1).bit_length()
    place_bits = max(len(sequence), 1).bit_length()
    if 2 * unit_bits + place_bits > 64:
        raise OverflowError("too many units for one batch")
    # In place, for each of these arrays is among the largest that a build holds.
    keys = sequence[:-1].astype(np.uint64)
    keys <<= np.uint64(unit_bits)
    keys |= sequence[1:]
    keys <<= np.uint64(place_bits)
    keys |= np.arange(len(keys), dtype=np.uint32)
    keys = keys[sequence[:-1] >= FIRST_UNIT]
    keys.sort()
    positions = (keys & np.uint64((1 << place_bits) - 1)).astype(np.uint32)
    keys >>= np.uint64(place_bits)
    heads = heads_of(keys)
    found = keys[heads]
    bigrams = (found >> np.uint64(unit_bits)) << np.uint64(32) | found & np.uint64((1 << unit_bits) - 1)
    return bigrams, np.diff(heads, append=len(keys)), positions


def write_bigrams(writer: ArrayFileWriter, field: str, bigrams: Array, units: int) -> None:
    """Write the table of bigrams."""
    firsts = np.arange(units + 1, dtype=np.uint64) << np.uint64(32)
    writer.add(f"{field}.first", np.searchsorted(bigrams, firsts).astype(np.uint32))
    writer.add(f"{field}.second", (bigrams & np.uint64(0xFFFFFFFF)).astype(smallest_type(units)))


def document_frequency(rows: Sequence[tuple[Array, Array]], units: int) -> Array:
    """Count for each unit the documents that hold it, in any of several fields: (sequence, starts) each."""
    documents = max(len(starts) - 1 for _, starts in rows)
    kind, shift = pair_type(units, documents)
    ends = np.cumsum([0, *(len(row) for row, _ in rows)]).tolist()
    keys = np.empty(ends[-1], dtype=kind)
    for (row, starts), low, high in zip(rows, ends, ends[1:], strict=False):
        keys[low:high] = row
        keys[low:high] <<= shift
        keys[low:high] |= np.repeat(np.arange(len(starts) - 1, dtype=kind), steps(starts))
    keys = distinct(keys)
    return np.bincount((keys >> shift).astype(np.intp), minlength=units)


def pair_type(most: int, documents: int) -> tuple[np.dtype[Any], Any]:
    """Return a type for numbers below ``most`` with a document's behind each, and how far they are shifted.

    Four bytes are sorted in half the time of eight; a batch can do with them.
    """
    bits = max(documents - 1, 1).bit_length()
    kind = np.dtype(np.uint32 if max(most - 1, 1).bit_length() + bits <= 32 else np.uint64)
    return kind, kind.type(bits)


def documents_at(positions: Array, starts: Array, blocks: Array) -> Array:
    """Return in which document each position lies.

    Eight times faster than a binary search for each of many positions: the block's document, then a step or two.
    """
    if len(positions) <= FEW_POSITIONS:
        return starts[1:].searchsorted(positions.astype(starts.dtype, copy=False), "right").astype(np.uint32)
    documents: Array = blocks.take(positions >> BLOCK_SHIFT)  # ``take`` needs three fifths of the time of an index
    ends = starts[1:]
    late = (ends.take(documents) <= positions).nonzero()[0]
    while len(late):
        documents[late] += 1
        late = late[ends[documents[late]] <= positions[late]]
    return documents


def count_documents(documents: Array) -> tuple[Array, Array]:
    """Turn ascending document numbers with repetitions into distinct ones and how often each stood there."""
    is_head = np.ones(len(documents) + 1, dtype=bool)  # one more, for the end
    np.not_equal(documents[1:], documents[:-1], out=is_head[1:-1])
    heads = is_head.nonzero()[0]
    return documents[heads[:-1]], heads[1:] - heads[:-1]
