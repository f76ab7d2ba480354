"""What a page labels the validity of its announcement with is evidence, and counts before the term in the text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from indexer.embedded.engine import WhooshEngine
from indexer.reading.html.labels import Labelled
from indexer.reading.html.validity_label import choose_validity_label
from indexer.relations.extraction import relations_of
from indexer.report import Report
from tests.builders import announcement

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("有效性：已废止；废止日期：2021年03月01日", [("repealed", date(2021, 3, 1))]),
        ("时效性：失效", [("expired", None)]),
        ("是否有效：否", [("expired", None)]),
        ("失效日期：2024年06月30日", [("expired", date(2024, 6, 30))]),
        ("文件状态：失效；失效日期：2024-06-30", [("expired", date(2024, 6, 30))]),
        ("有效期：2020年1月1日至2024年12月31日", [("expired", date(2024, 12, 31))]),
        ("有效性：现行有效", []),
        ("有效性：部分失效", []),
        ("是否有效：是", []),
        ("", []),
    ],
)
def test_a_label_says_that_it_is_over_and_since_when(label: str, told: list[tuple[str, date | None]]) -> None:
    own = relations_of(announcement("a", validity_label=label, kind="政策文件")).own
    assert [(one.kind, one.day) for one in own] == told
    assert all(one.in_label for one in own)


def labelled(field: str, label: str, value: str, line: int = 0) -> Labelled:
    return Labelled(field, label, value, line, colon=True)


def test_labels_that_contradict_each_other_or_stand_in_the_text_are_none() -> None:
    over = labelled("validity", "有效性", "废 止")
    holds = labelled("validity", "时效性", "有效", 3)
    assert choose_validity_label([over], ()).value == "有效性：废止"
    assert choose_validity_label([over, holds], ()).value == ""
    assert choose_validity_label([over, holds], {3}).value == "有效性：废止"
    assert choose_validity_label([labelled("validity", "时效性", "有效失效废止")], ()).value == ""
    assert choose_validity_label([labelled("ends", "有效期", "五年")], ()).value == ""


def test_the_label_is_the_evidence_and_counts_before_the_term(tmp_path: Path) -> None:
    body = "本办法自2019年1月1日起施行，有效期两年。"
    engine = WhooshEngine(tmp_path / "index")
    labels = {
        "prolonged": "失效日期：2099-12-31",
        "ended": "失效日期：2020-05-31",
        "gone": "有效性：失效",
        "repealed": "有效性：已废止",
    }
    engine.replace_all(
        [
            announcement(
                one, f"示例{one}办法", body, published=date(2018, 12, 1), kind="政策文件", validity_label=label
            )
            for one, label in labels.items()
        ],
        Report(),
    )
    found = {one: engine.related(one).validity for one in labels}
    assert {one: validity and validity.state for one, validity in found.items()} == {
        "prolonged": "未见废止",
        "ended": "已失效",
        "gone": "已失效",
        "repealed": "已废止",
    }
    told = {one: validity.evidence[0] for one, validity in found.items() if validity and validity.evidence}
    assert [(told[one].how, told[one].day, told[one].sentence) for one in ("ended", "gone", "repealed")] == [
        ("label", date(2020, 5, 31), labels["ended"]),
        ("label", None, labels["gone"]),
        ("label", None, labels["repealed"]),
    ]
    before = engine.related("ended", date(2020, 5, 31)).validity
    assert before is not None
    assert before.state == "未见废止"
    assert engine.find("ended").announcement.validity_label == labels["ended"]
