"""Decide over all pages at once which of them the index holds, under which ids, and which are copies of one another.

Depends on nothing but the rows, in whatever order they came: so an update settles them as a rebuild does.

* A file whose text went into the page that carries it is not indexed by itself.
* Of records of one id in one file the last one counts: corrections are appended. With global ids that holds over all
  files.
* What says the same of the same site in every field once more is a duplicate. The same number alone is none: an id
  that stands in several files with different texts stays with the first of them, the others get one of their own.
* Everything else is indexed. What is the same announcement in another frame is a repost: found by itself, and shown
  under the issuing body's own.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from indexer.announcement import page_id
from indexer.reading.reposts import arrange

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from indexer.indexing.ledger import Row

_ID_SIGNS = re.compile(r"[0-9A-Za-z._-]+")
_LONGEST_ID = 64


def settle(rows: list[Row], *, global_ids: bool = False) -> None:
    """Give each row of a page that was read its fate, its id and its leader; ``rows`` stand in their order."""
    for row in rows:
        row.fate, row.leader, row.id = "leads", "", row.given
    _fold_attachments(rows)
    _fold_corrected(rows, global_ids=global_ids)
    _fold_duplicates(rows)
    _give_ids(list(_leading(rows)))
    _gather_copies(list(_leading(rows)))
    _name_leaders(rows)


def _leading(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row.fate == "leads")


# Until ids are given, ``leader`` cannot name one: these keep the row that stands for another by its place.


def _stand_for(row: Row, leader: Row) -> None:
    row.leader = _key(leader)


def _key(row: Row) -> str:
    place = row.place
    return json.dumps((place.root, place.file, place.entry, place.line))


def _fold_attachments(rows: list[Row]) -> None:
    """Fold files under the first page that carries them."""
    by_path = {(row.place.root, row.path): row for row in rows if not row.place.entry}
    for row in rows:
        for path in row.attached:
            file = by_path.get((row.place.root, path))
            if file is not None and file.fate == "leads":
                file.fate = "attached"
                _stand_for(file, row)


def _fold_corrected(rows: list[Row], *, global_ids: bool) -> None:
    """Let the last record of an id in its file stand for it."""

    def identity(row: Row) -> Hashable:
        return row.given if global_ids else (row.place.root, row.place.file, row.place.entry, row.given)

    last = {identity(row): row for row in _leading(rows)}
    for row in _leading(rows):
        if (stands := last[identity(row)]) is not row:
            row.fate = "duplicate" if row.content == stands.content else "corrected"
            _stand_for(row, stands)


def _fold_duplicates(rows: list[Row]) -> None:
    first: dict[bytes, Row] = {}
    for row in _leading(rows):
        if (stands := first.setdefault(row.content, row)) is not row:
            row.fate = "duplicate"
            _stand_for(row, stands)


def _give_ids(rows: list[Row]) -> None:
    """Leave each id with the first page that was given it; name the others after their files."""
    taken = {row.given for row in rows}
    held: set[str] = set()
    for row in rows:
        if row.given in held:
            row.id = next(name for name in _names(row) if name not in taken)
            taken.add(row.id)
        held.add(row.given)


def _names(row: Row) -> Iterator[str]:
    """Yield ids for a page whose own another one has: readable where its file's name is, and surely free at last."""
    place = row.place
    written = f"{place.file.rpartition('/')[2]}-{row.given}"
    if len(written) <= _LONGEST_ID and _ID_SIGNS.fullmatch(written):
        yield written
    number = 0
    while True:
        yield page_id(json.dumps((place.root, place.file, place.entry, row.given, number)))
        number += 1


def _gather_copies(rows: list[Row]) -> None:
    """Put copies of one announcement under the issuing body's own."""
    for place in arrange([row.fingerprint for row in rows]):
        for copy in (*place.reposts, *place.duplicates):
            rows[copy].fate = "repost"
            _stand_for(rows[copy], rows[place.leader])


def _name_leaders(rows: list[Row]) -> None:
    """Name by its id what stands for a row; where that is folded itself, what stands for it."""
    by_key = {_key(row): row for row in rows}
    heads: dict[str, Row] = {}
    for row in rows:
        if row.leader:
            head = by_key[row.leader]
            while head.leader:
                head = by_key[head.leader]
            heads[_key(row)] = head
    for row in rows:
        row.leader = heads[_key(row)].id if row.leader else ""
