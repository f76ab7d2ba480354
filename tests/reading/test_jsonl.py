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
        (b'{"title": {"a": 5}}', "neither title nor body"),
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


def test_a_key_of_another_kind_loses_that_key_and_says_so() -> None:
    found = record(
        title="题", body="文", source={"a": 1}, date="2020-13-01", region=[1, {}], attachments=[5], url=[True]
    )
    assert (found.source, found.published, found.attachments, found.url) == ("", None, (), "")
    assert found.region == ("1",)
    assert [note.split(":")[0] for note in found.notes] == ["url", "source", "region", "date", "attachments"]


def test_numbers_stand_for_text() -> None:
    assert record(title=2024, id=123).id == "123"
    assert record(title=2024, id=12.0).title == "2024"


@pytest.mark.parametrize(
    "moment", [1710432000, 1710432000.5, 1710432000000, "1710432000", "1710432000000", 1710432000 * 10**9]
)
def test_a_moment_in_seconds_or_milliseconds_is_its_day_in_beijing(moment: object) -> None:
    found = record(title="题", date=moment)
    assert (found.published, found.notes) == (date(2024, 3, 15), ())


@pytest.mark.parametrize("month", ["2024-03", "2024/3", "2024年3月", "2024.03"])
def test_a_month_is_its_first_day_and_is_noted(month: str) -> None:
    found = record(title="题", date=month)
    assert found.published == date(2024, 3, 1)
    assert "names no day" in found.notes[0]


def test_lists_are_paragraphs_and_attachments() -> None:
    found = record(title="题", body=["第一段", "", "第二段"], attachments=["a.pdf", "https://www.example.com/x/b.pdf"])
    assert found.body == "第一段\n第二段"
    assert found.attachments == (Attachment("a.pdf", ""), Attachment("b.pdf", "https://www.example.com/x/b.pdf"))
    assert record(title="题", attachments="a.pdf").attachments == (Attachment("a.pdf", ""),)
    assert record(title="题", attachments={"title": "甲", "href": "/a.pdf"}).attachments == (
        Attachment("甲", "/a.pdf"),
    )


def test_markup_in_a_body_is_read_as_markup() -> None:
    found = record(
        title="题", body="<p>甲方<b>乙方</b>&nbsp;正文</p><script>1</script><table><tr><td>一<td>二</tr></table>"
    )
    assert found.body == "甲方乙方 正文\n一\t二"
    assert record(title="题", body="收入<3万元>的，a<b").body == "收入<3万元>的，a<b"


def test_markup_in_a_body_that_an_index_wrote_is_text() -> None:
    written = Announcement(id="a", title="题", body="写作 <p>示例</p>")
    assert record(**to_json(written)).body == written.body


def test_two_full_stops_become_one_and_an_ellipsis_of_stops_stays() -> None:
    assert record(title="甲", body="会议结束。。代表们参观了展馆。。").body == "会议结束。代表们参观了展馆。"
    assert record(title="甲", body="他说。。。后来再议。").body == "他说。。。后来再议。"
