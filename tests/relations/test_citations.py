"""What an announcement cites, and in what relation it stands to that."""

from __future__ import annotations

import time
from typing import Any

import pytest

from indexer.announcement import Announcement
from indexer.relations.extraction import relations_of
from indexer.relations.records import Citation, from_json, to_json
from indexer.relations.titles import inner_key, is_same_matter, local_key, names_document, quoted_titles, title_key
from tests.builders import announcement


def cited(body: str, **fields: Any) -> tuple[Citation, ...]:
    return relations_of(announcement(body=body, **fields)).citations


def told(body: str, **fields: Any) -> list[tuple[str, str, str]]:
    return [(one.title, one.number, one.relation) for one in cited(body, **fields)]


@pytest.mark.parametrize(
    ("body", "citations"),
    [
        ("根据《示例市绿化条例》第三条，制定本办法。", [("示例市绿化条例", "", "based_on")]),
        (
            "为贯彻落实《关于推进示例工作的意见》（示政发[2020]第3号）精神，现通知如下。",
            [("关于推进示例工作的意见", "示政发〔2020〕3号", "carries_out")],
        ),
        (
            "依据《甲法》、《乙条例》（国务院令第12号）和《丙市丁办法（试行）》等规定办理。",
            [
                ("甲法", "", "based_on"),
                ("乙条例", "国务院令第12号", "based_on"),
                ("丙市丁办法（试行）", "", "based_on"),
            ],
        ),
        (
            "现将《关于印发〈示例县某某方案〉的通知》转发给你们。",
            [("关于印发〈示例县某某方案〉的通知", "", "forwards")],
        ),
        ("《示例市节水方案》已经市政府同意，现印发给你们。", [("示例市节水方案", "", "forwards")]),
        ("会议传达了《示例省数据条例》。", [("示例省数据条例", "", "cites")]),
        (
            "2019年1月1日《示例省人大常委会关于修改〈示例省水条例〉的决定》第二次修正",
            [("示例省人大常委会关于修改〈示例省水条例〉的决定", "", "amended_by")],
        ),
        (
            "按照示政发〔2019〕7号《示例市人民政府关于节水的通知》要求办理。",
            [("示例市人民政府关于节水的通知", "示政发〔2019〕7号", "based_on")],
        ),
        (
            "根据示例省人民政府关于加快节水工作的意见（示政发〔2018〕9号），提出如下措施。",
            [("示例省人民政府关于加快节水工作的意见", "示政发〔2018〕9号", "based_on")],
        ),
        ("抢抓国发〔2022〕2号文件机遇。", [("", "国发〔2022〕2号", "cites")]),
    ],
)
def test_a_citation_has_its_title_its_number_and_its_relation(body: str, citations: list[tuple[str, str, str]]) -> None:
    assert told(body) == citations


@pytest.mark.parametrize(
    "body",
    [
        "他读了《示例诗集》和《某某日报》。",
        "申请人应当提交《登记证书》和《申请表》。",
        "各单位要学习《条例》和《实施意见》。",  # which one, nobody said
        "美国《示例竞争法》与此不同。",
        "要掌握《孙子兵法》的方法。",
    ],
)
def test_books_forms_bare_names_and_other_countries_laws_are_no_citations(body: str) -> None:
    assert told(body) == []


def test_a_short_form_that_the_text_declares_stands_for_the_long_one() -> None:
    found = cited("根据《示例市供水管理办法》（以下简称《办法》），某局承担职责。各区按照《办法》执行。")
    assert [one.title for one in found] == ["示例市供水管理办法"] * 2
    assert found[1].relation == "based_on"


def test_what_an_announcement_bears_itself_is_no_citation() -> None:
    assert told("示政发〔2020〕3号\n各区：请执行。", title="关于节水的通知", number="示政发〔2020〕3号") == []
    assert told("《示例市节水条例》已通过。", title="示例市节水条例") == []
    assert told("2008年8月1日 中华人民共和国国务院令第531号公布\n第一条", title="示例条例") == []


@pytest.mark.parametrize(
    ("title", "relation"),
    [
        ("示例市人民政府转发《示例省人民政府关于节水的意见》的通知", "forwards"),
        ("《示例市节水条例》解读", "interprets"),
        ("关于贯彻《示例省节水条例》的实施意见", "carries_out"),
        ("关于修改《示例市节水条例》的决定", "amends"),
        ("关于废止《示例市节水条例》的决定", "repeals"),
    ],
)
def test_a_title_says_what_it_does_with_the_one_it_holds(title: str, relation: str) -> None:
    found = relations_of(announcement(title=title, kind="政策文件")).citations
    assert [(one.relation, one.in_title) for one in found] == [(relation, True)]


def test_the_sentence_and_the_place_are_those_of_the_text() -> None:
    body = "第一句。根据《示例法》制定。第三句。"
    (one,) = cited(body)
    assert body[one.at.start : one.at.end] == "《示例法》"
    assert body[one.sentence.start : one.sentence.end] == "根据《示例法》制定。"


def test_relations_come_back_as_they_were_stored() -> None:
    one = announcement(
        title="示例市节水条例", body="根据《示例法》制定。本条例自2030年1月1日起施行，《旧条例》同时废止。有效期五年。"
    )
    told = relations_of(one)
    assert from_json(to_json(told)) == told


def test_nested_titles_are_cited_as_one() -> None:
    text = "见《关于印发〈甲办法〉的通知》《乙》、《关于<丙>的函》"
    assert [text[a:b] for a, b in quoted_titles(text)] == [
        "《关于印发〈甲办法〉的通知》",
        "《乙》",
        "《关于<丙>的函》",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中华人民共和国示例法", "示例法"),
        ("《示例市节水条例》（2019年修订）", "示例市节水条例"),
        ("示例条例（已废止）", "示例条例"),
    ],
)
def test_titles_are_one_in_all_their_writings(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_drafts_and_trials_are_other_documents() -> None:
    assert title_key("示例办法（试行）") != title_key("示例办法")
    assert title_key("示例条例（草案）") != title_key("示例条例")


def test_a_notice_is_known_by_what_it_issues_and_a_local_rule_by_its_matter() -> None:
    assert inner_key("示例市人民政府关于印发《示例市节水办法》的通知") == title_key("示例市节水办法")
    assert inner_key("关于印发实施方案的通知") == ""
    assert local_key("济南市物业管理条例") == ("济南市", "物业管理条例")
    assert is_same_matter("关于节水的通知", "示例市人民政府关于节水的通知")


@pytest.mark.parametrize("title", ["中华人民共和国预算法", "示例市决算审计条例（征求意见稿）", "关于某某情况的报告"])
def test_titles_of_documents_are_known_by_their_form(title: str) -> None:
    assert names_document(title)


def test_a_hostile_text_is_read_in_linear_time() -> None:
    def seconds(times: int) -> float:
        text = "《" * times + "〔2020〕1号、《甲法》" * times + "同时" * times + "以下简称" * times
        began = time.process_time()
        relations_of(Announcement(id="a", title="关于废止的通知", body=text))
        return time.process_time() - began

    seconds(100)
    assert min(seconds(8_000) for _ in range(2)) < 12 * max(min(seconds(1_000) for _ in range(2)), 0.01)
