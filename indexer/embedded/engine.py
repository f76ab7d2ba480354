"""The embedded index: Whoosh's commits and schema, our arrays for finding, counting and ranking.

Whoosh is imported only where an index is written or checked: searching goes by the arrays alone.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from indexer.answers import cursor as cursors
from indexer.answers.hits import show_found
from indexer.answers.results import IndexStatus, NumberLookup
from indexer.embedded.checksums import State, WholeFiles, are_as_before, states_of
from indexer.embedded.search import overview
from indexer.embedded.search.relation_answers import validity_of
from indexer.embedded.search.searcher import Searcher
from indexer.embedded.search.snapshot import Snapshot
from indexer.embedded.store import index_versions
from indexer.embedded.store.array_file import Damaged
from indexer.embedded.store.file_stamps import read_stamps
from indexer.embedded.store.meta import LEDGER_FILE, SCHEMA_VERSION, OtherVersion
from indexer.engine import Pin
from indexer.errors import AnnouncementNotFound, IndexMissing
from indexer.facts.dates import BEIJING
from indexer.light_dataclass import dataclass, replace
from indexer.messages import said
from indexer.query.synonyms import Synonyms
from indexer.semantic.meaning import Meaning
from indexer.text.segmenter import cuts_by_its_segmenter, segmenter_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.answers.relations import Related
    from indexer.answers.results import Found, Hit, ResultPage, SourceCoverage, Walk
    from indexer.query.tree import Node, Query
    from indexer.report import Report
    from indexer.suggesting.completion import Suggestion


@dataclass(frozen=True, slots=True)
class _Current:
    seen: tuple[int, int, int]  # the pointer file's time and number, and the day, when it was read
    searcher: Searcher
    files: tuple[tuple[Path, State], ...]  # as they were read


class WhooshEngine:
    """An ``Engine`` in a folder of this machine; opening it costs nothing until it is asked."""

    def __init__(
        self,
        place: Path,
        *,
        synonyms: Path | None = None,
        user_words: Sequence[str] = (),
        once: bool = False,
        compiled: bool = True,
    ) -> None:
        """Know where the index lies, and the operator's tables.

        ``user_words`` are cut as words, in texts and in queries. With ``once``, files are not read through that nobody
        has written to since the commit: for a process that answers and ends. Without ``compiled`` the kernel is left
        alone, though it be there.
        """
        self._compiled = compiled
        self._once = once
        self._place = place
        self._pointer_file = place / index_versions.POINTER  # looked at for each answer
        self._synonyms_file = synonyms
        self.segmenter = segmenter_of(user_words)
        self._lock = threading.Lock()
        self._files = WholeFiles()
        self._writer = 0  # the thread that holds the writer's lock; 0: none of ours
        self._current: _Current | None = None
        self._pin = Pin[Searcher]()
        self._meaning = Meaning(place)
        self._before: Searcher | None = None  # for walks that began in the version before

    def _now(self) -> Searcher:
        """Return what answers from the current version; raises ``IndexMissing``."""
        return self._pin.get(self._newest)

    def _newest(self) -> Searcher:
        seen = self._pointer()
        current = self._current
        if current is not None and current.seen == seen and are_as_before(current.files):
            return current.searcher
        with self._lock:
            if self._current is not None and not are_as_before(self._current.files):
                self._current = None  # not what was read: it is read through again, and refused with the reason
            while self._current is None or self._current.seen != seen:
                try:
                    searcher = self._open(index_versions.current(self._place))
                    self._current = _Current(seen, searcher, states_of(searcher.snapshot))
                    self._before = None  # lets go of files that may be gone by now
                except (IndexMissing, Damaged):
                    if self._pointer() == seen:
                        raise
                seen = self._pointer()  # another, if the index was replaced while it was opened
            return self._current.searcher

    def _pointer(self) -> tuple[int, int, int]:
        try:
            state = self._pointer_file.stat()
        except OSError:
            raise IndexMissing(self._place, said("there is none yet")) from None
        # The day, too: what is in force today need not be tomorrow.
        return state.st_mtime_ns, state.st_ino, datetime.now(BEIJING).toordinal()

    def _open(self, folder: Path) -> Searcher:
        try:
            index_versions.refuse_if_unsafe(folder)
            snapshot = Snapshot(folder, compiled=self._compiled)
            self._files.require(snapshot, read_stamps(folder) if self._once else {})
            return Searcher(snapshot, self._meaning)
        except OtherVersion as error:
            raise IndexMissing(self._place, error.what) from error
        except Damaged as error:
            raise IndexMissing(self._place, said("damaged: %(what)s", what=error.what)) from error
        except OSError as error:
            raise IndexMissing(self._place, said("cannot be read: %(why)s", why=str(error))) from error

    def _at(self, cursor: cursors.Cursor | None) -> Searcher:
        """Return what answers from the version that a cursor is bound to; raises ``ParameterError`` if it is gone."""
        now = self._now()
        if not cursor or cursor.version in ("", now.snapshot.version):
            return now
        with self._lock:
            folder = index_versions.before(now.snapshot.folder)
            if self._before is None or self._before.snapshot.folder != folder:
                self._before = self._open(folder) if folder else None
            if self._before is None or self._before.snapshot.version != cursor.version:
                raise cursors.unusable(cursors.write(cursor), "cursor-of-kept-index")
            return self._before

    @cuts_by_its_segmenter
    def search(self, query: Query) -> ResultPage:
        """Answer a query with one page of hits, exact counts and exact facets."""
        cursor = cursors.read(query.cursor, query.sort) if query.cursor else None
        page = self._at(cursor).search(query, cursor, self._synonyms.entries_in(query.root))
        return replace(page, also=self._synonyms.also(query.root)) if query.root and query.page == 1 else page

    @cuts_by_its_segmenter
    def walk(self, query: Query, *, facts_only: bool = False, as_rows: bool = False) -> Walk:
        """Return every hit of a query in its order, from one version of the index, whatever its page and cursor."""
        synonyms = self._synonyms.entries_in(query.root)
        return self._now().walk(query, synonyms, facts_only=facts_only, as_rows=as_rows)

    @cached_property
    def _synonyms(self) -> Synonyms:
        return Synonyms.load(self._synonyms_file)

    @cuts_by_its_segmenter
    def find(self, announcement_id: str, root: Node | None = None) -> Found:
        """Return one announcement with the matches of ``root`` marked; raises ``AnnouncementNotFound``."""
        searcher = self._now()
        snapshot = searcher.snapshot
        document = _number_of(searcher, announcement_id)
        found = show_found(snapshot.document(document), root, snapshot.version)
        return replace(found, validity=validity_of(snapshot.graph, snapshot, document))

    @cuts_by_its_segmenter
    def related(self, announcement_id: str, as_of: date | None = None) -> Related:
        """Return what an announcement cites, who cites it, and its validity on a day (today)."""
        searcher = self._now()
        return searcher.related(_number_of(searcher, announcement_id), as_of)

    @cuts_by_its_segmenter
    def announcements(self) -> Iterator[Announcement]:
        """Yield every announcement in the order of ids, from one version of the index."""
        snapshot = self._now().snapshot
        return (snapshot.document(number) for number in np.argsort(snapshot.id_rank).tolist() if snapshot.live[number])

    @cuts_by_its_segmenter
    def lookup_number(self, text: str) -> NumberLookup:
        """Return what bears a document number written in any form."""
        return self._now().lookup_number(text)

    @cuts_by_its_segmenter
    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to complete what has been typed, by characters or pinyin; best first."""
        return self._now().suggester.complete(typed, limit)

    @cuts_by_its_segmenter
    def similar(self, announcement_id: str, limit: int = 5) -> tuple[Hit, ...]:
        """Return announcements on the same matter; raises ``AnnouncementNotFound``."""
        searcher = self._now()
        return searcher.similar(_number_of(searcher, announcement_id), limit)

    @cuts_by_its_segmenter
    def coverage(self) -> tuple[SourceCoverage, ...]:
        """Return what the index holds of each source, most documents first."""
        return overview.coverage(self._now().snapshot)

    @cuts_by_its_segmenter
    def status(self) -> IndexStatus:
        """Return what this index is and holds."""
        snapshot = self._now().snapshot
        first, last = overview.first_and_last(snapshot)
        return IndexStatus(
            place=str(self._place),
            version=snapshot.version,
            documents=snapshot.count,
            sources=sum(bool(one.source) for one in overview.coverage(snapshot)),
            first=first,
            last=last,
            size_bytes=snapshot.size_bytes,
            built=snapshot.meta.built,
            schema=SCHEMA_VERSION,
            analyzer=snapshot.meta.stamp["analyzer"],
            report=snapshot.meta.report,
        )

    def one_version(self) -> AbstractContextManager[None]:
        """Answer all that this thread asks in the block from one version."""
        return self._pin.held()

    @cuts_by_its_segmenter
    def refresh(self) -> None:
        """Take up the version that a commit left, and let go of the one before; no error if there is none."""
        with suppress(IndexMissing):  # whoever asks next is told why
            self._newest()

    @cuts_by_its_segmenter
    def version(self) -> str:
        """Return the version that would answer now; changes with every commit."""
        return self._now().snapshot.version

    @cuts_by_its_segmenter
    def ledger(self) -> bytes:
        """Return the ledger of the last commit's report; b"" if it had none."""
        return (self._now().snapshot.folder / LEDGER_FILE).read_bytes()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let nobody else write until the block ends; raises ``IndexLocked`` saying who is, and since when."""
        me = threading.get_ident()
        if self._writer == me:
            yield
            return
        with index_versions.writing(self._place):
            self._writer = me
            try:
                yield
            finally:
                self._writer = 0

    @cuts_by_its_segmenter
    def check(self) -> list[str]:
        """Return what is wrong in any file, posting or stored announcement; [] when nothing is."""
        from indexer.embedded.verify import verify  # noqa: PLC0415 - imports Whoosh, as below

        return verify(index_versions.current(self._place))

    @cuts_by_its_segmenter
    def replace_all(self, announcements: Iterable[Announcement], report: Report, jobs: int = 1) -> None:
        """Build a whole new index beside the old one and swap it in at once."""
        with self.writing():
            from indexer.embedded.write import commit as writing  # noqa: PLC0415 - as above

            writing.replace_all(self._place, announcements, report, jobs, compiled=self._compiled)

    @cuts_by_its_segmenter
    def change(self, add: Iterable[Announcement], remove: Collection[str], report: Report) -> None:
        """Remove by id, then add (an id that exists is replaced), all in one step."""
        with self.writing():
            from indexer.embedded.write import commit as writing  # noqa: PLC0415 - as above

            writing.change(self._place, add, remove, report, compiled=self._compiled)


def _number_of(searcher: Searcher, announcement_id: str) -> int:
    document = searcher.snapshot.find(announcement_id)
    if document < 0:
        raise AnnouncementNotFound(announcement_id)
    return document
