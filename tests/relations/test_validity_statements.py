"""What is read as a repeal, and what only looks like one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from indexer.relations.extraction import relations_of
from tests.builders import announcement


def repealed(body: str, title: str = "示例市节水条例", **fields: Any) -> list[tuple[str, bool]]:
    told = relations_of(announcement(title=title, body=body, **{"kind": "政策文件", **fields}))
    return [(one.title or one.number, one.partly) for one in told.citations if one.relation == "repeals"]


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        ("本条例自2021年1月1日起施行。《甲市乙办法》同时废止。", ["甲市乙办法"]),
        ("1995年3月1日某市人民政府发布的《甲办法》和1997年某局发布的《乙规定》同时废止。", ["甲办法", "乙规定"]),
        ("《甲办法》（某政发〔2001〕5号）自2021年3月1日起废止。", ["甲办法"]),
        ("决定废止《甲条例》、《乙条例》。", ["甲条例", "乙条例"]),
        ("一、废止《甲条例》（1992年9月19日通过）", ["甲条例"]),
        ("《甲办法》，自本规定施行之日起即行废止。", ["甲办法"]),
        ("《甲办法》停止执行。", ["甲办法"]),
        ("现宣布失效《甲通知》。", ["甲通知"]),
        ("《甲规定》自行废止。", ["甲规定"]),
        ("《关于修改〈甲条例〉的决定》修正的《甲条例》同时废止。", ["甲条例"]),
        ("原某政发〔2001〕5号文件同时废止。", ["某政发〔2001〕5号"]),
        ("1999年公布的《示例市节水条例》同时废止。", ["示例市节水条例"]),
    ],
)
def test_a_repeal_names_what_it_repeals(body: str, titles: list[str]) -> None:
    assert [title for title, _ in repealed(body)] == titles


@pytest.mark.parametrize(
    "body",
    [
        "要及时修改或者废止与《甲条例》不一致的规定。",
        "地方性法规的制定、修改和废止，依照《甲条例》执行。",
        "建议将《甲条例》予以废止。",
        "拟废止《甲条例》。",
        "《甲条例》是否废止，由常委会决定。",
        "如果《甲条例》废止，另行规定。",
        "《甲条例》废止前，仍按原规定执行。",
        "《甲条例》废止后，有关事项另行规定。",
        "待新条例公布后，《甲条例》予以废止。",
        "《甲条例》不得废止。",
        "《采矿许可证》自行废止。",
        "应当停止执行死刑的，依照《甲法》报请。",
        "根据《甲法》，《乙许可证》失效。",
        "美国国会宣布废止《甲条例》。",
        "国务院《关于废止〈甲条例〉的决定》已经公布。",
        "《甲条例》有效期满，不再延续。",
        "凡与《甲条例》不一致的规定同时废止。",
    ],
)
def test_topics_plans_conditions_denials_and_foreign_laws_are_no_repeals(body: str) -> None:
    assert repealed(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "《甲条例》第三条、第五条同时废止。",
        "《甲条例》中关于审批的规定同时废止。",
        "除第三条的规定外，《甲条例》同时废止。",
        "《甲条例》同时废止，但第九条的规定继续有效。",
    ],
)
def test_a_repeal_of_some_of_it_is_one_in_part(body: str) -> None:
    assert repealed(body) == [("甲条例", True)]


@pytest.mark.parametrize("title", ["示例市节水条例（征求意见稿）", "关于废止《甲条例》的建议", "关于拟废止文件的公告"])
def test_a_proposal_repeals_nothing(title: str) -> None:
    assert repealed("《甲条例》同时废止。", title) == []


def test_news_of_a_meeting_repeals_nothing_and_news_of_a_repeal_does() -> None:
    assert repealed("会议研究废止《甲条例》。", kind="动态") == []
    assert repealed("新条例5月1日起施行，2005年《甲条例》同时废止。", kind="动态") == [("甲条例", False)]


def test_a_list_of_repealed_documents_is_read_line_by_line() -> None:
    body = (
        "经清理，决定对下列文件宣布失效：\n1.某市人民政府关于印发某某办法的通知（某政发〔2001〕5号）\n"
        "2.《某市丙规定》\n3.某市人民政府办公室转发丁局关于某事意见的通知（某政办发〔2002〕15号）"
    )
    assert [title for title, _ in repealed(body, "某市人民政府关于宣布失效一批文件的决定")] == [
        "某市人民政府关于印发某某办法的通知",
        "某市丙规定",
        "某市人民政府办公室转发丁局关于某事意见的通知",
    ]


def test_a_table_of_repealed_documents_is_read_row_by_row() -> None:
    body = "附件\n废止文件目录\n序号\t文件名称\t文号\n1\t某市人民政府关于某事的通知\t某政发〔2001〕5号"
    told = relations_of(announcement(title="关于公布废止文件的通知", body=body, kind="政策文件")).citations
    assert [(one.title, one.number, one.relation) for one in told] == [
        ("某市人民政府关于某事的通知", "某政发〔2001〕5号", "repeals")
    ]


def test_in_a_notice_with_several_lists_the_heading_tells_them_apart() -> None:
    body = (
        "一、予以废止的文件\n1.《甲市某某办法》\n二、予以修改的文件\n1.《乙市某某办法》\n"
        "三、继续有效的文件\n1.《丙市某某办法》"
    )
    title = "关于废止和修改部分文件的决定"
    told = relations_of(announcement(title=title, body=body, kind="政策文件")).citations
    assert [(one.title, one.relation) for one in told] == [
        ("甲市某某办法", "repeals"),
        ("乙市某某办法", "amends"),
        ("丙市某某办法", "cites"),
    ]


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("本条例自2021年1月1日起施行。《甲办法》同时废止。", date(2021, 1, 1)),
        ("《甲办法》自2022年3月1日起废止。", date(2022, 3, 1)),
        ("本条例自公布之日起施行，《甲办法》同时废止。", date(2020, 6, 1)),
        ("最高院于1992年7月14日发布的《甲办法》同时废止。", date(2020, 6, 1)),
    ],
)
def test_a_repeal_holds_from_the_day_that_is_named_or_on_which_the_announcement_comes_into_force(
    body: str, day: date
) -> None:
    told = relations_of(announcement(title="示例市节水条例", body=body, kind="政策文件"))
    assert [one.day for one in told.citations if one.relation == "repeals"] == [day]


def own(body: str, title: str = "示例市节水办法") -> list[tuple[str, date | None]]:
    told = relations_of(announcement(title=title, body=body, kind="政策文件")).own
    return [(one.kind, one.day) for one in told if one.kind != "effective"]


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("本办法自2021年1月1日起施行，有效期五年。", date(2025, 12, 31)),
        ("本办法自2021年1月1日起施行，有效期至2024年6月30日。", date(2024, 6, 30)),
        ("本办法自2021年1月1日起试行，试行期两年。", date(2022, 12, 31)),
        ("本通知自2021年2月1日起执行，有效期6个月。", date(2021, 7, 31)),
        ("本意见有效期至2025年12月31日。", date(2025, 12, 31)),
        ("本办法自印发之日起施行，有效期3年。", date(2023, 5, 31)),
    ],
)
def test_a_term_of_validity_ends_on_its_last_day(body: str, day: date) -> None:
    assert own(body) == [("expired", day)]


@pytest.mark.parametrize(
    "body",
    [
        "许可证有效期五年。",
        "本办法规定的资格证书有效期为三年。",
        "投标有效期至2024年6月30日。",
        "持有效期内的身份证报名。",
        "将有效期修改为五年。",
    ],
)
def test_the_term_of_something_else_is_none_of_the_announcement(body: str) -> None:
    assert own(body) == []


def test_marks_in_titles_and_labels_of_pages_tell_their_state() -> None:
    assert own("正文。", "示例市节水办法（已废止）") == [("repealed", None)]
    assert own("正文。", "【失效】示例市节水办法") == [("expired", None)]
    assert own("有效性：已废止\n正文。") == [("repealed", None)]
    assert own("时效性：现行有效\n正文。") == []
    assert own("（本文件已于2020年1月1日废止）\n正文。") == [("repealed", date(2020, 1, 1))]
