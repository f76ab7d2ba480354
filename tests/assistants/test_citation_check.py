"""Citations are found, differ, or are not in this index; never more than that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.assistants.citation_check import CitationChecker
from indexer.assistants.text_comparison import is_said_in, likeness, place_of
from indexer.embedded.engine import WhooshEngine
from indexer.report import Report
from tests.builders import announcement

if TYPE_CHECKING:
    from indexer.assistants.citation_check import Checked

BODY = "\n".join(
    [
        "第一章 总则",
        "第一条 为了保护示例，制定本法。",
        "第二条 示例应当公开，但是法律另有规定的除外。",
        "公开示例的期限为三十日。",
        "第三条 下列示例不予公开：",
        "（一）涉及秘密的；",
        "（二）尚未完成的。",
        "第二章 附则",
        "第四条 本法自公布之日起施行。",
    ]
)
ALL = [
    announcement("law", title="中华人民共和国示例法", body=BODY),
    announcement("notice", title="示例厅关于公开示例的通知", body="各单位：请公开示例。", number="示办发〔2020〕1号"),
    announcement("issue", title="示例市关于印发《示例管理办法》的通知", body="第一条 示例要管理。"),
    announcement("news", title="我市学习示例法", body="学习第九条。"),
    announcement("old", title="两版条例", body="第一条 旧文。", published=None),
    announcement("new", title="两版条例", body="第一条 新文。\n第二条 又一条。"),
]


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> CitationChecker:
    engine = WhooshEngine(tmp_path_factory.mktemp("index"))
    engine.replace_all(ALL, Report())
    return CitationChecker(engine)


def one(checker: CitationChecker, text: str) -> Checked:
    [checked] = checker.check(text)
    return checked


@pytest.mark.parametrize(
    "text",
    [
        "《示例法》",
        "《中华人民共和国示例法》第二条",
        "《示例法》第2条规定：“示例应当公开，但是法律另有规定的除外。”",
        "《示例法》第二条第二款规定：“公开示例的期限为三十日”",
        "《示例法》第三条规定：“下列示例不予公开……（二）尚未完成的。”",
        "《示例法》第三条第一项",
        "《示例法》第二条规定，示例应当公开。",
        "《示例法》第二条规定，一切资料须让民众看到。",
        "《示例管理办法》第一条规定：“示例要管理。”",
        "《示例厅关于公开示例的通知》（示办发[2020]1号）",
        "示办发〔2020〕第1号指出：“请公开示例”",
    ],
)
def test_what_is_there_is_found(checker: CitationChecker, text: str) -> None:
    assert one(checker, text).status == "found"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("《示例法》第二条规定：“示例可以公开，但是法律另有规定的除外。”", "示例应当公开"),
        ("《示例法》第二条规定，示例不应当公开，但是法律另有规定的除外。", "示例应当公开"),
        ("《示例法》第一条规定：“公开示例的期限为三十日。”", "为了保护示例"),
        ("《示例法》第二条第一款规定：“公开示例的期限为三十日。”", "示例应当公开"),
        ("《示例法》第九条", None),
        ("《示例法》规定：“公开示例的期限为六十日。”", None),
        ("《完全不同的意见》（示办发〔2020〕1号）", None),
    ],
)
def test_what_differs_is_told_with_what_is_really_said(checker: CitationChecker, text: str, says: str | None) -> None:
    checked = one(checker, text)
    assert checked.status == "differs"
    assert (says in checked.place.text) if says and checked.place else not says


@pytest.mark.parametrize(
    "text", ["《另一部法》第一条规定：“某。”", "国办发〔2099〕1号", "《示例厅关于公开示例的通知》（示办发〔2021〕9号）"]
)
def test_what_is_not_in_this_index_is_said_to_be_just_that(checker: CitationChecker, text: str) -> None:
    checked = one(checker, text)
    assert (checked.status, checked.announcement) == ("not in this index", None)
    assert "in this index" in checked.why
    assert "invalid" not in checked.why


def test_a_clause_that_a_part_of_a_law_lacks_is_not_said_to_be_missing(checker: CitationChecker) -> None:
    checked = one(checker, "《两版条例》第九条")
    assert (checked.status, "it may be a part" in checked.why) == ("not in this index", True)
    assert one(checker, "《示例厅关于公开示例的通知》第九条").status == "not in this index"
    assert one(checker, "《两版条例》第一条第九款").status == "differs"


def test_words_in_another_clause_are_said_to_stand_there(checker: CitationChecker) -> None:
    assert "第二条" in one(checker, "《示例法》第四条规定：“示例应当公开，但是法律另有规定的除外。”").why


def test_of_several_versions_the_one_that_says_it_is_told_and_the_others_named(checker: CitationChecker) -> None:
    for words, identity in (("旧文", "old"), ("新文", "new")):
        checked = one(checker, f"《两版条例》第一条规定：“{words}。”")
        assert checked.announcement is not None
        assert (checked.status, checked.announcement.id) == ("found", identity)
        assert len(checked.others) == 1


def test_words_are_compared_without_punctuation_and_in_any_script() -> None:
    assert is_said_in("應當，公開", "示例应当公开。")
    assert not is_said_in("公开应当", "示例应当公开。")
    assert is_said_in("示例……公开", "示例应当公开。")
    assert not is_said_in("公开……示例", "示例应当公开。")
    assert place_of("应当公开", "一、示例，应当 公开。") == (5, 10)
    assert likeness("示例可以公开", "示例应当公开") == pytest.approx(4 / 6)
