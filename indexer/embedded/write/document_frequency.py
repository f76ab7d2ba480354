"""Write how many documents hold each bigram and each word, in either field: idf is computed from these counts.

Arrays: per field ``document_frequency``, beside its bigrams, and ``words.document_frequency`` for both fields, beside
the table of words. Deleted documents count until their segment is merged. Without these arrays a query would go
through all postings of what it asks for, in both fields, even when it finds next to nothing: a third of its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import distinct, ranges, steps
from indexer.embedded.store.bigram_index import TEXT_FIELDS, documents_at, smallest_type
from indexer.embedded.store.positions import Positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter

_DOCUMENT_BITS = np.uint64(32)


def write_document_frequency(writer: ArrayFileWriter, units: ArrayFile, words: ArrayFile) -> None:
    """Count and write, a range of units and of words after the other."""
    of_bigrams: dict[str, list[Array]] = {field: [] for field in TEXT_FIELDS}
    totals = sum(steps(units[f"{field}.offsets"][units[f"{field}.first"]]) for field in TEXT_FIELDS)
    for low, high in ranges(np.asarray(totals)):
        lists = [_bigrams(units, field, low, high) for field in TEXT_FIELDS]
        union = distinct(np.concatenate([bigrams for bigrams, _, _ in lists]))
        places = [np.searchsorted(union, bigrams) for bigrams, _, _ in lists]
        counts = _count([_keys(at, *of_one[1:]) for at, of_one in zip(places, lists, strict=True)], len(union))
        for field, at in zip(TEXT_FIELDS, places, strict=True):
            of_bigrams[field].append(counts[at])
    for field, parts in of_bigrams.items():
        found = np.concatenate([np.zeros(0, dtype=np.int64), *parts])
        writer.add(f"{field}.document_frequency", found.astype(smallest_type(int(found.max(initial=0)))))
    totals = sum(steps(words[f"{field}.offsets"]) for field in TEXT_FIELDS)
    of_words = [
        _count([_postings(words, field, low, high) for field in TEXT_FIELDS], high - low)
        for low, high in ranges(np.asarray(totals))
    ]
    writer.add("words.document_frequency", np.concatenate([np.zeros(0, dtype=np.int64), *of_words]).astype(np.uint32))


def _bigrams(units: ArrayFile, field: str, low: int, high: int) -> tuple[Array, Array, Array]:
    """Return the bigrams that begin with units of a range, the number of places of each, and their documents."""
    first, second = units[f"{field}.first"], units[f"{field}.second"]
    span = slice(int(first[low]), int(first[high]))
    begin = np.repeat(np.arange(low, high, dtype=np.uint64), steps(first[low : high + 1]))
    positions, lengths = Positions(units, field).between(span.start, span.stop)
    documents = documents_at(positions, units[f"{field}.starts"], units[f"{field}.blocks"])
    return begin << np.uint64(32) | second[span], lengths, documents


def _postings(words: ArrayFile, field: str, low: int, high: int) -> Array:
    bounds = words[f"{field}.offsets"][low : high + 1]
    return _keys(np.arange(high - low), steps(bounds), words[f"{field}.docs"][int(bounds[0]) : int(bounds[-1])])


def _keys(lists: Array, lengths: Array, documents: Array) -> Array:
    """Write a list's number and a document's as one: ascending, as the lists and the documents in them are."""
    keys = np.repeat(lists.astype(np.uint64) << _DOCUMENT_BITS, lengths) | documents
    return keys[np.flatnonzero(np.diff(keys, prepend=~keys[:1]))]


def _count(fields: Sequence[Array], lists: int) -> Array:
    """Count the documents of each list that are in any field."""
    title, body = fields
    at = np.minimum(np.searchsorted(body, title), max(len(body) - 1, 0))
    only = title[body[at] != title] if len(body) else title
    of_body, of_only = (np.bincount((keys >> _DOCUMENT_BITS).astype(np.intp), minlength=lists) for keys in (body, only))
    return of_body + of_only
