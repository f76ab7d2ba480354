"""Pages to index: every page is accounted for, and an update ends where a rebuild would."""

from __future__ import annotations

import copy
import json
import random
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from indexer.announcement import Page, Place
from indexer.errors import NothingToIndex, PathUnreadable
from indexer.indexing import run
from indexer.indexing.ledger import Ledger, Row
from indexer.indexing.rebuild import clean_pages, rebuild, update
from indexer.report import Skipped
from indexer.skip_reasons import because
from tests.indexing.keeping_engine import KeepingEngine, as_engine
from tests.office_files import ofd, pdf

if TYPE_CHECKING:
    from collections.abc import Iterator


def page(title: str, *paragraphs: str, source: str = "示例市人民政府") -> str:
    body = "".join(f"<p>　　{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><meta charset='utf-8'><title>{title}_示例市人民政府</title></head><body>"
        f"<div class='nav'><a href='/'>首页</a> <a href='/zw'>政务公开</a></div><h1>{title}</h1>"
        f"<div>发布日期：2021-03-04 来源：{source}</div><div id='zoom'>{body}</div></body></html>"
    )


LONG = [f"第{n}条说明，各单位应当按照第{n}项任务的要求逐项落实，并于每月{n}日前报送进展情况。" for n in range(1, 12)]


def filled(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.html").write_text(page("关于道路养护的通知", *LONG[:6]), "utf-8")
    (folder / "b.html").write_text(page("关于绿化工作的公告", *LONG[6:]), "utf-8")
    (folder / "copy.html").write_text(page("关于道路养护的通知", *LONG[:6]), "utf-8")
    (folder / "empty.html").write_text("")
    (folder / "more.jsonl").write_text('{"title": "第三件", "text": "另外一件事情的全文。"}\n{broken\n', "utf-8")
    (folder / "style.css").write_text("p {}")
    return folder


def test_every_page_is_accounted_for(tmp_path: Path) -> None:
    engine = KeepingEngine()
    report = rebuild([filled(tmp_path / "pages")], as_engine(engine))

    assert report.adds_up
    assert (report.read, report.indexed, report.duplicates, report.ignored) == (6, 3, 1, 1)
    assert {skipped.path for skipped in report.skipped} == {"pages/empty.html", "pages/more.jsonl#2"}
    assert {found.path for found in engine.held.values()} == {"pages/a.html", "pages/b.html", "pages/more.jsonl#1"}


def test_a_folder_without_announcements_leaves_the_index_alone(tmp_path: Path) -> None:
    engine = KeepingEngine()
    rebuild([filled(tmp_path / "pages")], as_engine(engine))
    before = dict(engine.held)
    (tmp_path / "nothing").mkdir()

    with pytest.raises(NothingToIndex, match="the index is as it was"):
        rebuild([tmp_path / "nothing"], as_engine(engine))
    assert engine.held == before


def test_a_folder_whose_pages_are_all_skipped_says_why(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    for number in range(7):
        (tmp_path / f"pages/{number}.html").write_bytes(b"")
    with pytest.raises(NothingToIndex, match=r"pages/0\.html: .*\n(.*\n){4}.* 2 more"):
        rebuild([tmp_path / "pages"], as_engine(KeepingEngine()))


def test_a_folder_that_vanishes_midway_leaves_the_index_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = KeepingEngine()
    folder = filled(tmp_path / "pages")
    rebuild([folder], as_engine(engine))
    before = dict(engine.held)

    def lose_the_folder(*_: Any) -> Iterator[Any]:
        shutil.rmtree(folder)
        return iter(())

    monkeypatch.setattr("indexer.indexing.run.read_pages", lose_the_folder)

    with pytest.raises(PathUnreadable, match="vanished while it was being read"):
        rebuild([folder], as_engine(engine))
    assert engine.held == before


def test_several_processes_make_the_same_index(tmp_path: Path) -> None:
    folder = filled(tmp_path / "pages")
    one, two = KeepingEngine(), KeepingEngine()
    rebuild([folder], as_engine(one), jobs=1)
    rebuild([folder], as_engine(two), jobs=2)
    assert one.held == two.held


def test_an_update_reads_only_what_changed(tmp_path: Path) -> None:
    folder = filled(tmp_path / "pages")
    engine = KeepingEngine()
    rebuild([folder], as_engine(engine))
    (folder / "b.html").write_text(page("关于绿化工作的公告", "改了。", *LONG[7:]), "utf-8")
    (folder / "more.jsonl").unlink()
    report = update([folder], as_engine(engine))

    assert (report.read, report.indexed, report.unchanged, report.removed) == (4, 1, 2, 1)
    assert report.adds_up
    assert update([folder], as_engine(engine)).unchanged == 3


def test_pages_without_an_announcement_are_skipped_until_all_are_wanted(tmp_path: Path) -> None:
    folder = filled(tmp_path / "pages")
    (folder / "login.html").write_text("<title>用户登录</title><h1>用户登录</h1><p>用户名：</p><p>密码：</p>", "utf-8")
    engine = KeepingEngine()
    report = rebuild([folder], as_engine(engine))
    reason = next(one.reason for one in report.skipped if one.path.endswith("login.html"))
    assert reason.startswith("no announcement: ")
    again = update([folder], as_engine(engine), keep_all=True)
    assert again.indexed == 1
    assert not any(one.path.endswith("login.html") for one in again.skipped)


def test_a_file_that_a_missing_package_kept_out_is_read_once_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pypdfium2", reason="needs policy-search[attachments]")
    folder = filled(tmp_path / "pages")
    (folder / "d.pdf").write_bytes(pdf("关于疏浚沟渠的通知", "请各村在汛期前疏浚沟渠，确保排水畅通。"))
    engine = KeepingEngine()
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pypdfium2", None)
        report = rebuild([folder], as_engine(engine))
        assert [one.why.code for one in report.skipped if one.path.endswith("d.pdf")] == ["needs-package"]
        assert update([folder], as_engine(engine)).indexed == 0
    assert update([folder], as_engine(engine)).indexed == 1


def _cut_off(page: Page) -> Skipped:
    return Skipped(page.path, because("wall-time", seconds=60))


def test_a_page_that_a_busy_machine_kept_out_is_read_by_the_next_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = filled(tmp_path / "pages")
    engine = KeepingEngine()
    rebuild([folder], as_engine(engine))
    (folder / "d.html").write_text(page("关于疏浚沟渠的通知", *LONG[3:9]), "utf-8")
    with monkeypatch.context() as busy:
        busy.setattr(run, "read_one", _cut_off)
        report = update([folder], as_engine(engine))
        assert [one.path for one in report.skipped if one.why.code == "wall-time"] == ["pages/d.html"]
    assert update([folder], as_engine(engine)).indexed == 1


def test_an_update_of_a_part_leaves_the_rest(tmp_path: Path) -> None:
    folder = filled(tmp_path / "pages")
    engine = KeepingEngine()
    rebuild([folder], as_engine(engine))
    (folder / "b.html").unlink()
    (folder / "more.jsonl").write_text('{"title": "第四件", "text": "又一件事情的全文。"}')
    update([folder / "more.jsonl"], as_engine(engine))

    titles = {found.title for found in engine.held.values()}
    assert titles == {"关于道路养护的通知", "关于绿化工作的公告", "第四件"}


def test_when_a_leader_vanishes_its_copy_takes_over(tmp_path: Path) -> None:
    folder = filled(tmp_path / "pages")
    engine = KeepingEngine()
    rebuild([folder], as_engine(engine))
    leader = next(found.path for found in engine.held.values() if found.path in ("pages/a.html", "pages/copy.html"))
    (folder / Path(leader).name).unlink()
    update([folder], as_engine(engine))

    other = {"pages/a.html": "pages/copy.html", "pages/copy.html": "pages/a.html"}[leader]
    assert other in {found.path for found in engine.held.values()}


def test_a_file_that_a_page_carries_is_found_through_the_page(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    link = "<p><a href='files/plan.ofd'>附件：实施方案.ofd</a></p>"
    (folder / "a.html").write_text(
        page("关于道路养护的通知", *LONG[:6]).replace("</p></div>", f"</p>{link}</div>"), "utf-8"
    )
    (folder / "plan.ofd").write_bytes(ofd((10, 10, "本方案自印发之日起实施，由示例部门负责解释。")))
    engine = KeepingEngine()
    report = rebuild([folder], as_engine(engine))

    assert (report.read, report.indexed, report.attached) == (2, 1, 1)
    assert "由示例部门负责解释" in next(iter(engine.held.values())).body

    (folder / "plan.ofd").write_bytes(ofd((10, 10, "本方案改由另一示例部门负责解释，其余不变。")))
    update([folder], as_engine(engine))
    assert "另一示例部门" in next(iter(engine.held.values())).body

    (folder / "a.html").unlink()
    update([folder], as_engine(engine))
    assert [found.path for found in engine.held.values()] == ["pages/plan.ofd"]


def test_a_later_record_of_an_id_replaces_the_earlier(tmp_path: Path) -> None:
    lines = [{"id": "x", "title": "旧", "text": "旧文"}, {"id": "x", "title": "新", "text": "新文"}]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    engine = KeepingEngine()
    report = rebuild([tmp_path / "a.jsonl"], as_engine(engine))

    assert [found.title for found in engine.held.values()] == ["新"]
    assert (report.indexed, report.duplicates, report.corrected) == (1, 1, 1)


def _edit(folder: Path, chance: random.Random) -> None:
    """Write, change or remove one page; some are copies of others in another frame."""
    file = folder / f"{chance.randrange(12)}.html"
    if file.exists() and chance.random() < 0.4:
        file.unlink()
        return
    matter = chance.randrange(5)
    text = [f"事项{matter}：{line}" for line in LONG]
    source = chance.choice(["示例市人民政府", "示例日报", "示例网"])
    file.write_text(page(f"关于事项{matter}的通知", *text, source=source), "utf-8")


@pytest.mark.parametrize("seed", range(6))
def test_an_update_ends_where_a_rebuild_would(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "fixed.html").write_text(page("关于固定事项的通知", *LONG), "utf-8")
    updated = KeepingEngine()
    rebuild([folder], as_engine(updated))
    for _ in range(8):
        for _ in range(chance.randrange(1, 4)):
            _edit(folder, chance)
        report = update([folder], as_engine(updated))
        assert report.adds_up
        fresh = KeepingEngine()
        rebuild([folder], as_engine(fresh))
        assert updated.held == fresh.held


def test_a_ledger_is_read_back_as_written() -> None:
    rows = [
        Row("a#2", Place("a", "a", line=2), "d", given="1", id="2", fingerprint=b"\x00\xff", attached=("b",)),
        Row("a\udcff", Place("a\udcff", "a\udcff"), "", skipped=because("no-text")),
    ]
    ledger = Ledger((), copy.deepcopy(rows))
    assert Ledger.from_bytes(ledger.to_bytes()).rows == rows
    assert Ledger.from_bytes(b"") == Ledger()


def test_cleaning_gives_each_page_or_its_reason(tmp_path: Path) -> None:
    outcomes = list(clean_pages([filled(tmp_path / "pages")]))
    assert sum(isinstance(outcome, Skipped) for outcome in outcomes) == 2
    assert [outcome["title"] for outcome in outcomes if not isinstance(outcome, Skipped)][:2] == [
        "关于道路养护的通知",
        "关于绿化工作的公告",
    ]
