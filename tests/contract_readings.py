"""What every engine promises of how queries are read: near, exact or loose, sentences, and what is said of it."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.query.parameters import read_query
from indexer.query.tree import Near
from tests.asking import found, ids, load
from tests.builders import announcement
from tests.reference import Reference

if TYPE_CHECKING:
    from indexer.announcement import Announcement
    from indexer.answers.results import ResultPage
    from indexer.engine import Engine

# A fifth of what the profile says, for building takes long.
SLOW_BUILDS = settings(
    max_examples=max(1, settings().max_examples // 5),
    deadline=None,
    suppress_health_check=[HealthCheck.differing_executors],
)
FAR = "别的内容。" * 30


def typed(engine: Engine, text: str, **parameters: str) -> ResultPage:
    values = {"q": [text], "per_page": ["100"], **{name: [value] for name, value in parameters.items()}}
    return engine.search(read_query(values))


def totals(page: ResultPage) -> dict[str, int]:
    return {choice.match: choice.total for choice in page.readings}


class ReadingsContract:
    """Unquoted runs are read near; a looser or stricter reading is a choice; nothing is loosened in silence."""

    @classmethod
    def open(cls, folder: Path) -> Engine:
        """Open an engine whose index lies in this folder, or will."""
        raise NotImplementedError

    def held(self) -> list[Announcement]:
        """Texts that hold 数字政府 in a row, near, far apart, in part, across title and body."""
        return [
            announcement("row", body="建设数字政府。"),
            announcement("near", body="政府推进数字化"),
            announcement("far", body=f"数字。{FAR}政府。"),
            announcement("half", body="数字"),
            announcement("across", "数字", "政府"),
        ]

    def test_words_of_a_run_stand_near_each_other_in_one_field(self, engine: Engine) -> None:
        load(engine, *self.held())
        page = typed(engine, "数字政府")
        assert set(ids(page)) == {"row", "near"}
        assert (page.reading, page.relaxed) == ("near", False)

    def test_the_other_readings_are_counted_and_can_be_chosen(self, engine: Engine) -> None:
        load(engine, *self.held())
        assert totals(typed(engine, "数字政府")) == {"exact": 1, "near": 2, "loose": 4}
        for match in ("exact", "near", "loose"):
            page = typed(engine, "数字政府", match=match)
            assert page.total == totals(page)[match]
            assert [choice.match for choice in page.readings if choice.selected] == [match]
            assert page.relaxed is False
        assert sum(value.count for value in typed(engine, "数字政府", match="loose").facets.year) == 4

    def test_characters_left_over_are_found_in_a_row(self, engine: Engine) -> None:
        load(engine, announcement("a", body="万江街道"), announcement("b", body="5万元治理大江"))
        page = typed(engine, "万江")
        assert (ids(page), page.understood) == (["a"], "万江")
        assert totals(page) == {"exact": 1, "near": 1, "loose": 2}

    def test_what_a_run_was_read_as_is_said(self, engine: Engine) -> None:
        load(engine, *self.held())
        assert "相隔不远" in typed(engine, "数字政府").understood
        assert "原文" in typed(engine, "数字政府", match="exact").understood
        assert "分散" in typed(engine, "数字政府", match="loose").understood

    def test_when_nothing_holds_the_words_near_they_are_found_anywhere_and_it_is_said(self, engine: Engine) -> None:
        others = (announcement("other", body="甲"), announcement("another", body="乙"))  # 数字 is not in all
        load(engine, announcement("far", body=f"数字。{FAR}政府。"), announcement("half", body="数字"), *others)
        page = typed(engine, "数字政府")
        assert (ids(page), page.reading, page.relaxed) == (["far"], "loose", True)
        assert "分散" in page.understood
        page = typed(engine, "数字政府财政")
        assert (set(ids(page)), page.reading, page.relaxed) == ({"far", "half"}, "part", True)
        assert "一部分" in page.understood

    def test_a_sentence_is_found_by_names_that_the_dictionary_takes_apart(self, engine: Engine) -> None:
        load(
            engine,
            *(announcement(f"whole{at}", body="公租房的申请") for at in range(3)),
            *(announcement(f"other{at}", body=("公", "租房", "申请")[at % 3]) for at in range(81)),
        )
        page = typed(engine, "请问公租房怎么申请")
        assert (page.reading, page.total) == ("sentence", 3)

    def test_characters_that_are_no_words_find_nothing_in_part(self, engine: Engine) -> None:
        load(engine, announcement("a", body="公租房"), announcement("b", body="5万元治理大江，公开"))
        page = typed(engine, "公租房万江 地震")
        assert (ids(page), page.reading) == (["a"], "part")

    def test_an_exact_reading_is_never_loosened(self, engine: Engine) -> None:
        load(engine, announcement("far", body=f"数字。{FAR}政府。"))
        page = typed(engine, "数字政府", match="exact")
        assert (page.total, page.relaxed, totals(page)) == (0, False, {"exact": 0, "near": 0, "loose": 1})

    def test_a_quoted_string_within_a_question_lifts_but_excludes_nothing(self, engine: Engine) -> None:
        load(
            engine,
            announcement("a", body="村里一户一宅怎么认定，答复如下。"),
            announcement("b", body="村里的宅基地怎么认定，由镇里认定。"),
        )
        for question in ("村里说的“一户一宅”怎么认定", "村里说的 一户一宅 怎么认定"):
            page = typed(engine, question)
            assert ids(page) == ["a", "b"], question
            assert (page.reading, page.relaxed) == ("sentence", True)
            assert "整句" in page.understood
            assert "原文" not in page.understood
        assert ids(typed(engine, "“一户一宅” 认定")) == ["a"]

    def test_a_long_run_that_a_text_holds_is_a_name_and_no_sentence(self, engine: Engine) -> None:
        name = "全省城镇老旧小区改造提升三年行动实施方案"
        load(engine, announcement("a", name), announcement("b", body="全省老旧小区改造提升行动"))
        assert (ids(typed(engine, name)), typed(engine, name).reading) == (["a"], "near")
        assert typed(engine, name + "解读").reading == "sentence"

    def test_a_walk_meets_what_the_reading_finds(self, engine: Engine) -> None:
        load(engine, *self.held())
        for match in ("exact", "near", "loose"):
            query = read_query({"q": ["数字政府"], "match": [match]})
            assert len(list(engine.walk(query))) == engine.search(query).total

    def test_the_readings_are_of_what_passes_the_filters(self, engine: Engine) -> None:
        load(engine, announcement("a", "数字政府"), announcement("b", body="数字政府，数字。" + FAR))
        assert totals(typed(engine, "数字政府", **{"in": "title"})) == {"exact": 1, "near": 1, "loose": 1}

    @SLOW_BUILDS
    @given(st.data())
    def test_near_equals_brute_force(self, data: st.DataObject) -> None:
        """Any texts of few characters, any strings cut from them, any window."""
        texts = st.text(st.sampled_from("甲乙丙丁1，"), max_size=60)
        kept = [announcement(f"{at}", data.draw(texts), data.draw(texts)) for at in range(data.draw(st.integers(1, 6)))]
        reference = Reference(kept)
        row = st.text(st.sampled_from("甲乙丙丁"), min_size=2, max_size=3)
        asked = st.builds(
            Near,
            st.lists(row, min_size=2, max_size=4, unique=True).map(tuple),
            st.integers(8, 40),
            st.sampled_from(["any", "title"]),
        )
        with tempfile.TemporaryDirectory() as folder:
            engine = self.open(Path(folder) / "index")
            load(engine, *kept)
            for near in data.draw(st.lists(asked, min_size=10, max_size=10)):
                assert found(engine, near) == reference.matching(near), near

    def one_series(self) -> list[Announcement]:
        """Five of one series, one of another year, and one that only cites the series."""
        serials = ("9", "10", "2", "10-1", "100")
        return [
            *(announcement(f"n{one}", "通知", "补贴。", number=f"国办发〔2018〕{one}号") for one in serials),
            announcement("other", "通知", "补贴。", number="国办发〔2019〕1号"),
            announcement("citing", "解读", "国办发〔2018〕系列文件"),
        ]

    def test_a_number_in_part_lists_its_series_in_order(self, engine: Engine) -> None:
        load(engine, *self.one_series())
        for text in (
            "国办发[2018]",
            "国办发〔2018〕",
            "国办发 2018",
            "国办发2018",
            "国办发（2018）",
            "国办发二〇一八年",
        ):
            page = typed(engine, text)
            assert ids(page)[:1] == ["n2"], text
            assert ids(page)[1:] in (["n9", "n10", "n10-1", "n100"], ["n9", "n10-1", "n10", "n100"]), text
            assert (page.understood, page.relaxed) == ("文号以 国办发〔2018〕 开头，按号排列", False)
            assert page.total == 5

    def test_the_text_of_a_number_in_part_is_one_click_away(self, engine: Engine) -> None:
        load(engine, *self.one_series())
        (offer,) = typed(engine, "国办发[2018]").offers
        assert (offer.filter, offer.value, offer.total) == ("match", "exact", 1)
        assert ids(engine.search(offer.query)) == ["citing"]
        assert ids(typed(engine, "国办发[2018]", match="exact")) == ["citing"]

    def test_a_number_in_part_that_nothing_bears_is_text(self, engine: Engine) -> None:
        load(engine, *self.one_series())
        assert typed(engine, "国办发[2017]").understood.startswith("国办发[2017]")
        assert typed(engine, "国发[2018]").understood.startswith("国发[2018]")
        assert ids(typed(engine, "国办发〔2017〕", match="exact")) == []

    def test_words_beside_a_number_in_part_are_required(self, engine: Engine) -> None:
        load(engine, *self.one_series(), announcement("more", "意见", "消费", number="国办发〔2018〕1号"))
        page = typed(engine, "国办发[2018] 消费")
        assert ids(page) == ["more"]
        assert page.understood == "文号以 国办发〔2018〕 开头，按号排列，含“消费”"

    def test_a_place_that_no_text_names_is_the_region_then_left_out(self, engine: Engine) -> None:
        county = ("江苏省", "南通市", "如东县")
        load(
            engine,
            announcement("there", body="养老服务", region=county),
            announcement("elsewhere", body="养老服务"),
            announcement("noise", body=f"养老。{FAR}服务"),
            announcement("other", body="就业", region=county),
        )
        for text in ("如东县养老服务", "养老服务如东县", "如东县 养老服务"):
            page = typed(engine, text)
            assert (ids(page), page.reading, page.relaxed) == (["there"], "part", True), text
            assert "地区为江苏省/南通市/如东县的" in page.understood
        page = typed(engine, "花都区养老服务")
        assert set(ids(page)) == {"there", "elsewhere"}
        assert page.understood == "花都区养老服务（没有同时写明“花都区”的，改为查找含“养老”、“服务”的）"
        page = typed(engine, "地区:南通市 花都区")
        assert set(ids(page)) == {"there", "other"}
        assert page.understood.endswith("（没有同时写明“花都区”的，略去“花都区”）")

    def test_a_place_that_a_text_names_is_required(self, engine: Engine) -> None:
        load(engine, announcement("named", body="如东县养老服务"), announcement("there", body="养老服务"))
        assert ids(typed(engine, "如东县养老服务")) == ["named"]

    def test_a_year_that_no_text_names_beside_the_rest_is_when_it_was_published(self, engine: Engine) -> None:
        city = ("广东省", "深圳市")
        load(
            engine,
            announcement("then", form="通知", region=city, published=date(2023, 5, 1)),
            announcement("later", form="通知", region=city, published=date(2024, 5, 1)),
            announcement("elsewhere", body="2023年", form="通知", published=date(2023, 5, 1)),
            announcement("care", body="养老服务", published=date(2023, 6, 1)),
        )
        for text in ("地区:深圳 文种:通知 2023年", "2023 地区:深圳 文种:通知", "地区:深圳 2023年5月"):
            page = typed(engine, text)
            assert (ids(page), page.reading, page.relaxed) == (["then"], "part", True), text
        assert page.understood.endswith("（没有同时写明“2023年5月”的，改为查找2023年5月发布的）")
        page = typed(engine, "养老服务 二〇二三年")
        assert ids(page) == ["care"]
        assert page.understood.endswith("改为查找二〇二三年发布的、含“养老”、“服务”的）")
        assert ids(engine.search(read_query({"q": ["2024年"], "form": ["通知"]}))) == ["later"]
        assert ids(typed(engine, "文种:通知 2023年")) == ["elsewhere"]

    def test_strings_near_each_other_may_be_asked_for(self, engine: Engine) -> None:
        load(engine, *self.held(), announcement("title", "政府的数字化"))
        page = typed(engine, "数字 NEAR/3 政府")
        assert set(ids(page)) == {"row", "near", "title"}
        assert (page.relaxed, page.understood) == (False, "含相隔不超过 3 个字的“数字”、“政府”")
        assert set(ids(typed(engine, "数字 NEAR/0 政府"))) == {"row"}
        (hit,) = typed(engine, "标题:数字 NEAR/3 政府").hits
        assert (hit.id, len(hit.title_marks)) == ("title", 2)
        assert set(ids(typed(engine, "数字 -(数字 NEAR/3 政府)"))) == {"far", "half", "across"}
