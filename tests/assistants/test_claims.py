"""What a text cites: documents, their clauses, and the words that it gives as theirs."""

from __future__ import annotations

import pytest

from indexer.assistants.claims import claims_in

LAW = "《示例法》"


def told(text: str) -> list[tuple[str, str, str, bool]]:
    return [(claim.title or claim.number, claim.clause, claim.words, claim.is_quoted) for claim in claims_in(text)]


@pytest.mark.parametrize(
    ("text", "clause", "words", "is_quoted"),
    [
        (f"{LAW}第十二条规定：“公民有权。”", "第十二条", "公民有权。", True),
        (f"依照{LAW}第12条第2款“公民有权”的规定", "第十二条第二款", "公民有权", True),
        (f"{LAW}（2018修正）第三条第（二）项明确规定，公民有权。另有", "第三条第二项", "公民有权", False),
        (f"{LAW}第五条的规定很好。", "第五条", "", False),
        (f"{LAW}很好，“某某”这样说。", "", "", False),
        (f"{LAW}指出：“公民有权”", "", "公民有权", True),
        (f"{LAW}规定，公民有权。", "", "", False),
        (f"{LAW}第十二条规定：“称“甲”或“乙”的，不罚。”另", "第十二条", "称“甲”或“乙”的，不罚。", True),
    ],
)
def test_a_document_is_cited_with_its_clause_and_words(text: str, clause: str, words: str, is_quoted: bool) -> None:
    assert told(text) == [("示例法", clause, words, is_quoted)]


def test_several_clauses_are_several_claims_and_the_words_are_the_last_ones() -> None:
    assert told(f"{LAW}第一条、第三条和第五条规定：“甲乙丙。”") == [
        ("示例法", "第一条", "", False),
        ("示例法", "第三条", "", False),
        ("示例法", "第五条", "甲乙丙。", True),
    ]


def test_the_same_law_again_is_the_one_that_was_named_last() -> None:
    assert told(f"{LAW}第一条规定：“见《另一办法》。”该法第二条规定：“乙。”") == [
        ("示例法", "第一条", "见《另一办法》。", True),
        ("另一办法", "", "", False),
        ("示例法", "第二条", "乙。", True),
    ]


def test_numbers_are_read_in_any_writing() -> None:
    [claim] = claims_in("按照国办发[2017]47号文件精神")
    assert (claim.number, claim.title) == ("国办发〔2017〕47号", "")


def test_a_text_without_citations_has_none_and_long_ones_take_no_time() -> None:
    assert told("今天天气很好。") == []
    assert len(told("《示例法》第一条" * 2_000)) == 2_000
    assert told("“" * 20_000 + "《" * 20_000) == []
