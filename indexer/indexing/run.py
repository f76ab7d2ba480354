"""One rebuild or update on its way: pages are read, settled over all, and fetched for the engine."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections import Counter, deque
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from tqdm import tqdm

from indexer.announcement import Page, Repost, from_json, to_json
from indexer.errors import NothingToIndex, PathUnreadable
from indexer.indexing.arrivals import Arrivals
from indexer.indexing.ledger import Ledger, Row, lies_below
from indexer.indexing.settling import settle
from indexer.indexing.spool import Spool
from indexer.messages import said
from indexer.reading.corpus import Corpus
from indexer.reading.page import read_pages, read_with_attachments
from indexer.reading.reposts import fingerprint
from indexer.report import Incomplete, Report, Skipped
from indexer.skip_reasons import NEEDS_PACKAGE, NO_ANNOUNCEMENT, OF_THE_MOMENT
from indexer.workers.ordered_map import usable_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from indexer.announcement import Announcement, Place
    from indexer.reading.corpus import Root
    from indexer.settings import Part

WORTH_WORKERS_BYTES = 4_000_000  # below it one process is done before others have started
_ADDRESS_KEYS = ("id", "path", "url", "indexed")  # of an announcement: what may differ between two saves of one


class Reading(NamedTuple):
    """What a worker sends back of a page."""

    id: str
    replaced_characters: int
    content: bytes
    fingerprint: bytes
    attached: tuple[str, ...]  # paths of files beside the page whose text is in it
    notes: tuple[str, ...]  # what of the page was cut or left out
    record: bytes  # the announcement as JSON
    indexed: int  # when it came into the index that it was exported from; 0 if nobody says


def read_one(page: Page) -> Reading:
    """Read a page for the index; made for a worker process."""
    announcement, attached = read_with_attachments(page)
    values = to_json(announcement)
    record = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
    told = {name: value for name, value in values.items() if name not in _ADDRESS_KEYS}
    told["site"] = _site(announcement)
    content = hashlib.blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=16).digest()
    replaced = announcement.replaced_characters
    return Reading(
        announcement.id,
        replaced,
        content,
        fingerprint(announcement),
        attached,
        announcement.notes,
        record,
        announcement.indexed,
    )


def _site(announcement: Announcement) -> str:
    try:
        return urlsplit(announcement.url).netloc.lower() or announcement.source
    except ValueError:
        return announcement.url  # not an address after all


class Run:
    """Reads pages, settles which of them are indexed, fetches what the engine has to change."""

    def __init__(  # noqa: PLR0913 - what a run goes by, each once
        self,
        roots: Sequence[Root],
        ledger: Ledger,
        stored: Callable[[str], Announcement],
        part: Part | None = None,
        *,
        keep_all: bool = False,
        before: Ledger | None = None,
    ) -> None:
        """Take the paths to read, what is known so far, and what fetches an announcement out of the present index.

        ``before`` is the ledger of the present index, if it is another than what is known.
        """
        self._arrivals = Arrivals(before or ledger)
        self.report = Report()
        self._keep_all = keep_all
        self._stored = stored
        self._known = ledger
        self._roots = roots
        self._part = part
        self._spool = Spool()
        self._was = {row.place: row.id for row in ledger.rows if row.is_indexed}  # ids in the present index
        self.rows: list[Row] = [row for row in ledger.rows if not lies_below(row.place, roots)]
        self._by_id: dict[str, Row] = {}

    def read(self, jobs: int | None, *, show_progress: bool) -> None:
        """Read every page that is new or changed since the old ledger."""
        corpus = Corpus(self._roots)
        waiting: deque[tuple[Page, str]] = deque()
        if jobs is None:
            jobs = usable_cores() if corpus.total_bytes > WORTH_WORKERS_BYTES else 1
        with tqdm(
            total=corpus.total_bytes, unit="B", unit_scale=True, desc="reading", disable=not show_progress
        ) as bar:
            for outcome in read_pages(self._changed(corpus, waiting), read_one, jobs):
                self._take(*waiting.popleft(), outcome)
                bar.update(corpus.done_bytes - bar.n)
                bar.set_postfix_str(f"{self.report.read:,} pages", refresh=False)
            bar.update(corpus.done_bytes - bar.n)
        if gone := corpus.vanished():
            raise PathUnreadable(gone[0].place, said("it vanished while it was being read; the index is as it was"))
        skipped = [one for one in corpus.skipped if self._part is None or self._part.holds(one.path)]
        if not self._part or self._part.number == 1:
            self.report.ignored, self.report.ignored_kinds = corpus.ignored.total(), dict(corpus.ignored)
        self.report.read += len(skipped)
        self.report.skipped += skipped

    def _changed(self, corpus: Corpus, waiting: deque[tuple[Page, str]]) -> Iterator[Page]:
        known = self._known.by_place()
        for page in corpus.pages():
            place = _place(page)
            if self._part and not self._part.holds(place.file, place.line):
                continue
            self.report.read += 1
            digest = hashlib.blake2b(page.content + page.attachments_digest.encode(), digest_size=16).hexdigest()
            row = known.get(place)
            if row is not None and row.digest == digest and not self._is_wanted_now(row):
                self._keep(row)
            else:
                waiting.append((page, digest))
                yield replace(page, keep_all=self._keep_all)

    def _is_wanted_now(self, row: Row) -> bool:
        """Return whether what kept a page out may be gone: a busy machine, a package, only announcements wanted."""
        if row.skipped is None:
            return False
        if row.skipped.code in OF_THE_MOMENT:
            return True
        if row.skipped.code in NEEDS_PACKAGE:
            return importlib.util.find_spec(dict(row.skipped.values)["name"]) is not None
        return self._keep_all and row.skipped.code in NO_ANNOUNCEMENT

    def _keep(self, row: Row) -> None:
        self.rows.append(row)
        if row.skipped:
            self.report.skipped.append(Skipped(row.path, row.skipped))
        else:
            self.report.unchanged += 1
            self._tell_notes(row)

    def _take(self, page: Page, digest: str, outcome: Reading | Skipped) -> None:
        row = Row(page.path, _place(page), digest)
        self.rows.append(row)
        if isinstance(outcome, Skipped):
            self.report.skipped.append(outcome)
            row.skipped = outcome.why
            return
        self._spool.add(row.place, outcome.record)
        self.report.replaced_characters += outcome.replaced_characters
        row.given, row.content, row.fingerprint = outcome.id, outcome.content, outcome.fingerprint
        row.attached, row.notes, row.indexed = outcome.attached, outcome.notes, outcome.indexed
        self._tell_notes(row)

    def _tell_notes(self, row: Row) -> None:
        self.report.incomplete += [Incomplete(row.path, note) for note in row.notes]

    def forget(self, labels: Collection[str]) -> None:
        """Leave out the pages of roots that go, but for those that this run has read."""
        self.rows = [row for row in self.rows if row.place.root not in labels]

    def decide(self, *, global_ids: bool) -> None:
        """Settle what is indexed and what stands for the rest, and count."""
        self.rows.sort(key=lambda row: row.order)
        read = [row for row in self.rows if not row.skipped]
        settle(read, global_ids=global_ids)
        for row in read:
            if not row.is_indexed and row.spare is None:
                row.spare = to_json(self._bare(row))
        if not any(row.is_indexed for row in read) and not self._part:  # of few pages a part may have none
            skipped = [(one.path, one.why) for one in self.report.skipped]
            raise NothingToIndex([root.place for root in self._roots], skipped)
        self._by_id = {row.id: row for row in read if row.is_indexed}
        self._arrivals.settle(self._by_id.values())
        self._count(read)

    def _count(self, read: list[Row]) -> None:
        report = self.report
        fates = Counter(row.fate for row in read if row.place in self._spool)
        report.indexed, report.reposts, report.attached = fates["leads"], fates["repost"], fates["attached"]
        report.duplicates, report.corrected = fates["duplicate"] + fates["corrected"], fates["corrected"]
        report.shared_ids = sum(row.id != row.given for row in read if row.is_indexed)
        seen = {row.place for row in self.rows}
        report.removed = sum(not row.skipped and row.place not in seen for row in self._known.rows)

    def _bare(self, row: Row) -> Announcement:
        """Fetch an announcement from wherever it is, without what it has to do with others in this index."""
        if row.place in self._spool:
            return self._spool[row.place]
        if row.spare is not None:
            return from_json(row.spare)
        announcement = self._stored(self._was[row.place])
        told = tuple(repost for repost in announcement.reposts if not repost.id)
        return replace(announcement, reposts=told, repost_of="")

    def told(self) -> dict[str, tuple[object, ...]]:
        """Return by id what of each announcement shows in the index: it is unchanged as long as this is."""
        return told_of(self.rows)

    def announcements(self, ids: Collection[str]) -> Iterator[Announcement]:
        """Yield announcements as they are to be indexed; their rows keep nothing more of them than the index has."""
        copies = _copies(self.rows)
        for identity in ids:
            row = self._by_id[identity]
            bare = self._bare(row)
            reposts = tuple(self._repost(copy) for copy in copies.get(identity, ()))
            leader = row.leader if row.fate == "repost" else ""
            reposts = bare.reposts + reposts
            yield replace(bare, id=identity, reposts=reposts, repost_of=leader, indexed=row.indexed)

    def _repost(self, row: Row) -> Repost:
        copy = self._bare(row)
        return Repost(copy.source, copy.url, copy.path, copy.published, row.id)

    def ledger(self, roots: tuple[Root, ...], *, global_ids: bool) -> bytes:
        """Return what the next update is to know."""
        rows = [replace(row, spare=None) if row.is_indexed else row for row in self.rows]
        return Ledger(roots, rows, global_ids).to_bytes()

    def close(self) -> None:
        """Give the spool's room back."""
        self._spool.close()


def _place(page: Page) -> Place:
    assert page.place is not None, page.path  # every page of a corpus has one  # noqa: S101
    return page.place


def _copies(rows: Sequence[Row]) -> dict[str, list[Row]]:
    copies: dict[str, list[Row]] = {}
    for row in rows:
        if row.fate == "repost" and not row.skipped:
            copies.setdefault(row.leader, []).append(row)
    return copies


def told_of(rows: Sequence[Row]) -> dict[str, tuple[object, ...]]:
    """Return by id what of each indexed page shows in the index."""
    copies = _copies(rows)
    return {
        row.id: (
            row.place,
            row.digest,
            row.leader if row.fate == "repost" else "",
            *((copy.id, copy.place, copy.digest) for copy in copies.get(row.id, ())),
        )
        for row in rows
        if row.is_indexed
    }
