"""What every engine promises of leaving out, of what is not stated, of folders and of arrival; part of the contract."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from indexer.fields import UNSTATED
from indexer.query.tree import Filters, Phrase, Query, Term
from tests.asking import Held, ask, counts, found, held, ids, load
from tests.builders import announcement
from tests.reference import Reference

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.engine import Engine

CITY = ("广东省", "广州市")

LEAVING_OUT = [
    Filters(left_out=(("source", "甲局"),)),
    Filters(left_out=(("source", "甲局"), ("source", UNSTATED))),
    Filters(left_out=(("region", "广东省"),)),
    Filters(left_out=(("region", "广东省/广州市"),), region=(("广东省",),)),
    Filters(left_out=(("year", "2020"), ("form", "通知"))),
    Filters(left_out=(("year", "2020-03"), ("region", UNSTATED))),
    Filters(left_out=(("folder", "pages/甲"),)),
    Filters(source=(UNSTATED,)),
    Filters(source=(UNSTATED, "乙局")),
    Filters(region=((UNSTATED,), ("云南省",))),
    Filters(year=(UNSTATED,)),
    Filters(form=(UNSTATED,), year=("2020", UNSTATED)),
    Filters(number=UNSTATED),
    Filters(folder=(("pages",),)),
    Filters(folder=(("pages", "甲"), ("rows.jsonl",))),
    Filters(folder=((UNSTATED,),)),
    Filters(source=("没有的",), left_out=(("form", "没有的"),)),
]


class SavedContract:
    """Facets leave out as exactly as they choose; what has no value of one is a value of it."""

    @classmethod
    def open_shared(cls, folder: Path) -> Engine:
        """Open an engine whose index several tests read and none changes."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def saved(cls, tmp_path_factory: pytest.TempPathFactory) -> Held:
        """Hold announcements that lack things, from several folders and sites."""
        kept = [
            announcement("a", "扶贫通知", source="甲局", region=CITY, form="通知", published=date(2020, 3, 1)),
            announcement("b", "扶贫公告", source="乙局", region=("广东省",), form="公告", published=date(2021, 1, 1)),
            announcement("c", "扶贫", source="", region=(), published=None, number="穗府〔2020〕3号"),
            announcement("d", "防汛", source="甲局", region=("云南省",), published=date(2020, 3, 31)),
        ]
        places = [
            ("pages/甲/1.html", "https://www.gz.gov.cn/a"),
            ("pages/乙/2.html", "https://gz.gov.cn/b"),
            ("3.html", ""),
            ("rows.jsonl#4", "https://notgz.gov.cn"),
        ]
        moments = (400, 200, 300, 200)
        kept = [
            announcement(
                one.id,
                one.title,
                **{name: getattr(one, name) for name in ("source", "region", "form", "published", "number")},
                path=path,
                url=url,
                indexed=moment,
            )
            for one, (path, url), moment in zip(kept, places, moments, strict=True)
        ]
        return held(cls.open_shared(tmp_path_factory.mktemp("saved") / "index"), kept)

    @pytest.mark.parametrize("filters", LEAVING_OUT)
    def test_what_is_left_out_or_not_stated_is_found_and_counted_exactly(self, saved: Held, filters: Filters) -> None:
        engine, kept = saved
        reference = Reference(kept)
        for root in (None, Term("扶贫")):
            page = engine.search(Query(root=root, filters=filters))
            assert set(ids(page)) == reference.found(root, filters)
            for name in ("source", "region", "year", "form", "folder"):
                expected = reference.counts(name, root, filters)
                shown = counts(getattr(page.facets, name))
                assert all(expected[value] == count for value, count in shown.items()), name
                assert {value for value in expected if "/" not in value and "-" not in value} <= shown.keys()

    def test_a_value_that_is_left_out_says_so_and_what_is_not_stated_comes_last(self, saved: Held) -> None:
        engine = saved.engine
        facets = ask(engine, left_out=(("source", "甲局"),), form=(UNSTATED,)).facets
        assert [(one.value, one.count, one.excluded) for one in facets.source] == [
            ("甲局", 1, True),
            (UNSTATED, 1, False),
        ]
        assert [(one.value, one.selected) for one in facets.form if one.selected] == [(UNSTATED, True)]

    def test_what_dropping_an_exclusion_would_find_is_told(self, saved: Held) -> None:
        engine = saved.engine
        page = ask(engine, source=("甲局",), left_out=(("source", "甲局"),))
        assert {(one.parameter, one.value, one.count) for one in page.relief} == {
            ("source", "甲局", 2),
            ("not.source", "甲局", 2),
        }

    def test_all_values_of_a_facet_that_hold_what_is_sought_are_listed(self, engine: Engine) -> None:
        sources = [f"第{number}中學" for number in range(60)] + ["水务局"]
        kept = [announcement(str(at), "扶贫", source=one, region=CITY) for at, one in enumerate(sources)]
        load(engine, *kept, announcement("b", "扶贫", source="水务局"))
        assert len(ask(engine, Term("扶贫")).facets.source) == 50
        everything = ask(engine, Term("扶贫"), sought=("source", "")).facets.source
        assert [(one.value, one.count) for one in everything[:2]] == [("水务局", 2), ("第0中學", 1)]
        assert len(everything) == 61
        schools = ask(engine, Term("扶贫"), sought=("source", "5中学")).facets.source
        assert [one.value for one in schools] == ["第15中學", "第25中學", "第35中學", "第45中學", "第55中學", "第5中學"]
        chosen = ask(engine, source=("水务局",), sought=("source", "59中")).facets.source
        assert [(one.value, one.count, one.selected) for one in chosen] == [("水务局", 2, True), ("第59中學", 1, False)]
        few = ask(engine, Phrase("扶贫"), source=("水务局",), sought=("region", CITY[-1][:2])).facets.region
        assert ("/".join(CITY), 1) in [(one.value, one.count) for one in few]
        assert ask(engine, sought=("region", CITY[-1])).facets.region[0].value == "/".join(CITY)

    def test_folders_are_a_tree_that_tells_what_can_be_opened(self, saved: Held) -> None:
        engine = saved.engine
        folders = {one.value: one for one in ask(engine).facets.folder}
        assert {value: one.count for value, one in folders.items()} == {"pages": 2, "rows.jsonl": 1, UNSTATED: 1}
        assert folders["pages"].has_more
        assert not folders["rows.jsonl"].has_more
        opened = {one.value: one for one in ask(engine, folder=(("pages", "甲"),)).facets.folder}
        assert [(one.label, one.count, one.selected) for one in opened["pages"].children] == [
            ("乙", 1, False),
            ("甲", 1, True),
        ]

    @pytest.mark.parametrize(
        ("leaf", "expected"),
        [
            (Term("pages/", "path"), "ab"),
            (Term("pages/甲/1.html", "path"), "a"),
            (Term("Rows.jsonl#4", "path"), "d"),
            (Phrase("ages", "path"), ""),
            (Term("gz.gov.cn", "site"), "ab"),
            (Term("WWW.gz.gov.cn", "site"), "a"),
            (Term("gov.cn", "site"), "abd"),
            (Term("gz.gov", "site"), ""),
        ],
    )
    def test_paths_are_found_by_what_they_begin_with_and_sites_by_their_domains(
        self, saved: Held, leaf: Term, expected: str
    ) -> None:
        engine = saved.engine
        assert found(engine, leaf) == set(expected)

    def test_what_came_last_is_listed_first_and_a_walk_meets_each_once(self, saved: Held) -> None:
        engine = saved.engine
        assert ids(ask(engine, sort="indexed")) == ["a", "c", "b", "d"]
        walked, cursor = [], ""
        while True:
            page = ask(engine, sort="indexed", per_page=1, cursor=cursor)
            walked += ids(page)
            if not (cursor := page.cursor):
                break
        assert walked == ["a", "c", "b", "d"]
        assert ask(engine, sort="indexed").hits[-1].indexed == 200
