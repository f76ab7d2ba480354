"""Every field of an announcement has a bound; what is over it is cut or left out, said, and loses no page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from indexer.announcement import Announcement, Attachment, Page
from indexer.embedded.engine import WhooshEngine
from indexer.indexing.rebuild import rebuild, update
from indexer.indexing.report_lines import report_lines
from indexer.query.parameters import read_query
from indexer.reading.page import read_page
from indexer.reading.page_limits import ATTACHMENTS, BODY_CHARS, LINE_CHARS, REGION_STEPS, STEP_CHARS, within_bounds

if TYPE_CHECKING:
    from pathlib import Path


def read(**values: Any) -> Announcement:
    return read_page(Page("x.jsonl#1", json.dumps(values, ensure_ascii=False).encode(), "record"))


def test_what_is_within_its_bounds_is_as_it_was() -> None:
    plain = Announcement("a", "题", "文", source="某局", region=("甲省", "乙市"), attachments=(Attachment("一", "/1"),))
    assert within_bounds(plain) == plain
    assert within_bounds(plain).notes == ()


@pytest.mark.parametrize("steps", [500, 2_000])
@pytest.mark.parametrize("joined", [True, False])
def test_a_region_of_many_steps_keeps_the_first(steps: int, *, joined: bool) -> None:
    region = [f"第{number}级" for number in range(steps)]
    found = read(title="题", body="文", region="/".join(region) if joined else region)
    assert found.region == tuple(region[:REGION_STEPS])
    assert any(note.startswith("region: more than 6 steps") for note in found.notes)


def test_a_step_has_a_bound() -> None:
    assert read(title="题", region=["甲" * 1000]).region == ("甲" * STEP_CHARS,)


def test_a_source_of_five_million_characters_is_cut() -> None:
    found = read(title="题", body="文", source="局" * 5_000_000)
    assert len(found.source) == LINE_CHARS["source"]
    assert found.notes == ("source: longer than 300 characters, cut",)


def test_a_body_of_ten_million_characters_is_cut() -> None:
    found = read(title="题", body="文" * 10_000_000)
    assert len(found.body) == BODY_CHARS
    assert found.notes == (f"body: longer than {BODY_CHARS:,} characters, cut",)


def test_half_an_address_or_number_is_none() -> None:
    found = read(title="题", url="http://x/" + "a" * 5_000, number="号" * 5_000, path="p" * 9_000)
    assert (found.url, found.number, len(found.path)) == ("", "", LINE_CHARS["path"])
    assert len(found.notes) == 3


def test_attachments_are_bounded_in_number_and_name() -> None:
    found = read(title="题", attachments=[{"name": "附" * 5_000, "url": "data:" + "a" * 5_000}] * 9_000)
    assert len(found.attachments) == ATTACHMENTS
    assert found.attachments[0] == Attachment("附" * LINE_CHARS["name"], "")


def test_a_page_is_bounded_as_a_record_is() -> None:
    links = "".join(f'<p><a href="/{number}.pdf">附件{number}.pdf</a></p>' for number in range(ATTACHMENTS + 9))
    page = f"<title>关于{'示例' * 1000}的通知</title><p>请各单位遵照执行，特此通知。</p>{links}"
    found = read_page(Page("a.html", page.encode()))
    assert len(found.title) <= LINE_CHARS["title"]
    assert len(found.attachments) <= ATTACHMENTS


def test_an_index_of_monstrous_records_answers_and_says_what_was_cut_until_they_change(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    records = [
        {"title": "关于甲的通知", "body": "雪松", "region": [f"第{number}级" for number in range(2_000)]},
        {"title": "关于乙的通知", "body": "雪松", "source": "局" * 1_000_000},
    ]
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in records), encoding="utf-8")
    engine = WhooshEngine(tmp_path / "index")
    report = rebuild([file], engine, jobs=1)
    assert (report.indexed, report.skipped) == (2, [])
    assert [one.path for one in report.incomplete][-1] == "a.jsonl#2"
    assert any("incomplete a.jsonl#2: source" in str(line) for line in report_lines(report, "Rebuilt"))
    answer = engine.search(read_query({"q": ["雪松"]}))
    assert answer.total == 2
    assert len(repr(answer)) < 20_000
    assert engine.status().report.incomplete == report.incomplete
    assert update([file], engine, jobs=1).incomplete == report.incomplete
