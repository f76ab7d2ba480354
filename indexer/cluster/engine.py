"""The index on an OpenSearch cluster, for more announcements than one machine holds.

Knows nothing of requests: those are the business of the other modules here.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from opensearchpy.exceptions import NotFoundError

from indexer.answers import cursor as cursors
from indexer.answers.hits import show_found
from indexer.answers.results import IndexStatus, Walk
from indexer.cluster import overview
from indexer.cluster.connection import WRITING_SECONDS, Connection
from indexer.cluster.index_versions import Version, Versions
from indexer.cluster.searcher import Searcher
from indexer.cluster.verify import verify
from indexer.cluster.version_account import read_account, read_ledger
from indexer.cluster.walk import walk
from indexer.cluster.writer import Writer
from indexer.engine import Pin
from indexer.errors import IndexMissing
from indexer.messages import said
from indexer.query.synonyms import Synonyms
from indexer.text.segmenter import cuts_by_its_segmenter, segmenter_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.answers.relations import Related
    from indexer.answers.results import Found, Hit, NumberLookup, ResultPage, SourceCoverage
    from indexer.cluster_settings import Cluster
    from indexer.query.tree import Node, Query
    from indexer.report import Report
    from indexer.settings import Part
    from indexer.suggesting.completion import Suggestion

_TRIES: Final = 3  # a version may be replaced while it is read
_SEARCHERS_KEPT: Final = 4  # kept with what they counted: the current version's, and those of walks under way

Answer = TypeVar("Answer")
Item = TypeVar("Item")


class OpenSearchEngine:
    """An ``Engine`` on a cluster, under a name; opening it costs nothing until it is asked."""

    def __init__(
        self,
        cluster: Cluster,
        name: str,
        *,
        part: Part | None = None,
        synonyms: Path | None = None,
        user_words: Sequence[str] = (),
    ) -> None:
        """Know where the index lies, and the operator's tables.

        ``part`` is what ``replace_all`` is given; the last part to be written lets all of them answer.
        ``user_words`` are cut as words, in texts and in queries.
        """
        self._connection = Connection(cluster)
        self._versions = Versions(self._connection, name)
        patient = Connection(cluster, WRITING_SECONDS)
        self._writer = Writer(patient, Versions(patient, name))
        self.segmenter = segmenter_of(user_words)
        self._part = part
        self._pin = Pin[Version]()
        self._synonyms_file = synonyms
        self._lock = threading.Lock()
        self._searchers: dict[str, Searcher] = {}

    def _read(self, verb: Callable[[Searcher], Answer], version_name: str = "") -> Answer:
        """Answer from the current version, or the one named; again when it is replaced meanwhile."""
        with self._connection.told():
            for _ in range(_TRIES):
                try:
                    return verb(self._searcher_of(self._version(version_name)))
                except NotFoundError as error:
                    gone = error
                    self._pin.forget()
            raise IndexMissing(self._versions.name, said("it is replaced faster than it can be read")) from gone

    def _version(self, name: str) -> Version:
        current = self._pin.get(self._versions.current)
        if not name or current.name == name:
            return current
        found = next((one for one in self._versions.all() if one.name == name), None)
        if found is None:
            raise cursors.unusable(name, "cursor-of-present-index")
        return found

    def _searcher_of(self, version: Version) -> Searcher:
        with self._lock:
            if version.name not in self._searchers:
                while len(self._searchers) >= _SEARCHERS_KEPT:
                    del self._searchers[next(iter(self._searchers))]
                self._searchers[version.name] = Searcher(self._connection, version)
            return self._searchers[version.name]

    @cuts_by_its_segmenter
    def search(self, query: Query) -> ResultPage:
        """Answer a query with one page of hits, exact counts and exact facets."""
        cursor = cursors.read(query.cursor, query.sort) if query.cursor else None
        synonyms = self._synonyms.entries_in(query.root)
        page = self._read(lambda searcher: searcher.search(query, cursor, synonyms), cursor.version if cursor else "")
        return replace(page, also=self._synonyms.also(query.root)) if query.root and query.page == 1 else page

    @cuts_by_its_segmenter
    def walk(self, query: Query, *, facts_only: bool = False, as_rows: bool = False) -> Walk:
        """Return every hit of a query in its order, from one version of the index, whatever its page and cursor."""
        synonyms = self._synonyms.entries_in(query.root)
        found = self._read(lambda one: one.walk(query, synonyms, facts_only=facts_only, as_rows=as_rows))
        return Walk(found.total, self._with_errors_told(iter(found)))

    @cached_property
    def _synonyms(self) -> Synonyms:
        return Synonyms.load(self._synonyms_file)

    @cuts_by_its_segmenter
    def find(self, announcement_id: str, root: Node | None = None) -> Found:
        """Return one announcement with the matches of ``root`` marked; raises ``AnnouncementNotFound``."""
        (announcement, validity), version = self._read(lambda one: (one.find(announcement_id), one.version.name))
        return replace(show_found(announcement, root, version), validity=validity)

    @cuts_by_its_segmenter
    def related(self, announcement_id: str, as_of: date | None = None) -> Related:
        """Return what an announcement cites, who cites it, and its validity on a day (today)."""
        return self._read(lambda searcher: searcher.related(announcement_id, as_of))

    @cuts_by_its_segmenter
    def lookup_number(self, text: str) -> NumberLookup:
        """Return what bears a document number written in any form."""
        return self._read(lambda searcher: searcher.lookup_number(text))

    @cuts_by_its_segmenter
    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to complete what has been typed, by characters or pinyin; best first."""
        return self._read(lambda searcher: searcher.suggester.complete(typed, limit))

    @cuts_by_its_segmenter
    def similar(self, announcement_id: str, limit: int = 5) -> tuple[Hit, ...]:
        """Return announcements on the same matter; raises ``AnnouncementNotFound``."""
        return self._read(lambda searcher: searcher.similar(announcement_id, limit))

    @cuts_by_its_segmenter
    def coverage(self) -> tuple[SourceCoverage, ...]:
        """Return what the index holds of each source, most documents first."""
        return self._read(lambda searcher: overview.coverage(self._connection, searcher.version.alias))

    @cuts_by_its_segmenter
    def announcements(self) -> Iterator[Announcement]:
        """Yield every announcement in the order of ids, from one version of the index."""
        return self._with_errors_told(self._read(lambda searcher: walk(self._connection, searcher.version.alias)))

    def _with_errors_told(self, walked: Iterator[Item]) -> Iterator[Item]:
        """Yield what is walked through; failures on the way are told as those of any other request."""
        with self._connection.told():
            yield from walked

    @cuts_by_its_segmenter
    def status(self) -> IndexStatus:
        """Return what this index is and holds."""
        return self._read(self._status)

    def _status(self, searcher: Searcher) -> IndexStatus:
        version = searcher.version
        account = read_account(self._connection, version.build, version.name)
        first, last = overview.first_and_last(self._connection, version.alias)
        sources = sum(bool(one.source) for one in overview.coverage(self._connection, version.alias))
        stamp = self._versions.build(version.build).stamp
        return IndexStatus(
            place=f"{self._versions.name} on {self._connection.nodes}",
            version=version.name,
            documents=searcher.statistics.documents(),
            sources=sources,
            first=first,
            last=last,
            size_bytes=self._versions.size_bytes(version),
            built=account.built,
            schema=stamp["schema"],
            analyzer=stamp["analyzer"],
            report=account.report,
        )

    def one_version(self) -> AbstractContextManager[None]:
        """Answer all that this thread asks in the block from one version; who is current is asked once."""
        return self._pin.held()

    def refresh(self) -> None:
        """Do nothing: each question asks the cluster for its newest version."""

    @cuts_by_its_segmenter
    def version(self) -> str:
        """Return the version that would answer now; changes with every commit."""
        return self._read(lambda searcher: searcher.version.name)

    @cuts_by_its_segmenter
    def ledger(self) -> bytes:
        """Return the ledger of the last commit's report; b"" if it had none."""
        return self._read(lambda searcher: read_ledger(self._connection, searcher.version.build, searcher.version.name))

    @cuts_by_its_segmenter
    def check(self) -> list[str]:
        """Return what is wrong in any stored announcement; [] when nothing is.

        What the cluster has of its files it checks by itself, whenever it copies or merges them.
        """

        def go_through(searcher: Searcher) -> list[str]:
            averages = self._versions.build(searcher.version.build).averages
            return verify(self._connection, searcher.version, averages)

        return self._read(go_through)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let nobody else write until the block ends; raises ``IndexLocked``. Parts are written beside each other."""
        if self._part:
            yield
            return
        with self._writer.writing():
            yield

    @cuts_by_its_segmenter
    def replace_all(self, announcements: Iterable[Announcement], report: Report, jobs: int = 1) -> None:
        """Build a whole new index beside the old one and swap it in at once."""
        if self._part:
            self._writer.add_part(announcements, report, self._part, jobs)
        else:
            self._writer.replace_all(announcements, report, jobs)

    @cuts_by_its_segmenter
    def change(self, add: Iterable[Announcement], remove: Collection[str], report: Report) -> None:
        """Remove by id, then add (an id that exists is replaced), all in one step."""
        self._writer.change(add, remove, report)

    def remove(self) -> None:
        """Remove the index with all its versions, as only who made it for himself may do."""
        with self._connection.told():
            self._versions.remove_all()
