"""Go through a version and say what is wrong with it: what is stored must be what would be written today."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from indexer.cluster.documents import documents, unpack
from indexer.cluster.mappings import is_stored
from indexer.cluster.walk import walk_hits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.cluster.connection import Body, Connection
    from indexer.cluster.documents import Averages
    from indexer.cluster.versions import Version

_AT_ONCE = 500


def verify(connection: Connection, version: Version, averages: Averages) -> list[str]:
    """Return a sentence for each announcement that cannot be read or whose facts are not its own."""
    told: list[str] = []
    hits = walk_hits(connection, version.alias, {"sort": [{"id": "asc"}]})
    stored = (hit["_source"] for hit in hits)
    count = 0
    while some := list(islice(stored, _AT_ONCE)):
        told += _problems(some, averages)
        count += len(some)
    found = connection.counts(version.alias, [{"match_all": {}}])[0]
    return told if found == count else [*told, f"{found} announcements are counted, {count} are there"]


def _problems(stored: Sequence[Body], averages: Averages) -> Iterator[str]:
    readable = []
    for fields in stored:
        try:
            readable.append((fields, unpack(fields["record"])))
        except (ValueError, KeyError, TypeError) as error:
            yield f"announcement {fields.get('id')!r} cannot be read: {error}"
    made = documents([one for _, one in readable], [fields["record"] for fields, _ in readable], averages)
    for (fields, announcement), document in zip(readable, made, strict=True):
        wrong = [name for name, value in document.items() if is_stored(name) and fields.get(name) != value]
        if wrong:
            yield f"announcement {announcement.id!r}: wrong {', '.join(wrong)}"
