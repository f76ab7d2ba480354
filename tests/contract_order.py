"""What every engine promises of the order of hits, of pages and of cursors; part of the contract."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from indexer.errors import ParameterError
from indexer.query.tree import Sort, Term
from indexer.report import Report
from tests.asking import ask, ids, load
from tests.builders import announcement
from tests.reference import Reference

if TYPE_CHECKING:
    from indexer.engine import Engine


class OrderContract:
    """By score and by day, page by page and as a walk."""

    def test_order_is_score_then_newest_then_id(self, engine: Engine) -> None:
        load(
            engine,
            announcement("b", "扶贫", published=date(2020, 1, 1)),
            announcement("a", "扶贫", published=date(2020, 1, 1)),
            announcement("c", "扶贫", published=date(2021, 1, 1)),
            announcement("e", "扶贫", published=None),
            announcement("d", "其他的标题", "扶贫" + "别的内容" * 20),
        )
        assert ids(ask(engine, Term("扶贫"))) == ["c", "a", "b", "e", "d"]

    @pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
    def test_pages_and_cursors_put_together_are_the_whole_answer(self, engine: Engine, sort: Sort) -> None:
        kept = [
            announcement(f"{at:02}", "扶贫" * (at % 3), "扶贫工作" * (at % 4 + 1), published=date(2020, at % 5 + 1, 1))
            for at in range(23)
        ]
        load(engine, *kept)
        whole = ids(ask(engine, Term("扶贫"), sort))
        paged = [one for page in range(1, 5) for one in ids(ask(engine, Term("扶贫"), sort, page=page, per_page=7))]
        walked, cursor = [], ""
        while True:
            page = ask(engine, Term("扶贫"), sort, per_page=5, cursor=cursor)
            walked += ids(page)
            assert page.total == 23
            if not (cursor := page.cursor):
                break
        assert whole == paged == walked
        assert len(set(whole)) == 23

    def test_by_day_the_order_is_that_of_days_and_ids(self, engine: Engine) -> None:
        kept = [announcement(f"{at}", published=date(2020, 1, 1 + at % 3) if at % 4 else None) for at in range(9)]
        load(engine, *kept)
        reference = Reference(kept)
        assert ids(ask(engine, sort="newest")) == reference.newest_first(reference.all)

    @pytest.mark.parametrize("sort", ["newest", "oldest"])
    def test_a_walk_by_day_meets_each_once_while_the_index_is_replaced(self, engine: Engine, sort: Sort) -> None:
        kept = [announcement(f"{at:02}", published=date(2020, 1, 1 + at % 4)) for at in range(12)]
        load(engine, *kept)
        page = ask(engine, sort=sort, per_page=5)
        load(engine, *reversed(kept), announcement("new", published=None))
        seen = ids(page)
        while page.cursor:
            page = ask(engine, sort=sort, per_page=5, cursor=page.cursor)
            seen += ids(page)
        assert sorted(one for one in seen if one != "new") == [one.id for one in kept]

    def test_a_walk_by_relevance_stays_in_its_version_or_says_that_it_is_gone(self, engine: Engine) -> None:
        load(engine, *(announcement(f"{at}", "扶贫") for at in range(6)))
        page = ask(engine, Term("扶贫"), per_page=4)
        engine.change([announcement("9", "扶贫", published=date(2022, 1, 1))], ["0"], Report())
        assert ids(ask(engine, Term("扶贫"), per_page=4, cursor=page.cursor)) == ["4", "5"]
        for _ in range(3):
            engine.change([], [], Report())
        with pytest.raises(ParameterError, match="cursor"):
            ask(engine, Term("扶贫"), per_page=4, cursor=page.cursor)

    @pytest.mark.parametrize("cursor", ["x", "e30", "WzFd", "中", "A" * 5000, "WyJuZXdlc3QiLDEsImEiXQ"])
    def test_a_made_up_cursor_is_a_wrong_parameter(self, numbered: Engine, cursor: str) -> None:
        with pytest.raises(ParameterError, match="cursor"):
            ask(numbered, cursor=cursor)
