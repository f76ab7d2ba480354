"""CSV, Parquet and SQLite: every announcement with its days and regions, whole or not at all."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from indexer.announcement import Announcement, Attachment, Repost
from indexer.embedded.engine import WhooshEngine
from indexer.exporting.columns import OF_HITS, OF_TOLD
from indexer.exporting.formats import ENDINGS, export
from indexer.report import Report
from tests.builders import announcement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALL = [
    announcement(
        "a",
        title="关于对口帮扶工作的通知",
        body="一、开展对口帮扶。\n二、落实。",
        region=("广东省", "广州市"),
        signed=date(2020, 5, 30),
        number="示府〔2020〕1号",
        attachments=(Attachment("附件.pdf", "http://a/1.pdf"),),
        reposts=(Repost("乙网", "http://b/", "b.html", date(2020, 6, 2), "c"),),
    ),
    announcement("b", title="=1+1", body="植树。", published=None, path="a\udcff.html"),
]


def broken() -> Iterator[Announcement]:
    yield ALL[0]
    raise RuntimeError("the index went away")


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_cannot_be_written_whole_is_not_written_and_what_was_there_stays(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"all{ending}"
    file.write_text("before")
    with pytest.raises(RuntimeError):
        export(broken(), file)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert file.read_text() == "before"


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_is_a_file_too(tmp_path: Path, ending: str) -> None:
    assert export([], tmp_path / f"none{ending}") == 0
    assert (tmp_path / f"none{ending}").exists()


def test_csv_keeps_days_and_regions_readable_and_runs_no_formula(tmp_path: Path) -> None:
    assert export(ALL, tmp_path / "all.csv") == 2
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == [column.name for column in OF_TOLD]
    assert (rows[0]["published"], rows[0]["region"], rows[0]["body"]) == ("2020-06-01", "广东省/广州市", ALL[0].body)
    assert (rows[1]["title"], rows[1]["published"]) == ("'=1+1", "")


def test_parquet_has_days_and_lists_of_regions(tmp_path: Path) -> None:
    assert export(ALL, tmp_path / "all.parquet") == 2
    rows = pq.read_table(tmp_path / "all.parquet").to_pylist()
    assert [row["id"] for row in rows] == ["a", "b"]
    assert (rows[0]["published"], rows[0]["signed"], rows[0]["effective"]) == (
        date(2020, 6, 1),
        date(2020, 5, 30),
        None,
    )
    assert (rows[0]["region"], rows[1]["region"]) == (["广东省", "广州市"], [])
    assert rows[1]["title"] == "=1+1"


def test_sqlite_has_tables_and_finds_strings_in_full_text(tmp_path: Path) -> None:
    assert export(ALL, tmp_path / "all.sqlite") == 2
    with closing(sqlite3.connect(tmp_path / "all.sqlite")) as database:

        def rows(question: str, *values: str) -> list[tuple[object, ...]]:
            return database.execute(question, values).fetchall()

        assert rows("SELECT id, published, signed, number, source FROM announcements ORDER BY id") == [
            ("a", "2020-06-01", "2020-05-30", "示府〔2020〕1号", None),
            ("b", None, None, None, None),
        ]
        assert rows("SELECT level, name, path FROM regions") == [
            (1, "广东省", "广东省"),
            (2, "广州市", "广东省/广州市"),
        ]
        assert rows("SELECT name, url FROM attachments") == [("附件.pdf", "http://a/1.pdf")]
        assert rows("SELECT id, source, published FROM reposts") == [("c", "乙网", "2020-06-02")]
        matches = "SELECT title FROM announcements_fts WHERE announcements_fts MATCH ?"
        assert rows(matches, '"口帮扶"') == [(ALL[0].title,)]
        assert rows(matches, '"绿化的"') == []
        assert rows("PRAGMA integrity_check") == [("ok",)]


def test_sqlite_has_what_announcements_say_of_each_other(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    body = "《示例管理办法》（示府〔2019〕1号）同时废止。另见《别处的条例》。"
    two = [
        announcement(
            "old", title="示例管理办法", number="示府〔2019〕1号", published=date(2019, 1, 1), kind="政策文件"
        ),
        announcement("new", title="关于废止示例管理办法的决定", body=body, kind="政策文件"),
    ]
    engine.replace_all(two, Report())
    export(engine.announcements(), tmp_path / "all.sqlite", engine.related)
    with closing(sqlite3.connect(tmp_path / "all.sqlite")) as database:
        cited = database.execute("SELECT relation, title, cited FROM citations WHERE announcement = 'new'").fetchall()
        assert ("repeals", "示例管理办法", "old") in cited
        assert any((title, identity) == ("别处的条例", None) for _, title, identity in cited)
        [[state]] = database.execute("SELECT state FROM validity WHERE announcement = 'old'").fetchall()
        assert state == "已废止"
        [[told_by]] = database.execute("SELECT told_by FROM evidence WHERE announcement = 'old'").fetchall()
        assert told_by == "new"


def test_sqlite_full_text_is_told_to_programs_as_datasette_looks_for_it(tmp_path: Path) -> None:
    """It goes by the statement that made the virtual table, which must name the table that holds the text."""
    export(ALL, tmp_path / "all.sqlite")
    with closing(sqlite3.connect(tmp_path / "all.sqlite")) as database:
        [made] = database.execute("SELECT sql FROM sqlite_master WHERE name = 'announcements_fts'").fetchone()
    assert "VIRTUAL TABLE" in made
    assert "USING FTS5" in made
    assert 'content="announcements"' in made


def test_columns_are_keys_of_json() -> None:
    keys = {
        "id",
        "title",
        "source",
        "published",
        "region",
        "number",
        "form",
        "kind",
        "url",
        "score",
        "snippet",
        "validity",
    }
    assert {column.name for column in OF_HITS} == keys
    assert {column.name for column in OF_TOLD} >= keys - {"score", "snippet", "validity"}
