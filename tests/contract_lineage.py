"""What every engine promises of the lineage of a policy; part of ``EngineContract``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.answers.relations import lineage_json
from indexer.report import Report
from tests.asking import load
from tests.builders import announcement

if TYPE_CHECKING:
    from indexer.engine import Engine

NATION = announcement(
    "nation",
    "国务院关于加强示例工作的意见",
    "现提出意见。",
    number="国发〔2015〕7号",
    published=date(2015, 1, 10),
    source="国务院",
    region=("全国",),
    kind="政策文件",
)
PROVINCE = announcement(
    "province",
    "示例省人民政府转发国务院关于加强示例工作意见的通知",
    "请认真执行。",
    number="示政发〔2015〕20号",
    published=date(2015, 3, 1),
    source="示例省人民政府",
    region=("广东省",),
    kind="政策文件",
)
CITY = announcement(
    "city",
    "示例市加强示例工作实施方案",
    "为贯彻落实《示例省人民政府转发国务院关于加强示例工作意见的通知》（示政发〔2015〕20号），制定本方案。",
    published=date(2015, 6, 1),
    source="示例市人民政府",
    region=("广东省", "广州市"),
    kind="政策文件",
)
COUNTY = announcement(
    "county",
    "示例县示例工作办法",
    "根据《示例市加强示例工作实施方案》，制定本办法。",
    published=date(2016, 2, 1),
    source="示例县人民政府",
    region=("广东省", "广州市", "花都区"),
    kind="政策文件",
)
NEWS = announcement("news", "示例市学习意见", "贯彻落实国发〔2015〕7号文件。", published=date(2015, 7, 1), kind="动态")
OLDER = announcement(
    "older",
    "示例条例",
    "贯彻执行国发〔2015〕7号文件，不可能。",
    published=date(2001, 1, 1),
    region=("广东省",),
    kind="政策文件",
)


class LineageContract:
    """What an announcement comes from and what comes from it, certain ties alone."""

    @classmethod
    def open(cls, folder: Path) -> Engine:
        """Open an engine whose index lies in this folder, or will."""
        raise NotImplementedError

    def test_a_policy_is_followed_up_and_down_by_level_and_day(self, engine: Engine) -> None:
        load(engine, COUNTY, NEWS, CITY, OLDER, PROVINCE, NATION)
        lineage = engine.related("city").lineage
        assert [(step.one.id, step.one.level, step.generation) for step in lineage.steps] == [
            ("nation", "nation", -2),
            ("province", "province", -1),
            ("city", "city", 0),
            ("county", "county", 1),
        ]
        assert {(tie.upper, tie.lower, tie.bond) for tie in lineage.ties} == {
            ("nation", "province", "forwards"),
            ("province", "city", "carries_out"),
            ("city", "county", "based_on"),
        }
        # News are no part of it, nor is what is older than what it would carry out.
        assert [step.one.id for step in engine.related("nation").lineage.steps] == ["nation", "province", "city"]
        assert engine.related("news").lineage.steps == ()
        assert engine.related("older").lineage.steps == ()

    def test_versions_of_one_rule_are_a_lineage(self, engine: Engine) -> None:
        old = announcement("old", "示例市节水条例", "正文。", published=date(2010, 1, 1), kind="政策文件")
        new = announcement(
            "newer", old.title, "2020年3月1日 修订\n第一条 正文不同。", published=date(2020, 3, 1), kind="政策文件"
        )
        load(engine, new, old)
        for one in ("old", "newer"):
            written = lineage_json(engine.related(one))
            assert [step["id"] for step in written["steps"]] == ["old", "newer"]
            assert written["ties"] == [{"upper": "old", "lower": "newer", "relation": "version", "sentence": ""}]

    def test_ties_of_the_announcement_itself_say_the_sentence(self, engine: Engine) -> None:
        load(engine, CITY, PROVINCE, NATION)
        written = lineage_json(engine.related("province"))
        said = {tie["lower"]: tie["sentence"] for tie in written["ties"]}
        assert said == {"province": PROVINCE.title, "city": CITY.body}

    def test_of_two_that_may_be_meant_none_is_told(self, engine: Engine) -> None:
        other = announcement("other", NATION.title, "另一个意见。", published=date(2014, 1, 1), kind="政策文件")
        load(engine, PROVINCE, NATION, other)
        assert engine.related("province").lineage.steps == ()

    def test_a_lineage_is_the_same_after_updates_as_after_a_rebuild(self, engine: Engine, tmp_path: Path) -> None:
        load(engine, NATION, COUNTY)
        assert engine.related("county").lineage.steps == ()
        engine.change([CITY, OLDER], (), Report())
        engine.change([PROVINCE], {"older"}, Report())
        whole = self.open(tmp_path / "whole")
        load(whole, NATION, PROVINCE, CITY, COUNTY)
        for one in (NATION, PROVINCE, CITY, COUNTY):
            assert lineage_json(engine.related(one.id)) == lineage_json(whole.related(one.id))
