"""Who cites whom in an index, and what follows for validity: the same after any update as after a rebuild."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from indexer.announcement import Announcement
from indexer.answers.relations import Related, related_json
from indexer.embedded.engine import WhooshEngine
from indexer.query.parameters import read_query
from indexer.report import Report
from tests.builders import announcement

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    return WhooshEngine(tmp_path / "index")


def held(engine: WhooshEngine, *announcements: Announcement) -> WhooshEngine:
    engine.replace_all(announcements, Report())
    return engine


def state(engine: WhooshEngine, identity: str, as_of: date | None = None) -> str:
    validity = engine.related(identity, as_of).validity
    return validity.state if validity else ""


def all_told(engine: WhooshEngine, ids: set[str]) -> dict[str, Any]:
    return {identity: related_json(engine.related(identity)) for identity in sorted(ids)}


def test_a_repealed_announcement_says_so_with_who_when_and_the_sentence(engine: WhooshEngine) -> None:
    held(engine, LAW, NEW, NEWS)
    validity = engine.find("law").validity
    assert validity is not None
    assert validity.state == "已废止"
    (evidence,) = validity.evidence
    assert (evidence.how, evidence.id, evidence.day) == ("repeal", "new", date(2019, 1, 1))
    assert evidence.sentence == "《示例市节水条例》同时废止。"
    assert engine.find("news").validity is None


def test_a_state_is_that_of_the_day_that_is_asked_for(engine: WhooshEngine) -> None:
    held(engine, LAW, NEW)
    assert state(engine, "law", date(2018, 12, 31)) == "未见废止"
    assert state(engine, "law", date(2019, 1, 1)) == "已废止"
    assert state(engine, "new", date(2018, 12, 31)) == "尚未施行"
    assert state(engine, "new") == "未见废止"


def test_a_list_of_repealed_documents_is_resolved_by_number(engine: WhooshEngine) -> None:
    held(engine, NUMBERED, NOTICE)
    assert state(engine, "numbered") == "已废止"
    related = engine.related("notice")
    assert [[one.id for one in cited.meant] for cited in related.cites] == [["numbered"], []]


def test_a_later_version_of_the_same_title_is_not_what_was_repealed(engine: WhooshEngine) -> None:
    held(engine, announcement("law", LAW.title, "正文。", published=date(2022, 1, 1), kind="政策文件"), NEW)
    assert state(engine, "law") == "未见废止"


def test_an_announcement_never_repeals_itself(engine: WhooshEngine) -> None:
    body = "第九条 本条例自2019年1月1日起施行。1995年公布的《示例市节水条例》同时废止。"
    held(engine, announcement("law", LAW.title, body, published=date(2018, 11, 1), kind="政策文件"))
    assert state(engine, "law") == "未见废止"


def test_of_two_that_may_be_meant_both_are_listed_and_neither_is_repealed(engine: WhooshEngine) -> None:
    held(
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


def test_a_title_is_that_of_the_place_or_of_the_nation_and_never_guessed(engine: WhooshEngine) -> None:
    held(
        engine,
        announcement("city", "济南市物业管理条例", "正文。", region=("山东省", "济南市"), kind="政策文件"),
        announcement("state", "物业管理条例", "正文正文。", region=("全国",), kind="政策文件"),
        announcement("here", "示例办法", "依照《物业管理条例》。", region=("山东省", "济南市"), kind="政策文件"),
        announcement("named", "示例二", "依照国务院《物业管理条例》。", region=("山东省", "济南市"), kind="政策文件"),
        announcement("there", "示例三", "依照《物业管理条例》。", region=("广东省", "广州市"), kind="政策文件"),
    )
    meant = {one: [linked.id for linked in engine.related(one).cites[0].meant] for one in ("here", "named", "there")}
    assert meant == {"here": ["city", "state"], "named": ["state"], "there": ["state"]}


def test_citations_lead_both_ways_newest_first(engine: WhooshEngine) -> None:
    held(engine, LAW, NEW, NEWS)
    related = engine.related("law")
    assert [(one.by.id, one.relation) for one in related.cited_by] == [("new", "repeals"), ("news", "cites")]
    assert related.cited_by_total == 2
    assert [(cited.title, bool(cited.meant)) for cited in engine.related("new").cites] == [
        ("示例法", False),
        ("示例市节水条例", True),
    ]


def test_the_states_are_a_facet_and_a_filter(engine: WhooshEngine) -> None:
    held(engine, LAW, NEW, NUMBERED, NOTICE, NEWS)
    answer = engine.search(read_query({}))
    assert {one.value: one.count for one in answer.facets.validity} == {"已废止": 2, "未见废止": 2, "未注明": 1}
    found = engine.search(read_query({"validity": ["已废止"]}))
    assert {hit.id for hit in found.hits} == {"law", "numbered"}
    assert engine.search(read_query({"q": ["时效:已废止 节水"]})).total == 1


def test_a_term_that_is_over_is_seen_as_over(engine: WhooshEngine) -> None:
    body = "本办法自2019年1月1日起施行，有效期两年。"
    held(engine, announcement("a", "示例市节水办法", body, published=date(2018, 12, 1), kind="政策文件"))
    assert state(engine, "a", date(2020, 12, 31)) == "未见废止"
    assert state(engine, "a", date(2021, 1, 1)) == "已失效"


def test_a_later_version_takes_the_place_of_the_one_before(engine: WhooshEngine) -> None:
    held(
        engine,
        announcement("old", "示例市节水条例", "正文。", published=date(2010, 1, 1), kind="政策文件"),
        announcement(
            "newer",
            "示例市节水条例",
            "2020年3月1日 修订\n第一条 正文不同。",
            published=date(2020, 3, 1),
            kind="政策文件",
        ),
    )
    assert state(engine, "old") == "已修改"
    assert engine.find("old").validity.evidence[0].id == "newer"  # type: ignore[union-attr]
    assert state(engine, "newer") == "未见废止"


def test_relations_are_the_same_after_updates_as_after_a_rebuild(tmp_path: Path) -> None:
    changed, whole = WhooshEngine(tmp_path / "changed"), WhooshEngine(tmp_path / "whole")
    held(changed, LAW, NEWS)
    assert state(changed, "law") == "未见废止"
    changed.change([NEW, NUMBERED], (), Report())
    changed.change([NOTICE], (), Report())
    other = announcement(
        "other", "示例市节水条例", "另一个。", published=date(2002, 1, 1), source="乙", kind="政策文件"
    )
    changed.change([other], (), Report())
    assert state(changed, "law") == "未见废止"  # two may be meant now
    changed.change([], {"other"}, Report())
    everything = (LAW, NEW, NUMBERED, NOTICE, NEWS)
    held(whole, *everything)
    ids = {one.id for one in everything}
    assert all_told(changed, ids) == all_told(whole, ids)
    assert state(changed, "law") == "已废止"
    changed.change([], {"new"}, Report())
    assert state(changed, "law") == "未见废止"


def test_an_index_without_citations_answers(engine: WhooshEngine) -> None:
    held(engine, announcement("a", "甲", "乙", published=None))
    assert engine.related("a") == Related("a", engine.related("a").validity)


def test_an_empty_index_knows_no_relations(engine: WhooshEngine) -> None:
    held(engine)
    assert engine.search(read_query({"validity": ["已废止"]})).total == 0
