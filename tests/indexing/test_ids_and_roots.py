"""Ids stay as they were given while they are unique; roots are listed, renamed, retired, and never mixed up."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from indexer.errors import PathUnreadable, RootUnknown
from indexer.indexing.rebuild import rebuild, update
from indexer.indexing.roots import known_roots
from tests.indexing.keeping_engine import KeepingEngine, as_engine
from webui.cli import cli

if TYPE_CHECKING:
    from pathlib import Path


def write(file: Path, *records: tuple[str, str]) -> Path:
    """Write records of an id and a text each; those of one text are equal."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [{"id": identity, "title": f"关于{text}的通知", "text": f"{text}的正文。"} for identity, text in records]
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    return file


def html(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    body = f"<p>　　{text}，请各单位按照要求逐项落实，并于每月五日前报送进展情况。</p>" * 2
    file.write_text(
        f"<html><head><meta charset='utf-8'><title>关于{text}的通知</title></head><body>{body}</body></html>"
    )
    return file


def texts(engine: KeepingEngine) -> dict[str, str]:
    return {identity: one.title.removeprefix("关于").removesuffix("的通知") for identity, one in engine.held.items()}


def rebuilt(*paths: Path, global_ids: bool = False) -> KeepingEngine:
    engine = KeepingEngine()
    rebuild(paths, as_engine(engine), global_ids=global_ids)
    return engine


# ── ids ──


def test_an_id_in_two_files_with_different_texts_keeps_both(tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", ("1", "清淤"), ("2", "校园"))
    b = write(tmp_path / "b.jsonl", ("1", "防火"), ("3", "食品"))
    engine = KeepingEngine()
    report = rebuild([a, b], as_engine(engine))
    assert texts(engine) == {"1": "清淤", "2": "校园", "b.jsonl-1": "防火", "3": "食品"}
    assert (report.indexed, report.duplicates, report.shared_ids) == (4, 0, 1)
    assert report.adds_up


def test_a_later_update_keeps_both_too_and_ends_as_a_rebuild(tmp_path: Path) -> None:
    b = write(tmp_path / "b.jsonl", ("1", "防火"))
    engine = rebuilt(b)
    a = write(tmp_path / "a.jsonl", ("1", "清淤"))
    report = update([a], as_engine(engine))
    assert engine.held == rebuilt(a, b).held
    assert texts(engine) == {"1": "清淤", "b.jsonl-1": "防火"}
    assert report.indexed == 1


def test_an_id_is_given_back_when_the_other_goes(tmp_path: Path) -> None:
    write(tmp_path / "in/a.jsonl", ("1", "清淤"))
    write(tmp_path / "in/b.jsonl", ("1", "防火"))
    engine = rebuilt(tmp_path / "in")
    (tmp_path / "in/a.jsonl").unlink()
    update([tmp_path / "in"], as_engine(engine))
    assert texts(engine) == {"1": "防火"}
    assert engine.held == rebuilt(tmp_path / "in").held


def test_files_of_one_name_and_chinese_names_get_ids_of_their_own(tmp_path: Path) -> None:
    for folder in ("x", "y", "z"):
        write(tmp_path / "in" / folder / "a.jsonl", ("1", folder))
        write(tmp_path / "in" / folder / "通知.jsonl", ("1", f"文{folder}"))
    engine = rebuilt(tmp_path / "in")
    assert len(engine.held) == 6
    assert "1" in engine.held
    assert all(len(identity) <= 64 and identity.isascii() for identity in engine.held)


def test_a_name_made_for_one_is_never_the_id_of_another(tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", ("1", "甲"), ("b.jsonl-1", "乙"))
    b = write(tmp_path / "b.jsonl", ("1", "丙"))
    engine = rebuilt(a, b)
    assert sorted(texts(engine).values()) == ["丙", "乙", "甲"]
    assert texts(engine)["b.jsonl-1"] == "乙"


def test_with_global_ids_the_last_record_of_all_files_counts(tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", ("1", "旧"), ("2", "另"))
    b = write(tmp_path / "b.jsonl", ("1", "新"))
    engine = rebuilt(a, b, global_ids=True)
    assert texts(engine) == {"1": "新", "2": "另"}
    write(b, ("1", "更新"))
    update([b], as_engine(engine))
    assert texts(engine) == {"1": "更新", "2": "另"}
    b.unlink()
    update([b.parent], as_engine(engine))
    assert texts(engine) == {"1": "旧", "2": "另"}


def test_the_same_record_in_two_files_is_a_duplicate(tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", ("1", "清淤"))
    b = write(tmp_path / "b.jsonl", ("1", "清淤"), ("2", "清淤"))
    engine = KeepingEngine()
    report = rebuild([a, b], as_engine(engine))
    assert list(engine.held) == ["1"]
    assert (report.indexed, report.duplicates, report.shared_ids) == (1, 2, 0)


# ── roots ──


def test_a_moved_folder_takes_its_deleted_pages_along(tmp_path: Path) -> None:
    html(tmp_path / "A/a.html", "松涛甲")
    gone = html(tmp_path / "A/c.html", "松涛丙")
    engine = rebuilt(tmp_path / "A")
    gone.unlink()
    (tmp_path / "A").rename(tmp_path / "B")
    report = update([tmp_path / "B"], as_engine(engine))
    assert engine.held == rebuilt(tmp_path / "B").held
    assert report.moved == [(str(tmp_path / "A"), str(tmp_path / "B"))]
    assert [root.path for root in known_roots(engine.ledger())] == [str(tmp_path / "B")]


def test_a_folder_that_is_not_there_for_now_keeps_its_pages_and_is_told(tmp_path: Path) -> None:
    html(tmp_path / "drive/a.html", "松涛甲")
    html(tmp_path / "here/b.html", "松涛乙")
    engine = rebuilt(tmp_path / "drive", tmp_path / "here")
    shutil.rmtree(tmp_path / "drive")
    html(tmp_path / "here/c.html", "松涛丙")
    report = update([], as_engine(engine))
    assert sorted(texts(engine).values()) == ["松涛丙", "松涛乙", "松涛甲"]
    assert report.gone == [str(tmp_path / "drive")]
    update([], as_engine(engine), retire=[tmp_path / "drive"])
    assert engine.held == rebuilt(tmp_path / "here").held
    shutil.rmtree(tmp_path / "here")
    with pytest.raises(PathUnreadable, match="none of the folders"):
        update([], as_engine(engine))


def test_an_update_without_paths_follows_all_roots(tmp_path: Path) -> None:
    html(tmp_path / "x/a.html", "松涛甲")
    b = write(tmp_path / "b.jsonl", ("1", "清淤"))
    engine = rebuilt(tmp_path / "x", b)
    html(tmp_path / "x/a.html", "松涛丁")
    write(b, ("2", "防火"))
    update([], as_engine(engine))
    assert sorted(texts(engine).values()) == ["松涛丁", "防火"]
    assert engine.held == rebuilt(tmp_path / "x", b).held


@pytest.mark.parametrize(("one", "other"), [("通知", "通知#2023"), ("a", "a!"), ("a.zip", "a.zip!"), ("b", "b2")])
def test_a_folder_never_takes_the_pages_of_one_with_a_like_name(tmp_path: Path, one: str, other: str) -> None:
    html(tmp_path / one / "a.html", "松涛甲")
    html(tmp_path / other / "a.html", "松涛乙")
    engine = rebuilt(tmp_path / one, tmp_path / other)
    update([tmp_path / one], as_engine(engine))
    assert sorted(texts(engine).values()) == ["松涛乙", "松涛甲"]
    update([], as_engine(engine), retire=[tmp_path / one])
    assert sorted(texts(engine).values()) == ["松涛乙"]


def test_a_root_that_holds_another_one_reads_its_pages_once(tmp_path: Path) -> None:
    html(tmp_path / "x/y/a.html", "松涛甲")
    engine = rebuilt(tmp_path / "x/y")
    html(tmp_path / "x/b.html", "松涛乙")
    update([tmp_path / "x"], as_engine(engine))
    assert engine.held == rebuilt(tmp_path / "x").held == rebuilt(tmp_path / "x/y", tmp_path / "x").held
    assert [root.path for root in known_roots(engine.ledger())] == [str(tmp_path / "x")]


def test_roots_are_listed_renamed_and_retired_by_command(tmp_path: Path) -> None:
    html(tmp_path / "x/a.html", "松涛甲")
    b = write(tmp_path / "b.jsonl", ("1", "清淤"))
    index = ["--index", str(tmp_path / "index")]
    assert CliRunner().invoke(cli, [*index, "rebuild", str(tmp_path / "x"), str(b)]).exit_code == 0
    (tmp_path / "x").rename(tmp_path / "new")
    ended = CliRunner().invoke(cli, [*index, "roots", "--rename", str(tmp_path / "x"), str(tmp_path / "new")])
    assert ended.exit_code == 0, ended.stderr
    told = json.loads(CliRunner().invoke(cli, [*index, "roots", "--json"]).stdout)
    assert {(root["path"], root["pages"], root["there"]) for root in told} == {
        (str(tmp_path / "new"), 1, True),
        (str(b), 1, True),
    }
    assert json.loads(CliRunner().invoke(cli, [*index, "status", "--json"]).stdout)["roots"] == told
    ended = CliRunner().invoke(cli, [*index, "roots", "--retire", str(b)])
    assert ended.stdout == f"{tmp_path / 'new'}\t1 pages\n"
    ended = CliRunner().invoke(cli, [*index, "roots", "--retire", str(tmp_path / "nothing")])
    assert ended.exit_code == 2
    assert "was not made from" in ended.stderr


def test_naming_a_root_that_is_not_known_changes_nothing(tmp_path: Path) -> None:
    html(tmp_path / "x/a.html", "松涛甲")
    engine = rebuilt(tmp_path / "x")
    with pytest.raises(RootUnknown):
        update([], as_engine(engine), retire=[tmp_path / "y"])
    assert texts(engine) == {next(iter(engine.held)): "松涛甲"}
