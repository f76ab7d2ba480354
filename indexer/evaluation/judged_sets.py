"""Measure ranking on judged sets in BEIR's layout: questions, documents, and who judged which to answer which.

Every set is indexed by itself in an engine that goes away afterwards, and every question goes the way a user's does,
so what is measured is what users get.
"""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from indexer.announcement import Announcement
from indexer.errors import ParameterError, PathUnreadable
from indexer.evaluation.metrics import Estimate, estimate, ndcg, recall, reciprocal_rank
from indexer.light_dataclass import dataclass
from indexer.messages import Words, said
from indexer.query.parameters import read_query
from indexer.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from io import BufferedReader

    from indexer.engine import Engine
    from indexer.query.tree import Query

    EngineFactory = Callable[[], AbstractContextManager[Engine]]
    Prepare = Callable[[Engine], None]

Grades = dict[str, int]  # document → how well it answers, 1 or more

FIRST_HITS: Final = 10  # what a first page shows: nDCG and MRR look at these
ALL_HITS: Final = 100
_CORPUS, _QUERIES = ("corpus.jsonl", "corpus.jsonl.gz"), ("queries.jsonl", "queries.jsonl.gz")
_JUDGEMENTS = ("qrels.tsv", "qrels/test.tsv")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well one judged set is ranked."""

    name: str  # of its folder
    documents: int
    queries: int  # with at least one answer
    ndcg_10: Estimate
    mrr_10: Estimate
    recall_100: Estimate
    absent: int  # judgements of questions or documents that the set does not hold; such answers count as not found
    refused: int  # questions that cannot be asked, being too long; they count as answered by nothing
    median_ms: float  # to answer with 100 hits


def evaluate(
    folders: Sequence[Path], new_engine: EngineFactory, prepare: Prepare | None = None
) -> tuple[Evaluation, ...]:
    """Measure each set, in order; raises ``PathUnreadable`` with file and line for what is not as it should be.

    ``prepare`` does what else an engine needs, once it has its documents.
    """
    sets = [JudgedSet(folder) for folder in folders]
    return tuple(judged.evaluate(new_engine, prepare) for judged in sets)


class JudgedSet:
    """The three files of one set; checked as soon as they are opened, but for the documents, which may be many."""

    def __init__(self, folder: Path) -> None:
        self._name = folder.resolve().name
        self._corpus = _find(folder, _CORPUS)
        self._queries = _read_queries(_find(folder, _QUERIES))
        self._grades = _read_judgements(_find(folder, _JUDGEMENTS))
        self._documents: list[str] = []  # their names, in the order of the corpus

    def evaluate(self, new_engine: EngineFactory, prepare: Prepare | None = None) -> Evaluation:
        """Index the documents and ask every question that has an answer."""
        with new_engine() as engine:
            engine.replace_all(self.announcements(), Report())
            if prepare:
                prepare(engine)
            asked = self._asked()
            answers = {query: self._ask(engine, self._queries[query]) for query in asked}
        hits = {query: found or () for query, (found, _) in answers.items()}
        grades = {query: [asked[query].get(hit, 0) for hit in found] for query, found in hits.items()}
        best = {query: sorted(of_query.values(), reverse=True) for query, of_query in asked.items()}
        return Evaluation(
            name=self._name,
            documents=len(self._documents),
            queries=len(asked),
            ndcg_10=estimate([ndcg(grades[query], best[query], FIRST_HITS) for query in asked]),
            mrr_10=estimate([reciprocal_rank(grades[query], FIRST_HITS) for query in asked]),
            recall_100=estimate([recall(grades[query], len(best[query]), ALL_HITS) for query in asked]),
            absent=self._count_absent(),
            refused=sum(found is None for found, _ in answers.values()),
            median_ms=float(np.median([took for _, took in answers.values()])) if answers else 0.0,
        )

    def ndcgs(self, find: Callable[[Query], Sequence[str]]) -> dict[str, float]:
        """Return nDCG@10 of each question that has an answer; ``find`` gives the ids of the first ten announcements."""
        gains: dict[str, float] = {}
        for query, grades in self._asked().items():
            asked = _question(self._queries[query], FIRST_HITS)
            found = [grades.get(self._documents[int(hit)], 0) for hit in (find(asked) if asked else ())]
            gains[query] = ndcg(found, sorted(grades.values(), reverse=True), FIRST_HITS)
        return gains

    def announcements(self) -> Iterator[Announcement]:
        """Yield the documents as an engine takes them; to be drained before anything is asked."""
        known: set[str] = set()
        for where, record in _read_records(self._corpus):
            name = _text(record, "_id", where)
            if name in known:
                raise PathUnreadable(
                    where.file, where.told(said("document %(name)s has been there before", name=repr(name)))
                )
            known.add(name)
            title, body = _text(record, "title", where, missing=""), _text(record, "text", where)
            # Names of other people's documents need not be ids of ours, so each goes by its number.
            yield Announcement(id=f"{len(self._documents):09d}", title=" ".join(title.split()), body=body)
            self._documents.append(name)

    def _asked(self) -> dict[str, Grades]:
        return {query: grades for query, grades in self._grades.items() if query in self._queries}

    def _ask(self, engine: Engine, text: str) -> tuple[tuple[str, ...] | None, float]:
        query = _question(text, ALL_HITS)
        if query is None:
            return None, 0.0
        page = engine.search(query)
        return tuple(self._documents[int(hit.id)] for hit in page.hits), page.took_ms

    def _count_absent(self) -> int:
        documents = set(self._documents)
        return sum(
            query not in self._queries or document not in documents
            for query, grades in self._grades.items()
            for document in grades
        )


def _question(text: str, hits: int) -> Query | None:
    """Read a question as a user's query; None if it is too long to be asked."""
    try:
        return read_query({"q": [text], "per_page": [str(hits)]})
    except ParameterError:
        return None


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Where:
    file: Path
    line: int  # from 1

    def told(self, why: Words) -> Words:
        """Return what is wrong in this line."""
        return said("line %(number)s: %(why)s", number=str(self.line), why=why)


def _find(folder: Path, names: Sequence[str]) -> Path:
    if not folder.is_dir():
        raise PathUnreadable(folder, said("no such folder"))
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise PathUnreadable(folder, said("holds no %(names)s", names=" or ".join(names)))


def _read_lines(file: Path) -> Iterator[tuple[_Where, str]]:
    """Yield the lines that are not blank."""
    try:
        with _open(file) as lines:
            for number, line in enumerate(lines, 1):
                try:
                    text = line.decode("utf-8-sig").strip("\r\n")
                except UnicodeDecodeError as error:
                    raise PathUnreadable(
                        file, _Where(file, number).told(said("not UTF-8 (%(why)s)", why=error.reason))
                    ) from error
                if text.strip():
                    yield _Where(file, number), text
    except (OSError, EOFError, zlib.error) as error:
        raise PathUnreadable(file, str(error)) from error


def _open(file: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")


def _read_records(file: Path) -> Iterator[tuple[_Where, dict[str, Any]]]:
    for where, line in _read_lines(file):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise PathUnreadable(file, where.told(said("no JSON (%(why)s)", why=str(error)))) from error
        if not isinstance(record, dict):
            raise PathUnreadable(file, where.told(said("expected an object with _id and text")))
        yield where, record


def _text(record: dict[str, Any], key: str, where: _Where, missing: str | None = None) -> str:
    """Return a text; half characters (lone surrogates), which JSON can write but no file can, become "?"."""
    value = record.get(key)
    if value is None and missing is not None:
        return missing
    if key == "_id" and isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise PathUnreadable(
            where.file, where.told(said("%(key)s is %(value)s, expected text", key=repr(key), value=repr(value)))
        )
    return value.encode("utf-8", "replace").decode()


def _read_queries(file: Path) -> dict[str, str]:
    queries: dict[str, str] = {}
    for where, record in _read_records(file):
        name = _text(record, "_id", where)
        if name in queries:
            raise PathUnreadable(file, where.told(said("query %(name)s has been there before", name=repr(name))))
        queries[name] = _text(record, "text", where)
    return queries


def _read_judgements(file: Path) -> dict[str, Grades]:
    """Return what answers each query; grades of 0 and below say that a document does not."""
    grades: dict[str, Grades] = {}
    for where, line in _read_lines(file):
        match line.split("\t"):
            case ["query-id", "corpus-id", "score"] if where.line == 1:
                continue
            case [query, document, grade] if _is_whole(grade):
                if int(grade) > 0:
                    grades.setdefault(query, {})[document] = int(grade)
            case _:
                raise PathUnreadable(
                    file,
                    where.told(
                        said(
                            "%(line)s; expected a query's id, a document's id and a whole number, with tabs between",
                            line=repr(line[:80]),
                        )
                    ),
                )
    if not grades:
        raise PathUnreadable(file, said("judges no document to answer anything"))
    return grades


def _is_whole(text: str) -> bool:
    return text.strip().removeprefix("-").isdecimal()


# ── showing ──────────────────────────────────────────────────────────────────────────────────────────


def render_table(results: Sequence[Evaluation]) -> str:
    """Write a table for a terminal; in brackets the interval that holds the mean with 95 % confidence."""
    head = ("set", "documents", "queries", "nDCG@10", "MRR@10", "recall@100", "ms")
    rows = [
        (
            result.name,
            f"{result.documents:,}",
            f"{result.queries:,}",
            *(str(measured) for measured in (result.ndcg_10, result.mrr_10, result.recall_100)),
            f"{result.median_ms:.1f}",
        )
        for result in results
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]
    return "\n".join([*lines, *_remarks(results)])


def _remarks(results: Sequence[Evaluation]) -> Iterator[str]:
    for result in results:
        if result.absent:
            yield f"{result.name}: {result.absent:,} judgements name a query or document that is not there."
        if result.refused:
            yield f"{result.name}: {result.refused:,} queries are too long to be asked."
