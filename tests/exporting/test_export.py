"""An index is written out and made anew from what was written: the same announcements, copies and ids."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from indexer.announcement import to_json
from indexer.embedded.engine import WhooshEngine
from indexer.errors import PathUnwritable
from indexer.exporting.formats import export
from indexer.indexing.rebuild import rebuild
from tests.builders import announcement
from webui.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "".join(
    f"第{n}条说明，各单位应当按照第{n}项任务的要求逐项落实，并于每月{n}日前报送进展情况。" for n in range(1, 9)
)


def records(folder: Path) -> list[Path]:
    folder.mkdir()
    a = {"id": "1", "title": "关于落实任务的通知", "source": "甲省人民政府", "date": "2024-05-01", "text": TEXT}
    copy = {**a, "id": "2", "source": "乙县日报", "date": "2024-05-09", "text": f"{TEXT}本县另行安排。"}
    other = {
        "id": "1",
        "title": "另一件事",
        "text": "另一件事的正文。",
        "reposts": [{"source": "丙网", "url": "http://c/"}],
    }
    files = [folder / "a.jsonl", folder / "b.jsonl"]
    files[0].write_text("\n".join(map(json.dumps, (a, copy))))
    files[1].write_text(json.dumps(other))
    return files


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_an_index_made_from_an_export_is_equal(tmp_path: Path, name: str) -> None:
    one, two = WhooshEngine(tmp_path / "one"), WhooshEngine(tmp_path / "two")
    rebuild(records(tmp_path / "pages"), one, jobs=1)
    assert export(one.announcements(), tmp_path / name) == 3
    report = rebuild([tmp_path / name], two, jobs=1)
    before, after = ({kept.id: to_json(kept) for kept in engine.announcements()} for engine in (one, two))
    assert before == after
    assert before["2"]["repost_of"] == "1"
    assert (report.indexed, report.reposts, report.shared_ids) == (2, 1, 0)


@pytest.mark.parametrize("name", ["all.xlsx", "all.json", "all", "jsonl", "a.gz"])
def test_other_formats_are_refused_by_name_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(PathUnwritable, match=r"\.jsonl\.gz \.csv \.parquet \.sqlite"):
        export([announcement("a")], tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_the_account_of_a_rebuild_and_of_status_tell_one_time(tmp_path: Path) -> None:
    files = [str(file) for file in records(tmp_path / "pages")]
    index = ["--index", str(tmp_path / "index")]
    told = CliRunner().invoke(cli, [*index, "rebuild", *files]).stderr.splitlines()[0]
    status = CliRunner().invoke(cli, [*index, "status"]).stderr.splitlines()[0]
    assert told.removeprefix("Rebuilt in ") == status.removeprefix("Last change in ")
