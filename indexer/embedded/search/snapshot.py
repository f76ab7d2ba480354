"""One whole version of the index, open for searching: its segments side by side, their numbers made one.

Documents of all segments are numbered through: segment after segment. What is filtered by, counted and
sorted by lies in memory for all of them (20 bytes a document); everything else is mapped.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.embedded.kernel import compiled as native
from indexer.embedded.kernel import open_segment
from indexer.embedded.search.phrase_matching import BigramIndex
from indexer.embedded.search.relation_graph import FILE, Graph
from indexer.embedded.store.array_file import ArrayFile, steps
from indexer.embedded.store.doc_values import Calendar, DocValues, PathTree
from indexer.embedded.store.documents import Documents
from indexer.embedded.store.meta import read_meta
from indexer.embedded.store.term_dictionary import TermDictionary, merge_terms
from indexer.embedded.store.texts import Texts
from indexer.embedded.store.word_postings import Words
from indexer.facts.dates import BEIJING, NO_DAY, from_day, to_day
from indexer.fields import REGION, VALIDITY
from indexer.ranking.prior import PRIOR_STEPS
from indexer.relations.keys import IS_REPEALING
from indexer.relations.validity import BY_ITSELF, BY_VERSION, STATES, states_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.embedded.store.array_file import Array
    from indexer.embedded.store.segment_record import SegmentRecord
    from indexer.fields import Field
    from indexer.relations.records import Relations


class OpenSegment:
    """One segment's files, mapped."""

    def __init__(self, folder: Path, record: SegmentRecord, base: int, *, compiled: bool) -> None:
        def opened(part: str) -> ArrayFile:
            return record.open(folder, part)

        self.record = record
        self.part = slice(base, base + record.documents)  # of the documents of the whole index
        units, words, common = map(opened, ("units", "words", "common"))
        self.units = BigramIndex(units, common)
        self.words = Words(words, common)
        # Looks up in these files, where it is compiled and not turned off.
        self.compiled: Any = open_segment(record.documents, units, words, common) if compiled else None
        self.docs_file = opened("docs")
        self.documents = Documents(self.docs_file, self.compiled or Texts(units))


class Snapshot:
    """A version of the index; never changes."""

    def __init__(self, folder: Path, *, compiled: bool = True) -> None:
        """Open a generation; raises ``Damaged`` if a file is not what was written.

        With ``compiled`` the kernel looks up where there is one, else numpy does.
        """
        self.folder = folder
        self.size_bytes = sum(path.stat().st_size for path in folder.iterdir())  # now: it may be swept away later
        self.meta = read_meta(folder)
        self.version = self.meta.version
        self.segments: list[OpenSegment] = []
        base = 0
        for record in self.meta.segments:
            self.segments.append(OpenSegment(folder, record, base, compiled=compiled))
            base += record.documents
        self.size = base
        self.native = native() if compiled else None
        self.live = _joined([segment.record.live() for segment in self.segments], bool)
        self.published = _joined([segment.documents.published for segment in self.segments], np.int32)
        self.all_live = bool(self.live.all())
        self.count = int(np.count_nonzero(self.live))
        self.today = to_day(datetime.now(BEIJING).date())

    def __reduce__(self) -> tuple[object, ...]:
        return Snapshot, (self.folder,)  # another process opens it anew

    def document(self, number: int) -> Announcement:
        """Read one announcement."""
        for segment in self.segments:
            if number < segment.part.stop:
                return segment.documents[number - segment.part.start]
        raise IndexError(number)

    def facts(self, number: int) -> Announcement:
        """Read one announcement without its text, as if that were empty."""
        for segment in self.segments:
            if number < segment.part.stop:
                return segment.documents.without_body(number - segment.part.start)
        raise IndexError(number)

    def start(self, number: int, characters: int) -> Announcement:
        """Read one announcement with the first characters of its text alone."""
        for segment in self.segments:
            if number < segment.part.stop:
                return segment.documents.with_start(number - segment.part.start, characters)
        raise IndexError(number)

    def title(self, number: int) -> str:
        """Read the title of one announcement."""
        for segment in self.segments:
            if number < segment.part.stop:
                return segment.documents.title(number - segment.part.start)
        raise IndexError(number)

    def relations(self, number: int) -> Relations:
        """Read what one announcement says of others and of its own validity."""
        for segment in self.segments:
            if number < segment.part.stop:
                return segment.documents.relations(number - segment.part.start)
        raise IndexError(number)

    def find(self, announcement_id: str) -> int:
        """Return the number of the announcement with this id, -1 if there is none."""
        for segment in self.segments:
            at = segment.documents.find(announcement_id)
            if at >= 0 and self.live[segment.part.start + at]:
                return segment.part.start + at
        return -1

    def id_of(self, number: int) -> str:
        """Return a document's id."""
        for segment in self.segments:
            if number < segment.part.stop:
                return bytes(segment.documents.ids[number - segment.part.start]).decode("ascii")
        raise IndexError(number)

    @cached_property
    def id_rank(self) -> Array:
        """Return each document's place in the order of all ids."""
        ids = np.concatenate([segment.documents.ids for segment in self.segments]) if self.segments else np.zeros(0)
        order = self.segments[0].documents.by_id if len(self.segments) == 1 else np.argsort(ids, kind="stable")
        rank = np.empty(len(ids), dtype=np.int64)
        rank[order] = np.arange(len(ids))
        return rank

    @cached_property
    def newest_first(self) -> Array:
        """Return each document's place in the order of days, newest first, then of ids; the undated come last."""
        return self._place_by(~self.published)

    @cached_property
    def last_indexed_first(self) -> Array:
        """Return each document's place in the order of coming into the index, the last first, then newest first."""
        place = np.empty(self.size, dtype=np.int64)
        place[np.lexsort((self.newest_first, -self.indexed))] = np.arange(self.size)
        return place

    @cached_property
    def indexed(self) -> Array:
        """Return when each document first came into the index, in seconds since 1970; 0 if nobody knows."""
        return _joined([segment.docs_file["indexed"] for segment in self.segments], np.int64)

    @cached_property
    def oldest_first(self) -> Array:
        """Return each document's place in the order of days, oldest first, then of ids; the undated come first."""
        return self._place_by(self.published)

    def _place_by(self, days: Array) -> Array:
        place = np.empty(self.size, dtype=np.int64)
        place[np.lexsort((self.id_rank, days))] = np.arange(self.size)
        return place

    @cached_property
    def priors(self) -> Array:
        """Return what each document is worth by itself, from 0.0 to 1.0."""
        return self._ranked_by("prior").astype(np.float32) / PRIOR_STEPS

    @cached_property
    def title_cores(self) -> Array:
        """Return how many units each title's matter has."""
        return self._ranked_by("title_core").astype(np.float32)

    @cached_property
    def title_lengths(self) -> Array:
        """Return how many units and breaks each title has."""
        starts = [steps(segment.units.fields["title"].starts) - 1 for segment in self.segments]
        return _joined(starts, np.int64)

    def _ranked_by(self, name: str) -> Array:
        return _joined([segment.docs_file[name] for segment in self.segments], np.uint16)

    @cached_property
    def doc_values(self) -> dict[str, DocValues]:
        """Return the values that are counted and filtered by."""
        read = _ReadWhenAsked(self.segments)
        if (self.folder / FILE).exists():
            read[VALIDITY.name] = self.validity
        return read

    @cached_property
    def graph(self) -> Graph:
        """Return who cites whom, and what follows for validity."""
        return Graph(self.folder)

    @cached_property
    def validity(self) -> DocValues:
        """Return the states of all documents on the day on which this version was opened."""
        values = sorted(STATES)
        number = np.array([values.index(state) for state in STATES])
        return DocValues(values, number[states_at(self.graph.events, self.graph.flags, self.today)])

    @cached_property
    def replaced(self) -> Array:
        """Return what is repealed or amended by now, each with what took its place, the newest of these first."""
        events, edges = self.graph.events, self.graph.edges
        found = []
        for name in ("repealed", "amended"):
            by = events[f"{name}_by"]
            for old in np.flatnonzero(self.live & (events[name] <= self.today) & (by != BY_ITSELF)).tolist():
                new = int(edges["source"][by[old]]) if by[old] >= 0 else BY_VERSION - int(by[old])
                if not self.graph.flags[new] & IS_REPEALING:
                    found.append((old, new))
        found.sort(key=lambda pair: (-int(self.published[pair[1]]), self.id_rank[pair[0]]))
        return np.array(found, dtype=np.intp).reshape(-1, 2)

    @cached_property
    def newest_day(self) -> date | None:
        """Return the newest day of publication, none that is still to come; None when all are undated."""
        days = self.published[self.live & (self.published <= self.today) & (self.published > NO_DAY)]
        return from_day(int(days.max())) if len(days) else None

    @cached_property
    def groups(self) -> Array | None:
        """Return for each document the number of its group of copies, 0 if it is alone; None when all are."""
        group = self.doc_values["group"]
        alone = group.numbers.get("")
        if len(group.values) == (alone is not None):
            return None
        return group.of if alone is not None else group.of + 1

    def leaders_of(self, documents: list[int]) -> list[int]:
        """Return of each document the one that it is a copy of, or itself if it leads its copies or stands alone."""
        if self.groups is None:
            return documents
        groups = self.groups[documents].tolist()
        return [self.leader_of(one) if group else one for one, group in zip(documents, groups, strict=True)]

    def leader_of(self, document: int) -> int:
        """Return the document that this is a copy of, or itself if it leads its copies or stands alone."""
        group = self.doc_values["group"]
        leader = group.values[int(group.of[document])]
        found = self.find(leader) if leader else -1
        return found if found >= 0 else document

    @cached_property
    def regions(self) -> PathTree:
        """Return the tree of regions."""
        return PathTree(self.doc_values["region"])

    @cached_property
    def folders(self) -> PathTree:
        """Return the tree of the folders that pages were saved in."""
        return PathTree(self.doc_values["folder"])

    def values_of(self, facet: Field) -> DocValues | PathTree | Calendar:
        """Return the values of a facet, by its kind."""
        match facet.kind:
            case "path":
                return self.regions if facet is REGION else self.folders
            case "month":
                return self.calendar
            case _:
                return self.doc_values[facet.name]

    @cached_property
    def calendar(self) -> Calendar:
        """Return the documents' months."""
        return Calendar(self.published)


class _ReadWhenAsked(dict[str, DocValues]):
    """Doc values by field, each read when it is asked for: paths are as many as documents, and few ask for them.

    Knows the segments, not the snapshot: one that held what holds it would stay in memory after it is replaced.
    """

    def __init__(self, segments: Sequence[OpenSegment]) -> None:
        super().__init__()
        self._segments = segments

    def __missing__(self, name: str) -> DocValues:
        self[name] = self._read(name)
        return self[name]

    def _read(self, name: str) -> DocValues:
        tables = [TermDictionary(segment.docs_file, name) for segment in self._segments]
        if len(tables) == 1:
            return DocValues(list(tables[0]), self._segments[0].docs_file[f"{name}.of"])
        union, numbers = merge_terms(tables)
        of = [new[segment.docs_file[f"{name}.of"]] for new, segment in zip(numbers, self._segments, strict=True)]
        return DocValues([value.decode("utf-8", "surrogatepass") for value in union], _joined(of, np.uint32))


def _joined(parts: list[Array], kind: Any) -> Array:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts).astype(kind, copy=False) if parts else np.zeros(0, dtype=kind)
