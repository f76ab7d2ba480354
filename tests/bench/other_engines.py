"""What we are measured against, each fed the same texts: tantivy, SQLite FTS5 and plain Whoosh."""

from __future__ import annotations

import sqlite3
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from indexer.text.segmenter import words, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from indexer.announcement import Announcement
    from tests.bench.cases import Case

BATCH = 1000
TITLE_BOOST = 4.0
FACETS = ("source", "region", "year", "form")


class Peer(Protocol):
    """Something that indexes announcements and answers the same questions."""

    def build(self, announcements: Sequence[Announcement]) -> None:
        """Index all and make them searchable."""

    def answer(self, case: Case) -> int:
        """Return ten hits and four facets; return how many were found."""


class Tantivy:
    """tantivy through its Python binding: our words joined by spaces, facets as fast fields."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        # Any: the dependency group "bench", and with it the types, may be absent.
        tantivy: Any = import_module("tantivy")
        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        for field in ("title", "body"):
            builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("text", stored=True, tokenizer_name="raw", index_option="basic")
        for field in ("source", "region", "form"):
            builder.add_text_field(field, fast=True, tokenizer_name="raw")
        builder.add_integer_field("year", fast=True, indexed=True)
        self._schema = builder.build()
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(self._schema, str(folder))

    def build(self, announcements: Sequence[Announcement]) -> None:
        """Index all and wait until it is searchable."""
        writer = self._index.writer(256_000_000, 2)
        for at in range(0, len(announcements), BATCH):
            batch = announcements[at : at + BATCH]
            titles, bodies = words_of([one.title for one in batch]), words_of([one.body for one in batch])
            for one, title, body in zip(batch, titles, bodies, strict=True):
                writer.add_document(self._document(one, title, body))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def _document(self, one: Announcement, title: list[str], body: list[str]) -> Any:
        regions = ["/".join(one.region[: depth + 1]) for depth in range(len(one.region))]
        return self._tantivy.Document(
            id=[one.id],
            title=[" ".join(title)],
            body=[" ".join(body)],
            text=[one.body],
            source=[one.source],
            region=regions,
            form=[one.form],
            year=[one.published.year if one.published else 0],
        )

    def _term(self, field: str, value: str | int) -> Any:
        return self._tantivy.Query.term_query(self._schema, field, value)

    def _all(self, *queries: Any) -> Any:
        return self._tantivy.Query.boolean_query([(self._tantivy.Occur.Must, query) for query in queries])

    def _any(self, *queries: Any) -> Any:
        return self._tantivy.Query.boolean_query([(self._tantivy.Occur.Should, query) for query in queries])

    def _word(self, word: str) -> Any:
        boosted = self._tantivy.Query.boost_query(self._term("title", word), TITLE_BOOST)
        return self._any(boosted, self._term("body", word))

    def _phrase(self, text: str) -> Any:
        found = words(text)
        if len(found) == 1:
            return self._word(found[0])
        phrase: Any = self._tantivy.Query.phrase_query  # its stub wants places beside the words
        return self._any(phrase(self._schema, "title", found), phrase(self._schema, "body", found))

    def _text(self, case: Case) -> Any:
        match case.kind:
            case "phrase":
                return self._phrase(case.words[0])
            case "or":
                return self._any(*map(self._word, case.words))
            case "not":
                wanted, unwanted = map(self._word, case.words)
                occur = self._tantivy.Occur
                return self._tantivy.Query.boolean_query([(occur.Must, wanted), (occur.MustNot, unwanted)])
            case _:
                return self._all(*map(self._word, case.words))

    def answer(self, case: Case, *, texts: bool = False) -> int:
        """Return ten hits and the counts of every facet without its own filter."""
        searcher, text = self._index.searcher(), self._text(case)
        chosen = {name: self._term(name, value) for name, value in case.filters.items()}
        full = self._all(text, *chosen.values()) if chosen else text
        result: Any = searcher.search(full, 10, count=True)  # its stub lacks the count
        open_facets = [name for name in FACETS if name not in chosen]
        searcher.aggregate(full, _counting(open_facets))
        for name in chosen:
            others = [query for other, query in chosen.items() if other != name]
            searcher.aggregate(self._all(text, *others), _counting([name]))
        if texts:
            for _, address in result.hits:
                searcher.doc(address).get_first("text")
        return int(result.count)


def _counting(facets: Sequence[str]) -> dict[str, Any]:
    return {name: {"terms": {"field": name, "size": 100}} for name in facets}


class Fts5:
    """SQLite's full text search with its trigram tokenizer: substrings of three characters and more."""

    name = "FTS5 trigram"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(folder / "fts.db")
        self._base.execute("CREATE VIRTUAL TABLE texts USING fts5(title, body, tokenize='trigram')")
        self._base.execute("CREATE TABLE facts(id INTEGER PRIMARY KEY, source, region, year, form)")

    def build(self, announcements: Sequence[Announcement]) -> None:
        """Index all in one transaction."""
        with self._base:
            self._base.executemany(
                "INSERT INTO texts(rowid, title, body) VALUES (?, ?, ?)",
                ((at, one.title, one.body) for at, one in enumerate(announcements)),
            )
            self._base.executemany(
                "INSERT INTO facts VALUES (?, ?, ?, ?, ?)",
                (
                    (at, one.source, "/".join(one.region), one.published.year if one.published else 0, one.form)
                    for at, one in enumerate(announcements)
                ),
            )

    def answer(self, case: Case) -> int:
        """Return ten hits and the counts of four facets; only for words of three characters or more."""
        quoted = ['"' + word.replace('"', '""') + '"' for word in case.words]
        joint = {"or": " OR ", "not": " NOT "}.get(case.kind, " AND ")
        match = joint.join(quoted)
        self._base.execute("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10", (match,)).fetchall()
        found = "SELECT rowid FROM texts WHERE texts MATCH ?"
        for facet in FACETS:
            statement = f"SELECT {facet}, count(*) FROM facts WHERE id IN ({found}) GROUP BY {facet}"
            self._base.execute(statement, (match,)).fetchall()
        return int(self._base.execute("SELECT count(*) FROM texts WHERE texts MATCH ?", (match,)).fetchone()[0])


class PlainWhoosh:
    """Whoosh with its default codec: our words as a space-separated field, facets by ``groupedby``."""

    name = "plain Whoosh"

    def __init__(self, folder: Path) -> None:
        from whoosh import fields, index  # noqa: PLC0415 - as slow as it is to import
        from whoosh.analysis import SpaceSeparatedTokenizer  # noqa: PLC0415

        folder.mkdir(parents=True, exist_ok=True)
        text = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True)
        facet = fields.ID(sortable=True)
        schema = fields.Schema(title=text, body=text, id=fields.ID(stored=True), **dict.fromkeys(FACETS, facet))
        self._index = index.create_in(str(folder), schema)
        self._searcher: Any = None

    def build(self, announcements: Sequence[Announcement]) -> None:
        """Index all in one commit."""
        writer = self._index.writer(limitmb=256)
        for one in announcements:
            writer.add_document(
                id=one.id,
                title=" ".join(words(one.title)),
                body=" ".join(words(one.body)),
                source=one.source,
                region="/".join(one.region),
                form=one.form,
                year=str(one.published.year if one.published else 0),
            )
        writer.commit()
        self._searcher = self._index.searcher()

    def answer(self, case: Case) -> int:
        """Return ten hits and the counts of four facets, all hits scored, for its own shortcut is wrong."""
        from whoosh import query  # noqa: PLC0415

        def word(text: str) -> Any:
            return query.Or([query.Term("title", text), query.Term("body", text)])

        def phrase(text: str) -> Any:
            return query.Or([query.Phrase("title", words(text)), query.Phrase("body", words(text))])

        if case.kind == "phrase":
            asked = phrase(case.words[0])
        elif case.kind == "not":
            asked = query.AndNot(word(case.words[0]), word(case.words[1]))
        else:
            asked = (query.Or if case.kind == "or" else query.And)([word(one) for one in case.words])
        if case.filters:
            asked = query.And([asked, *(query.Term(name, str(value)) for name, value in case.filters.items())])
        results = self._searcher.search(asked, limit=None, groupedby=list(FACETS))
        for facet in FACETS:
            {name: len(held) for name, held in results.groups(facet).items()}
        return len(results)


PEERS: dict[str, Callable[[Path], Peer]] = {"tantivy": Tantivy, "fts5": Fts5, "whoosh": PlainWhoosh}
