"""Two engines with different words of their operators in one process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from indexer.embedded.engine import WhooshEngine
from indexer.errors import IndexMissing
from indexer.query.parameters import read_query
from indexer.report import Report
from tests.builders import announcement

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [
    announcement("together", "通知", "万江街道办事处通告。"),
    announcement("apart", "通知", "万江有三条街道，各设办事处。"),
]


def _engine(place: Path, user_words: list[str]) -> WhooshEngine:
    engine = WhooshEngine(place, user_words=user_words)
    engine.replace_all(PAGES, Report())
    return engine


def _found(engine: WhooshEngine) -> set[str]:
    return {hit.id for hit in engine.search(read_query({"q": ["万江街道办事处"]})).hits}


def test_two_engines_with_different_words_both_answer_right(tmp_path: Path) -> None:
    plain, own = _engine(tmp_path / "plain", []), _engine(tmp_path / "own", ["万江街道"])
    for _ in range(3):
        assert "together" in _found(plain)
        assert _found(own) == {"together"}
    alone = WhooshEngine(tmp_path / "own", user_words=["万江街道"])
    assert _found(alone) == {"together"}


def test_two_engines_answer_right_from_threads_of_one_process(tmp_path: Path) -> None:
    plain, own = _engine(tmp_path / "plain", []), _engine(tmp_path / "own", ["万江街道"])
    wanted = {id(plain): _found(plain), id(own): _found(own)}
    with ThreadPoolExecutor(4) as threads:
        asked = [plain, own] * 40
        for engine, found in zip(asked, threads.map(_found, asked), strict=True):
            assert found == wanted[id(engine)]


def test_an_index_cut_by_other_words_asks_for_a_rebuild_and_its_own_engine_answers_on(tmp_path: Path) -> None:
    own = _engine(tmp_path, ["万江街道"])
    with pytest.raises(IndexMissing, match="dictionary"):
        WhooshEngine(tmp_path).status()
    assert not own.check()
    own.change([announcement("more", "通知", "万江街道再发通告。")], ["apart"], Report())
    assert own.status().documents == 2
    assert [one.id for one in own.announcements()] == ["more", "together"]
