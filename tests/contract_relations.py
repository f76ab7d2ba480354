"""What every engine promises of who cites whom, and of validity; part of ``EngineContract``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from indexer import list_check
from indexer.answers.relations import Related, lineage_json, related_json
from indexer.errors import AnnouncementNotFound
from indexer.query.parameters import read_query
from indexer.report import Report
from tests.asking import held, ids, load
from tests.builders import announcement

if TYPE_CHECKING:
    from indexer.answers.results import ResultPage
    from indexer.engine import Engine

LAW = announcement("law", "示例市节水条例", "第一条 为了节水。", published=date(2001, 3, 1), kind="政策文件")
NEW = announcement(
    "new",
    "示例市水资源条例",
    "第一条 根据《示例法》制定。第九条 本条例自2019年1月1日起施行。《示例市节水条例》同时废止。",
    published=date(2018, 11, 1),
    kind="政策文件",
)
NUMBERED = announcement(
    "numbered", "关于某事的通知", "请执行。", number="示政发〔2005〕7号", published=date(2005, 1, 1), kind="政策文件"
)
NOTICE = announcement(
    "notice",
    "示例市人民政府关于废止部分文件的决定",
    "决定废止下列文件：\n1.关于某事的通知（示政发[2005]第7号）\n2.不在这里的通知（示政发〔2005〕8号）",
    published=date(2020, 5, 1),
    kind="政策文件",
)
NEWS = announcement(
    "news", "示例市学习节水条例", "昨日学习《示例市节水条例》。", published=date(2018, 1, 1), kind="动态"
)
OTHER = announcement("other", "示例市节水条例", "另一个。", published=date(2002, 1, 1), source="乙", kind="政策文件")
EVERYTHING = (LAW, NEW, NUMBERED, NOTICE, NEWS)


def state(engine: Engine, identity: str, as_of: date | None = None) -> str:
    validity = engine.related(identity, as_of).validity
    return validity.state if validity else ""


def asked(engine: Engine, **parameters: str) -> ResultPage:
    return engine.search(read_query({name: [value] for name, value in parameters.items()}))


def everything_told(engine: Engine) -> dict[str, Any]:
    """All that is said of relations, of each announcement, and how often each state is counted."""
    every = [engine.related(one.id) for one in engine.announcements()]
    related = {one.id: related_json(one) | lineage_json(one) for one in every}
    page = asked(engine, sort="cited")
    return {**related, "": (page.facets.validity, [(hit.id, hit.validity) for hit in page.hits])}


class RelationsContract:
    """What one announcement says of another is settled over all of them, whenever a version is written."""

    @classmethod
    def open(cls, folder: Path) -> Engine:
        """Open an engine whose index lies in this folder, or will."""
        raise NotImplementedError

    @classmethod
    def open_shared(cls, folder: Path) -> Engine:
        """Open an engine whose index several tests read and none changes."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def entangled(cls, tmp_path_factory: pytest.TempPathFactory) -> Engine:
        """Hold announcements that repeal and cite each other."""
        return held(cls.open_shared(tmp_path_factory.mktemp("entangled") / "index"), EVERYTHING).engine

    def test_what_is_repealed_says_so_with_who_when_and_the_sentence(self, entangled: Engine) -> None:
        for validity in (
            entangled.find("law").validity,
            entangled.related("law").validity,
            asked(entangled, q="为了节水").hits[0].validity,
            next(iter(entangled.walk(read_query({"q": ["为了节水"]})))).validity,
        ):
            assert validity is not None
            assert (validity.state, validity.known_until) == ("已废止", date(2020, 5, 1))
            (evidence,) = validity.evidence
            assert (evidence.how, evidence.id, evidence.day) == ("repeal", "new", date(2019, 1, 1))
            assert evidence.sentence == "《示例市节水条例》同时废止。"
        assert entangled.find("news").validity is None
        with pytest.raises(AnnouncementNotFound):
            entangled.related("nobody")

    def test_a_state_is_that_of_the_day_that_is_asked_for(self, engine: Engine) -> None:
        body = "本办法自2019年1月1日起施行，有效期两年。"
        term = announcement("term", "示例市用水办法", body, published=date(2018, 12, 1), kind="政策文件")
        load(engine, LAW, NEW, term)
        assert state(engine, "law", date(2018, 12, 31)) == "未见废止"
        assert state(engine, "law", date(2019, 1, 1)) == "已废止"
        assert state(engine, "new", date(2018, 12, 31)) == "尚未施行"
        assert state(engine, "new") == "未见废止"
        assert state(engine, "term", date(2020, 12, 31)) == "未见废止"
        assert state(engine, "term", date(2021, 1, 1)) == "已失效"
        found = engine.find("term").validity
        assert found is not None
        assert [(one.how, one.id, one.day) for one in found.evidence] == [("term", "term", date(2020, 12, 31))]

    def test_a_list_of_repealed_documents_is_resolved_by_number(self, engine: Engine) -> None:
        load(engine, NUMBERED, NOTICE)
        assert state(engine, "numbered") == "已废止"
        related = engine.related("notice")
        assert [[one.id for one in cited.meant] for cited in related.cites] == [["numbered"], []]

    def test_a_later_version_of_the_same_title_is_not_what_was_repealed(self, engine: Engine) -> None:
        load(engine, announcement("law", LAW.title, "正文。", published=date(2022, 1, 1), kind="政策文件"), NEW)
        assert state(engine, "law") == "未见废止"

    def test_nobody_repeals_what_stands_above_him(self, engine: Engine) -> None:
        law = announcement(
            "law", "示例管理条例", "正文。", published=date(2001, 3, 1), region=("全国",), kind="政策文件"
        )
        said = "《示例管理条例》同时废止。"
        city = announcement(
            "city", "示例市某办法", said, published=date(2018, 1, 1), region=("广东省", "广州市"), kind="政策文件"
        )
        load(engine, law, city)
        assert state(engine, "law") == "未见废止"
        nation = announcement("nation", "示例法", said, published=date(2019, 1, 1), region=("全国",), kind="政策文件")
        engine.change([nation], (), Report())
        assert state(engine, "law") == "已废止"

    def test_what_a_site_put_up_late_was_there_in_the_year_of_its_number(self, engine: Engine) -> None:
        put_up = {"published": date(2008, 3, 28), "kind": "政策文件"}
        old = announcement("old", "关于节水的通知", "正文。", number="示政发〔2005〕7号", **put_up)
        said = "示政发〔2005〕7号文件同时废止。"
        load(engine, old, announcement("new", "示例办法", said, published=date(2007, 5, 1), kind="政策文件"))
        assert state(engine, "old") == "已废止"

    def test_of_two_versions_a_decision_amends_the_one_that_was_there_before_it(self, engine: Engine) -> None:
        title, body = "示例管理条例", "第一条 正文。"
        decision = announcement(
            "decision", f"关于修改《{title}》的决定", "现予公布。", published=date(2014, 5, 1), kind="政策文件"
        )
        old = announcement("old", title, body, published=date(2008, 1, 1), kind="政策文件")
        later = announcement("later", title, f"{body}第二条 其他。", published=date(2019, 1, 1), kind="政策文件")
        load(engine, old, decision, later)
        assert (state(engine, "old"), state(engine, "later")) == ("已修改", "未见废止")
        other = announcement("other", title, f"{body}第三条 另外。", published=date(2010, 1, 1), kind="政策文件")
        engine.change([other], (), Report())
        assert {state(engine, one) for one in ("old", "other", "later")} == {"未见废止"}  # two may be meant

    def test_an_announcement_never_repeals_itself(self, engine: Engine) -> None:
        body = "第九条 本条例自2019年1月1日起施行。1995年公布的《示例市节水条例》同时废止。"
        load(engine, announcement("law", LAW.title, body, published=date(2018, 11, 1), kind="政策文件"))
        assert state(engine, "law") == "未见废止"

    def test_of_two_that_may_be_meant_both_are_listed_and_neither_is_repealed(self, engine: Engine) -> None:
        load(
            engine,
            announcement("a", "关于节水的通知", "甲。", published=date(2001, 1, 1), source="甲局", kind="政策文件"),
            announcement("b", "关于节水的通知", "乙乙。", published=date(2002, 1, 1), source="乙局", kind="政策文件"),
            announcement(
                "c", "示例市供水办法", "《关于节水的通知》同时废止。", published=date(2010, 1, 1), kind="政策文件"
            ),
        )
        (cited,) = engine.related("c").cites
        assert [one.id for one in cited.meant] == ["a", "b"]
        assert not cited.sure
        assert {state(engine, "a"), state(engine, "b")} == {"未见废止"}
        assert [(one.by.id, one.sure) for one in engine.related("a").cited_by] == [("c", False)]
        assert asked(engine, q="cites:a").total == 0

    def test_a_title_is_that_of_the_place_or_of_the_nation_and_never_guessed(self, engine: Engine) -> None:
        here = ("山东省", "济南市")
        load(
            engine,
            announcement("city", "济南市物业管理条例", "正文。", region=here, kind="政策文件"),
            announcement("state", "物业管理条例", "正文正文。", region=("全国",), kind="政策文件"),
            announcement("here", "示例办法", "依照《物业管理条例》。", region=here, kind="政策文件"),
            announcement("named", "示例二", "依照国务院《物业管理条例》。", region=here, kind="政策文件"),
            announcement("there", "示例三", "依照《物业管理条例》。", region=("广东省", "广州市"), kind="政策文件"),
        )
        meant = {
            one: [linked.id for linked in engine.related(one).cites[0].meant] for one in ("here", "named", "there")
        }
        assert meant == {"here": ["city", "state"], "named": ["state"], "there": ["state"]}

    def test_citations_lead_both_ways_newest_first(self, entangled: Engine) -> None:
        related = entangled.related("law")
        assert [(one.by.id, one.relation, one.by.state) for one in related.cited_by] == [
            ("new", "repeals", "未见废止"),
            ("news", "cites", ""),
        ]
        assert (related.cited_by_total, related.cites_total) == (2, 0)
        related = entangled.related("new")
        assert [(cited.title, [one.state for one in cited.meant]) for cited in related.cites] == [
            ("示例法", []),
            ("示例市节水条例", ["已废止"]),
        ]
        assert (related.cited_by_total, related.cites_total) == (0, 2)
        assert entangled.related("notice").cites_total == 2

    def test_who_cites_and_what_is_cited_are_asked_for_by_id_number_and_title(self, entangled: Engine) -> None:
        assert {
            text: sorted(ids(asked(entangled, q=text, per_page="100")))
            for text in (
                "cites:law",
                "cites:示例市节水条例",
                "cites:示政发[2005]7号",
                "cited-by:new",
                "cited-by:示例市水资源条例",
                "引用:节水条例",
                "-cites:law",
                "cites:nobody",
            )
        } == {
            "cites:law": ["new", "news"],
            "cites:示例市节水条例": ["new", "news"],
            "cites:示政发[2005]7号": ["notice"],
            "cited-by:new": ["law"],
            "cited-by:示例市水资源条例": ["law"],
            "引用:节水条例": [],
            "-cites:law": ["law", "notice", "numbered"],
            "cites:nobody": [],
        }

    def test_a_list_is_checked_with_the_state_of_each(self, entangled: Engine) -> None:
        lines = list_check.read_lines("1. 《示例市节水条例》\n示政发[2005]第7号\n示政发〔2005〕9号\n")
        checked = list(list_check.check(entangled, lines))
        assert [[hit.id for hit in one.found] for one in checked] == [["law"], ["numbered"], []]
        assert [one.state for one in checked] == ["已废止", "已废止", ""]
        assert [hit.id for hit in checked[2].near] == ["numbered"]

    def test_the_most_cited_come_first_and_a_cursor_goes_on_behind_them(self, entangled: Engine) -> None:
        every = {"sort": "cited", "per_page": "2"}
        page = asked(entangled, **every)
        shown = ids(page)
        while page.cursor:
            page = asked(entangled, **every, cursor=page.cursor)
            shown += ids(page)
        assert shown == ["law", "numbered", "notice", "new", "news"]

    def test_the_states_are_a_facet_and_a_filter(self, entangled: Engine) -> None:
        counted = {"已废止": 2, "未见废止": 2, "未注明": 1}
        assert {one.value: one.count for one in asked(entangled).facets.validity} == counted
        found = asked(entangled, validity="已废止")
        assert set(ids(found)) == {"law", "numbered"}
        assert {one.value: one.count for one in found.facets.validity} == counted
        assert set(ids(entangled.search(read_query({"not.validity": ["已废止", "未注明"]})))) == {"new", "notice"}
        assert ids(asked(entangled, validity="未注明")) == ["news"]
        assert asked(entangled, q="时效:已废止 节水").total == 1
        assert asked(entangled, q="没有的", validity="已废止").total == 0

    def test_what_is_repealed_stands_below_what_took_its_place(self, engine: Engine) -> None:
        older = announcement("older", "示例市节水条例", "节水。" * 9, published=date(2001, 3, 1), kind="政策文件")
        load(engine, older, NEW, NOTICE, NEWS, *(announcement(f"{at}", "防汛", "防汛") for at in range(9)))
        page = asked(engine, q="节水条例")
        shown = ids(page)
        assert shown.index("new") < shown.index("older")
        assert [hit.id for hit in engine.walk(read_query({"q": ["节水条例"]}))] == shown
        scores = {hit.id: hit.score for hit in page.hits}
        assert scores["older"] < scores["new"]

    def test_a_later_version_takes_the_place_of_the_one_before(self, engine: Engine) -> None:
        body = "2020年3月1日 修订\n第一条 正文不同。"
        load(
            engine,
            announcement("old", "示例市节水条例", "正文。", published=date(2010, 1, 1), kind="政策文件"),
            announcement("newer", "示例市节水条例", body, published=date(2020, 3, 1), kind="政策文件"),
        )
        validity = engine.find("old").validity
        assert validity is not None
        assert validity.state == "已修改"
        assert [(one.how, one.id) for one in validity.evidence] == [("version", "newer")]
        assert state(engine, "newer") == "未见废止"
        assert ids(asked(engine, q="示例市节水条例")) == ["newer", "old"]

    def test_relations_are_the_same_after_updates_as_after_a_rebuild(self, engine: Engine, tmp_path: Path) -> None:
        load(engine, LAW, NEWS)
        assert state(engine, "law") == "未见废止"
        engine.change([NEW, NUMBERED], (), Report())
        engine.change([NOTICE], (), Report())
        assert state(engine, "law") == "已废止"
        engine.change([OTHER], (), Report())
        assert state(engine, "law") == "未见废止"  # two may be meant now
        engine.change([], {"other"}, Report())
        whole = self.open(tmp_path / "whole")
        load(whole, *EVERYTHING)
        assert everything_told(engine) == everything_told(whole)
        assert engine.check() == []
        engine.change([], {"new"}, Report())
        assert state(engine, "law") == "未见废止"

    def test_an_index_without_citations_answers(self, engine: Engine) -> None:
        load(engine, announcement("a", "甲", "乙", published=None))
        related = engine.related("a")
        assert related == Related("a", related.validity)
        load(engine)
        assert asked(engine, validity="已废止").total == 0
