"""Announcements as an SQLite database with full-text search, which Datasette serves as it is.

Tables: ``announcements`` (columns as in CSV), ``regions`` (each step of each announcement's region), ``attachments``,
``reposts``, ``citations`` (a row for each announcement that a mention may mean, ``cited`` is NULL where it is not in
this index), ``validity`` with its ``evidence``, and ``announcements_fts``: FTS5 over title, number and body, cut into
trigrams, so that
``MATCH '"对口帮扶"'`` finds the string wherever it stands; strings of one or two characters need ``LIKE``.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Final

from indexer.errors import SystemUnfit
from indexer.exporting.columns import OF_ANNOUNCEMENTS, storable
from indexer.messages import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from indexer.announcement import Announcement
    from indexer.answers.relations import Related

TRIGRAMS_SINCE: Final = (3, 34, 0)  # of SQLite
_COLUMNS = ", ".join(
    f'"{column.name}" TEXT' + (" PRIMARY KEY NOT NULL" if column.name == "id" else "") for column in OF_ANNOUNCEMENTS
)
_SCHEMA = f"""
CREATE TABLE announcements ({_COLUMNS});
CREATE TABLE regions (
  announcement TEXT NOT NULL REFERENCES announcements(id), level INTEGER NOT NULL,
  name TEXT NOT NULL, path TEXT NOT NULL,
  PRIMARY KEY (announcement, level)
) WITHOUT ROWID;
CREATE TABLE attachments (announcement TEXT NOT NULL REFERENCES announcements(id), name TEXT, url TEXT);
CREATE TABLE reposts (
  announcement TEXT NOT NULL REFERENCES announcements(id), id TEXT, source TEXT, published TEXT, url TEXT, path TEXT
);
CREATE TABLE citations (
  announcement TEXT NOT NULL REFERENCES announcements(id), relation TEXT NOT NULL, title TEXT, number TEXT,
  cited TEXT, sure INTEGER NOT NULL, sentence TEXT, start INTEGER, "end" INTEGER
);
CREATE TABLE validity (
  announcement TEXT PRIMARY KEY NOT NULL REFERENCES announcements(id), state TEXT NOT NULL, as_of TEXT NOT NULL,
  known_until TEXT
) WITHOUT ROWID;
CREATE TABLE evidence (
  announcement TEXT NOT NULL REFERENCES announcements(id), how TEXT NOT NULL, day TEXT, told_by TEXT, sentence TEXT
);
"""
_AFTERWARDS = """
CREATE INDEX announcements_published ON announcements(published);
CREATE INDEX announcements_number ON announcements(number);
CREATE INDEX announcements_source ON announcements(source);
CREATE INDEX regions_path ON regions(path);
CREATE INDEX attachments_announcement ON attachments(announcement);
CREATE INDEX reposts_announcement ON reposts(announcement);
CREATE INDEX citations_announcement ON citations(announcement);
CREATE INDEX citations_cited ON citations(cited);
CREATE INDEX validity_state ON validity(state);
CREATE INDEX evidence_announcement ON evidence(announcement);
CREATE VIRTUAL TABLE announcements_fts USING FTS5 (
  title, number, body, content="announcements", content_rowid="rowid", tokenize="trigram"
);
INSERT INTO announcements_fts(announcements_fts) VALUES ('rebuild');
INSERT INTO announcements_fts(announcements_fts) VALUES ('optimize');
ANALYZE;
"""
_INSERT = f"INSERT INTO announcements VALUES ({', '.join('?' * len(OF_ANNOUNCEMENTS))})"  # noqa: S608 - our own names


def write_sqlite(
    announcements: Iterable[Announcement], file: Path, related: Callable[[str], Related] | None = None
) -> int:
    """Write the tables; return the number of announcements. Raises ``SystemUnfit`` where SQLite is too old."""
    if sqlite3.sqlite_version_info < TRIGRAMS_SINCE:
        raise SystemUnfit(
            said("An SQLite file"), said("SQLite 3.34 or newer (here is %(version)s)", version=sqlite3.sqlite_version)
        )
    count = 0
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            # The file is written beside its name and thrown away if anything goes wrong: no journal is needed.
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" + _SCHEMA)
            for announcement in announcements:
                _insert(database, announcement)
                if related:
                    _insert_related(database, related(announcement.id))
                count += 1
            database.executescript(_AFTERWARDS)  # ends the transaction first
    except sqlite3.OperationalError as error:  # a full disk, above all
        raise OSError(str(error)) from error
    return count


def _insert(database: sqlite3.Connection, one: Announcement) -> None:
    identity = one.id
    database.execute(_INSERT, [_cell(column.read(one)) for column in OF_ANNOUNCEMENTS])
    for level, name in enumerate(one.region, 1):
        path = "/".join(one.region[:level])
        database.execute("INSERT INTO regions VALUES (?, ?, ?, ?)", (identity, level, name, path))
    for file in one.attachments:
        values = (identity, storable(file.name), storable(file.url))
        database.execute("INSERT INTO attachments VALUES (?, ?, ?)", values)
    for repost in one.reposts:
        texts = map(_cell, (repost.id, repost.source, repost.published, repost.url, repost.path))
        database.execute("INSERT INTO reposts VALUES (?, ?, ?, ?, ?, ?)", (identity, *texts))


def _insert_related(database: sqlite3.Connection, one: Related) -> None:
    for cited in one.cites:
        said = (one.id, cited.relation, _cell(cited.title), _cell(cited.number))
        where = (int(cited.sure), _cell(cited.sentence), cited.at.start, cited.at.end)
        meant: list[str | None] = [linked.id for linked in cited.meant]
        rows = [(*said, identity, *where) for identity in meant or [None]]
        database.executemany("INSERT INTO citations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    if one.validity:
        state = (one.id, one.validity.state, _cell(one.validity.as_of), _cell(one.validity.known_until))
        database.execute("INSERT INTO validity VALUES (?, ?, ?, ?)", state)
        told = [(one.id, by.how, _cell(by.day), by.id, _cell(by.sentence)) for by in one.validity.evidence]
        database.executemany("INSERT INTO evidence VALUES (?, ?, ?, ?, ?)", told)


def _cell(value: object) -> str | None:
    """Write a day as YYYY-MM-DD; what is not known is NULL."""
    if isinstance(value, date):
        return value.isoformat()
    return storable(str(value)) if value not in ("", None) else None
