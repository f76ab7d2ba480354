"""Reading pages: hostile input, encodings, explanations, and the measured pages when they are at hand."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.announcement import Announcement, Page
from indexer.errors import PageUnreadable
from indexer.facts.dates import parse_date
from indexer.facts.document_number import parse_number
from indexer.reading.encoding import decode, decode_with_reason
from indexer.reading.html.boilerplate import boilerplate, is_hijacked
from indexer.reading.html.cleaner import clean, explain
from indexer.text.spaces import collapse, squeeze
from tests.shared_data import SHARED, needs_shared

_SENTENCE = "本通知自发布之日起施行，请认真贯彻执行。"


def read(markup: str, path: str = "a.html") -> Announcement:
    return clean(Page(path, markup.encode()))


def test_a_page_with_nothing_but_a_title_is_that_title() -> None:
    assert read("<title>关于示例工作的通知</title><body></body>").title == "关于示例工作的通知"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "binary"),
        (bytes(5000), "binary"),
        (b"<html><body><script>var a = 1;</script></body></html>", "no text"),
        (b"<p>x</p>" * 80_000, "too large"),
        (b"<!--" * 2_000_000, "too large"),
        (("<div>" * 100_000 + _SENTENCE).encode() + b"</div>" * 100_000, "too large"),
    ],
)
def test_a_page_without_an_announcement_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(PageUnreadable, match=reason):
        clean(Page("a.html", content))


@pytest.mark.parametrize("tag", ["div", "span", "table><tr><td", "a name=x", "font", "li"])
def test_deep_nesting_is_read_without_recursion(tag: str) -> None:
    assert _SENTENCE in read(f"<h1>关于施行的通知</h1>{f'<{tag}>' * 5_000}{_SENTENCE}").body


def test_comments_and_scripts_that_are_never_closed_do_not_swallow_the_page() -> None:
    assert read(f"<p>{_SENTENCE}</p><!-- <p>其余").body == _SENTENCE
    assert read(f"<p>{_SENTENCE}</p>{'<!--' * 5_000}").body == _SENTENCE


def test_comments_are_no_text_whatever_stands_in_them() -> None:
    assert (
        read(
            f"<p>{_SENTENCE}</p><!-- <p>其余不是正文，已经删去。</p> --><!--[if IE]><p>请升级浏览器。</p><![endif]-->"
        ).body
        == _SENTENCE
    )


def test_line_ends_are_cheap_but_counted() -> None:
    lines = ["各单位：", _SENTENCE, "某县林业局"]
    assert read(f"<div>{'<br />'.join(lines)}</div>").body == "\n".join(lines)
    with pytest.raises(PageUnreadable, match="too large"):
        clean(Page("a.html", "一<br>".encode() * 160_000))
    with pytest.raises(PageUnreadable, match="too large"):
        clean(Page("a.txt", "一\n".encode() * 160_000, "text"))


def test_an_embedded_picture_costs_no_reading() -> None:
    picture = "A" * 7_000_000
    assert read(f'<img src="data:image/png;base64,{picture}"><p>{_SENTENCE}</p>').body == _SENTENCE


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_cleaner_fail(content: bytes) -> None:
    page = Page("a.html", "<p>关于植树的通知，请各单位认真组织实施。</p>".encode() * 30 + content)
    with contextlib.suppress(PageUnreadable):
        assert "关于植树" in clean(page).body


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_collapsed_text_has_no_layout_left_and_loses_no_letter(text: str) -> None:
    collapsed = collapse(text)
    assert collapsed == collapsed.strip()
    assert "  " not in collapsed
    assert "\n" not in collapsed
    letters = [character for character in text if character.isalnum()]
    assert [character for character in collapsed if character.isalnum()] == letters


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("label", ["utf-8", "gb2312", "GBK", "iso-8859-1x", ""])
def test_a_wrong_label_does_not_spoil_the_text(encoding: str, label: str) -> None:
    text = f'<meta charset="{label}"><p>广州市花都区人民政府关于印发实施方案的通知，镕㛃。</p>'
    assert decode(text.encode(encoding)) == text


def test_a_character_cut_in_two_at_the_end_is_the_only_one_replaced() -> None:
    whole = "关于印发实施方案的通知".encode()
    decoded = decode_with_reason(whole[:-1])
    assert (decoded.encoding, decoded.replaced) == ("utf-8", 1)
    assert decoded.text.startswith("关于印发实施方案的通")


def test_replaced_characters_are_counted() -> None:
    page = ("<p>关于印发实施方案的通知，请认真贯彻执行。</p>" * 9).encode()
    broken = page[:20] + b"\xff\xff" + page[20:]
    assert clean(Page("a.html", broken)).replaced_characters > 0


def test_an_explanation_names_the_rule_of_each_field_and_the_reason_of_each_cut() -> None:
    markup = f"""<title>关于植树的通知</title><h1>关于植树的通知</h1><p>发布日期：2020-03-12 来源：某县林业局</p>
    <div class="c"><p>{_SENTENCE}{_SENTENCE}</p></div><div>分享到：</div><p>版权所有：某县人民政府</p>"""
    explanation = explain(Page("a.html", markup.encode()))
    rules = {note.field: (note.value, note.rule) for note in explanation.fields}
    assert rules["published"] == ("2020-03-12", "label 发布日期")
    assert rules["source"] == ("某县林业局", "label of the source")
    assert {cut.reason for cut in explanation.cut} == {"title", "label", "footer"}
    assert explanation.encoding == "utf-8"
    assert explanation.announcement == clean(Page("a.html", markup.encode()))


def test_messages_of_scripts_are_no_text_of_a_page() -> None:
    script = (
        "<script>var content = '您即将离开本站，请注意保护个人信息。"
        + "本站对外部链接的内容不承担任何责任。" * 9
        + "';</script>"
    )
    visible = f"<h1>关于植树的通知</h1><p>发布日期：2020-03-12</p><p>{_SENTENCE}{_SENTENCE}</p>"
    assert read(visible + script).body == _SENTENCE * 2
    assert read("<h1>关于植树的通知</h1><script>var state = '加载中。';</script>").body == ""


def test_an_explanation_says_that_a_script_shows_the_text() -> None:
    markup = f"<title>关于植树的通知</title><script type='text/plain'><p>{_SENTENCE * 4}</p></script>"
    notes = {note.field: note.rule for note in explain(Page("a.html", markup.encode())).fields}
    assert "what a script shows" in notes["body"]


@pytest.mark.parametrize("text", ["bet365亚洲官网", "澳门新葡京官网", "必赢亚洲官网", "365体育投注网站"])
def test_gambling_brands_are_known_as_names(text: str) -> None:
    assert is_hijacked(text)


@pytest.mark.parametrize(
    "text", ["严厉打击网络赌博违法犯罪", "金沙县人民政府", "永利镇动态", "县体育局", "中国体育彩票公益金公告"]
)
def test_places_and_news_are_no_gambling_brands(text: str) -> None:
    assert not is_hijacked(text)


@pytest.mark.parametrize(
    "text",
    [_SENTENCE, "附件：1.申报表", "某县人民政府", "2020年3月12日", "一、总体要求", "（此件公开发布）"],
)
def test_an_announcements_own_lines_are_no_boilerplate(text: str) -> None:
    assert boilerplate(text) == ""


def grams(text: str) -> Counter[str]:
    plain = squeeze(text)
    return Counter(plain[at : at + 4] for at in range(len(plain) - 3))


@needs_shared
def test_the_two_seeds_come_out_right() -> None:
    assert SHARED
    expected = {
        "000": (
            "花都区聚焦精准帮扶贫困村 脱贫攻坚硕果累累",
            "花都区科技工业商务和信息化局",
            date(2021, 1, 28),
            ("广东省", "广州市", "花都区"),
        ),
        "004": (
            "对口帮扶揭西县贫困村5年,万江围绕产业、民生、扶志用心用情扎实推进精准扶贫7个贫困村370户999名贫困人口全部脱贫",
            "中国东莞万江街道栏目",
            date(2020, 12, 28),
            ("广东省", "东莞市", "万江街道"),
        ),
    }
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        read_page = clean(Page(path.name, path.read_bytes(), "text"))
        assert (read_page.title, read_page.source, read_page.published, read_page.region) == expected[path.name[:3]]
        for furnished in ("bet365", "字体", "分享", "您现在", "扫一扫", "访问量", "标识码"):
            assert furnished not in read_page.body


@needs_shared
def test_every_field_of_the_state_council_documents_is_right() -> None:
    assert SHARED
    folder = SHARED / "data/pages/statecouncil"
    for row in map(json.loads, (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()):
        page = clean(Page(row["file"], (folder / row["file"]).read_bytes()))
        number = parse_number(row["doc_number"])
        assert number
        assert squeeze(page.title) == squeeze(row["title"])
        assert (page.source, page.number, page.index_number) == (row["issuer"], number.normal, row["index_number"])
        assert page.signed == parse_date(row["table"]["成文日期"])
        assert page.published == parse_date(row["table"]["发布日期"])
        assert page.region == ("全国",)


_NOTES = json.loads((Path(__file__).parents[1] / "pages_shared.json").read_text(encoding="utf-8"))


@needs_shared
@pytest.mark.parametrize("name", sorted(_NOTES))
def test_a_genuine_page_keeps_to_our_notes_of_it(name: str) -> None:
    assert SHARED
    note = _NOTES[name]
    page = clean(Page(name, (SHARED / "data/pages" / name).read_bytes()))
    assert squeeze(page.title) == squeeze(note["title"])
    assert page.source == note["source"]
    assert str(page.published or "") == note["published"]
    assert page.body.startswith(note["first"])
    assert page.body.endswith(note["last"])
    assert len(squeeze(page.body)) == pytest.approx(note["length"], rel=0.03)


def test_two_full_stops_in_a_page_become_one() -> None:
    markup = "<title>植树活动启动</title><h1>植树活动启动</h1><p>全县春季植树活动已经启动。。各乡镇要抓好落实。</p>"
    assert clean(Page("a.html", markup.encode())).body == "全县春季植树活动已经启动。各乡镇要抓好落实。"
