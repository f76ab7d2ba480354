"""What every engine promises. A test class per engine inherits ``EngineContract`` and says how to open one."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import AnnouncementNotFound, IndexMissing
from indexer.query.parameters import read_query
from indexer.query.tree import And, Not, NumberTerm, Or, Phrase, Query, Sort, Term
from indexer.report import Report, Skipped
from indexer.skip_reasons import because
from tests.asking import Held, ask, found, ids, load
from tests.builders import announcement
from tests.contract_copies import CopiesContract
from tests.contract_finding import CITY, OTHER, SLOW_BUILDS, TOWN, FindingContract
from tests.contract_lineage import LineageContract
from tests.contract_order import OrderContract
from tests.contract_readings import ReadingsContract
from tests.contract_relations import RelationsContract
from tests.contract_saved import SavedContract

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.announcement import Announcement
    from indexer.engine import Engine


class EngineContract(
    FindingContract,
    ReadingsContract,
    OrderContract,
    CopiesContract,
    RelationsContract,
    LineageContract,
    SavedContract,
):
    """The promises; ``open`` is all that an engine's own test class has to add."""

    def test_what_is_asked_in_one_block_is_answered_from_one_version(self, engine: Engine) -> None:
        load(engine, announcement("a", "扶贫"))
        with engine.one_version():
            before = engine.version()
            engine.change([announcement("b", "扶贫")], [], Report())
            with engine.one_version():
                assert (engine.version(), found(engine, Term("扶贫"))) == (before, {"a"})
            assert engine.status().documents == 1
        assert engine.version() != before
        assert found(engine, Term("扶贫")) == {"a", "b"}

    # ── ranking and what helps when nothing is found ──

    def test_words_side_by_side_rank_first(self, engine: Engine) -> None:
        load(
            engine,
            announcement("a", body="精准的工作。扶贫的成果。" + "别的内容。" * 5, published=date(2022, 1, 1)),
            announcement("b", body="精准扶贫的工作。成果。" + "别的内容。" * 5),
        )
        assert ids(ask(engine, Term("精准扶贫")))[0] == "b"

    def test_the_exact_title_is_on_top(self, engine: Engine) -> None:
        load(
            engine,
            announcement("a", "关于防汛工作的通知", "略", published=date(2010, 1, 1)),
            announcement("b", "关于防汛工作的通知的补充通知", "防汛工作" * 30),
            announcement("c", "转发关于防汛工作的通知", "防汛工作通知" * 30),
        )
        assert ids(ask(engine, Term("关于防汛工作的通知")))[0] == "a"

    def test_when_none_has_all_words_the_best_partial_ones_are_shown_and_said_so(self, engine: Engine) -> None:
        load(engine, announcement("a", "扶贫"), announcement("b", "扶贫", "防汛"), announcement("c", "教育"))
        page = ask(engine, And((Term("扶贫"), Term("防汛"), Term("地震"))))
        assert (page.relaxed, ids(page)) == (True, ["b", "a"])
        assert ask(engine, And((Term("扶贫"), Term("防汛")))).relaxed is False

    def test_a_document_number_in_a_sentence_leads_to_the_announcement_that_bears_it(self, engine: Engine) -> None:
        load(
            engine,
            announcement("a", "防汛值班安排", "请各镇做好。", number="花府办〔2024〕7号"),
            announcement("b", "转发防汛文件", "按花府办〔2024〕7号执行。"),
            announcement("c", "防汛还有效吗", "防汛安排还有效吗，还有效。"),
        )
        for sentence in ("请问花府办[2024]7号还有效吗", "关于花府办（2024）第7号的问题", "花府办〔2024〕7号 农机"):
            assert ids(engine.search(read_query({"q": [sentence]})))[:2] == ["a", "b"], sentence

    def test_what_must_not_be_there_stays_out_of_partial_answers(self, engine: Engine) -> None:
        load(engine, announcement("a", "扶贫"), announcement("b", "扶贫", "疫情"))
        page = ask(engine, And((Term("扶贫"), Term("地震"), Not(Term("疫情")))))
        assert (page.relaxed, ids(page)) == (True, ["a"])

    def test_an_empty_answer_says_what_dropping_each_filter_would_find(self, varied: Held) -> None:
        page = ask(varied.engine, Term("扶贫"), region=(OTHER,), form=("通知",))
        assert page.total == 0
        assert {(one.parameter, one.value, one.count) for one in page.relief} == {
            ("region", "云南省/昆明市", 1),
            ("form", "通知", 0),
        }

    def test_an_answer_of_few_says_what_each_filter_and_word_keeps_away(self, engine: Engine) -> None:
        load(engine, announcement("a", "扶贫补贴", form="通知"), announcement("b", "扶贫补贴", form="公告"),
             announcement("c", "扶贫车间", form="通知"), announcement("d", "助学补贴", form="公告"))  # fmt: skip
        page = engine.search(read_query({"q": ["扶贫 补贴"], "form": ["通知", "意见"]}))
        assert [(one.parameter, one.value, one.count) for one in page.relief] == [
            ("form", "通知、意见", 2),
            ("q", "补贴", 2),
        ]
        for one in page.relief:
            assert engine.search(one.query).total == one.count
        assert engine.search(read_query({"q": ["扶贫"]})).relief == ()

    def test_partial_answers_say_which_word_nothing_holds_with_the_others(self, engine: Engine) -> None:
        load(engine, announcement("a", "扶贫补贴"), announcement("b", "车间"))
        page = engine.search(read_query({"q": ["扶贫 补贴 车间"]}))
        assert [(one.value, one.count) for one in page.relief] == [("车间", 1)]

    def test_a_slip_is_met_with_what_may_have_been_meant(self, engine: Engine) -> None:
        load(engine, announcement("a", "关于对口帮扶工作的通知"))
        page = engine.search(Query(text="对口邦扶", root=Term("对口邦扶")))
        assert page.did_you_mean == ("对口帮扶",)
        assert engine.search(Query(text="对口帮扶", root=Term("对口帮扶"))).did_you_mean == ()

    def test_synonyms_are_offered_beside_and_change_nothing(self, engine: Engine) -> None:
        load(engine, announcement("a", "扶贫"), announcement("b", "脱贫攻坚"))
        page = ask(engine, Term("扶贫"))
        assert "脱贫攻坚" in page.also
        assert ids(page) == ["a"]

    def test_typing_is_completed_from_titles_sources_regions_and_numbers(self, engine: Engine) -> None:
        load(
            engine,
            announcement("a", "花都区防汛通知", source="花都区水务局", region=TOWN, number="花府〔2020〕1号"),
            announcement("b", "其他", source="花都区水务局"),
        )
        found = {(one.kind, one.text, one.count) for one in engine.suggest("花")}
        assert {
            ("title", "花都区防汛通知", 1),
            ("source", "花都区水务局", 2),
            ("number", "花府〔2020〕1号", 1),
        } <= found
        assert "花都区水务局" in {one.text for one in engine.suggest("huadu")}
        engine.change([], ["a", "b"], Report())
        assert engine.suggest("花") == ()

    def test_titles_of_one_day_are_suggested_alike_after_an_update_and_a_rebuild(self, engine: Engine) -> None:
        ones = [announcement(f"a{number}", f"防汛通知之{number}") for number in range(9)]
        load(engine, *ones)
        rebuilt = engine.suggest("防汛", 3)
        load(engine, *ones[1:])
        engine.change(ones[:1], [], Report())
        assert engine.suggest("防汛", 3) == rebuilt
        assert len(rebuilt) == 3

    # ── document numbers ──

    @pytest.fixture(scope="class")
    @classmethod
    def numbered(cls, tmp_path_factory: pytest.TempPathFactory) -> Engine:
        engine = cls.open_shared(tmp_path_factory.mktemp("numbered") / "index")
        load(
            engine,
            announcement("own", "政务网站通知", "网站要求。", number="国办发〔2017〕47号"),
            announcement(
                "cites", "转发", "按照国办发[2017]第47号文件，国办发〔2017〕47号。", published=date(2022, 1, 1)
            ),
            announcement("other", "别的", "国办发〔2017〕147号。", number="国办发〔2017〕48号"),
            announcement("none", "无关"),
        )
        return engine

    def test_a_number_finds_who_bears_it_first_then_who_cites_it(self, numbered: Engine) -> None:
        engine = numbered
        page = ask(engine, NumberTerm("国办发〔2017〕47号", "国办发(2017)47号"))
        assert ids(page) == ["own", "cites"]
        assert page.number is not None
        assert (page.number.bearing, page.number.citing) == (("own",), 1)

    @pytest.mark.parametrize("written", ["国办发〔2017〕47号", "国办发[2017]第47号", " 国办发（２０１７）047号 "])
    def test_a_number_is_looked_up_in_any_writing(self, numbered: Engine, written: str) -> None:
        lookup = numbered.lookup_number(written)
        assert (lookup.number, [hit.id for hit in lookup.bearing], lookup.citing) == ("国办发〔2017〕47号", ["own"], 1)

    def test_a_number_that_nobody_bears_leads_to_near_ones(self, numbered: Engine) -> None:
        lookup = numbered.lookup_number("国办发〔2017〕50号")
        assert (lookup.bearing, lookup.near) == ((), ("国办发〔2017〕48号", "国办发〔2017〕47号"))
        assert numbered.lookup_number("不是文号").number == ""

    # ── single announcements and overviews ──

    def test_one_announcement_comes_back_as_it_was_given_with_its_matches(self, engine: Engine) -> None:
        kept = announcement(
            "a", "扶贫通知", "发展５Ｇ，扶 贫。", region=TOWN, number="穗府〔2020〕3号", url="http://a.example/"
        )
        load(engine, kept, announcement("b"))
        shown = engine.find("a", Phrase("扶貧"))
        assert shown.announcement == kept
        assert [shown.announcement.body[low:high] for low, high in shown.body_marks] == ["扶 贫"]
        assert shown.title_marks == ((0, 2),)

    def test_an_unknown_id_is_said_to_be_unknown(self, engine: Engine) -> None:
        load(engine, announcement("a"))
        for ask_for in (engine.find, engine.similar):
            with pytest.raises(AnnouncementNotFound):
                ask_for("b")

    def test_similar_ones_share_the_matter_and_are_no_copies(self, engine: Engine) -> None:
        text = "汛期将至，各水库应当加强巡查值守，做好防汛抢险物资储备，落实防汛责任人。"
        load(
            engine,
            announcement("a", "防汛通知", text),
            announcement("copy", "防汛通知", text),
            announcement("near", "水库汛期巡查", "水库防汛责任人每日巡查，汛期值守不间断，抢险队伍待命。"),
            announcement("far", "义务教育招生", "小学一年级新生报名办法。"),
        )
        assert [hit.id for hit in engine.similar("a")] == ["near"]

    def test_all_announcements_come_in_the_order_of_ids(self, engine: Engine) -> None:
        kept = [announcement(name, body=f"正文{name}") for name in ("b", "a", "10", "9", "B")]
        load(engine, *kept)
        assert list(engine.announcements()) == sorted(kept, key=lambda one: one.id)

    def test_coverage_counts_what_is_missing_of_each_source(self, engine: Engine) -> None:
        load(
            engine,
            announcement("a", source="甲局", published=date(2020, 1, 1), region=CITY),
            announcement("b", source="甲局", published=date(2021, 1, 1), number="甲〔2021〕1号"),
            announcement("c", source="乙局", published=None),
            announcement("d", source=""),
        )
        first, *rest = engine.coverage()
        assert (first.source, first.count, first.first, first.last) == ("甲局", 2, date(2020, 1, 1), date(2021, 1, 1))
        assert (first.without_date, first.without_region, first.without_number) == (0, 1, 1)
        assert [(one.source, one.count, one.without_date) for one in rest] == [("", 1, 0), ("乙局", 1, 1)]

    def test_status_says_what_is_held_and_keeps_the_report_and_ledger(self, engine: Engine) -> None:
        report = Report(
            read=3,
            indexed=2,
            skipped=[Skipped("x.html", because("no-object", given="空"))],
            ledger=b"\0ledger",
        )
        engine.replace_all([announcement("a", source="甲"), announcement("b", published=date(2021, 2, 3))], report)
        status = engine.status()
        assert (status.documents, status.sources, status.first, status.last) == (
            2,
            1,
            date(2020, 6, 1),
            date(2021, 2, 3),
        )
        assert (status.report.read, status.report.skipped) == (
            3,
            [Skipped("x.html", because("no-object", given="空"))],
        )
        assert engine.ledger() == b"\0ledger"
        assert status.version == engine.version()
        assert status.size_bytes > 0

    # ── replacing and changing ──

    def test_without_an_index_every_reading_verb_says_so(self, engine: Engine) -> None:
        for verb in (engine.version, engine.status, engine.coverage, engine.ledger, lambda: ask(engine)):
            with pytest.raises(IndexMissing, match="rebuild"):
                verb()

    def test_an_empty_index_answers(self, engine: Engine) -> None:
        load(engine)
        assert (ask(engine).total, ask(engine, Term("扶贫")).total, engine.status().documents) == (0, 0, 0)
        engine.change([announcement("a", "扶贫")], [], Report())
        assert found(engine, Term("扶贫")) == {"a"}
        engine.change([], ["a"], Report())
        assert found(engine) == set()

    def test_a_replacement_leaves_nothing_of_the_old(self, engine: Engine) -> None:
        load(engine, announcement("a", "扶贫"))
        before = engine.version()
        load(engine, announcement("b", "防汛"))
        assert found(engine) == {"b"}
        assert found(engine, Term("扶贫")) == set()
        assert engine.version() != before

    def test_a_source_that_fails_leaves_the_old_index(self, engine: Engine) -> None:
        load(engine, announcement("a"))
        before = engine.version()

        def failing() -> Iterator[Announcement]:
            yield announcement("b")
            raise FileNotFoundError("gone")

        with pytest.raises(FileNotFoundError, match="gone"):
            engine.replace_all(failing(), Report())
        with pytest.raises(FileNotFoundError, match="gone"):
            engine.change(failing(), ["a"], Report())
        assert (found(engine), engine.version()) == ({"a"}, before)

    def test_a_stream_that_began_before_a_replacement_ends_with_the_old_version(self, engine: Engine) -> None:
        load(engine, *(announcement(f"{at}", "旧") for at in range(5)))
        stream = engine.announcements()
        first = next(stream)
        for _ in range(3):
            load(engine, announcement("new", "新"))
        assert [one.title for one in (first, *stream)] == ["旧"] * 5

    @pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
    def test_a_walk_gives_every_hit_once_though_the_index_is_replaced(self, engine: Engine, sort: Sort) -> None:
        load(engine, *(announcement(f"{at:03}", "扶贫", published=date(2020, at % 12 + 1, 1)) for at in range(230)))
        query = Query(text="扶贫", root=Term("扶贫"), sort=sort)
        paged = [one for page in (1, 2, 3) for one in ids(ask(engine, Term("扶贫"), sort, page=page, per_page=100))]
        walk = engine.walk(query)
        first = next(walk)
        load(engine, announcement("new", "扶贫"))
        assert [hit.id for hit in (first, *walk)] == paged

    @pytest.mark.parametrize("asked", [{}, {"q": "扶贫 防汛"}, {"q": "扶贫", "in": "title"}, {"q": "没有"}])
    def test_rows_show_what_the_list_shows_but_the_marks(self, engine: Engine, asked: dict[str, str]) -> None:
        texts = (
            "",
            "防汛。",
            "扶贫的工作。" * 19,
            "扶贫" * 60,
            "扶贫，" * 41,
            "𠮷" * 119 + "a1",
            "一\n二。" * 90 + "防汛",
        )
        load(engine, *(announcement(f"a{at}", "扶贫", body=text) for at, text in enumerate(texts)))
        query = read_query({name: [value] for name, value in asked.items()})
        page, walked = engine.search(query), engine.walk(query, as_rows=True)
        assert walked.total == page.total
        assert [(hit.id, hit.title, hit.snippet.text, hit.score) for hit in walked] == [
            (hit.id, hit.title, hit.snippet.text, hit.score) for hit in page.hits
        ]

    @SLOW_BUILDS
    @given(
        st.lists(
            st.tuples(
                st.dictionaries(
                    st.sampled_from("abcdef"), st.sampled_from(["扶贫", "防汛工作", "扶贫工作通知"]), max_size=4
                ),
                st.sets(st.sampled_from("abcdef"), max_size=3),
            ),
            max_size=5,
        )
    )
    def test_changes_end_in_what_a_rebuild_makes(self, history: list[tuple[dict[str, str], set[str]]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            changed, rebuilt = self.open(Path(folder) / "changed"), self.open(Path(folder) / "rebuilt")
            kept = {"z": announcement("z", "扶贫")}
            load(changed, *kept.values())
            for add, remove in history:
                added = [announcement(name, body=text, source=text[:2]) for name, text in add.items()]
                changed.change(added, remove, Report())
                kept = {name: one for name, one in kept.items() if name not in remove}
                kept |= {one.id: one for one in added}
            load(rebuilt, *kept.values())
            for root in (None, Term("扶贫"), Phrase("工作"), Or((Term("防汛"), Term("通知")))):
                one, other = ask(changed, root), ask(rebuilt, root)
                assert (one.hits, one.total, one.facets) == (other.hits, other.total, other.facets)
            assert list(changed.announcements()) == list(rebuilt.announcements())
