"""Several segments into one, without what is deleted; memory stays bounded however large they are.

Every table is sorted alike in every segment, so the lists of a range of units or words lie side by side in each of
them. One range is read and put together after the other, or several at once in as many processes; each is written as
a file of its own, and the merged segment's files are made of these, two at once again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.embedded.store.array_file import ArrayFileWriter, steps
from indexer.embedded.store.documents import BLOBS, DOC_VALUES, RANKED_BY, ends_of_blobs, write_ids
from indexer.embedded.store.parts import Parts
from indexer.embedded.store.relation_arrays import merge_relations
from indexer.embedded.store.term_dictionary import TermDictionary, merge_terms, write_terms
from indexer.embedded.whoosh.segment import ArraySegment
from indexer.embedded.write.frequent_terms import write_common
from indexer.embedded.write.merge_lists import Merging
from indexer.embedded.write.merge_units import finish_units, tasks_of_units
from indexer.embedded.write.merge_words import tasks_of_words, write_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from indexer.embedded.store.array_file import Begun
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
    of_words: list[Callable[[], Any]] = [partial(_write_documents, merging, merged), *tasks_of_words(merging)]
    _, *word_parts = do(of_words)
    _, begun, *unit_parts = do(_with_units(merging, partial(_finish_words, merging, merged, word_parts)))
    finishing = [
        partial(_write_common, merging, merged, unit_parts, word_parts),
        partial(_finish_units, merging, merged, begun, unit_parts),
    ]
    for _ in do(finishing):
        pass
    for left in folder.glob(f"{merging.name}.*.part"):  # those of processes that died, too
        left.unlink()
    merged.seal(folder)
    return merged


def _with_units(merging: Merging, first: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
    """Yield something else to do; prepare the merge of units when another process is busy with that; yield this too."""
    yield first
    begin, parts = tasks_of_units(merging)
    yield begin
    yield from parts


# ── what may be done in another process ──────────────────────────────────────────────────────────────


def _write_documents(merging: Merging, merged: ArraySegment) -> None:
    with _new_file(merging, merged, "docs") as writer:
        _merge_documents(writer, merging.sources())


def _finish_words(merging: Merging, merged: ArraySegment, parts: Sequence[Path]) -> None:
    with _new_file(merging, merged, "words") as writer:
        write_words(writer, merging, Parts(parts))


def _write_common(merging: Merging, merged: ArraySegment, units: Sequence[Path], words: Sequence[Path]) -> None:
    with _new_file(merging, merged, "common") as writer:
        if not merging.passing:
            write_common(writer, Parts(units), Parts(words), merging.documents)


def _finish_units(merging: Merging, merged: ArraySegment, begun: Begun, parts: Sequence[Path]) -> None:
    with ArrayFileWriter.go_on(begun) as writer:
        finish_units(writer, Parts(parts), begun.items("document_frequency"))
    begun.path.rename(merged.path(merging.folder, "units"))


def _new_file(merging: Merging, merged: ArraySegment, part: str) -> ArrayFileWriter:
    path = merged.path(merging.folder, part)
    path.unlink(missing_ok=True)  # of a process that died
    return ArrayFileWriter(path)


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
