"""How citations are told."""

from __future__ import annotations

import pytest

from indexer.answers.relation_texts import cited_by_text
from indexer.relations.records import Citation, Relations, Span
from tests.builders import announcement


@pytest.mark.parametrize(
    ("cited", "behind", "more"),
    [
        ("《甲办法》（国发〔2015〕4号", "）和", 1),
        ("《甲办法》(国发〔2015〕4号", "）和", 1),
        ("“《甲办法》（国发〔2015〕4号", "）”的", 2),
        ("《甲办法》", "）和", 0),
        ("国发〔2015〕4号", "）文件", 0),
        ("《甲办法》（国发〔2015〕4号", "和", 0),
        ("《甲办法》（国发〔2015〕4号", "", 0),
    ],
)
def test_a_citation_ends_behind_the_brackets_and_quotes_that_belong_to_it(cited: str, behind: str, more: int) -> None:
    body = f"根据{cited}{behind}"
    named = Citation(Span(2, 2 + len(cited)), Span(0, len(body)), "甲办法", "", "cites")
    [told] = cited_by_text(announcement("a", body=body), Relations((named,)), lambda _: ((), True))
    assert told.at == Span(2, 2 + len(cited) + more)
