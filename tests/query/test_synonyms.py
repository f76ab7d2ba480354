from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from indexer.embedded.engine import WhooshEngine
from indexer.query.parameters import read_query
from indexer.query.parser import parse
from indexer.query.synonyms import ONLY, Synonyms
from indexer.report import Report
from indexer.text.units import units
from tests.builders import announcement

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
# 测试
扶贫 脱贫攻坚 精准扶贫
买房 购房
养老 老龄
扶贫 帮困
最低工资 最低工资标准
任免 人事变动
"""


@pytest.fixture
def synonyms() -> Synonyms:
    return Synonyms.of_groups(TABLE)


def also(synonyms: Synonyms, query: str) -> tuple[str, ...]:
    return synonyms.also(parse(query)[0])


def test_a_word_has_the_words_of_all_its_groups(synonyms: Synonyms) -> None:
    assert synonyms.of("扶贫") == ("脱贫攻坚", "精准扶贫", "帮困")
    assert synonyms.of("購房") == ("买房",)
    assert synonyms.of("教育") == ()


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("买房", ("购房",)),
        ("花都区买房补贴", ("花都区购房补贴",)),
        ("買房", ("购房",)),
        ("标题:买房", ("标题:购房",)),
        ("买房 -疫情", ("购房 -疫情",)),
        ("(买房 OR 租房) 补贴", ("(购房 OR 租房) 补贴",)),
        ("买房 OR 购房", ()),
        ("精准扶贫", ("扶贫", "脱贫攻坚", "精准脱贫攻坚")),
        ("最低工资标准", ("最低工资",)),
        ("最低工資调整", ("最低工资标准调整",)),
        ("人事任免", ()),  # not 人事人事变动
        ("“买房”", ()),
        ("扶贫 脱贫", ("精准扶贫 脱贫", "帮困 脱贫")),  # not 脱贫攻坚 脱贫
        ("养老 老龄", ()),
        ("养老服务促进条例", ()),  # names stay as they are
        ("中华人民共和国养老法", ()),
        ("《城镇养老服务管理办法》", ()),
        ("花都区扶贫开发办公室", ()),
        ("扶贫办法", ("脱贫攻坚办法", "精准扶贫办法", "帮困办法")),
        ("-买房", ()),
        ("来源:买房", ()),
        ("养老金", ()),
        ("", ()),
    ],
)
def test_one_word_of_a_run_is_replaced(synonyms: Synonyms, query: str, offered: tuple[str, ...]) -> None:
    assert also(synonyms, query) == offered


def test_what_is_offered_reads_as_the_query_with_the_word_replaced(synonyms: Synonyms) -> None:
    (offered,) = also(synonyms, "“对口帮扶” 买房 2020..2021")
    assert parse(offered)[0] == parse("“对口帮扶” 购房 2020..2021")[0]


def offered(table: Synonyms, query: str) -> dict[str, list[str]]:
    of_query = table.entries_in(parse(query)[0])
    return {"".join(one.words): ["".join(synonym) for synonym in one.synonyms] for one in of_query}


@pytest.mark.parametrize(
    ("query", "ranked_by"),
    [
        ("买房", {"买房": ["购房"]}),
        ("花都区買房补贴", {"买房": ["购房"]}),
        ("标题:买房 OR 养老", {"买房": ["购房"], "养老": ["老龄"]}),
        ("扶贫 脱贫攻坚", {"扶贫": ["帮困"], "脱贫攻坚": ["精准扶贫"]}),
        ("精准扶贫", {"精准扶贫": ["脱贫攻坚"]}),
        ("帮困", {"帮困": ["扶贫"]}),
        ("“买房” 养老", {"养老": ["老龄"]}),
        ("-买房", {}),
        ("来源:买房", {}),
        ("养老金", {}),
        ("", {}),
    ],
)
def test_what_stands_beside_the_words_of_unquoted_runs_is_ranked_by(
    synonyms: Synonyms, query: str, ranked_by: dict[str, list[str]]
) -> None:
    assert offered(synonyms, query) == ranked_by


FILLER = "各街道办事处、区直各单位：现将有关事项公布如下，请认真执行。"


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    table = tmp_path / "synonyms.txt"
    table.write_text(f"{ONLY}\n{TABLE}", encoding="utf-8")
    engine = WhooshEngine(tmp_path / "index", synonyms=table)
    kept = [
        announcement("a", "", f"{FILLER}买房，绿化。", published=date(2021, 5, 2)),
        announcement("b", "", f"{FILLER}买房，购房。", published=date(2021, 5, 1)),
        announcement("c", "", f"{FILLER}购房，购房。", published=date(2021, 5, 3)),
        announcement("d", "", f"{FILLER}防汛，防汛。", published=date(2021, 5, 4)),
    ]
    engine.replace_all(kept, Report())
    return engine


@pytest.mark.parametrize(("query", "found"), [("买房", ["b", "a"]), ("“买房”", ["a", "b"]), ("标题:买房", [])])
def test_the_operators_synonyms_change_the_order_and_never_what_is_found(
    engine: WhooshEngine, query: str, found: list[str]
) -> None:
    assert [hit.id for hit in engine.search(read_query({"q": [query]})).hits] == found


def test_where_nothing_holds_all_words_a_synonym_counts_towards_them(engine: WhooshEngine) -> None:
    page = engine.search(read_query({"q": ["买房 防汛 停电"]}))
    assert page.relaxed
    assert {hit.id for hit in page.hits} == {"a", "b", "d"}  # not c: partial answers too hold what was typed
    scores = {hit.id: hit.score for hit in page.hits}
    assert scores["b"] > scores["a"]


def test_the_operators_table_comes_first_or_alone(tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    file.write_text("\ufeff# 本地\n买房 安居\n", encoding="utf-8")
    assert Synonyms.load(file).of("买房")[0] == "安居"
    assert "购房" in Synonyms.load(file).of("买房")
    file.write_text(f"{ONLY}\n买房 安居\n", encoding="utf-8")
    assert Synonyms.load(file).of("买房") == ("安居",)
    assert Synonyms.load(file).of("扶贫") == ()


def test_our_own_table_is_sound() -> None:
    table = Synonyms.load()
    assert len(table.others) > 500
    for word, others in table.others.items():
        assert units(word)
        assert others
        assert len(set(others)) == len(others)
        assert word not in others
    for everyday, official in (("扶贫", "脱贫攻坚"), ("疫情", "新冠肺炎"), ("养老", "老龄"), ("买房", "住房")):
        assert official in table.of(everyday)
        assert everyday in table.of(official)
