"""Go through a whole index and say what is not as it was written, or does not fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.embedded.checksums import array_files
from indexer.embedded.search.snapshot import Snapshot
from indexer.embedded.store.array_file import ArrayFile, Damaged, ranges, steps
from indexer.embedded.store.bigram_index import TEXT_FIELDS
from indexer.embedded.store.documents import Documents
from indexer.embedded.store.meta import OtherVersion
from indexer.embedded.store.positions import Positions
from indexer.embedded.store.texts import Texts
from indexer.embedded.store.unit_codes import FIRST_UNIT
from indexer.embedded.whoosh.segment import INDEX_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.embedded.store.segment_record import SegmentRecord


def verify(folder: Path) -> list[str]:
    """Check every file, posting and stored document of a generation; [] when all is well."""
    try:
        snapshot = Snapshot(folder)
        problems = [problem for path in array_files(snapshot) for problem in ArrayFile(path).problems()]
    except (Damaged, OtherVersion, OSError) as error:
        return [str(getattr(error, "what", error))]
    if problems:
        return problems  # whether they fit together is no question then
    table = TOC.read(FileStorage(str(folder)), INDEX_NAME)
    if [one.record() for one in table.segments] != [segment.record for segment in snapshot.segments]:
        problems.append("Whoosh's table of contents names other segments than the record beside it")
    for segment in snapshot.segments:
        problems += _misfits(folder, segment.record)
    ids = [snapshot.id_of(number) for number in np.flatnonzero(snapshot.live).tolist()]
    if len(set(ids)) != len(ids):
        problems.append("an id stands for more than one announcement")
    return problems


def _misfits(folder: Path, record: SegmentRecord) -> list[str]:
    """Compare what is written twice: sequences of units with bigrams, stored documents with their ids."""
    units, words, docs = (ArrayFile(record.path(folder, part)) for part in ("units", "words", "docs"))
    found = [f"{field}: {what}" for field in TEXT_FIELDS for what in _of_field(units, words, field)]
    found += _of_documents(Documents(docs, Texts(units)))
    return [f"{record.name}: {what}" for what in found]


def _of_documents(documents: Documents) -> Iterator[str]:
    for number, written in enumerate(documents.ids.tolist()):
        try:
            if documents[number].id.encode("ascii") != written:
                yield f"document {number} is another than its id says"
        except Damaged as error:
            yield error.what


def _of_field(units: ArrayFile, words: ArrayFile, field: str) -> Iterator[str]:
    sequence, starts, first, second = (units[f"{field}.{name}"] for name in ("sequence", "starts", "first", "second"))
    if int(starts[-1]) != len(sequence) or (steps(starts) <= 0).any():
        yield "texts do not fill the sequence of units"
    positions, found = Positions(units, field), 0
    heads = np.repeat(np.arange(len(first) - 1), steps(first))
    for low, high in ranges(steps(positions.offsets)):
        places, lengths = positions.between(low, high)
        found += len(places)
        bigrams = np.repeat(np.arange(low, high), lengths)
        if int(places.max(initial=0)) >= len(sequence) - 1:
            yield "a bigram stands behind the end of the sequence"
        elif (sequence[places] != heads[bigrams]).any() or (sequence[places + 1] != second[bigrams]).any():
            yield "a bigram stands where the sequence has another"
    if found != int(np.count_nonzero(sequence[:-1] >= FIRST_UNIT)):
        yield "bigrams are missing"
    docs, begins = words[f"{field}.docs"], words[f"{field}.offsets"][:-1]
    is_first = np.zeros(len(docs), dtype=bool)
    is_first[begins[begins < len(docs)]] = True
    if not ((docs[1:] > docs[:-1]) | is_first[1:]).all():
        yield "the documents of a word are out of order"
