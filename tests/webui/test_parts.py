"""Very long announcements are shown in parts, and nothing of them is out of reach."""

from __future__ import annotations

import html
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.tree import Query
from indexer.relations.clauses import Structure
from tests.webui.samples import SAMPLES
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.pages.document import lay_out
from webui.pages.parts import PART_CHARS, PART_LINES, cuts, part_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def client(body: str) -> FlaskClient:
    return create_app(MemoryEngine((replace(SAMPLES[0], body=body),))).test_client()


def plain(page: str) -> str:
    text = page[page.index('<div class="body"') : page.index("</article>")]
    text = re.sub(r'<nav class="pages".*', "", text, flags=re.DOTALL)
    text = re.sub(r'<span class="hop">.*?</span>', "", text)
    text = re.sub(r'<span class="of-clause">.*?</span>', "", text)
    return re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]+>", "", text)))


@given(
    st.lists(st.sampled_from(["\n", "甲" * 7, "\n" * PART_LINES, "乙" * (PART_CHARS // 2), "丙\n" * 900]), max_size=12)
)
def test_parts_are_all_of_a_body_and_none_is_too_long(pieces: list[str]) -> None:
    body = "".join(pieces)
    starts = cuts(body)
    ends = [*starts[1:], len(body)]
    assert starts[0] == 0
    assert all(start < end for start, end in zip(starts, ends, strict=True)) or body == ""
    for start, end in zip(starts, ends, strict=True):
        assert end - start <= PART_CHARS
        assert body.count("\n", start, end) <= PART_LINES


def test_a_short_announcement_is_one_page_without_parts() -> None:
    page = client("一、甲\n乙").get("/announcements/a1").text
    assert "部分" not in page


def test_walking_the_parts_shows_every_character_once() -> None:
    body = "\n".join(f"第{n}条 内容{n}" for n in range(1, 2 * PART_LINES))
    asking, address, shown, pages = client(body), "/announcements/a1", "", 0
    while address:
        page = asking.get(address).text
        shown, pages = shown + plain(page), pages + 1
        following = re.search(r'rel="next" href="([^"]+part=[^"]+)"', page)
        address = html.unescape(following[1]) if following else ""
    assert (pages, shown) == (2, re.sub(r"\s", "", body))


def test_every_mark_is_reached_from_the_one_before() -> None:
    body = ("甲\n" * (PART_LINES - 1) + "对口帮扶\n") * 3
    asking = client(body)
    first = asking.get("/announcements/a1?q=对口帮扶").text
    assert 'id="m1"' in first
    assert 'id="m2"' not in first
    onward = re.search(r'<b>1/3</b><a href="([^"]+)"', first)
    assert onward
    second = asking.get(html.unescape(onward[1]).partition("#")[0]).text
    assert 'id="m2"' in second
    assert onward[1].endswith("#m2")
    last = re.search(r'<a href="([^"]+)" data-step="-1"', first)
    assert last
    assert 'id="m3"' in asking.get(html.unescape(last[1]).partition("#")[0]).text


def test_anchors_are_the_numbers_of_clauses_in_every_part() -> None:
    body = "\n".join(f"第{n}条 甲" for n in range(1, PART_LINES + 10))
    structure, anchors = Structure(body), []
    for number in ("1", "2"):
        part = part_of("/x", Query(), body, (), {"part": [number]})
        anchors.append([block.anchor for block in lay_out(structure, (), part).blocks])
    assert anchors[0][:2] == ["第一条", "第二条"]
    assert anchors[1][:2] == ["第三千零一条", "第三千零二条"]


def test_a_clause_leads_to_the_part_that_holds_it() -> None:
    body = "\n".join(f"第{n}条 甲{n}号" for n in range(1, PART_LINES + 10))
    assert "甲3005号" in client(body).get("/announcements/a1?clause=3005条").text
    assert "甲3005号" not in client(body).get("/announcements/a1?clause=5条").text


@pytest.mark.parametrize("asked", ["part=0", "part=3", "part=x", "mark=0&q=甲", "part=99999999999"])
def test_a_part_that_is_not_there_is_told(asked: str) -> None:
    answer = client("甲\n" * (PART_LINES + 1)).get(f"/announcements/a1?{asked}")
    assert answer.status_code == 400
    assert "整数" in answer.text


def test_a_million_clauses_take_no_longer_than_a_page_of_them() -> None:
    body = "第一条 甲\n" * 1_000_000
    asking = client(body)
    began = time.process_time()
    page = asking.get("/announcements/a1?part=200")
    assert page.status_code == 200
    assert time.process_time() - began < 3
    assert len(page.data) < 3_000_000
    assert len(client("字" * 10_000_000).get("/announcements/a1").data) < 2_000_000
