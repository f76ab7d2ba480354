"""Cut announcements into what the cluster is sent, in several processes: cutting is most of our share of a build."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from tqdm import tqdm

from indexer.cluster.bulk import put
from indexer.cluster.documents import Averages, document_id, documents
from indexer.cluster.records import unpack
from indexer.cluster.relation_keys import Told, told_by
from indexer.errors import IndexUnwritable
from indexer.messages import said
from indexer.text.segmenter import current_segmenter, cut_in_this_process_by, segmenter_of
from indexer.workers import OrderedMap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from indexer.cluster.bulk import Line
    from indexer.cluster.connection import Body
    from indexer.skip_reasons import SkipReason

BATCH: Final = 250  # announcements that are cut at once
WORTH_SHOWING: Final = 2_000  # announcements; who writes so many at a terminal wants to see how far it is
_WORTH_WORKERS: Final = 1_000  # announcements; fewer are cut before workers have started

Item = TypeVar("Item")
Result = TypeVar("Result")


class Making(NamedTuple):
    """How documents of one build are made."""

    born: int  # number of the version that they come with
    averages: Averages
    part: int = 0


class Row(NamedTuple):
    """All that one document is made of."""

    record: str  # the announcement, packed as it is stored
    told: Told
    settled: Body  # see ``indexer.cluster.settled``


class Rows(NamedTuple):
    """What many documents are made of."""

    each: Iterable[Row]
    total: int  # as many as there will be, or somewhat more


def index_lines(rows: Rows, making: Making, jobs: int) -> Iterator[Line]:
    """Return what writes these announcements; the same ones again write the same."""
    return _made(partial(_lines_of, making=making), rows.each, rows.total, jobs)


def told_by_records(records: Iterable[str], count: int, jobs: int) -> Iterator[Told]:
    """Return what each of these announcements, packed, says of others."""
    return _made(_told_by, records, count, jobs)


def _made(make: Callable[[list[Item]], list[Result]], items: Iterable[Item], count: int, jobs: int) -> Iterator[Result]:
    """Make something of each item, batch by batch, in so many processes."""
    batches = _batches(items)
    if jobs < 2 or count < _WORTH_WORKERS:
        yield from (result for batch in batches for result in make(batch))
        return
    segmenter = current_segmenter()
    prepare = partial(_prepare, segmenter.user_words, segmenter.digest)
    workers = OrderedMap[list[Item], list[Result]](make, jobs, _died, prepare)
    for results in workers.run([batch] for batch in batches):
        yield from results


def shown(items: Iterable[Item], total: int, doing: str) -> Iterator[Item]:
    """Return items one by one, with a bar that says how far it is."""
    # None: no bar where stderr is no terminal.
    yield from tqdm(items, total=total, desc=doing, disable=None if total >= WORTH_SHOWING else True)


def _lines_of(rows: list[Row], making: Making) -> list[Line]:
    announcements = [unpack(row.record) for row in rows]
    made = documents(announcements, [row.record for row in rows], making.averages)
    origin = {"born": making.born, "part": making.part}
    return [
        put(document_id(announcement.id, making.born), {**document, **relation_fields(row), **origin})
        for row, announcement, document in zip(rows, announcements, made, strict=True)
    ]


def relation_fields(row: Row) -> Body:
    """Return the fields of a document that are about relations."""
    return {"relations": row.told.relations, "relation_keys": row.told.keys, **row.settled}


def _told_by(records: list[str]) -> list[Told]:
    return told_by([unpack(record) for record in records])


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
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


def _died(_: Any, reason: SkipReason) -> Any:
    raise IndexUnwritable("the cluster", said("a process that cut texts is gone: %(why)s", why=reason))
