"""A batch of announcements to one segment's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ArrayFile, ArrayFileWriter
from indexer.embedded.store.bigram_index import (
    TEXT_FIELDS,
    blocks_of,
    document_frequency,
    documents_at,
    sorted_bigrams,
    write_bigrams,
    write_sequence,
)
from indexer.embedded.store.documents import write_documents
from indexer.embedded.store.parts import Parts
from indexer.embedded.store.positions import PositionsWriter
from indexer.embedded.store.term_dictionary import write_terms
from indexer.embedded.store.texts import write_texts
from indexer.embedded.store.unit_codes import Alphabet, encode
from indexer.embedded.store.word_postings import write_words
from indexer.embedded.whoosh.segment import ArraySegment
from indexer.embedded.write.frequent_terms import Bigrams, ready_made, words_of_file, write_common

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.embedded.store.unit_codes import Encoded


def build_segment(folder: Path, announcements: Sequence[Announcement], *, passing: bool = False) -> ArraySegment:
    """Write a new segment of these announcements, whose ids must differ, into ``folder``.

    A ``passing`` one is merged into another before anybody searches in it.
    """
    segment = ArraySegment(len(announcements))
    texts = {field: encode([getattr(one, field) for one in announcements]) for field in TEXT_FIELDS}

    def file(part: str) -> ArrayFileWriter:
        return ArrayFileWriter(segment.path(folder, part))

    with file("units") as writer:
        bigrams, units = _write_units(writer, texts, passing=passing)
    with file("words") as writer:
        write_words(writer, texts)
    with file("docs") as writer:
        write_documents(writer, announcements, texts["body"].written.whole)
    with file("common") as writer:
        if not passing:
            of_units = ready_made(bigrams, (0, units), len(announcements))
            of_words = words_of_file(ArrayFile(segment.path(folder, "words")))
            write_common(writer, Parts([of_units]), Parts([of_words]), len(announcements))
    segment.seal(folder)
    return segment


def _write_units(
    writer: ArrayFileWriter, texts: Mapping[str, Encoded], *, passing: bool
) -> tuple[dict[str, Bigrams], int]:
    """Write units and bigrams; return the bigrams of each field, none if it is ``passing``, and the number of units."""
    alphabet = Alphabet.of(list(texts.values()))
    writer.add("characters", alphabet.characters)
    write_terms(writer, "runs", alphabet.runs)
    sequences = {field: alphabet.number(one) for field, one in texts.items()}
    rows = [(sequences[field], one.starts) for field, one in texts.items()]
    writer.add("document_frequency", document_frequency(rows, len(alphabet)).astype(np.uint32))
    write_texts(writer, texts["body"])
    found = {}
    for field, one in texts.items():
        sequence = sequences[field]
        write_sequence(writer, field, sequence, one.starts, len(alphabet))
        bigrams, counts, positions = sorted_bigrams(sequence, len(alphabet))
        write_bigrams(writer, field, bigrams, len(alphabet))
        lists = PositionsWriter(writer, field, len(sequence), plain=passing)
        lists.append(positions, counts)
        lists.close()
        if not passing:
            documents = documents_at(positions, one.starts.astype(np.uint32), blocks_of(one.starts))
            found[field] = Bigrams(bigrams, counts, documents)
    return found, len(alphabet)
