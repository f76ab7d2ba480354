"""However a rebuild or update ends, the old or the new index is there, whole, and the next run needs no hand."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path

import pytest

from indexer.embedded.engine import WhooshEngine
from indexer.embedded.store import index_versions
from indexer.errors import IndexLocked, IndexUnflushed, IndexUnsafe
from indexer.indexing.rebuild import rebuild, update
from indexer.report import Report
from tests.builders import announcement
from tests.promises import disk_full, histories, kills, power_loss, readers
from tests.promises.ground import Pages, Verdict, content


def test_runs_killed_at_random_leave_one_whole_index(tmp_path: Path) -> None:
    assert kills.prove(tmp_path, runs=10, seed=3).broken == []


def test_every_call_that_writes_may_fail(tmp_path: Path) -> None:
    verdict = Verdict()
    disk_full.prove_every_call(tmp_path, 1, verdict, every=4)
    disk_full.prove_spool(tmp_path, 1, verdict)
    assert verdict.counts["update: calls that failed"] > 5
    assert verdict.broken == []


def test_a_folder_that_may_not_be_written_and_pages_that_are_gone_are_told() -> None:
    verdict = Verdict()
    with tempfile.TemporaryDirectory() as folder:  # pytest's own may be entered by its owner only
        Path(folder).chmod(0o755)
        disk_full.prove_refusals(Path(folder), 1, verdict)
    assert verdict.broken == []


def test_a_power_cut_at_any_step_leaves_one_whole_index(tmp_path: Path) -> None:
    assert power_loss.prove(tmp_path, runs=2, seed=1).broken == []


def test_readers_in_other_processes_meet_whole_and_new_versions(tmp_path: Path) -> None:
    assert readers.prove(tmp_path, readers=5, seconds=3.0, rebuilds=4).broken == []


def test_what_is_current_is_never_removed_when_its_flush_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = WhooshEngine(tmp_path / "index")
    engine.replace_all([announcement("a")], Report())

    def point_and_fail(folder: Path) -> None:
        (folder.parent / index_versions.POINTER).write_text(folder.name)
        raise OSError("the disk has gone")

    monkeypatch.setattr(index_versions, "sweep", lambda _: None)
    monkeypatch.setattr(index_versions, "publish", point_and_fail)
    with pytest.raises(IndexUnflushed, match="the disk has gone"):
        engine.replace_all([announcement("b")], Report())
    assert [one.id for one in engine.announcements()] == ["b"]


def test_an_update_that_failed_leaves_no_lock_of_its_own_process(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    engine.replace_all([announcement("a")], Report())
    with disk_full.failing(tmp_path / "index", 30), pytest.raises(Exception, match="No space left"):
        engine.change([announcement("b")], [], Report())
    engine.change([announcement("c")], [], Report())
    assert [one.id for one in engine.announcements()] == ["a", "c"]


def test_two_updates_at_once_lose_nothing(tmp_path: Path) -> None:
    """The second is told who writes, before it has read a page; it may not work on what the first replaces."""
    pages, index = Pages(tmp_path / "pages", 1), tmp_path / "index"
    rebuild([pages.folder], WhooshEngine(index), jobs=1)
    told: list[str] = []

    def second() -> None:
        try:
            update([pages.folder], WhooshEngine(index), jobs=1)
        except IndexLocked as error:
            told.append(str(error))

    first = WhooshEngine(index)
    with first.writing():
        other = threading.Thread(target=second)
        other.start()
        other.join()
        pages.edit()
        update([pages.folder], first, jobs=1)
    assert len(told) == 1
    assert f"process {os.getpid()} since 20" in told[0]
    before = content(index)
    rebuild([pages.folder], first, jobs=1)
    assert content(index) == before


@pytest.mark.parametrize("mode", [0o777, 0o775])
def test_an_index_that_others_can_write_is_neither_read_nor_written(tmp_path: Path, mode: int) -> None:
    index = tmp_path / "index"
    engine = WhooshEngine(index)
    engine.replace_all([announcement("a")], Report())
    index.chmod(mode)
    with pytest.raises(IndexUnsafe, match=r"chmod -R go-w"):
        WhooshEngine(index).version()
    with pytest.raises(IndexUnsafe):
        engine.replace_all([announcement("b")], Report())


def test_an_index_made_under_a_generous_umask_is_ours_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        engine = WhooshEngine(tmp_path / "index")
        engine.replace_all([announcement("a")], Report())
        engine.change([announcement("b")], [], Report())
    finally:
        os.umask(before)
    assert [one.id for one in WhooshEngine(tmp_path / "index").announcements()] == ["a", "b"]
    assert not any(path.stat().st_mode & 0o022 for path in index_versions.current(tmp_path / "index").iterdir())


def test_an_updated_index_answers_everything_as_one_made_anew(tmp_path: Path) -> None:
    verdict = histories.prove(tmp_path, histories=1, seed=5, steps=3)
    assert verdict.counts["answers compared"] > 100
    assert verdict.broken == []
