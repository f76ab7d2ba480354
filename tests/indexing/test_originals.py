"""The saved file behind an announcement is opened as it was saved, and nothing else is."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from indexer.engine_choice import temporary_engine
from indexer.errors import OriginalUnavailable
from indexer.indexing.originals import open_beside, open_original
from indexer.indexing.rebuild import rebuild
from tests import office_files as made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.engine import Engine

PAGE = "<title>关于{0}的通知</title><h1>关于{0}的通知</h1><p>各单位：现将{0}有关事项通知如下，请遵照执行。</p>"


@pytest.fixture
def engine() -> Iterator[Engine]:
    with temporary_engine() as made_engine:
        yield made_engine


def saved(folder: Path, name: str, about: str, more: str = "") -> bytes:
    content = (PAGE.format(about) + more).encode()
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return content


def id_at(engine: Engine, ending: str) -> str:
    return next(one.id for one in engine.announcements() if one.path.endswith(ending))


def reason(ledger: bytes, announcement_id: str) -> str:
    with pytest.raises(OriginalUnavailable) as raised:
        open_original(ledger, announcement_id)
    return raised.value.code


def test_pages_files_members_and_rows_are_given_as_they_were_saved(engine: Engine, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    page, numbered = saved(pages, "甲/a.html", "甲事项"), saved(pages, "甲/no#1.html", "己事项")
    packed = PAGE.format("乙事项").encode("gb18030")
    (pages / "b.html.gz").write_bytes(gzip.compress(packed))
    member = PAGE.format("丙事项").encode()
    with zipfile.ZipFile(pages / "c.zip", "w") as archive:
        archive.writestr("内/c.html", member)
    rows = [json.dumps({"title": f"关于{one}的公告", "text": "正文在此。"}).encode() + b"\n" for one in "丁戊"]
    (pages / "d.jsonl").write_bytes(b"".join(rows))
    rebuild([pages], engine)
    ledger = engine.ledger()
    found = {
        ending: open_original(ledger, id_at(engine, ending))
        for ending in ("a.html", "no#1.html", "b.html.gz", "c.html", "l#1", "l#2")
    }
    assert [one.content for one in found.values()] == [page, numbered, packed, member, *rows]
    assert [one.name for one in found.values()] == (
        ["a.html", "no#1.html", "b.html", "c.html", "d.jsonl-1.json", "d.jsonl-2.json"]
    )
    assert [one.kind for one in found.values()] == [*["html"] * 4, *["record"] * 2]
    assert "乙事项" in found["b.html.gz"].text()


def test_a_page_given_alone_is_found_with_the_file_beside_it(engine: Engine, tmp_path: Path) -> None:
    sheet = made.xlsx((1, "甲表"))
    page = saved(tmp_path, "a.html", "甲事项", '<p><a href="x.xlsx">附件</a></p>')
    (tmp_path / "x.xlsx").write_bytes(sheet)
    rebuild([tmp_path / "a.html"], engine)
    one = next(iter(engine.announcements()))
    assert (one.attachments[0].file, one.attachments[0].has_text) == ("x.xlsx", True)
    assert open_original(engine.ledger(), one.id).content == page
    assert open_beside(engine.ledger(), one.id, "x.xlsx").content == sheet


def test_a_row_in_an_archive_is_found_packed_or_not(engine: Engine, tmp_path: Path) -> None:
    rows = [json.dumps({"title": f"关于{name}的公告", "text": "正文"}).encode() + b"\n" for name in "甲乙"]
    content = made.zipped({"a.jsonl.gz": gzip.compress(b"".join(rows))})
    (tmp_path / "x.zip").write_bytes(made.zipped({"in.zip": content, "d.jsonl": rows[0] + b"\n"}))
    rebuild([tmp_path / "x.zip"], engine)
    ledger = engine.ledger()
    assert open_original(ledger, id_at(engine, "in.zip!/a.jsonl.gz#2")).content == rows[1]
    assert open_original(ledger, id_at(engine, "d.jsonl#1")).content == rows[0]


def test_what_has_changed_gone_or_become_a_link_is_told(engine: Engine, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    for name in ("gone.html", "link.html", "deep/in.html", "pipe.html"):
        saved(pages, name, name)
    (pages / "d.jsonl").write_text('{"title":"关于丁的公告","text":"正文"}\n', encoding="utf-8")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    rebuild([pages], engine)
    ledger = engine.ledger()
    ids = {name: id_at(engine, name) for name in ("gone.html", "link.html", "in.html", "pipe.html", "#1")}
    for name in ("gone.html", "link.html", "pipe.html"):
        (pages / name).unlink()
    (pages / "link.html").symlink_to(tmp_path / "secret.html")
    os.mkfifo(pages / "pipe.html")
    (pages / "deep").rename(tmp_path / "deep")
    (pages / "deep").symlink_to(tmp_path / "deep")
    (pages / "d.jsonl").write_text('{"title":"关于戊的公告","text":"正文"}\n', encoding="utf-8")
    told = {name: reason(ledger, identity) for name, identity in ids.items()}
    assert told["in.html"] in ("link", "gone")  # a folder's link: systems differ in what they call it
    assert {name: told[name] for name in ("gone.html", "link.html", "pipe.html", "#1")} == {
        "gone.html": "gone",
        "link.html": "link",
        "pipe.html": "no-file",
        "#1": "changed",
    }
    assert reason(ledger, "0" * 16) == "unknown"


def test_a_record_that_claims_a_path_is_not_believed(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    record: dict[str, object] = {"title": "关于甲的公告", "text": "正文", "path": "../secret.html"}
    record["attachments"] = [{"name": "甲", "file": "../secret.html"}]
    (tmp_path / "r.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    rebuild([tmp_path / "r.jsonl"], engine)
    one = next(iter(engine.announcements()))
    assert json.loads(open_original(engine.ledger(), one.id).content)["title"] == "关于甲的公告"
    for name in (one.attachments[0].file, "../secret.html", "..", "", "/etc/passwd"):
        with pytest.raises(OriginalUnavailable):
            open_beside(engine.ledger(), one.id, name)
