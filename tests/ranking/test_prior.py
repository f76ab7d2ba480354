"""What announcements are worth by themselves, and what their titles are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.ranking.bm25f import title_coverage
from indexer.ranking.prior import MOST_CORE, Signs, prior, prior_of, title_core
from tests.builders import announcement
from tests.plain_ranking import plain_scores

LAW = "第一条 为了优化营商环境，制定本条例。\n第二条 本条例适用于各级人民政府。\n第三条 本条例自公布之日起施行。"
VISIT = "5月11日，副市长张三率队赴外地考察学习优化营商环境工作。"


def test_news_are_worth_nothing_and_laws_more_than_notices_more_than_calls() -> None:
    worth = [
        prior_of(announcement("a", title, body))
        for title, body in (
            ("示例市优化营商环境条例", LAW),
            ("示例市优化营商环境管理办法", LAW),
            ("示例市关于优化营商环境的意见", "各区人民政府：现提出如下意见。"),
            ("示例市关于开展优化营商环境行动的通知", "各区人民政府：现将有关事项通知如下。"),
            ("示例市优化营商环境服务中心招聘公告", "现将有关事项公告如下："),
            ("示例市赴外地考察学习优化营商环境", VISIT),
        )
    ]
    assert worth == sorted(worth, reverse=True)
    assert len(set(worth)) == len(worth)
    assert worth[-1] == 0.0


def test_of_two_on_one_matter_the_nations_comes_before_the_provinces_before_the_citys() -> None:
    nation, province, city = (
        prior_of(announcement("a", title, LAW))
        for title in ("优化营商环境条例", "示例省优化营商环境条例", "示例市优化营商环境条例")
    )
    assert nation > province > city


def test_a_document_number_and_a_known_region_count() -> None:
    plain = announcement("a", "优化营商环境办法", LAW, region=("示例省", "示例市"))
    numbered = announcement("a", "优化营商环境办法", LAW, region=("示例省", "示例市"), number="示府〔2024〕3号")
    national = announcement("a", "优化营商环境办法", LAW, region=("全国",))
    assert prior_of(plain) < prior_of(numbered)
    assert prior_of(plain) < prior_of(national)


@given(st.booleans(), st.sampled_from(["", "条例", "办法", "意见", "通知", "公告"]), st.booleans(), st.integers(0, 2))
def test_a_prior_is_a_share_in_hundredths(document: bool, form: str, number: bool, level: int) -> None:
    worth = prior(Signs(document, form, number, level))
    assert 0.0 <= worth <= 1.0
    assert worth == round(worth, 2)


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("示例省优化营商环境条例", "优化营商环境"),
        ("优化营商环境条例", "优化营商环境"),
        ("中华人民共和国优化营商环境法", "优化营商环境"),
        ("示例市人民政府关于印发优化营商环境实施办法（试行）的通知", "优化营商环境"),
        ("示例市实施《中华人民共和国职业教育法》办法", "职业教育"),
        ("示例市优化营商环境若干规定（2024年修订）", "优化营商环境"),
        ("关于印发《示例市优化营商环境办法》的通知", "优化营商环境"),
        ("最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释", "民最高人民法院关于适用婚姻家庭编"),
        ("示例县营商环境局来我县考察", "示例县营商环境局来我县考察"),
        ("条例", "条"),
        ("", "一"),
    ],
)
def test_a_titles_core_is_what_it_is_about_without_issuer_and_form(title: str, about: str) -> None:
    assert title_core(title) == len(about)


@given(st.text())
def test_a_core_is_at_least_one_unit_and_fits_two_bytes(title: str) -> None:
    assert 1 <= title_core(title) <= MOST_CORE


def test_a_run_names_all_of_a_title_at_most() -> None:
    assert title_coverage(6, 6) == title_coverage(8, 6) == 1.0
    assert title_coverage(2, 8) == 0.25


def test_the_regulation_comes_before_the_news_about_it() -> None:
    tours = [(f"示例{at}市赴外地考察优化营商环境", VISIT * 3) for at in range(5)]
    regulation = ("示例省优化营商环境条例", LAW + "各部门应当各司其职。" * 60)
    scores = plain_scores(["优化营商环境"], [*tours, regulation])
    assert scores[-1] == max(scores)
    assert scores.count(scores[-1]) == 1


def test_the_prior_lifts_nothing_that_holds_the_run_in_its_body_alone() -> None:
    documents = [("示例", "养老服务。"), ("示例", "养老服务。")]
    one, other = plain_scores(["养老服务"], documents, priors=[1.0, 0.0])
    assert one == other


def test_a_question_is_answered_by_texts_more_than_by_titles() -> None:
    question = "灵活就业人员如何缴纳养老保险"
    answers = ("市领导调研", "灵活就业人员缴纳养老保险，凭身份证到窗口办理。")
    speaks = ("灵活就业人员养老保险工作座谈会召开", "会议传达了有关精神，就相关工作作了部署。" * 3)
    scores = plain_scores([question], [answers, speaks, ("其他", "其他事项。")])
    assert scores[0] > scores[1]
