"""Documents are told from news."""

from __future__ import annotations

import gzip
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facts.document_kind import DOCUMENT, KINDS, NEWS, kind_of
from tests.shared_data import SHARED, needs_shared

NEWS_OF_A_VISIT = "5月11日，副市长张三率队赴外地考察学习营商环境工作。（记者 李四）"
ORDER = "各区人民政府，市政府各部门：\n现将《示例办法》印发给你们，请遵照执行。"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("关于印发示例办法的通知", ORDER),
        ("示例省优化营商环境条例", "第一条 为了优化营商环境，制定本条例。\n第二条 本条例所称营商环境……\n第三条 ……"),
        ("示例区关于进一步做好今冬明春安全生产工作的通", ORDER),  # its title is cut short
        ("示例市审计局驻村帮扶工作计划", "为做好帮扶工作，结合实际，制定本计划。"),
        ("对市政协第三次会议第12号提案的答复", "您提出的建议收悉，现答复如下："),
        ("示例市财政局年度部门决算公开说明", "根据示例市人民政府规定，市财政局为市人民政府工作部门。"),
        ("中华人民共和国刑法修正案（十三）", "一、将刑法第一条修改为："),
        ("开展专项行动", ORDER),  # its title says nothing
    ],
)
def test_what_a_body_says_under_its_own_name_is_a_document(title: str, body: str) -> None:
    assert kind_of(title, body) == DOCUMENT


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("市政务服务局赴外地考察学习优化营商环境工作", NEWS_OF_A_VISIT),
        ("市委常委会召开会议", "1月15日，市委书记主持召开市委常委会会议，传达学习有关会议精神。"),
        ("《示例办法》政策解读", "一、起草背景。根据有关规定，制定本办法。"),
        ("关于赴外地学习文明创建经验的考察报告", "12月20日，市文明办负责人一行赴外地学习。"),
        ("示例市出台十五条措施助企业渡难关", "记者从市财政局获悉，近日印发的《若干措施》明确……"),
        ("美丽乡村入画来", "盛夏时节，走进示例村，一派生机盎然。"),
        ("", ""),
    ],
)
def test_what_tells_of_it_is_news(title: str, body: str) -> None:
    assert kind_of(title, body) == NEWS


def test_form_and_number_that_the_page_itself_names_count() -> None:
    assert kind_of("优化营商环境", "各单位要认真落实。") == NEWS
    assert kind_of("优化营商环境", "各单位要认真落实。", form="意见") == DOCUMENT
    assert kind_of("优化营商环境", "各单位要认真落实。", number="示府〔2024〕3号") == DOCUMENT


@given(st.text(), st.text())
def test_everything_is_one_of_the_two(title: str, body: str) -> None:
    assert kind_of(title, body) in KINDS


@pytest.mark.parametrize("piece", ["（", "第", "一", "关于", "赴", "来源", "各", " ", "率", "考察", "（记者 "])
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.process_time()
    kind_of(text[:20_000], text)
    assert time.process_time() - started < 2


@needs_shared
def test_most_laws_and_documents_of_the_state_council_are_documents() -> None:
    assert SHARED is not None
    for name, share in (("laws", 0.97), ("statecouncil", 1.0)):
        with gzip.open(SHARED / "data" / "corpus" / f"{name}.jsonl.gz") as lines:
            rows = [json.loads(line) for line in lines]
        kinds = [kind_of(row["title"], row["text"]) for row in rows]
        assert kinds.count(DOCUMENT) >= share * len(rows)
