"""Ready-made answers for what is frequent: written once, so that a query need not go through all positions.

Per field: ``common.bigrams`` with the documents and frequencies of each (``postings``), and the documents of every
unit: of those that are in many, ``units.dense``, one bitmap each in ``units.bits``; of each other a stretch of
``units.docs``, where ``units.offsets`` says. A million positions take 10 ms to turn into documents; read from here,
0.1 ms. ``document_frequency`` stands beside a field's bigrams, and ``words.document_frequency``, for both fields,
beside the table of words.

All of it is found while bigrams and words are put together, a range of them after the other, for then the lists are at
hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import distinct, steps
from indexer.embedded.store.bigram_index import TEXT_FIELDS, smallest_type
from indexer.embedded.store.postings import CountsWriter, document_type
from indexer.embedded.store.unit_codes import FIRST_UNIT
from indexer.embedded.write.document_frequency import Postings, document_frequencies
from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter
    from indexer.embedded.store.parts import Parts

# A bigram that stands in more places has a ready-made answer; one with fewer takes 0.05 ms. In a large index more are
# called for, a share of its documents, so that what is ready-made stays below a third of the text's bytes.
COMMON_BIGRAM = 1024
BIGRAM_SHARE = 1 / 12
DENSE_SHARE = 1 / 10  # a unit that stands in more places has a bitmap: it is in every sixteenth document or so
_UNIT_BITS = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Bigrams:
    """The bigrams of one field that begin with units of a range, and where they stand."""

    keys: Array  # first unit << 32 | second, ascending
    lengths: Array  # of their lists of positions
    documents: Array  # at each position


def ready_made(bigrams: Mapping[str, Bigrams], span: tuple[int, int], documents: int) -> dict[str, Array]:
    """Return the arrays of a part: what is ready-made of a range of units, by field, in so many documents."""
    arrays: dict[str, Array] = {}
    postings = {}
    for field in TEXT_FIELDS:
        of_field = bigrams[field]
        postings[field], counts = _postings(of_field)
        for name, array in (
            _of_units(of_field, postings[field], span, documents)
            | _of_bigrams(of_field, postings[field], counts, documents)
        ).items():
            arrays[f"{field}.{name}"] = array
    found = document_frequencies(*(postings[field] for field in TEXT_FIELDS))
    return arrays | {f"{field}.document_frequency": one for field, one in zip(TEXT_FIELDS, found, strict=True)}


def _postings(bigrams: Bigrams) -> tuple[Postings, Array]:
    """Return the documents of bigrams, and how often each stands there."""
    documents, ends = bigrams.documents, bigrams.lengths.cumsum()
    is_head = np.ones(len(documents) + 1, dtype=bool)  # one more, for the end
    np.not_equal(documents[1:], documents[:-1], out=is_head[1:-1])
    is_head[ends] = True
    heads = is_head.nonzero()[0]
    lengths = np.diff(heads.searchsorted(ends), prepend=0)
    return Postings(bigrams.keys, lengths, documents[heads[:-1]]), heads[1:] - heads[:-1]


def _of_units(bigrams: Bigrams, postings: Postings, span: tuple[int, int], documents: int) -> dict[str, Array]:
    """Return the documents of units."""
    low, high = span
    lists = np.searchsorted(bigrams.keys, np.arange(low, high + 1, dtype=np.uint64) << _UNIT_BITS)
    places = steps(np.concatenate(([0], bigrams.lengths.cumsum()))[lists])
    begins = np.concatenate(([0], postings.lengths.cumsum()))[lists]
    is_dense = places > documents * DENSE_SHARE
    dense = is_dense.nonzero()[0]
    bits = [np.zeros(0, dtype=np.uint8)]
    for begin, end in zip(begins[dense].tolist(), begins[dense + 1].tolist(), strict=True):
        holds = np.zeros(documents, dtype=bool)
        holds[postings.documents[begin:end]] = True
        bits.append(np.packbits(holds))
    per_unit = steps(begins)
    others = (~np.repeat(is_dense, per_unit)).nonzero()[0]
    units = np.repeat(np.arange(high - low, dtype=np.uint64), np.where(is_dense, 0, per_unit))
    keys = distinct(units << _UNIT_BITS | postings.documents[others])
    return {
        "units.dense": dense + low,
        "units.bits": np.concatenate(bits),
        "units.docs": (keys & np.uint64(0xFFFFFFFF)).astype(document_type(documents)),
        "units.lengths": np.bincount((keys >> _UNIT_BITS).astype(np.intp), minlength=high - low),
    }


def _of_bigrams(bigrams: Bigrams, postings: Postings, counts: Array, documents: int) -> dict[str, Array]:
    """Return the documents and frequencies of bigrams."""
    # A bigram that ends in BREAK or END is never asked for alone.
    is_common = bigrams.lengths > max(COMMON_BIGRAM, documents * BIGRAM_SHARE)
    is_common &= bigrams.keys & np.uint64(0xFFFFFFFF) >= FIRST_UNIT
    kept = np.repeat(is_common, postings.lengths).nonzero()[0]
    return {
        "is_common": is_common,
        "common.docs": postings.documents[kept].astype(document_type(documents)),
        "common.counts": counts[kept].astype(np.uint32),
        "common.lengths": postings.lengths[is_common],
    }


def words_of_either(fields: Sequence[Postings], span: tuple[int, int]) -> dict[str, Array]:
    """Return the array of a part: how many documents hold each word of a range, whose numbers are the lists' keys."""
    low, high = span
    found = np.zeros(high - low, dtype=np.uint32)
    for postings, counts in zip(fields, document_frequencies(*fields), strict=True):
        found[postings.keys.astype(np.int64) - low] = counts
    return {"words.document_frequency": found}


def words_of_file(words: ArrayFile) -> dict[str, Array]:
    """Return the array of a part: how many documents hold each word of a segment."""
    fields = []
    for field in TEXT_FIELDS:
        lengths = steps(words[f"{field}.offsets"])
        fields.append(Postings(np.arange(len(lengths)), lengths, words[f"{field}.docs"]))
    return words_of_either(fields, (0, len(fields[0].keys)))


def write_common(writer: ArrayFileWriter, units: Parts, words: Parts, documents: int) -> None:
    """Write what is ready-made of the parts of a segment."""
    for field in TEXT_FIELDS:
        writer.add(f"{field}.units.dense", units.whole(f"{field}.units.dense").astype(np.uint32))
        _copy(writer, units, f"{field}.units.bits", np.dtype(np.uint8))
        _copy(writer, units, f"{field}.units.docs", document_type(documents))
        lengths = units.whole(f"{field}.units.lengths")
        writer.add(f"{field}.units.offsets", np.concatenate(([0], lengths.cumsum())).astype(np.uint32))
        writer.add(f"{field}.common.bigrams", units.whole(f"{field}.is_common").nonzero()[0].astype(np.uint32))
        _copy(writer, units, f"{field}.common.docs", document_type(documents))
        counts = CountsWriter(writer, f"{field}.common")
        for part in units[f"{field}.common.counts"]:
            counts.append(part)
        counts.close()
        lengths = units.whole(f"{field}.common.lengths")
        writer.add(f"{field}.common.offsets", np.concatenate(([0], lengths.cumsum())).astype(np.uint64))
    for field in TEXT_FIELDS:
        found = units.whole(f"{field}.document_frequency")
        writer.add(f"{field}.document_frequency", found.astype(smallest_type(int(found.max(initial=0)))))
    writer.add("words.document_frequency", words.whole("words.document_frequency").astype(np.uint32))


def _copy(writer: ArrayFileWriter, parts: Parts, name: str, kind: np.dtype[np.unsignedinteger]) -> None:
    writer.start(name, kind)
    for part in parts[name]:
        writer.append(part)
