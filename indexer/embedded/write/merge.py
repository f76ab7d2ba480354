"""Several segments into one, without what is deleted; memory stays bounded however large they are.

Every table is sorted alike in every segment, so the lists of a range of units or words lie side by side in each of
them. One range is read and put together after the other, or several at once in as many processes; each is written as
a file of its own, and the merged segment's files are made of these.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from indexer.embedded.store.array_file import ArrayFileWriter, steps
from indexer.embedded.store.documents import BLOBS, DOC_VALUES, RANKED_BY, ends_of_blobs, write_ids
from indexer.embedded.store.parts import Parts
from indexer.embedded.store.relation_arrays import merge_relations
from indexer.embedded.store.term_dictionary import TermDictionary, merge_terms, write_terms
from indexer.embedded.whoosh.segment import ArraySegment
from indexer.embedded.write.frequent_terms import write_common
from indexer.embedded.write.merge_lists import Merging
from indexer.embedded.write.merge_units import UnitsMerge
from indexer.embedded.write.merge_words import WordsMerge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from indexer.embedded.write.merge_lists import Source
    from indexer.embedded.write.processes import Do


def merge_segments(
    folder: Path, records: Sequence[ArraySegment], do: Do, *, passing: bool = False, compiled: bool = True
) -> ArraySegment:
    """Write one segment that holds what is live in these, which are left alone.

    For ``passing`` see ``build_segment``, for ``compiled`` ``merge_all``.
    """
    merged = ArraySegment(sum(record.doc_count() for record in records))
    merging = Merging(folder, records, str(merged.segment_id()), passing, compiled)
    units, words = UnitsMerge(merging), _Later(merging)
    of_units = units.tasks()
    made = do(chain(of_units, words.tasks()))
    first = next(made)  # by now other processes, if there are any, are at work
    with _writer(merging, merged, "docs") as writer:
        _merge_documents(writer, merging.sources())
    with _writer(merging, merged, "units") as writer:
        units.write_rows(writer)
        unit_parts = Parts([first, *islice(made, len(of_units) - 1)])
        units.write_bigrams(writer, unit_parts)
    word_parts = Parts(list(made))
    with _writer(merging, merged, "words") as writer:
        words.merge.write(writer, word_parts)
    with _writer(merging, merged, "common") as writer:
        if not passing:
            write_common(writer, unit_parts, word_parts, merging.documents)
    for left in folder.glob(f"{merging.name}.*.part"):  # those of processes that died, too
        left.unlink()
    merged.seal(folder)
    return merged


def _writer(merging: Merging, merged: ArraySegment, part: str) -> ArrayFileWriter:
    return ArrayFileWriter(merged.path(merging.folder, part), lasting=not merging.passing)


class _Later:
    """Words, whose tables are merged when other processes are busy with units."""

    def __init__(self, merging: Merging) -> None:
        self._merging = merging

    def tasks(self) -> Iterator[Callable[[], Path]]:
        """Return what is to be done for them."""
        self.merge = WordsMerge(self._merging)
        yield from self.merge.tasks()


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
