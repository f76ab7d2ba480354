"""Make new generations: a whole new index, or the old one changed; each becomes current in one step."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from indexer.embedded.checksums import array_files
from indexer.embedded.search.completion_lists import FILE as SUGGESTIONS
from indexer.embedded.search.completion_lists import write_suggestions
from indexer.embedded.search.relation_graph import FILE as RELATIONS
from indexer.embedded.search.snapshot import Snapshot
from indexer.embedded.store import index_versions
from indexer.embedded.store.documents import Documents
from indexer.embedded.store.file_stamps import write_stamps
from indexer.embedded.store.meta import write_meta
from indexer.embedded.store.ownership import flush
from indexer.embedded.store.texts import Texts
from indexer.embedded.whoosh.codec import ArrayCodec
from indexer.embedded.whoosh.schema import schema_of
from indexer.embedded.whoosh.segment import INDEX_NAME
from indexer.embedded.write.batches import build_segments, merge_all
from indexer.embedded.write.processes import Here, processes
from indexer.embedded.write.relations import write_graph
from indexer.errors import IndexUnflushed, IndexUnwritable
from indexer.text.segmenter import current_segmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from whoosh.writing import SegmentWriter

    from indexer.announcement import Announcement
    from indexer.embedded.whoosh.segment import ArraySegment
    from indexer.embedded.write.processes import Do
    from indexer.report import Report

TIER = 8  # a segment is at least so many times as large as all smaller ones together
MOST_DELETED = 0.2  # of a segment's documents; with more, it is written anew
_WHOOSH_PREFIXES = (f"{INDEX_NAME}_", f"_{INDEX_NAME}_")
_WHOOSH_LOCK = "_WRITELOCK"


def replace_all(
    place: Path, announcements: Iterable[Announcement], report: Report, jobs: int, *, compiled: bool = True
) -> None:
    """Build a generation of nothing but these announcements and make it current."""
    source = _Passing(announcements)
    with _new_generation(place, source) as folder, processes(jobs) as do:
        segments = merge_all(folder, build_segments(folder, source, do, merged_next=True), do, compiled=compiled)
        source.check(segments)
        index = FileIndex.create(FileStorage(str(folder)), schema_of(current_segmenter().user_words))
        with _whoosh_writer(index) as writer:
            _commit(folder, writer, segments, report, do)


def change(
    place: Path, add: Iterable[Announcement], remove: Collection[str], report: Report, *, compiled: bool = True
) -> None:
    """Make a generation that differs from the current one by these announcements."""
    source = _Passing(add)
    with _new_generation(place, source) as folder:
        old = index_versions.current(place)
        index_versions.refuse_if_unsafe(old)
        names = (path.name for path in old.iterdir() if path.name.startswith(_WHOOSH_PREFIXES))
        index_versions.share(old, folder, [name for name in names if not name.endswith(_WHOOSH_LOCK)])
        with _whoosh_writer(FileIndex(FileStorage(str(folder)))) as writer:
            added = build_segments(folder, source)
            source.check(added)
            _delete(folder, writer, {*remove, *source.ids})
            _commit(folder, writer, tidy(folder, [*writer.segments, *added], compiled=compiled), report, Here())


@contextmanager
def _whoosh_writer(index: FileIndex) -> Iterator[SegmentWriter]:
    """Open Whoosh's writer; one that fails gives its lock back, which else lasts as long as the process."""
    writer = index.writer(codec=ArrayCodec())
    try:
        yield writer
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise


def _delete(folder: Path, writer: SegmentWriter, ids: Collection[str]) -> None:
    base = 0
    for segment in writer.segments:
        documents = Documents(segment.open(folder, "docs"), Texts(segment.open(folder, "units")))
        for announcement_id in ids:
            if (found := documents.find(announcement_id)) >= 0:
                writer.delete_document(base + found)
        base += segment.doc_count_all()


def tidy(folder: Path, segments: Sequence[ArraySegment], *, compiled: bool = True) -> list[ArraySegment]:
    """Merge what is small or mostly deleted, so that segments stay few and none is written over and over.

    Each is left at least ``TIER`` times as large as all smaller ones together: 100,000 documents changed one by one
    lie in six segments at most, and each document is written about TIER times for each of these sizes.
    """
    by_size = sorted((one for one in segments if one.doc_count()), key=lambda one: one.doc_count())
    group = [one for one in by_size if one.deleted_count() > MOST_DELETED * one.doc_count_all()]
    rest = [one for one in by_size if one not in group]
    size = sum(one.doc_count() for one in group)
    while rest and (not size or rest[0].doc_count() < TIER * size):
        group.append(rest.pop(0))
        size += group[-1].doc_count()
    return rest + merge_all(folder, group, compiled=compiled)


@contextmanager
def _new_generation(place: Path, source: _Passing) -> Iterator[Path]:
    """Make a folder to fill; what is in it becomes current at the end, or it is removed."""
    folder: Path | None = None
    try:
        folder = index_versions.begin(place)
        try:
            yield folder
            index_versions.publish(folder)
        except BaseException:
            index_versions.discard(folder)
            raise
    except (OSError, OverflowError) as error:
        if error is source.failure:
            raise
        failure = IndexUnflushed if folder and index_versions.is_current(folder) else IndexUnwritable
        raise failure(place, str(error)) from error


class _Passing:
    """Passes announcements on; knows which ids went by, and whether it was their source that failed."""

    def __init__(self, announcements: Iterable[Announcement]) -> None:
        self._announcements = announcements
        self.ids: set[str] = set()
        self.failure: BaseException | None = None

    def __iter__(self) -> Iterator[Announcement]:
        announcements = iter(self._announcements)
        while True:
            try:
                announcement = next(announcements)
            except StopIteration:
                return
            except BaseException as error:
                self.failure = error
                raise
            if announcement.id in self.ids:
                raise ValueError(f"two announcements have the id {announcement.id}")
            self.ids.add(announcement.id)
            yield announcement

    def check(self, segments: Sequence[ArraySegment]) -> None:
        """Make sure that nothing was lost on the way."""
        written = sum(segment.doc_count() for segment in segments)
        if written != len(self.ids):
            raise OSError(f"{len(self.ids)} announcements were given, {written} written")


def _commit(folder: Path, writer: SegmentWriter, segments: Sequence[ArraySegment], report: Report, do: Do) -> None:
    """Have Whoosh write its table of contents over the segments, and put the account beside it."""
    writer.commit(mergetype=lambda _writer, _old: list(segments))
    version = f"{folder.name[1:].lstrip('0')}-{secrets.token_hex(4)}"
    write_meta(folder, version, report, [segment.record() for segment in segments])
    snapshot = Snapshot(folder)

    def files(*parts: str) -> list[Path]:
        return [segment.path(folder, part) for segment in segments for part in parts]

    suggestions, graph = partial(write_suggestions, folder, snapshot), partial(write_graph, folder, snapshot)
    last = (
        partial(_write_and_flush, suggestions, [folder / SUGGESTIONS, *files("words", "common")]),
        partial(_write_and_flush, graph, [folder / RELATIONS, *files("units", "docs")]),
    )
    for _ in do(last):
        pass
    names = [path.name for path in array_files(snapshot)]
    write_stamps(folder, names, index_versions.before(folder))


def _write_and_flush(write: Callable[[], None], paths: Sequence[Path]) -> None:
    """Write something, then flush that and other files while another process does the same.

    They are flushed again when they are published; by then there is nothing left to wait for.
    """
    write()
    for path in paths:
        flush(path)
