"""One search: what is found, how it is counted, and which of it is shown in which order."""

from __future__ import annotations

from functools import partial, reduce
from typing import TYPE_CHECKING

import numpy as np

from indexer.answers.cursor import BOUND, Cursor, unusable, write
from indexer.answers.results import Facets
from indexer.embedded.search.boolean_matching import DocSet, Finder
from indexer.embedded.search.copies import heads
from indexer.embedded.search.filters import tests_of
from indexer.embedded.search.implied_rows import implied_rows
from indexer.embedded.search.top_k import first_of, order_keys
from indexer.fields import NOT
from indexer.light_dataclass import dataclass, replace
from indexer.query.leaves import numbers_of, texts_of, typed_texts_of
from indexer.query.number_parts import series_of, series_score
from indexer.query.readings import choices, readings
from indexer.query.sentences import sentence_of
from indexer.query.tree import Phrase, Query
from indexer.semantic.meaning import MEANT_HITS, with_meaning
from indexer.semantic.vectors import key_of, passage_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.embedded.search.facet_counts import FacetCounter
    from indexer.embedded.search.phrase_matching import Row
    from indexer.embedded.search.scoring import Scorer
    from indexer.embedded.store.array_file import Array
    from indexer.query.readings import Reading
    from indexer.query.tree import Node, Sort
    from indexer.ranking.bm25f import SynonymEntry
    from indexer.semantic.meaning import Meaning


@dataclass(frozen=True, slots=True)
class TopDocs:
    """An answer before anything is read of what it shows."""

    total: int  # every copy counted
    folded: int  # how many of these stand in the list under another one that they are copies of
    documents: list[int]  # those shown, best first
    scores: list[float]
    only_copies: list[bool]  # of each, whether it is a copy and what it is a copy of was not found
    cursor: str
    facets: Facets
    none_whole: bool  # nothing that passes the filters holds all that is asked for
    reading: Reading | None  # of the query, by which these were found; None: everything was asked for


@dataclass(frozen=True, slots=True)
class _Listed:
    """What stands in a list, not yet in order."""

    documents: Array
    keys: Array  # beside them, ascending in the order of the list
    scores: Array | None  # None when there is nothing to rank by

    @property
    def nbytes(self) -> int:
        """Count the bytes of all of these."""
        return sum(one.nbytes for one in (self.documents, self.keys, self.scores) if one is not None)

    def only(self, marked: Array) -> _Listed:
        """Return those that are marked."""
        scores = self.scores[marked] if self.scores is not None else None
        return _Listed(self.documents[marked], self.keys[marked], scores)


@dataclass(frozen=True, slots=True)
class _Settled:
    """How a question was read, and what was found so."""

    reading: Reading | None  # None if there is nothing to read
    matching: DocSet  # what it means
    found: DocSet  # of these, what passes the filters
    none_whole: bool  # nothing that passes the filters holds all that is asked for


def question_of(query: Query) -> Query:
    """Return what a query asks for, without what of the answer is shown, and in which order."""
    filters = query.filters
    if filters.opened or any(filters.sought):
        filters = replace(filters, opened="", sought=("", ""))
    return Query(root=query.root, match=query.match, filters=filters)


class Search:
    """One question put to one version of the index: each page, order and branch of a facet shows some of its answer.

    Holds nothing but what follows from both, each worked out when it is first asked for, so threads may share it.
    """

    def __init__(
        self,
        scorer: Scorer,
        query: Query,
        synonyms: Sequence[SynonymEntry] = (),
        meaning: Meaning | None = None,
    ) -> None:
        self._meaning = meaning
        self._scorer = scorer
        self._synonyms = synonyms
        self._snapshot = scorer.snapshot
        self._question = query
        self._finder = Finder(scorer.snapshot, title_only=query.filters.title_only)
        self._everywhere = Finder(scorer.snapshot) if query.filters.title_only else self._finder
        self._read: dict[Node, DocSet] = {}
        self._holding: dict[str, int] = {}  # by string: how many announcements hold it, with no filter
        self._tests = tests_of(query.filters, scorer.snapshot)
        self._tested: tuple[DocSet, dict[str, Array]] | None = None
        self._settled: _Settled | None = None
        self._listed: dict[tuple[Sort, bool], _Listed] = {}

    def top_docs(
        self, query: Query, cursor: Cursor | None, facets: Callable[[], FacetCounter], *, every_copy: bool = False
    ) -> TopDocs:
        """Find, count and order what ``query`` shows of the answer; with ``every_copy`` no copy is folded.

        ``facets`` gives what counts them, if they are to be told.
        """
        settled = self._settle()
        reading, matching, found = settled.reading, settled.matching, settled.found
        listed = self._list(query.sort, every_copy=every_copy)
        shown, scores, behind = self._page(query, listed, cursor)
        leaders = self._snapshot.leaders_of(shown)
        only_copies = [not found.held[leader] for leader in leaders] if leaders != shown else [False] * len(shown)
        if listed.scores is not None and not every_copy:
            shown = [one if alone else led for one, led, alone in zip(shown, leaders, only_copies, strict=True)]
        counted = Facets()
        if query.offered:
            counted = facets().count(query.filters, partial(self._passing_others, matching), found)
        total = len(found.documents)
        folded = total - len(listed.documents)
        return TopDocs(total, folded, shown, scores, only_copies, behind, counted, settled.none_whole, reading)

    def _settle(self) -> _Settled:
        """Read the question, strictly at first, until something is found."""
        if self._settled is None:
            self._settled = self._read_until_found()
        return self._settled

    def _read_until_found(self) -> _Settled:
        asked = self._question
        if asked.root is None:
            everything = self._finder.documents(None)
            found = self._passing(everything)
            return _Settled(None, everything, found, not len(found.documents))
        tried: list[_Settled] = []
        for reading in readings(asked.root, asked.match, self.count_holding):
            matching = self._found_by(reading)
            found = self._passing(matching)
            if len(found.documents):
                return _Settled(reading, matching, found, reading.name == "part")
            if reading.name != "part":
                tried.append(_Settled(reading, matching, found, True))
        return tried[-1]

    def count_whole(self) -> int:
        """Count what holds all that is asked for, every copy: ``top_docs`` without an order and facets."""
        reading, found = self._settle().reading, self._settle().found
        return 0 if reading and reading.name == "part" else len(found.documents)

    def rest(self) -> int:
        """Let go of what finding alone needs, and return about how many bytes this still holds."""
        title_only = self._question.filters.title_only
        self._finder = Finder(self._snapshot, title_only=title_only)
        self._everywhere = Finder(self._snapshot) if title_only else self._finder
        settled = self._settle()
        sets = {id(one): one.nbytes for one in (*self._read.values(), settled.matching, settled.found)}
        filters = len(self._tests) * len(settled.matching.documents)
        return filters + sum(sets.values()) + sum(one.nbytes for one in self._listed.values())

    def passing_filters(self) -> Array:
        """Mark the documents that pass the filters, whatever they hold."""
        held: Array = self._passing(self._finder.documents(None)).held
        return held

    def count_holding(self, strings: Sequence[str]) -> list[int]:
        """Count the announcements that hold each of some strings, with no filter."""
        live = self._snapshot.live
        for one in strings:
            if one not in self._holding:
                self._holding[one] = int(np.count_nonzero(self._everywhere.find(Phrase(one)) & live))
        return list(map(self._holding.__getitem__, strings))

    def _found_by(self, reading: Reading) -> DocSet:
        """Return what a reading means; the one that is shown is asked for again to be counted beside the others."""
        if reading.root not in self._read:
            self._read[reading.root] = self._finder.documents(reading.root)
        return self._read[reading.root]

    def count_choices(self) -> tuple[tuple[Reading, int], ...]:
        """Return the readings that can be chosen, each with how many announcements it finds."""
        if self._question.root is None:
            return ()
        every = choices(self._question.root, self.count_holding, self._settle().reading)
        found = map(self._found_by, every)
        return tuple((one, len(self._passing(matching).documents)) for one, matching in zip(every, found, strict=True))

    def _passing(self, matching: DocSet, *without: str) -> DocSet:
        """Keep what passes every filter but these."""
        passing = [held for name, held in self._passed(matching).items() if name not in without]
        if not passing:
            return matching
        return DocSet(matching.documents[reduce(np.logical_and, passing)], self._snapshot.size)

    def _passing_others(self, matching: DocSet, facet: str) -> DocSet:
        """Keep what passes every filter but a facet's own."""
        return self._passing(matching, facet, f"{NOT}{facet}")

    def _passed(self, matching: DocSet) -> dict[str, Array]:
        """Return for each filter which of these pass it; asked again for each facet with a filter of its own."""
        if self._tested is None or self._tested[0] is not matching:
            self._tested = matching, {name: test(matching.documents) for name, test in self._tests.items()}
        return self._tested[1]

    def _list(self, sort: Sort, *, every_copy: bool) -> _Listed:
        """Return what stands in the list: of copies of one announcement the first."""
        if (sort, every_copy) not in self._listed:
            self._listed[sort, every_copy] = self._list_found(sort, every_copy=every_copy)
        return self._listed[sort, every_copy]

    def _list_found(self, sort: Sort, *, every_copy: bool) -> _Listed:
        found, reading = self._settle().found, self._settle().reading
        held = implied_rows(reading.root) if reading else frozenset()
        scores = self._scores(found, held) if sort == "relevance" else None
        keys = order_keys(self._snapshot, found.documents, sort, scores)
        kept = None if every_copy else heads(self._snapshot, found.documents, keys)
        if kept is None:
            return _Listed(found.documents, keys, scores)
        return _Listed(found.documents, keys, scores).only(kept)

    def _page(self, query: Query, listed: _Listed, cursor: Cursor | None) -> tuple[list[int], list[float], str]:
        """Return the documents that are shown, their scores, and the cursor behind them."""
        snapshot = self._snapshot
        offset = (query.page - 1) * query.per_page
        match cursor and cursor.place:
            case (int(day), str(announcement_id)) if query.sort in ("newest", "oldest"):
                later = self._behind(query.sort, day, announcement_id, listed.documents)
                listed, offset = listed.only(later), 0
            case (int(moment), int(day), str(announcement_id)) if query.sort == "indexed":
                later = self._behind_indexed(moment, day, announcement_id, listed.documents)
                listed, offset = listed.only(later), 0
            case (int(passed),) if passed >= 0:
                offset = passed
            case None:
                pass
            case _:
                raise unusable(query.cursor)
        places = first_of(listed.keys, offset + query.per_page, snapshot.native)[offset:]
        shown = listed.documents[places].tolist()
        given = listed.scores[places].tolist() if listed.scores is not None else [0.0] * len(shown)
        if not shown or offset + len(shown) >= len(listed.documents):
            return shown, given, ""
        if query.sort in BOUND:
            return shown, given, write(Cursor(query.sort, snapshot.version, (offset + len(shown),)))
        last = int(snapshot.published[shown[-1]]), snapshot.id_of(shown[-1])
        first = (int(snapshot.indexed[shown[-1]]),) if query.sort == "indexed" else ()
        return shown, given, write(Cursor(query.sort, "", (*first, *last)))

    def _scores(self, found: DocSet, held: frozenset[Row]) -> Array | None:
        """Score what is found; None when there is nothing to rank by."""
        numbers, runs = numbers_of(self._question.root), texts_of(self._question.root)
        if not numbers and not runs:
            return self._by_number(found)
        scores = self._scorer.score(runs, found, self._finder, held, self._synonyms)
        # Those that bear the number stand before all that cite it, and these before the rest, whatever else they hold.
        for number in numbers:
            for those in (self._finder.citing(number), self._finder.bearing(number)):
                scores += (scores.max(initial=0) + 1) * those[found.documents]
        return self._below_new(found, scores if numbers else self._meant(found, scores))

    def _below_new(self, found: DocSet, scores: Array) -> Array:
        """Put what is repealed or amended below what took its place, where both are found."""
        pairs = self._snapshot.replaced
        if not len(pairs):
            return scores
        place = found.documents.searchsorted
        for old, new in pairs[found.held[pairs].all(axis=1)].tolist():
            at, before = int(place(old)), float(scores[int(place(new))])
            scores[at] = min(float(scores[at]), before - self._scorer.ranking.step)
        return scores

    def _by_number(self, found: DocSet) -> Array | None:
        """Score by the number within its series what a number in part asks for alone; None if none does."""
        series = series_of(self._question.root)
        if series is None:
            return None
        values = self._snapshot.doc_values["number"]
        by_value = np.zeros(len(values), dtype=np.float32)
        for key in self._finder.series(series.key):
            by_value[values.numbers[key]] = series_score(key)
        scores: Array = by_value[values.of[found.documents]]
        return scores

    def _meant(self, found: DocSet, scores: Array) -> Array:
        """Let the best hits of a sentence change places by what they mean; all others stay behind them."""
        root, meaning = self._question.root, self._meaning
        if meaning is None or root is None or not len(scores) or sentence_of(root) is None:
            return scores
        snapshot = self._snapshot
        best = first_of(order_keys(snapshot, found.documents, "relevance", scores), MEANT_HITS + 1, snapshot.native)
        rest, best = best[MEANT_HITS:], best[:MEANT_HITS]

        def keys() -> list[bytes]:
            return [key_of(passage_of(snapshot.document(one))) for one in found.documents[best].tolist()]

        cosines = meaning.cosines(" ".join(typed_texts_of(root)), keys)
        if cosines is None:
            return scores
        meant = with_meaning(scores[best].astype(np.float64), cosines)
        if len(rest):
            meant += max(0.0, float(scores[rest[0]]) + self._scorer.ranking.step - float(meant.min()))
        scores[best] = meant
        return scores

    def _behind(self, sort: Sort, day: int, announcement_id: str, documents: Array) -> Array:
        """Mark what stands behind an announcement in the order by date."""
        published = self._snapshot.published[documents]
        later: Array = published > day if sort == "oldest" else published < day
        tied = (published == day).nonzero()[0]
        later[tied] = [self._snapshot.id_of(document) > announcement_id for document in documents[tied].tolist()]
        return later

    def _behind_indexed(self, moment: int, day: int, announcement_id: str, documents: Array) -> Array:
        """Mark what stands behind an announcement in the order of coming into the index."""
        indexed = self._snapshot.indexed[documents]
        later: Array = indexed < moment
        tied = (indexed == moment).nonzero()[0]
        later[tied] = self._behind("indexed", day, announcement_id, documents[tied])
        return later
