"""Make new versions: a whole new build, or the present one changed; each answers from one moment on."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from indexer.cluster import bulk
from indexer.cluster.averages import Averages
from indexer.cluster.bulk_lines import Making, Rows, index_lines, shown
from indexer.cluster.compaction import WORTH_COMPACTING, compact, let_merge
from indexer.cluster.cutting import Cutting
from indexer.cluster.documents import document_id
from indexer.cluster.index_versions import next_version
from indexer.cluster.lock import Lock
from indexer.cluster.relating import Staying, stored_rows
from indexer.cluster.relation_register import Register
from indexer.cluster.spool import Drained
from indexer.cluster.statistics import EVERYTHING
from indexer.cluster.version_account import joined, part_name, write_account, written_parts
from indexer.cluster.walk import walk
from indexer.errors import ClusterUnavailable, IndexLocked, IndexUnwritable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from indexer.announcement import Announcement
    from indexer.cluster.connection import Body, Connection
    from indexer.cluster.index_versions import Version, Versions
    from indexer.report import Report
    from indexer.settings import Part

# A change writes into the present build, unless that has to leave out more than this, or unless the lengths that its
# words were weighed by are too far off (``Averages.are_off``): then all is written anew.
MOST_LEFT_OUT: Final = 20_000
_IDS_AT_ONCE: Final = 5_000
_DELETING: Final = {"refresh": "true", "conflicts": "proceed"}


class _Change(NamedTuple):
    """What a version is to differ by from the present one."""

    version: Version  # the present one
    drained: Drained  # what comes
    going: set[str]  # ids of what goes, or is replaced
    dead: list[str]  # the documents of these

    @property
    def is_large(self) -> bool:
        """Return whether writing all anew is better."""
        return len(self.dead) > MOST_LEFT_OUT


class Writer:
    """Writes the versions of one index name."""

    def __init__(self, connection: Connection, versions: Versions) -> None:
        self._connection = connection
        self._versions = versions
        self._thread = 0  # that holds the lock; 0: none of ours
        self._lock: Lock | None = None

    @contextmanager
    def writing(self) -> Iterator[Lock]:
        """Let nobody else write; a thread that is, may begin again. Raises ``IndexLocked``, ``ClusterUnavailable``."""
        if self._lock and self._thread == threading.get_ident():
            yield self._lock
            return
        with self._connection.told(), Lock(self._connection, self._versions.name).held() as lock:
            self._lock, self._thread = lock, threading.get_ident()
            try:
                yield lock
            finally:
                self._lock, self._thread = None, 0

    def replace_all(self, announcements: Iterable[Announcement], report: Report, jobs: int) -> None:
        """Make a build of nothing but these announcements and let it answer."""
        with Drained(announcements, jobs) as drained, self.writing() as lock, self._told():
            self._versions.sweep()
            index = self._build(drained, report, lock)
            self._versions.sweep()
            compact(self._connection, index, drained.count)

    def change(self, add: Iterable[Announcement], remove: Collection[str], report: Report) -> None:
        """Make a version that differs from the present one by these announcements."""
        with Drained(add) as drained, self.writing() as lock, self._told():
            version = self._versions.current()
            self._tidy(version)
            going = {*remove, *drained.ids()}
            change = _Change(version, drained, going, self._documents_of(version, going))
            if change.is_large or self._has_drifted(change) or not self._change_in_place(change, report, lock):
                self._build_changed(change, report, lock)

    def add_part(self, announcements: Iterable[Announcement], report: Report, part: Part, jobs: int) -> None:
        """Write a part of a build that several processes make; the last one lets it answer.

        The same part again replaces what it wrote before. A commit of another kind meanwhile starts all parts anew.
        """
        with Drained(announcements, jobs) as drained, self._connection.told(), self._told():
            number = self._versions.last_number() + 1
            index = self._versions.join(number, part.of, drained.averages())
            name = part_name(part.number)
            bulk.remove(self._connection, index, f"account.{name}")
            self._delete(index, {"term": {"part": part.number}})
            with Register() as register:
                # Settled within the part alone, so that little is written once more when all parts are there.
                first = drained.enter(register)
                rows = Rows(drained.rows(register.settled(), first), drained.count)
                self._write(index, rows, number, drained.cutting, part.number)
            self._check_part(index, drained, number)
            write_account(self._connection, index, name, report)
            self._connection.refresh(index)
            written = written_parts(self._connection, index, part.of)
        if len(written) == part.of:
            self._publish_parts(index, number, written)

    def _publish_parts(self, index: str, number: int, written: Sequence[str]) -> None:
        """Let all parts answer; several may be the last, and one of them does it."""
        patience = self._connection.patience()
        while True:
            try:
                with self.writing() as lock, self._told():
                    if self._versions.last_number() < number:
                        self._settle_parts(index, number, len(written))
                        self._connection.flush(index)
                        report = joined(self._connection, index, written)
                        self._commit(index, number, (), report, lock)
                        self._versions.sweep()
                        compact(self._connection, index, report.indexed)
                    return
            except IndexLocked:
                if not patience.waited():
                    raise

    def _settle_parts(self, index: str, number: int, parts: int) -> None:
        """Settle what the announcements of all parts say of each other, and write once more what that changes."""
        with Register() as register:
            staying = Staying()
            staying.enter(register, self._connection, index)
            settled = register.settled()
            changed = {register.id_of(one): one for one in staying.changed(settled)}
            for part in range(1, parts + 1):
                among = {"term": {"part": part}}
                rows = Rows(stored_rows(self._connection, index, among, changed, settled), len(changed))
                self._write(index, rows, number, Cutting(1), part)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say of what fails that the old version still answers."""
        try:
            with self._connection.told():
                yield
        except (ClusterUnavailable, bulk.DocumentRefused) as error:
            why = error.why if isinstance(error, ClusterUnavailable) else str(error)
            raise IndexUnwritable(f"{self._versions.name} on {self._connection.nodes}", why) from error

    def _build(self, drained: Drained, report: Report, lock: Lock) -> str:
        """Make a build of what is drained, let it answer, and return the name of its index."""
        number = self._versions.last_number() + 1
        with Register() as register, self._versions.created(number, drained.averages()) as index:
            first = drained.enter(register)
            rows = Rows(drained.rows(register.settled(), first), drained.count)
            self._write(index, rows, number, drained.cutting)
            self._check(index, number, drained.count)
            self._connection.flush(index)
            self._commit(index, number, (), report, lock)
        return index

    def _build_changed(self, change: _Change, report: Report, lock: Lock) -> None:
        staying = (one for one in walk(self._connection, change.version.alias) if one.id not in change.going)
        with Drained(chain(staying, change.drained)) as everything:
            index = self._build(everything, report, lock)
            self._versions.sweep()
            compact(self._connection, index, everything.count)

    def _change_in_place(self, change: _Change, report: Report, lock: Lock) -> bool:
        """Write what comes, and what stays but is settled otherwise by now; return False when that is too much."""
        version, drained = change.version, change.drained
        if not drained.count and not change.dead:
            self._add_version(version, Rows((), 0), [], report, lock)
            return True
        with Register() as register:
            staying = Staying()
            staying.enter(register, self._connection, version.alias, change.going)
            first = drained.enter(register)
            settled = register.settled()
            unsettled = {register.id_of(number): number for number in staying.changed(settled)}
            if len(change.dead) + len(unsettled) > MOST_LEFT_OUT:
                return False
            dead = [*change.dead, *self._documents_of(version, unsettled)]
            written_anew = stored_rows(self._connection, version.alias, EVERYTHING, unsettled, settled)
            rows = Rows(chain(drained.rows(settled, first), written_anew), drained.count + len(unsettled))
            self._add_version(version, rows, dead, report, lock)
        return True

    def _add_version(self, version: Version, rows: Rows, dead: list[str], report: Report, lock: Lock) -> None:
        number = version.number + 1
        try:
            self._write(version.build, rows, number, Cutting(1))
            self._check(version.build, number, rows.total)
            self._commit(version.build, number, dead, report, lock)
        except BaseException:
            if self._versions.last_number() < number:  # not published after all, with the answer lost
                self._delete(version.build, {"range": {"born": {"gt": version.number}}})
            raise

    def _write(self, index: str, rows: Rows, number: int, cutting: Cutting, part: int = 0) -> None:
        making = Making(number, self._versions.build(index).averages, part)
        lines = shown(index_lines(rows, making, cutting), rows.total, "writing")
        # In two lots, so that each shard has segments to merge; by itself it merges no single one.
        first = [islice(lines, rows.total // 2)] if rows.total >= WORTH_COMPACTING else []
        for some in (*first, lines):
            bulk.write(self._connection, index, some)
            self._connection.refresh(index)

    def _check(self, index: str, number: int, count: int) -> None:
        """Make sure that nothing was lost on the way."""
        written = self._connection.counts(index, [{"term": {"born": number}}])[0]
        if written != count:
            raise bulk.DocumentRefused(f"{count} announcements were given, {written} written; is an id used twice?")

    def _check_part(self, index: str, drained: Drained, number: int) -> None:
        """Make sure that nothing was lost on the way; an id that another part has too is there once."""
        ids = drained.ids()
        while some := [document_id(one, number) for one in islice(ids, _IDS_AT_ONCE)]:
            written = self._connection.counts(index, [{"ids": {"values": some}}])[0]
            if written != len(set(some)):
                raise bulk.DocumentRefused(f"of {len(some)} announcements {len(some) - written} are not there")

    def _commit(self, index: str, number: int, dead: Iterable[str], report: Report, lock: Lock) -> None:
        name = next_version(number)
        write_account(self._connection, index, name, report)
        lock.assure()
        self._versions.publish(name, index, list(dead))

    def _tidy(self, version: Version) -> None:
        """Let older versions of a build go, and delete for good what this one leaves out."""
        self._versions.drop([one for one in self._versions.all() if one.number < version.number])
        let_merge(self._connection, version.build)  # which a rebuild that was killed has left undone
        self._delete(version.build, {"bool": {"must_not": [version.filter]}})

    def _delete(self, index: str, query: Body) -> None:
        announcements = {"bool": {"filter": [{"exists": {"field": "born"}}, query]}}
        if self._connection.counts(index, [announcements])[0]:
            self._connection.tried(
                lambda: self._connection.client.delete_by_query(
                    index=index, body={"query": announcements}, params=_DELETING
                )
            )

    def _documents_of(self, version: Version, ids: Collection[str]) -> list[str]:
        """Return the documents of these announcements."""
        found: list[str] = []
        waiting = iter(sorted(ids))
        while some := list(islice(waiting, _IDS_AT_ONCE)):
            body = {"query": {"terms": {"id": some}}, "size": len(some), "_source": False}
            found += [hit["_id"] for hit in self._connection.search(version.alias, body)["hits"]["hits"]]
        return found

    def _has_drifted(self, change: _Change) -> bool:
        """Return whether the average lengths will be too far from those that the words were weighed by."""
        version, drained, dead = change.version, change.drained, change.dead
        lengths = {field: {"sum": {"field": f"{field}_length"}} for field in ("title", "body")}
        kept: dict[str, Any] = {"bool": {"must_not": [{"ids": {"values": dead}}]}}
        asked = {"query": kept, "size": 0, "track_total_hits": True, "aggs": lengths}
        answer = self._connection.search(version.alias, asked)
        staying, coming = answer["hits"]["total"]["value"], drained.averages()
        count = max(1, staying + drained.count)

        def average(field: str, of_coming: float) -> float:
            return (answer["aggregations"][field]["value"] + of_coming * drained.count) / count or 1.0

        now = Averages(average("title", coming.title), average("body", coming.body))
        return self._versions.build(version.build).averages.are_off(now, count)
