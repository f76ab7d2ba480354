"""Settle the relations of a version before it answers: of announcements that come, and of those that stay.

What is settled lies in the documents, and a document never changes while somebody may read it: where what comes or
goes makes another thing of one that stays, that is written once more, and the new version leaves the old one out.
"""

from __future__ import annotations

import json
from array import array
from itertools import islice
from typing import TYPE_CHECKING, Final, Self

from indexer.cluster.bulk_lines import Row, shown, told_by_records
from indexer.cluster.records import RECORD, record_of
from indexer.cluster.relation_keys import KEY_FIELDS, Told, place_of, stored_keys, stored_place
from indexer.cluster.relation_register import Register
from indexer.cluster.walk import walk_hits
from indexer.record_file import RecordFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from indexer.cluster.connection import Body, Connection
    from indexer.cluster.settled import Settled
    from indexer.cluster.spool import Drained

KEYS_AT_ONCE: Final = 5_000  # documents whose keys are read in one request
ROWS_AT_ONCE: Final = 250  # documents that are read whole


class Coming:
    """Announcements that will be written, with what each says of others: read off once, and kept in a file."""

    def __init__(self, drained: Drained, jobs: int) -> None:
        """Read what they say, in so many processes; raises ``NoTemporaryRoom``."""
        self._drained = drained
        self._told = RecordFile()
        try:
            every = told_by_records(drained.records(), drained.count, jobs)
            for told in shown(every, drained.count, "reading citations"):
                self._told.add(json.dumps(told).encode())
        except BaseException:
            self._told.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._told.close()

    def enter(self, register: Register) -> int:
        """Add them all to a register; return the number of the first of them there."""
        first = len(register)
        for announcement, told in zip(self._drained, self._all_told(), strict=True):
            register.add(place_of(announcement), told.keys)
        return first

    def rows(self, settled: Settled, first: int) -> Iterator[Row]:
        """Return what their documents are made of; ``first`` is the number of the first in the register."""
        pairs = zip(self._drained.records(), self._all_told(), strict=True)
        return (Row(record, told, settled.of(number)) for number, (record, told) in enumerate(pairs, first))

    def _all_told(self) -> Iterator[Told]:
        return (Told(*json.loads(record)) for record in self._told)


class Staying:
    """Announcements that lie in the cluster, in the order of a register that they are the first in."""

    def __init__(self) -> None:
        self._settled = array("q")  # digests of what was settled of each when it was written

    def enter(self, register: Register, connection: Connection, index: str, without: Collection[str] = ()) -> None:
        """Read all that lie in an index or a version, but those of these ids."""
        asked: Body = {
            "query": {"exists": {"field": "born"}},
            "sort": [{"id": "asc"}],
            "_source": False,
            "docvalue_fields": list(KEY_FIELDS),
        }
        for hit in walk_hits(connection, index, asked, KEYS_AT_ONCE):
            fields = hit["fields"]
            place = stored_place(fields)
            if place.id not in without:
                register.add(place, stored_keys(fields))
                self._settled.append(fields["settled"][0])

    def changed(self, settled: Settled) -> list[int]:
        """Return the numbers of those of whom something else was settled than is written."""
        return [number for number, before in enumerate(self._settled) if settled.of(number)["settled"] != before]


def stored_rows(
    connection: Connection, index: str, among: Body, numbers: dict[str, int], settled: Settled
) -> Iterator[Row]:
    """Yield what documents of an index or a version are made of, with what is settled of them by now.

    ``numbers`` are the numbers in the register, by id; of these ids only what is ``among`` is read.
    """
    waiting = iter(sorted(numbers))
    while ids := list(islice(waiting, ROWS_AT_ONCE)):
        body: Body = {
            "query": {"bool": {"filter": [{"terms": {"id": ids}}, among]}},
            "size": len(ids),
            "track_total_hits": False,
            "_source": ["relations"],
            "stored_fields": [RECORD],
            "docvalue_fields": ["id", "relation_keys"],
        }
        for hit in connection.search(index, body)["hits"]["hits"]:
            kept, fields = hit["_source"], hit["fields"]
            told = Told(kept["relations"], stored_keys(fields))
            yield Row(record_of(hit), told, settled.of(numbers[fields["id"][0]]))
