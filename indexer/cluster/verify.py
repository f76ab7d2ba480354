"""Go through a version and say what is wrong with it: what is stored must be what would be written today."""

from __future__ import annotations

import zlib
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from indexer.cluster.bulk_lines import Row, relation_fields
from indexer.cluster.documents import documents
from indexer.cluster.mappings import is_stored
from indexer.cluster.records import RECORD, WHOLE, unpack
from indexer.cluster.relating import Staying
from indexer.cluster.relation_keys import stored_keys, told_by
from indexer.cluster.relation_register import Register
from indexer.cluster.walk import walk_hits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.announcement import Announcement
    from indexer.cluster.averages import Averages
    from indexer.cluster.connection import Body, Connection
    from indexer.cluster.index_versions import Version
    from indexer.cluster.settled import Settled

_AT_ONCE: Final = 500
_ASKED: Final[Body] = {"sort": [{"id": "asc"}], **WHOLE, "_source": True, "docvalue_fields": ["relation_keys"]}


class _Stored(NamedTuple):
    """What lies in the cluster, and what is settled of it by all that lies there."""

    fields: Body
    settled: Body


def verify(connection: Connection, version: Version, averages: Averages) -> list[str]:
    """Return a sentence for each announcement that cannot be read or whose facts are not its own."""
    told: list[str] = []
    count = 0
    with Register() as register:
        Staying().enter(register, connection, version.alias)
        stored = _walk(connection, version, register.settled())
        while some := list(islice(stored, _AT_ONCE)):
            told += _problems(some, averages)
            count += len(some)
    found = connection.counts(version.alias, [{"match_all": {}}])[0]
    return told if found == count else [*told, f"{found} announcements are counted, {count} are there"]


def _walk(connection: Connection, version: Version, settled: Settled) -> Iterator[_Stored]:
    """Yield what is stored in the order of ids, which is that of the register."""
    for number, hit in enumerate(walk_hits(connection, version.alias, _ASKED)):
        fields = hit.get("fields", {})
        kept = {RECORD: fields.get(RECORD, [""])[0], "relation_keys": stored_keys(fields)}
        yield _Stored({**hit["_source"], **kept}, settled.of(number))


def _problems(stored: Sequence[_Stored], averages: Averages) -> Iterator[str]:
    readable: list[tuple[_Stored, Announcement]] = []
    for one in stored:
        try:
            readable.append((one, unpack(one.fields["record"])))
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            yield f"announcement {one.fields.get('id')!r} cannot be read: {error}"
    announcements = [announcement for _, announcement in readable]
    made = documents(announcements, [one.fields["record"] for one, _ in readable], averages)
    for (one, announcement), document, told in zip(readable, made, told_by(announcements), strict=True):
        wanted = {**document, **relation_fields(Row("", told, one.settled))}
        names = [name for name in wanted if is_stored(name) or name == "relation_keys"]
        wrong = [name for name in names if one.fields.get(name) != wanted[name]]
        if wrong:
            yield f"announcement {announcement.id!r}: wrong {', '.join(wrong)}"
