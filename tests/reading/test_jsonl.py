"""JSON Lines: every key is checked, what is missing is filled from text and address."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from indexer.announcement import Announcement, Attachment, Page, Repost, from_json, to_json
from indexer.errors import PageUnreadable
from indexer.reading.jsonl import announcement_from_record


def record(**values: Any) -> Announcement:
    return announcement_from_record(Page("x.jsonl#1", json.dumps(values).encode(), "record"))


def test_the_keys_that_we_write_are_read_back() -> None:
    written = Announcement(
        id="a-1",
        title="关于示例的通知",
        body="第一段\n甲\t乙",
        source="示例市人民政府",
        published=date(2020, 1, 2),
        signed=date(2020, 1, 1),
        effective=date(2020, 2, 1),
        region=("广东省", "广州市"),
        site_region=("广东省",),
        number="示府〔2020〕1号",
        index_number="000000000/2020-00001",
        form="通知",
        kind="政策文件",
        url="https://www.example.com/1.html",
        path="pages/1.html",
        attachments=(Attachment("附件.pdf", "https://www.example.com/1.pdf"),),
        reposts=(Repost("示例网", "https://news.example.com/1", "pages/2.html", date(2020, 1, 3)),),
    )
    assert record(**to_json(written)) == written
    assert from_json(to_json(written)) == written


def test_date_and_text_and_a_joined_region_are_other_names() -> None:
    found = record(title="题", text="文", date="2021年3月4日", region="广东省/广州市")
    assert (found.published, found.body, found.region) == (date(2021, 3, 4), "文", ("广东省", "广州市"))


def test_missing_keys_are_filled_from_text_and_address() -> None:
    found = record(
        title="广州市人民政府关于印发示例办法的通知",
        text="穗府〔2021〕9号\n各区人民政府：\n现印发给你们。",
        url="https://www.gz.gov.cn/a.html",
    )
    assert (found.form, found.number) == ("通知", "穗府〔2021〕9号")
    assert found.region[:2] == ("广东省", "广州市")


def test_a_region_that_is_no_known_place_is_kept_as_written() -> None:
    assert record(title="题", region="某省/某市").region == ("某省", "某市")
    assert record(title="题", region="广东/某市/某镇").region == ("广东省", "某市", "某镇")


def test_an_id_that_cannot_stand_in_an_address_is_replaced_always_by_the_same() -> None:
    odd = record(title="题", id="../../x y")
    assert odd.id == record(title="另一题", id="../../x y").id
    assert odd.id.isalnum()


def test_one_address_for_two_titles_makes_two_announcements() -> None:
    url = "https://www.example.com/list.html"
    assert record(title="甲", url=url).id != record(title="乙", url=url).id


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"[1]", "expected a JSON object, not list"),
        (b"\xff{}", "not UTF-8 at byte 0"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"title": ""}', "neither title nor body"),
        (b'{"title": 5}', "key 'title': expected text, not int"),
        ('{"title": "题", "date": "2020-13-01"}'.encode(), "is no date; expected YYYY-MM-DD"),
        ('{"title": "题", "region": {}}'.encode(), "expected a list or text, not dict"),
        ('{"title": "题", "region": [1]}'.encode(), "expected a list of texts"),
        ('{"title": "题", "attachments": "a.pdf"}'.encode(), "expected a list of objects"),
    ],
)
def test_a_wrong_record_says_what_is_wrong(line: bytes, reason: str) -> None:
    with pytest.raises(PageUnreadable, match=reason):
        announcement_from_record(Page("x.jsonl#1", line, "record"))


def test_characters_that_cannot_be_stored_are_taken_out() -> None:
    found = record(title="a\x00b\ud800c", body="一\r\n　二\x07")
    assert (found.title, found.body) == ("abc", "一\n二")


def test_an_address_that_is_none_does_no_harm() -> None:
    assert record(title="题", url="http://[::1").url == "http://[::1"
