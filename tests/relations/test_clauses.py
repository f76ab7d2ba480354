"""Which clauses a text has, and which one a name means."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.relations.clause_marks import may_open_before
from indexer.relations.clause_names import normal_name
from indexer.relations.clause_places import ClausePlace, place_of
from indexer.relations.clauses import Structure, gist

LAW = """某市示例条例
2020年1月2日 某市第一届人民代表大会常务委员会第三次会议通过
目 录
第一章 总则
第二章 管理
第一章 总则
第一条 为了示范，制定本条例。
第二条 本条例适用于下列事项：
（一）甲类；
（二）乙类：
1.乙类之一；
2.乙类之二。
前款规定以外的，不适用本条例。
第三条规定的事项由市人民政府另行规定。
第二章 管理
第三条【分工】 市人民政府负责。
第三条之一 区人民政府协助。
第四条 依照第二条、第三条处理。
附则
第五条 本条例自2020年3月1日起施行。
某市人民代表大会常务委员会
2020年1月2日
"""


def anchors(body: str) -> list[str]:
    return [clause.anchor for clause in Structure(body).clauses]


def text_of(body: str, name: str) -> str:
    (found,) = Structure(body).find(name)
    return body[found.start : found.end]


def test_a_law_has_its_chapters_and_articles_in_order_and_its_list_of_contents_is_none_of_them() -> None:
    assert anchors(LAW) == [
        "第一章", "第一条", "第二条", "第二章", "第三条", "第三条之一", "第四条", "附则", "第五条",
    ]  # fmt: skip


def test_an_article_ends_before_the_next_heading_and_the_last_one_above_the_signature() -> None:
    assert text_of(LAW, "第四条") == "第四条 依照第二条、第三条处理。"
    assert text_of(LAW, "第五条") == "第五条 本条例自2020年3月1日起施行。"
    assert text_of(LAW, "第一章").endswith("另行规定。")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("第二条第一款", "本条例适用于下列事项：\n（一）甲类；\n（二）乙类：\n1.乙类之一；\n2.乙类之二。"),
        ("第2条第2款", "前款规定以外的，不适用本条例。"),
        ("第二条第一款第（二）项", "（二）乙类：\n1.乙类之一；\n2.乙类之二。"),
        ("第二条第一款第二项第1目", "1.乙类之一；"),
    ],
)
def test_paragraphs_and_items_of_an_article_are_found_by_name(name: str, text: str) -> None:
    assert text_of(LAW, name).removeprefix("第二条 ") == text


def test_an_item_needs_no_paragraph_in_its_name_where_there_is_one() -> None:
    body = "第一条 下列：\n（一）甲；\n（二）乙。\n第二条 完。"
    assert (
        text_of(body, "第一条第二项")
        == text_of(body, "第一条第一款第二项")
        == text_of(body, "1条（二）")
        == "（二）乙。"
    )
    assert Structure(body).find("第一条第一款第二项")[0].anchor == "第一条第二项"


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("第12条", "第十二条"),
        ("第 １２ 条", "第十二条"),
        ("12条", "第十二条"),
        ("十二条", "第十二条"),
        ("#第十二条", "第十二条"),
        ("第一千零四十二条", "第一千零四十二条"),
        ("第1042条", "第一千零四十二条"),
        ("第一百二十条之一", "第一百二十条之一"),
        ("第12条第2款第（3）项", "第十二条第二款第三项"),
        ("第十二条（三）", "第十二条第三项"),
        ("第二篇第1章", "第二编第一章"),
        ("一、（二）3.", "一(二)3"),
        ("附件2", "附件2"),
        ("附件二", "附件2"),
        ("第一条-2", "第一条-2"),
        ("民法典", ""),
        ("", ""),
        ("第零条", ""),
        ("第99999条", ""),
    ],
)
def test_a_name_has_one_normal_form(written: str, normal: str) -> None:
    assert normal_name(written) == normal


def test_what_is_quoted_is_no_clause_even_over_several_lines() -> None:
    body = (
        "一、将第二条修改为：“第二条 本法所称“工程”，是指：\n第一条 引文。\n“第三条 引文。”\n"
        "二、增加一条，作为第九条：“第九条 新的内容。”\n三、删去第十条。"
    )
    assert anchors(body) == ["一", "二", "三"]


def test_a_quotation_that_nothing_closes_hides_no_article() -> None:
    assert anchors("第一条 所称“工程，是指建筑。\n第二条 甲：“乙。\n第三条 丙。") == ["第一条", "第二条", "第三条"]


def test_an_article_that_is_spoken_of_at_a_lines_beginning_opens_nothing() -> None:
    body = "第一条 甲。\n第二条第一款所称乙，是指丙。\n第二条 乙。\n第九条规定的丁。\n第三条 戊。\n"
    body += "第七条 引自他法。\n第四条 己。"
    assert anchors(body) == ["第一条", "第二条", "第三条", "第四条"]


def test_a_number_that_the_text_lacks_is_passed_over() -> None:
    assert anchors("第一条 甲。\n第二条 乙。\n第四条 丁。\n第五条 戊。") == ["第一条", "第二条", "第四条", "第五条"]


def test_articles_are_found_where_line_ends_are_lost() -> None:
    body = "第一章 总则 第一条 为了示范，依照第二条制定。 第二条 适用范围。。第三条 分工。" + "长" * 300
    assert anchors(body) == ["第一章", "第一条", "第二条", "第三条"]


def test_an_annex_begins_anew_and_its_articles_count() -> None:
    body = "一、甲。\n二、乙。\n附件：1.办法\n2.表\n某局\n2020年1月2日\n附件1\n某办法\n"
    body += "第一条 甲。\n第二条 乙。\n附件2\n第一条 丙。\n第二条 丁。"
    structure = Structure(body)
    assert anchors(body) == ["一", "二", "附件1", "第一条", "第二条", "附件2", "第一条-2", "第二条-2"]
    assert text_of(body, "二") == "二、乙。"
    assert [one.label for one in structure.at(body.index("丁"))] == ["附件2", "第二条"]
    assert structure.same_number("第一条") == ("第一条-2",)


def test_an_outline_nests_and_may_count_on_under_the_next_heading() -> None:
    body = (
        "一、总体要求\n（一）指导思想。甲。\n（二）原则\n1.公开。\n2.公正。\n二、任务\n（三）分工。乙。\n三、保障\n丙。"
    )
    structure = Structure(body)
    assert anchors(body) == ["一", "一(一)", "一(二)", "一(二)1", "一(二)2", "二", "二(三)", "三"]
    assert [(one.label, one.heading) for one in structure.at(body.index("公正"))] == [
        ("一、", "总体要求"), ("（二）", "原则"), ("2.", ""),
    ]  # fmt: skip
    assert [one.heading for one in structure.clauses if one.kind == "subitem"] == ["指导思想", "原则", "分工"]


def test_chapters_of_several_books_are_told_apart_and_a_name_may_mean_each() -> None:
    body = "第一编 总则\n第一章 甲\n第一条 子。\n第二编 物权\n第一章 乙\n第二条 丑。"
    assert [one.anchor for one in Structure(body).find("第一章")] == ["第一编第一章", "第二编第一章"]
    assert [one.labels for one in Structure(body).find("第二编第一章")] == [("第二编", "第一章")]


def test_a_gist_is_the_heading_or_how_the_text_begins() -> None:
    structure = Structure(LAW)
    gists = {one.anchor: gist(LAW, one) for one in structure.clauses}
    assert (gists["第一章"], gists["第三条"], gists["第一条"]) == ("总则", "分工", "为了示范，制定本条例")


def test_an_anchor_stays_when_other_clauses_change() -> None:
    changed = LAW.replace("为了示范", "为了长远的示范").replace("第四条 依照第二条、第三条处理。\n", "")
    assert Structure(changed).find("第五条")[0].anchor == "第五条"


def test_a_text_without_clauses_has_none() -> None:
    structure = Structure("今天天气很好。\n2020年1月2日")
    assert (structure.clauses, structure.at(3), structure.find("第一条"), structure.find("")) == ((), (), (), ())


_LINES = """第一章 总则|第一条 甲。|第二条 乙。|第二条 “丙|”|：“第三条 丁。|一、戊|（一）己。|1.庚|附件1|附件
第三条 辛。第四条 壬|目录|2020年1月2日|甲\t乙||　　第五条　癸|第一编 子|总则"""
LINES = st.sampled_from(_LINES.replace("\n", "|").split("|"))


@given(st.lists(LINES, max_size=30))
def test_clauses_lie_in_order_within_what_they_belong_to_with_anchors_of_their_own(lines: list[str]) -> None:
    body = "\n".join(lines)
    structure = Structure(body)
    clauses = structure.clauses
    assert len({one.anchor for one in clauses}) == len(clauses)
    assert [one.start for one in clauses] == sorted(one.start for one in clauses)
    for place, one in enumerate(clauses):
        assert one.start < one.end <= len(body)
        assert one.parent < place
        if one.parent >= 0:
            assert clauses[one.parent].start <= one.start < one.end <= clauses[one.parent].end
        assert structure.at(one.start)[-1] == one
        assert structure.find(one.anchor)[0].start == one.start


_PIECES = "第一条 甲。\n|第二条 甲。|第一条 |“|：“第一条 甲\n|附件\n|附件1 甲\n|一、甲\n|（一）甲。|第一章 总则\n"
_PIECES += "|第一条之一\n|目录\n|甲\n第一条 乙。\n|1.甲\n2.乙\n"


@pytest.mark.parametrize("piece", _PIECES.split("|"))
def test_a_text_that_repeats_itself_is_read_in_time_in_proportion_to_its_length(piece: str) -> None:
    def calls(times: int) -> int:
        seen = 0

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1

        body = piece * times
        sys.setprofile(count)
        try:
            found = Structure(body).find("第一条")
        finally:
            sys.setprofile(None)
        assert len(found) <= times
        return seen

    assert calls(4_000) <= 5 * calls(1_000) + 1_000


def test_a_match_stands_in_the_clause_that_the_structure_says() -> None:
    filler = "各单位应当遵守本办法。" * 12
    lines = [f"第{n}章 甲\n第{2 * n - 1}条 {filler}\n{filler}\n第{2 * n}条 {filler}" for n in range(1, 30)]
    body = "某办法\n" + "\n".join(lines)
    structure = Structure(body)
    for offset in range(0, len(body), 37):
        if body[offset] == "\n":
            continue
        path = structure.at(offset)
        place = place_of(body, offset)
        assert place is None or (place.anchor, place.path) == (path[-1].anchor, tuple(one.label for one in path))
        assert place is not None or not path or path[-1].kind != "article"


@given(
    st.lists(st.sampled_from([*"第一二十3、.（）() 条章\n\t附件：。", "第一条 ", "\n二、", "甲乙" * 30]), max_size=40)
)
def test_where_no_clause_may_open_none_is(parts: list[str]) -> None:
    body = "".join(parts)
    firsts = [clause.start for clause in Structure(body).clauses]
    for offset in range(0, len(body), 7):
        assert may_open_before(body, offset) or not [first for first in firsts if first <= offset]


def test_where_a_match_in_a_quotation_stands_is_not_told() -> None:
    quoted = "\n".join(f"第{n}条 引文。" + "长" * 60 for n in range(2, 40))
    assert place_of(f"一、修改为：“第一条 引文。\n{quoted}”\n二、完。", 1_000) is None
    assert place_of("", 0) is None
    assert place_of("一、总则\n甲。\n二、附则\n乙。", 6) == ClausePlace("一", ("一、总则",))
