"""What is exported says whether it still holds, since when and who says so; a rebuild reads that anew."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from indexer.announcement import to_json
from indexer.embedded.engine import WhooshEngine
from indexer.index import Index
from indexer.indexing.rebuild import rebuild
from indexer.report import Report
from tests.builders import announcement
from webui.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

SAID = "《示例管理办法》（示府〔2019〕1号）自2021年1月1日起废止。"
OLD = announcement("old", "示例管理办法", number="示府〔2019〕1号", published=date(2019, 1, 1), kind="政策文件")
NEW = announcement("new", "关于废止示例管理办法的决定", SAID, published=date(2020, 12, 1), kind="政策文件")
NEWS = announcement("news", "示例新闻", "昨日开会。", published=date(2020, 12, 2), kind="动态")


@pytest.fixture
def index(tmp_path: Path) -> Index:
    engine = WhooshEngine(tmp_path / "index")
    engine.replace_all([OLD, NEW, NEWS], Report())
    return Index(engine)


def test_tables_have_the_state_since_when_and_who_says_so(index: Index, tmp_path: Path) -> None:
    index.export(tmp_path / "all.csv")
    index.export(tmp_path / "all.parquet")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as stream:
        written = {row["id"]: row for row in csv.DictReader(stream)}
    packed = {row["id"]: row for row in pq.read_table(tmp_path / "all.parquet").to_pylist()}
    told = ("validity", "validity_since", "validity_how", "validity_by", "validity_by_title", "validity_sentence")
    assert [written["old"][name] for name in told] == ["已废止", "2021-01-01", "repeal", "new", NEW.title, SAID]
    assert [packed["old"][name] for name in told] == ["已废止", date(2021, 1, 1), "repeal", "new", NEW.title, SAID]
    assert [written["new"][name] for name in told] == ["未见废止", "", "", "", "", ""]
    assert not any(written["news"][name] for name in told)


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_json_lines_have_it_too_and_a_rebuild_from_them_is_equal(index: Index, tmp_path: Path, name: str) -> None:
    assert index.export(tmp_path / name) == 3
    again, third = WhooshEngine(tmp_path / "again"), WhooshEngine(tmp_path / "third")
    assert rebuild([tmp_path / name], again, jobs=1).indexed == 3
    assert again.related("old").validity == index.related("old").validity
    Index(again).export(tmp_path / "again.jsonl")
    rebuild([tmp_path / "again.jsonl"], third, jobs=1)
    Index(third).export(tmp_path / "third.jsonl")
    assert (tmp_path / "third.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()


def test_a_state_that_a_record_brings_along_is_not_believed(tmp_path: Path) -> None:
    line = {**to_json(OLD), "validity": {"state": "已失效", "as_of": "2020-01-01", "evidence": []}}
    (tmp_path / "a.jsonl").write_text(json.dumps(line), encoding="utf-8")
    engine = WhooshEngine(tmp_path / "index")
    rebuild([tmp_path / "a.jsonl"], engine, jobs=1)
    validity = engine.related("old").validity
    assert validity is not None
    assert validity.state == "未见废止"


def test_what_a_search_finds_is_exported_with_it(index: Index, tmp_path: Path) -> None:
    assert index.search("示例管理办法", kind="政策文件").export(tmp_path / "some.jsonl") == 2
    rows = [json.loads(line) for line in (tmp_path / "some.jsonl").read_text(encoding="utf-8").splitlines()]
    states = {row["id"]: row["validity"]["state"] for row in rows}
    assert states == {"old": "已废止", "new": "未见废止"}


def test_the_command_shows_it(index: Index, tmp_path: Path) -> None:
    def shown(*words: str) -> str:
        return CliRunner().invoke(cli, ["--index", str(tmp_path / "index"), "show", *words]).stdout

    state = "validity:     已废止"
    told = f"{'':<14}repealed by new {NEW.title}\n{'':<14}from 2021-01-01 on"
    assert f"{state}\n{told}\n" in shown("old")
    assert f"“{SAID}”" in shown("old")
    assert "未见废止 (until 2020-12-02" in shown("new")
    assert "validity" not in shown("news")
    assert json.loads(shown("old", "--json"))["validity"]["evidence"][0]["id"] == "new"
    assert json.loads(shown("news", "--json"))["validity"] is None
