"""Make of announcements what the cluster is sent."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from tqdm import tqdm

from indexer.cluster.bulk import put
from indexer.cluster.documents import document_id, documents
from indexer.cluster.records import unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.cluster.averages import Averages
    from indexer.cluster.bulk import Line
    from indexer.cluster.connection import Body
    from indexer.cluster.cutting import Cutting
    from indexer.cluster.relation_keys import Told

WORTH_SHOWING: Final = 2_000  # announcements; who writes so many at a terminal wants to see how far it is

Item = TypeVar("Item")


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


def index_lines(rows: Rows, making: Making, cutting: Cutting) -> Iterator[Line]:
    """Return what writes these announcements; the same ones again write the same."""
    return cutting.each(partial(_lines_of, making=making), rows.each, lambda row: len(row.record))


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
