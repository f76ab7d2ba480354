"""What every engine promises of finding, filtering and counting; part of ``EngineContract``."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.query.parameters import read_query
from indexer.query.tree import And, DateSpan, Filters, Not, NumberTerm, Or, Phrase, Query, Term
from tests.asking import Held, ask, counts, found, held, ids, load
from tests.builders import announcement
from tests.reference import Reference, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.answers.results import FacetValue
    from indexer.engine import Engine

# A fifth of what the profile says: 20, or fewer where building takes long.
SLOW_BUILDS = settings(
    max_examples=settings().max_examples // 5,
    deadline=None,
    suppress_health_check=[HealthCheck.differing_executors],
)

TOWN = ("广东省", "广州市", "花都区")
CITY = ("广东省", "广州市")
OTHER_CITY = ("广东省", "深圳市")
OTHER = ("云南省", "昆明市")
BRANCHES = ("广东省", "广东省/广州市", "2021", "2020", "广东省/无此市", "1950", "无此省")


FILTERS = [
    Filters(source=("花都区财政局", "深圳市人民政府")),
    Filters(region=(CITY,)),
    Filters(region=(("广东省",), OTHER)),
    Filters(form=("通知",)),
    Filters(year=("2020",)),
    Filters(year=("2020-03", "2019")),
    Filters(first=date(2020, 3, 31), last=date(2021, 1, 1)),
    Filters(last=date(2019, 12, 31)),
    Filters(number="穗府〔2020〕3号"),
    Filters(form=("通知",), region=(("广东省",),), year=("2020",)),
    Filters(source=("没有的",)),
]


class FindingContract:
    """Finding is grep; filters are sets; counts are exact."""

    @classmethod
    def open(cls, folder: Path) -> Engine:
        """Open an engine whose index lies in this folder, or will."""
        raise NotImplementedError

    @classmethod
    def open_shared(cls, folder: Path) -> Engine:
        """Open an engine whose index several tests read and none changes."""
        return cls.open(folder)

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Engine:
        return self.open(tmp_path / "index")

    # ── finding is grep ──

    def test_a_string_is_found_in_the_title_or_the_body_but_never_across(self, engine: Engine) -> None:
        load(engine, announcement("a", "关于扶贫", "工作的通知"), announcement("b", "通知", "关于扶贫工作"))
        assert found(engine, Phrase("扶贫")) == {"a", "b"}
        assert found(engine, Phrase("扶贫工作")) == {"b"}
        assert found(engine, Phrase("贫工")) == {"b"}

    def test_a_string_inside_a_word_is_found(self, engine: Engine) -> None:
        load(engine, announcement("a", body="依法提起诉讼"), announcement("b", body="起火"))
        assert found(engine, Phrase("起诉")) == {"a"}
        assert found(engine, Term("起诉")) == {"a"}

    def test_numbers_match_whole(self, engine: Engine) -> None:
        load(engine, announcement("a", body="第1号令"), announcement("b", body="第11号令"))
        assert found(engine, Phrase("1号")) == {"a"}
        assert found(engine, Term("11号")) == {"b"}

    def test_one_character_is_enough(self, engine: Engine) -> None:
        load(engine, announcement("a", "雨"), announcement("b", body="大雨"), announcement("c"))
        assert found(engine, Term("雨")) == {"a", "b"}

    def test_spaces_do_not_count_but_punctuation_and_line_ends_break_a_row(self, engine: Engine) -> None:
        texts = {"a": "乡村振兴", "b": "乡 村\u3000振兴", "c": "乡村，振兴", "d": "乡村\n振兴"}
        load(engine, *(announcement(name, body=text) for name, text in texts.items()))
        assert found(engine, Phrase("乡村振兴")) == {"a", "b"}
        assert found(engine, Phrase("乡村 振兴")) == {"a", "b"}
        assert found(engine, Phrase("乡村。振兴")) == {"c", "d"}

    def test_signs_that_say_something_are_found_as_they_stand(self, engine: Engine) -> None:
        texts = {
            "p": "按5%补贴", "m": "5月前", "a": "90㎡以下", "d": "90日内", "cpp": "开设C++课程", "c": "C级",
            "t": "37.3℃以上",
            "v": "选37、3项", "g": "GB/T 1", "h": "GBT 1", "net": "互联网＋政务", "n": "互联网政务",
        }  # fmt: skip
        load(engine, *(announcement(name, "关于事项", body=text) for name, text in texts.items()))
        for kind in (Phrase, Term):
            assert found(engine, kind("5%")) == found(engine, kind("5％")) == {"p"}
            assert found(engine, kind("90㎡")) == {"a"}
            assert found(engine, kind("C++")) == {"cpp"}
            assert found(engine, kind("37.3℃")) == found(engine, kind("℃")) == {"t"}
            assert found(engine, kind("GB/T")) == {"g"}
            assert found(engine, kind("互联网+")) == {"net"}
        assert found(engine, Term("补贴/以下")) == set()
        assert found(engine, Term("+互联网")) == {"net", "n"}

    def test_traditional_and_full_width_are_one_with_simplified_and_half_width(self, engine: Engine) -> None:
        load(engine, announcement("a", body="發展５Ｇ產業"), announcement("b", body="发展5g产业"))
        assert found(engine, Phrase("發展5G产业")) == found(engine, Phrase("发展５ｇ產業")) == {"a", "b"}

    def test_a_run_needs_all_its_words_but_not_side_by_side(self, engine: Engine) -> None:
        load(engine, announcement("a", body="精准扶贫在花都区"), announcement("b", body="花都区扶贫"))
        assert found(engine, Term("花都区精准扶贫")) == {"a"}

    def test_operators_combine_sets(self, engine: Engine) -> None:
        load(
            engine,
            announcement("a", body="扶贫与疫情"),
            announcement("b", body="扶贫"),
            announcement("c", body="脱贫"),
            announcement("d", body="其他"),
        )
        either = Or((Term("扶贫"), Term("脱贫")))
        assert found(engine, either) == {"a", "b", "c"}
        assert found(engine, And((either, Not(Term("疫情"))))) == {"b", "c"}
        assert found(engine, Not(either)) == {"d"}
        assert found(engine, Not(Not(Term("脱贫")))) == {"c"}

    @SLOW_BUILDS
    @given(st.data())
    def test_finding_equals_brute_force(self, data: st.DataObject) -> None:
        """Any text, any string cut from it or made up, any combination."""
        texts = st.text(st.sampled_from("花都区扶貧贫发發 　，。\n\tAa1２𠮷〇\ud800か%％+/#@℃㎡"), max_size=24)
        kept = [announcement(f"{at}", data.draw(texts), data.draw(texts)) for at in range(data.draw(st.integers(1, 5)))]
        reference = Reference(kept)
        rows = [
            text[low:high] for one in kept for text in (one.title, one.body) for low, high in ((0, 3), (2, 5), (1, 2))
        ]
        leaf = st.builds(
            lambda kind, text, field: kind(text, field),
            st.sampled_from([Term, Phrase]),
            st.sampled_from([row for row in rows if spelled(row) != "\0"] or ["花"])
            | texts.filter(lambda t: spelled(t) != "\0"),
            st.sampled_from(["any", "title"]),
        )
        trees = st.recursive(
            leaf,
            lambda part: (
                st.builds(Not, part) | st.builds(And, st.tuples(part, part)) | st.builds(Or, st.tuples(part, part))
            ),
            max_leaves=6,
        )
        with tempfile.TemporaryDirectory() as folder:
            engine = self.open(Path(folder) / "index")
            load(engine, *kept)
            for root in data.draw(st.lists(trees, min_size=10, max_size=10)):
                assert found(engine, root) == reference.matching(root), root

    def test_what_could_be_chosen_instead_of_words_is_offered_with_its_count(self, engine: Engine) -> None:
        load(
            engine,
            announcement("a", "扶贫通知", region=TOWN, published=date(2020, 3, 1), number="穗府〔2020〕3号"),
            announcement("b", "扶贫公告", body="花都区", region=CITY, published=date(2020, 3, 31)),
            announcement("c", "防汛意见", region=TOWN, published=date(2021, 1, 1), source="花都区水务局"),
        )

        def offered(typed: str) -> list[tuple[str, str, int]]:
            return [(one.filter, one.value, one.total) for one in engine.search(read_query({"q": [typed]})).offers]

        assert offered("花都区 扶贫") == [("region", "广东省/广州市/花都区", 1)]
        assert offered("2020 扶贫") == [("year", "2020", 2)]
        assert offered("昆明市 扶贫") == []  # nothing to see there
        assert offered("花都区水务局 防汛") == [("source", "花都区水务局", 1)]
        assert offered("穗府〔2020〕") == []  # that is what is listed, and no text holds it
        assert offered("扶贫") == []

    # ── fields and filters ──

    @pytest.fixture(scope="class")
    @classmethod
    def varied(cls, tmp_path_factory: pytest.TempPathFactory) -> Held:
        """Hold announcements that differ in everything that can be filtered by."""
        kept = [
            announcement("a", "扶贫通知", source="花都区财政局", region=TOWN, form="通知", published=date(2020, 3, 1)),
            announcement(
                "b", "扶贫公告", source="广州市人民政府", region=CITY, form="公告", published=date(2020, 3, 31)
            ),
            announcement(
                "c", "扶贫意见", source="深圳市人民政府", region=OTHER_CITY, form="意见", published=date(2021, 1, 1)
            ),
            announcement(
                "d", "防汛通知", source="昆明市水务局", region=OTHER, form="通知", published=date(2019, 12, 31)
            ),
            announcement("e", "扶贫", "无日期无来源", published=None, number="穗府〔2020〕3号"),
        ]
        return held(cls.open_shared(tmp_path_factory.mktemp("varied") / "index"), kept)

    @pytest.mark.parametrize("filters", FILTERS)
    def test_filters_are_or_within_one_and_and_across(self, varied: Held, filters: Filters) -> None:
        engine, kept = varied
        for root in (None, Term("扶贫")):
            page = engine.search(Query(root=root, filters=filters))
            assert set(ids(page)) == Reference(kept).found(root, filters)

    @pytest.mark.parametrize("filters", [Filters(), *FILTERS])
    def test_facets_count_exactly_and_without_their_own_filter(self, varied: Held, filters: Filters) -> None:
        engine, kept = varied
        for root in (None, Term("扶贫")):
            facets = engine.search(Query(root=root, filters=filters)).facets
            for name in ("source", "region", "year", "form"):
                expected = Reference(kept).counts(name, root, filters)
                shown = counts(getattr(facets, name))
                assert all(expected[value] == count for value, count in shown.items()), name
                assert {value for value in expected if "/" not in value and "-" not in value} <= shown.keys()

    def test_chosen_values_stay_listed_at_zero(self, varied: Held) -> None:
        engine = varied.engine
        facets = ask(engine, Term("防汛"), source=("深圳市人民政府",), region=(TOWN,), year=("2021-01",)).facets
        chosen = {(value.value, value.count) for value in facets.source if value.selected}
        assert chosen == {("深圳市人民政府", 0)}
        assert counts(facets.region)["广东省/广州市/花都区"] == 0
        assert counts(facets.year)["2021-01"] == 0

    def test_a_region_opens_on_the_regions_below_it(self, varied: Held) -> None:
        engine = varied.engine
        facets = ask(engine, region=(("广东省",),)).facets
        province = next(value for value in facets.region if value.value == "广东省")
        assert (province.count, province.selected, province.label) == (3, True, "广东省")
        assert [(city.label, city.count) for city in province.children] == [("广州市", 2), ("深圳市", 1)]

    def test_a_branch_that_is_opened_lists_what_choosing_it_would_list_and_is_not_chosen(self, varied: Held) -> None:
        engine, kept = varied
        for branch, text, filters in product(BRANCHES, ("", "扶贫"), (Filters(), Filters(region=(TOWN,)))):
            root = Term(text) if text else None
            plain = engine.search(Query(root=root, filters=filters))
            opened = engine.search(Query(root=root, filters=replace(filters, opened=branch)))
            assert (opened.total, ids(opened)) == (plain.total, ids(plain))
            assert (opened.facets.source, opened.facets.form) == (plain.facets.source, plain.facets.form)
            name, sign = ("year", "-") if branch.isdecimal() else ("region", "/")
            before, after = getattr(plain.facets, name), getattr(opened.facets, name)
            expected = Reference(kept).counts(name, root, filters)
            assert counts(before).items() <= counts(after).items()
            assert all(expected[value] == count for value, count in counts(after).items())
            depth = branch.count(sign) + 1
            below = {value for value in expected if value.startswith(f"{branch}{sign}") and value.count(sign) == depth}
            assert below <= counts(after).keys()
            assert selected(after) == selected(before)

    def test_facets_list_the_most_frequent_first_and_years_newest_first(self, engine: Engine) -> None:
        kept = [
            announcement(f"{at}", source=source, published=date(2018 + at, 1, 1))
            for at, source in enumerate("乙甲乙丙")
        ]
        load(engine, *kept)
        facets = ask(engine).facets
        assert [value.value for value in facets.source] == ["乙", "丙", "甲"]
        assert [value.value for value in facets.year] == ["2021", "2020", "2019", "2018"]

    def test_a_field_is_searched_for_itself(self, varied: Held) -> None:
        engine, kept = varied
        reference = Reference(kept)
        for leaf in (
            Term("扶贫", "title"),
            Phrase("无日期", "title"),
            Term("人民政府", "source"),
            Term("广州市", "region"),
            Term("通知", "form"),
            Term("穗府[2020]03号", "number"),
        ):
            assert found(engine, leaf) == reference.matching(leaf), leaf

    def test_title_only_leaves_the_body_out(self, engine: Engine) -> None:
        load(engine, announcement("a", "扶贫", "防汛"), announcement("b", "防汛", "扶贫"))
        assert found(engine, Term("扶贫"), title_only=True) == {"a"}

    def test_title_only_finds_a_number_where_it_is_borne_or_stands_in_the_title(self, engine: Engine) -> None:
        number = "国办发〔2017〕47号"
        load(
            engine,
            announcement("bearing", "通知", "正文。", number=number),
            announcement("in-title", "关于废止国办发[2017]47号的通知", "正文。"),
            announcement("in-body", "通知", f"根据{number}，现通知如下。"),
        )
        everywhere = NumberTerm(number, number)
        assert found(engine, everywhere) == {"bearing", "in-title", "in-body"}
        assert found(engine, everywhere, title_only=True) == {"bearing", "in-title"}
        assert found(engine, Not(everywhere), title_only=True) == {"in-body"}
        relevant = ask(engine, everywhere, title_only=True)
        assert ids(relevant) == ["bearing", "in-title"]

    def test_every_bearer_of_a_number_is_listed(self, engine: Engine) -> None:
        number = "国办发〔2017〕47号"
        load(engine, *(announcement(f"{at:04}", "通知", "正文。", number=number) for at in range(1203)))
        assert len(engine.lookup_number(number).bearing) == 1203
        match = engine.search(Query(text=number, root=NumberTerm(number, number))).number
        assert match is not None
        assert match.bearing == tuple(f"{at:04}" for at in range(1203))

    def test_days_are_inclusive_and_the_undated_are_left_out(self, varied: Held) -> None:
        engine = varied.engine
        assert found(engine, DateSpan(date(2020, 3, 1), date(2020, 3, 31))) == {"a", "b"}
        assert found(engine, DateSpan(None, date(2020, 3, 1))) == {"a", "d"}


def selected(values: Iterable[FacetValue]) -> set[str]:
    """Return the values that are chosen, at any depth."""
    return {value.value for value in values if value.selected}.union(*(selected(value.children) for value in values))
