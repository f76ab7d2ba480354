"""When an announcement came into the index is known ever after, whether the index is updated or rebuilt."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from indexer.embedded.engine import WhooshEngine
from indexer.exporting.formats import export
from indexer.indexing import arrivals
from indexer.indexing.rebuild import rebuild, update

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "<title>关于{0}的通知</title><h1>关于{0}的通知</h1><p>各单位：现将{0}有关事项通知如下，请遵照执行。</p>"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(arrivals.Arrivals.__init__, "__defaults__", (made,))
    return made


def save(folder: Path, **pages: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, about in pages.items():
        (folder / f"{name}.html").write_text(PAGE.format(about), encoding="utf-8")


def moments(engine: WhooshEngine) -> dict[str, int]:
    return {one.title.removeprefix("关于").removesuffix("的通知"): one.indexed for one in engine.announcements()}


def test_an_update_and_a_rebuild_over_the_same_index_agree_on_what_is_new(tmp_path: Path, clock: Clock) -> None:
    pages = tmp_path / "pages"
    save(pages, a="甲事", b="乙事", c="丙事")
    updated = WhooshEngine(tmp_path / "updated")
    rebuild([pages], updated, jobs=1)
    shutil.copytree(tmp_path / "updated", tmp_path / "rebuilt")
    save(pages, a="甲事又改", d="丁事")
    (pages / "c.html").unlink()
    clock.now = 2_000
    update([pages], updated, jobs=1)
    rebuild([pages], rebuilt := WhooshEngine(tmp_path / "rebuilt"), jobs=1)
    assert moments(updated) == moments(rebuilt) == {"甲事又改": 1_000, "乙事": 1_000, "丁事": 2_000}


def test_what_has_moved_or_comes_from_an_export_is_not_new(tmp_path: Path, clock: Clock) -> None:
    pages = tmp_path / "pages"
    save(pages, a="甲事", b="乙事")
    engine = WhooshEngine(tmp_path / "index")
    rebuild([pages], engine, jobs=1)
    export(engine.announcements(), tmp_path / "all.jsonl")
    clock.now = 2_000
    pages.rename(tmp_path / "moved")
    update([tmp_path / "moved"], engine, jobs=1)
    assert moments(engine) == {"甲事": 1_000, "乙事": 1_000}
    other = WhooshEngine(tmp_path / "other")
    rebuild([tmp_path / "all.jsonl"], other, jobs=1)
    assert moments(other) == {"甲事": 1_000, "乙事": 1_000}
