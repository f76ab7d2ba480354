"""Settle the relations of a version before it answers, those of announcements that stay among them.

What is settled lies in the documents, and a document never changes while somebody may read it: where what comes or
goes makes another thing of one that stays, that is written once more, and the new version leaves the old one out.
"""

from __future__ import annotations

from array import array
from itertools import islice
from typing import TYPE_CHECKING, Final

from indexer.cluster.bulk_lines import Row
from indexer.cluster.records import RECORD, record_of
from indexer.cluster.relation_keys import KEY_FIELDS, Told, stored_keys, stored_place
from indexer.cluster.walk import walk_hits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from indexer.cluster.connection import Body, Connection
    from indexer.cluster.relation_register import Register
    from indexer.cluster.settled import Settled

KEYS_AT_ONCE: Final = 5_000  # documents whose keys are read in one request
ROWS_AT_ONCE: Final = 250  # documents that are read whole


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
