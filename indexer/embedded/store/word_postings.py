"""The inverted index of words: posting lists with term frequencies, and the length of each field.

Arrays: the table ``words`` (both fields' words), and per field
  the documents that hold each word, and how often, see ``postings``
  lengths  per document: words in the field
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import heads_of, steps
from indexer.embedded.store.bigram_index import TEXT_FIELDS, pair_type
from indexer.embedded.store.postings import CountsWriter, PostingLists, document_type
from indexer.embedded.store.term_dictionary import TermDictionary, write_terms
from indexer.embedded.store.unit_codes import END
from indexer.text.word_numbers import word_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indexer.embedded.store.array_file import Array, ArrayFile, ArrayFileWriter
    from indexer.embedded.store.unit_codes import Encoded
    from indexer.text.word_numbers import WordNumbers

CUT_AT_ONCE = 1 << 17  # units; their words are Python strings meanwhile, 20 times the size of the numbers


def write_words(writer: ArrayFileWriter, texts: Mapping[str, Encoded]) -> None:
    """Cut each field's texts and write their postings."""
    numbers = word_numbers()
    cut = {field: _number(of_field, numbers) for field, of_field in texts.items()}
    vocabulary = sorted(numbers.words())
    ranks = np.zeros(len(numbers), dtype=np.uint32)
    ranks[[number for _, number in vocabulary]] = np.arange(len(vocabulary), dtype=np.uint32)
    write_terms(writer, "words", [word for word, _ in vocabulary])
    for field, (tokens, lengths) in cut.items():
        _write_postings(writer, field, ranks[tokens], lengths, len(vocabulary))


def _number(texts: Encoded, numbers: WordNumbers) -> tuple[Array, Array]:
    """Cut texts; give the numbers of all words in a row, and how many each text has."""
    tokens, lengths = [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.int32)]
    for codes, runs in texts.stretches(CUT_AT_ONCE):
        of_stretch, sizes = numbers.of(codes, runs, END)
        tokens.append(of_stretch)
        lengths.append(sizes)
    return np.concatenate(tokens), np.concatenate(lengths)


def _write_postings(writer: ArrayFileWriter, field: str, tokens: Array, lengths: Array, size: int) -> None:
    kind, shift = pair_type(size, len(lengths))
    keys = tokens.astype(kind)
    keys <<= shift
    keys |= np.repeat(np.arange(len(lengths), dtype=kind), lengths)
    keys.sort()
    heads = heads_of(keys)
    counts = np.diff(heads, append=len(keys))
    keys = keys[heads]
    bounds = np.searchsorted(keys >> shift, np.arange(size + 1, dtype=kind))
    writer.add(f"{field}.offsets", bounds.astype(np.uint32))
    documents = keys & kind.type((1 << int(shift)) - 1)
    writer.add(f"{field}.docs", documents.astype(document_type(len(lengths))))
    to = CountsWriter(writer, field)
    to.append(counts)
    to.close()
    writer.add(f"{field}.lengths", lengths.astype(np.uint32))


class Words:
    """Ranking data of one segment."""

    def __init__(self, file: ArrayFile, common: ArrayFile) -> None:
        self.table = TermDictionary(file, "words")
        # Gives the number of a word, -1 if it stands nowhere; for one query, a word is asked for three times.
        self.find: Callable[[str], int] = lru_cache(maxsize=1024)(self.table.find)
        self.lengths: dict[str, Array] = {field: file[f"{field}.lengths"] for field in TEXT_FIELDS}
        self._document_frequency: memoryview = common["words.document_frequency"].data
        self._postings = {field: PostingLists(file, field) for field in TEXT_FIELDS}

    def postings(self, number: int, field: str) -> tuple[Array, Array]:
        """Return the documents whose field holds a word of the table, ascending, and how often; -1 stands nowhere."""
        return self._postings[field].of(number)

    def occurring(self, field: str) -> Array:
        """Return for each word of the table whether it stands in a field."""
        return steps(self._postings[field].offsets) > 0

    def document_frequency(self, word: str) -> int:
        """Count the documents that hold a word in either field, deleted ones too."""
        number = self.find(word)
        return self._document_frequency[number] if number >= 0 else 0
