from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.analyzer import units
from indexer.grammar import parse
from indexer.synonyms import ONLY, Synonyms

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
# 测试
扶贫 脱贫攻坚 精准扶贫
买房 购房
养老 老龄
扶贫 帮困
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
        ("精准扶贫", ("扶贫", "脱贫攻坚", "精准脱贫攻坚")),
        ("“买房”", ()),
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
