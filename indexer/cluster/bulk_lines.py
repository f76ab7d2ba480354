"""Cut announcements into what the cluster is sent, in several processes: cutting is most of our share of a build."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from indexer.cluster.bulk import put
from indexer.cluster.documents import Averages, documents, unpack
from indexer.errors import IndexUnwritable
from indexer.sentences import said
from indexer.text.segmenter import current_segmenter, cut_in_this_process_by, segmenter_of
from indexer.workers import OrderedMap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.cluster.bulk import Line
    from indexer.skip_reasons import SkipReason

BATCH: Final = 250  # announcements that are cut at once
_WORTH_WORKERS: Final = 1_000  # announcements; fewer are cut before workers have started


class Making(NamedTuple):
    """How documents of one build are made."""

    born: int  # number of the version that they come with
    averages: Averages
    part: int = 0


def index_lines(records: Iterable[str], count: int, making: Making, jobs: int) -> Iterator[Line]:
    """Return what writes these announcements, packed as they are stored; the same ones again write the same."""
    batches = _batches(records)
    make = partial(_lines_of, making=making)
    if jobs < 2 or count < _WORTH_WORKERS:
        yield from (line for batch in batches for line in make(batch))
        return
    segmenter = current_segmenter()
    prepare = partial(_prepare, segmenter.user_words, segmenter.digest)
    workers = OrderedMap[list[str], "list[Line]"](make, jobs, _died, prepare)
    for lines in workers.run([batch] for batch in batches):
        yield from lines


def document_id(announcement_id: str, born: int) -> str:
    """Name the document of an announcement that came with a version."""
    return f"{announcement_id}.{born}"


def _lines_of(records: list[str], making: Making) -> list[Line]:
    announcements = [unpack(record) for record in records]
    made = documents(announcements, records, making.averages)
    origin = {"born": making.born, "part": making.part}
    return [
        put(document_id(announcement.id, making.born), {**document, **origin})
        for announcement, document in zip(announcements, made, strict=True)
    ]


def _batches(records: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _prepare(user_words: Sequence[str], digest: str) -> None:
    segmenter = segmenter_of(user_words)
    if segmenter.digest != digest:
        raise ValueError("a worker process cuts words by another dictionary")
    cut_in_this_process_by(segmenter)


def _died(_: list[str], reason: SkipReason) -> list[Line]:
    raise IndexUnwritable("the cluster", said("a process that cut texts is gone: %(why)s", why=reason))
