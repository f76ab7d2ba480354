"""Pages → announcements → engine: the whole index anew, or what changed, with an account of every page.

An update decides over all pages, kept and new, exactly as a rebuild does, and then changes what differs:
so it ends in the same index.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections import Counter, deque
from contextlib import closing, suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from tqdm import tqdm

from indexer.announcement import Announcement, Page, Repost, from_json, to_json
from indexer.errors import NoTemporaryRoom, NothingToIndex, PathUnreadable
from indexer.indexing.ledger import Ledger, Row, lies_below
from indexer.reading.corpus import Corpus, find_roots
from indexer.reading.html.cleaner import explain
from indexer.reading.page import read_page, read_pages, read_with_attachments
from indexer.reading.reposts import arrange, fingerprint
from indexer.report import Report, Skipped
from indexer.workers import usable_cores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from indexer.engine import Engine
    from indexer.reading.corpus import Root
    from indexer.settings import Part

_WORTH_WORKERS_BYTES = 4_000_000  # below it one process is done before others have started


class _Reading(NamedTuple):
    """What a worker sends back of a page."""

    id: str
    replaced_characters: int
    fingerprint: bytes
    attached: tuple[str, ...]  # paths of files beside the page whose text is in it
    record: bytes  # the announcement as JSON


def _read(page: Page) -> _Reading:
    announcement, attached = read_with_attachments(page)
    record = json.dumps(to_json(announcement), ensure_ascii=False).encode("utf-8", "replace")
    return _Reading(announcement.id, announcement.replaced_characters, fingerprint(announcement), attached, record)


class _Spool:
    """Announcements on their way, in a file without a name: however we end, nothing stays behind."""

    def __init__(self) -> None:
        try:
            self._file = tempfile.TemporaryFile(prefix="policy-search-")  # noqa: SIM115 (closed by close)
        except OSError as error:
            raise _no_room(error) from error
        self._places: dict[str, tuple[int, int]] = {}  # by path
        self._end = 0

    def add(self, path: str, record: bytes) -> None:
        try:
            self._file.seek(self._end)
            self._file.write(record)
        except OSError as error:
            raise _no_room(error) from error
        self._places[path] = (self._end, len(record))
        self._end += len(record)

    def __contains__(self, path: str) -> bool:
        return path in self._places

    def __getitem__(self, path: str) -> Announcement:
        start, length = self._places[path]
        try:
            self._file.seek(start)  # writes what a write has only put aside
        except OSError as error:
            raise _no_room(error) from error
        return from_json(json.loads(self._file.read(length)))

    def close(self) -> None:
        with suppress(OSError):  # what could not be written is not wanted any more
            self._file.close()


def _no_room(error: OSError) -> NoTemporaryRoom:
    return NoTemporaryRoom(tempfile.gettempdir(), error.strerror or str(error))


class _Run:
    """One rebuild or update: reads pages, decides who leads, hands over what the engine has to change."""

    def __init__(self, roots: tuple[Root, ...], old: Ledger, engine: Engine, part: Part | None = None) -> None:
        self.report = Report()
        self._engine = engine
        self._old = old
        self._roots = roots
        self._part = part
        self._spool = _Spool()
        self._fresh: set[str] = set()  # paths read in this run
        self._folded_before = {row.path for row in old.rows if row.fate != "leads"}
        self.rows: list[Row] = [row for row in old.rows if not lies_below(row.path, roots)]

    def read(self, jobs: int | None, *, show_progress: bool) -> None:
        """Read every page that is new or changed since the old ledger."""
        corpus = Corpus(self._roots)
        known = self._old.by_path()
        waiting: deque[tuple[Page, str]] = deque()
        if jobs is None:
            jobs = usable_cores() if corpus.total_bytes > _WORTH_WORKERS_BYTES else 1

        def changed() -> Iterator[Page]:
            for page in corpus.pages():
                if not self._is_ours(page.path):
                    continue
                self.report.read += 1
                digest = hashlib.blake2b(page.content + page.synonyms.encode(), digest_size=16).hexdigest()
                row = known.get(page.path)
                if row is not None and row.digest == digest:
                    self._keep(row)
                else:
                    waiting.append((page, digest))
                    yield page

        with tqdm(
            total=corpus.total_bytes, unit="B", unit_scale=True, desc="reading", disable=not show_progress
        ) as bar:
            for outcome in read_pages(changed(), _read, jobs):
                self._take(*waiting.popleft(), outcome)
                bar.update(corpus.done_bytes - bar.n)
                bar.set_postfix_str(f"{self.report.read:,} pages", refresh=False)
            bar.update(corpus.done_bytes - bar.n)
        if gone := corpus.vanished():
            raise PathUnreadable(gone[0].place, "it vanished while it was being read; the index is as it was")
        skipped = [one for one in corpus.skipped if self._is_ours(one.path)]
        self.report.ignored = corpus.ignored if not self._part or self._part.number == 1 else 0
        self.report.read += len(skipped)
        self.report.skipped += skipped
        seen = {row.path for row in self.rows}
        self.report.removed = sum(not row.skipped and row.path not in seen for row in self._old.rows)

    def _is_ours(self, path: str) -> bool:
        return self._part is None or self._part.holds(path)

    def _keep(self, row: Row) -> None:
        self.rows.append(row)
        if row.skipped:
            self.report.skipped.append(Skipped(row.path, row.skipped))
        else:
            self.report.unchanged += 1

    def _take(self, page: Page, digest: str, outcome: _Reading | Skipped) -> None:
        if isinstance(outcome, Skipped):
            self.report.skipped.append(outcome)
            self.rows.append(Row(page.path, page.origin, digest, skipped=outcome.reason))
            return
        self._fresh.add(page.path)
        self._spool.add(page.path, outcome.record)
        self.report.replaced_characters += outcome.replaced_characters
        row = Row(page.path, page.origin, digest, id=outcome.id, fingerprint=outcome.fingerprint)
        row.attached = outcome.attached
        self.rows.append(row)

    def decide(self) -> None:
        """Settle which announcements lead and which are folded under them, and count."""
        self.rows.sort(key=lambda row: row.order)
        read = [row for row in self.rows if not row.skipped]
        led_before = {row.path for row in read if row.fate == "leads" and row.path not in self._fresh}
        for row in read:
            row.fate, row.leader = "leads", ""
        _fold_attachments(read)
        _fold_earlier_of_same_id(read)
        _fold_alike([row for row in read if row.fate == "leads"])
        _follow_leaders(read)
        for row in read:
            if row.fate != "leads" and row.spare is None:
                row.spare = to_json(self._announcement(row, led=row.path in led_before))
        if not any(row.fate == "leads" for row in read) and not self._part:  # of few pages a part may have none
            skipped = [(one.path, one.reason) for one in self.report.skipped]
            raise NothingToIndex([root.place for root in self._roots], skipped)
        self._count(read)

    def _count(self, read: list[Row]) -> None:
        fates = Counter(row.fate for row in read if row.path in self._fresh)
        self.report.indexed, self.report.reposts = fates["leads"], fates["repost"]
        self.report.duplicates, self.report.attached = fates["duplicate"], fates["attached"]

    def _announcement(self, row: Row, *, led: bool) -> Announcement:
        """Fetch an announcement from wherever it is, without the reposts that were folded under it."""
        if row.path in self._spool:
            return self._spool[row.path]
        if not led and row.spare is not None:
            return from_json(row.spare)
        announcement = self._engine.find(row.id).announcement
        own = tuple(repost for repost in announcement.reposts if repost.path not in self._folded_before)
        return replace(announcement, reposts=own)

    def leading(self) -> dict[str, tuple[Row, tuple[Row, ...]]]:
        """Return the leading rows by id, each with the reposts folded under it."""
        return leading_rows(self.rows)

    def announcement(self, row: Row, reposts: Iterable[Row]) -> Announcement:
        """Return a leading announcement as it is to be indexed."""
        announcement = self._announcement(row, led=row.spare is None)
        row.spare = None
        folded = tuple(_repost(from_json(repost.spare)) for repost in reposts if repost.spare is not None)
        return replace(announcement, reposts=announcement.reposts + folded)

    def close(self) -> None:
        """Return the spool's room back."""
        self._spool.close()


def _fold_attachments(rows: list[Row]) -> None:
    """Fold files under the first page that carries them."""
    by_path = {row.path: row for row in rows}
    for row in rows:
        for path in row.attached:
            file = by_path.get(path)
            if file is not None and file.fate == "leads":
                file.fate, file.leader = "attached", row.id


def _fold_earlier_of_same_id(rows: list[Row]) -> None:
    """Let the last record of an id stand for it: corrected records are appended to a file."""
    leading = [row for row in rows if row.fate == "leads"]
    last = {row.id: row for row in leading}
    for row in leading:
        if last[row.id] is not row:
            row.fate, row.leader = "duplicate", row.id


def _fold_alike(rows: list[Row]) -> None:
    """Fold pages that are the same announcement under the issuing body's own copy."""
    for place in arrange([row.fingerprint for row in rows]):
        for folded in place.duplicates:
            rows[folded].fate, rows[folded].leader = "duplicate", rows[place.leader].id
        for folded in place.reposts:
            rows[folded].fate, rows[folded].leader = "repost", rows[place.leader].id


def _follow_leaders(rows: list[Row]) -> None:
    """Let a row whose leader is itself folded stand under that one's leader."""
    leader_of = {row.id: row.leader for row in rows if row.leader and row.leader != row.id}
    for row in rows:
        while row.leader in leader_of:
            row.leader = leader_of[row.leader]


def leading_rows(rows: Iterable[Row]) -> dict[str, tuple[Row, tuple[Row, ...]]]:
    """The leading rows by id, each with the reposts folded under it, in the order of their paths."""
    folded: dict[str, list[Row]] = {}
    leaders: list[Row] = []
    for row in rows:
        if row.fate == "repost":
            folded.setdefault(row.leader, []).append(row)
        elif row.fate == "leads" and not row.skipped:
            leaders.append(row)
    return {row.id: (row, tuple(folded.get(row.id, ()))) for row in leaders}


def _repost(announcement: Announcement) -> Repost:
    return Repost(announcement.source, announcement.url, announcement.path, announcement.published)


def _told(leaders: Mapping[str, tuple[Row, tuple[Row, ...]]]) -> dict[str, tuple[str, ...]]:
    """What of each leader shows in the index: it is unchanged as long as this is."""
    return {
        identity: (row.path, row.digest, *(f"{repost.path} {repost.digest}" for repost in reposts))
        for identity, (row, reposts) in leaders.items()
    }


def rebuild(
    paths: Iterable[Path],
    engine: Engine,
    *,
    jobs: int | None = None,
    show_progress: bool = False,
    part: Part | None = None,
) -> Report:
    """Build the whole index from these paths, or a part of it; the old one stays until the new one is whole.

    Reposts are folded within a part; the next update folds them over all.
    ``jobs`` None: as many processes as pay. Raises ``PathUnreadable``, ``NothingToIndex`` and what
    ``Engine.replace_all`` raises.
    """
    started = time.monotonic()
    roots = find_roots(paths)
    with engine.writing(), closing(_Run(roots, Ledger(), engine, part)) as run:
        run.read(jobs, show_progress=show_progress)
        run.decide()
        leading = run.leading()
        run.report.ledger = Ledger(roots, run.rows).to_bytes()
        announcements = (run.announcement(row, reposts) for row, reposts in leading.values())
        run.report.seconds = time.monotonic() - started
        with tqdm(announcements, total=len(leading), desc="indexing", disable=not show_progress) as counted:
            engine.replace_all(counted, run.report, jobs or usable_cores())
    run.report.seconds = time.monotonic() - started
    return run.report


def update(paths: Iterable[Path], engine: Engine, *, jobs: int | None = None, show_progress: bool = False) -> Report:
    """Add, replace and remove what changed below these paths; ends in what a rebuild would have made.

    Raises ``IndexMissing`` when there is no index yet, else as ``rebuild``.
    """
    started = time.monotonic()
    engine.version()  # without an index there is nothing to lock
    with engine.writing():
        old = Ledger.from_bytes(engine.ledger())
        roots = find_roots(paths, old.roots)
        before = _told(leading_rows(old.rows))
        with closing(_Run(roots, old, engine)) as run:
            run.read(jobs, show_progress=show_progress)
            run.decide()
            leading = run.leading()
            now = _told(leading)
            changed = [leading[identity] for identity, told in now.items() if before.get(identity) != told]
            added = [run.announcement(row, reposts) for row, reposts in changed]
            new_roots = (*old.roots, *(root for root in roots if not lies_below(root.label, old.roots)))
            run.report.ledger = Ledger(new_roots, run.rows).to_bytes()
            run.report.seconds = time.monotonic() - started
            engine.change(added, before.keys() - now.keys(), run.report)
    run.report.seconds = time.monotonic() - started
    return run.report


def _clean(page: Page) -> dict[str, Any]:
    return to_json(read_page(page))


def _explain(page: Page) -> dict[str, Any]:
    if page.kind not in ("html", "text"):
        return _clean(page)  # its keys say where they come from
    explanation = explain(page)
    reasons = {
        "encoding": explanation.encoding,
        "encoding_rule": explanation.encoding_rule,
        "fields": [asdict(note) for note in explanation.fields],
        "cut": [asdict(cut) for cut in explanation.cut],
    }
    return {**to_json(explanation.announcement), "explanation": reasons}


def clean_pages(
    paths: Iterable[Path], *, jobs: int | None = None, explained: bool = False
) -> Iterator[dict[str, Any] | Skipped]:
    """What the cleaner makes of each page, in order; a page that cannot be read gives its reason."""
    corpus = Corpus(find_roots(paths))
    if jobs is None:
        jobs = usable_cores() if corpus.total_bytes > _WORTH_WORKERS_BYTES else 1
    yield from read_pages(corpus.pages(), _explain if explained else _clean, jobs)
    yield from corpus.skipped
