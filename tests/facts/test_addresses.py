"""A bad address stays as it is written, and nothing else suffers from it."""

from __future__ import annotations

import json

import pytest

from indexer.announcement import Attachment, Page
from indexer.facts import addresses
from indexer.reading.attachments.attachment_text import attachment_file_names
from indexer.reading.html.cleaner import clean
from indexer.reading.jsonl import announcement_from_record
from indexer.reading.reposts import fingerprint

BAD = (
    "http://www.gz.example.cn／a.html",
    "http://www.gz.example.cn：8080/a.html",
    "http://www.gz.example.cn？id=3",
    "http://[链接]/a.html",
    "http://[::1/a.html",
    "//℀.example/",
    "http://a.example:port/x",
    "::::",
)


@pytest.mark.parametrize("address", BAD)
def test_a_bad_address_never_raises(address: str) -> None:
    assert isinstance(addresses.host(address), str)
    assert isinstance(addresses.site(address), str)
    assert isinstance(addresses.path(address), str)
    assert isinstance(addresses.joined(address, "a.pdf"), str)
    assert isinstance(addresses.joined("http://www.example.cn/", address), str)


def test_a_good_address_is_taken_apart() -> None:
    assert addresses.host("https://WWW.Example.cn:8080/a%20b.pdf?x#y") == "www.example.cn"
    assert addresses.site("https://WWW.Example.cn:8080/a") == "www.example.cn:8080"
    assert addresses.path("https://www.example.cn/a%20b.pdf?x#y") == "/a b.pdf"
    assert addresses.joined("https://www.example.cn/a/b.html", "c.pdf") == "https://www.example.cn/a/c.pdf"


@pytest.mark.parametrize("address", BAD)
def test_a_record_keeps_a_bad_address_as_text(address: str) -> None:
    values = {"title": "关于示例的通知", "body": "请遵照执行。", "url": address, "attachments": [{"url": address}]}
    found = announcement_from_record(Page("a#1", json.dumps(values).encode(), "record"))
    assert (found.title, found.url, found.body) == ("关于示例的通知", address, "请遵照执行。")
    assert fingerprint(found)
    assert attachment_file_names(Attachment("表.xls", address))[-1] == "表.xls"


@pytest.mark.parametrize("address", BAD)
def test_a_page_with_a_bad_address_is_read(address: str) -> None:
    html = (
        f'<title>关于示例的通知</title><link rel="canonical" href="{address}"><meta name="og:url" content="{address}">'
        f'<meta name="SiteDomain" content="{address}"><h1>关于示例的通知</h1><p>各单位：请遵照执行，特此通知。</p>'
        f'<p><a href="{address}">附件.pdf</a><a href="{address}/b.docx">附件二.docx</a></p>'
    )
    assert "请遵照执行" in clean(Page("a.html", html.encode())).body
