"""What a page that names no source is said to come from, and by what."""

from __future__ import annotations

import pytest

from indexer.announcement import Announcement, Page
from indexer.reading.html.cleaner import clean

_TEXT = "<p>全县春季植树工作已经启动，各乡镇要按照职责分工抓好落实，确保按期完成全年任务。</p>"


def _cleaned(beside_the_day: str, head: str = "") -> Announcement:
    markup = (
        f"<html><head><title>春季植树工作启动</title>{head}</head><body><h1>春季植树工作启动</h1>"
        f"<div>发布时间：2023-03-12 {beside_the_day}</div><div>{_TEXT}{_TEXT}</div></body></html>"
    )
    return clean(Page("a.html", markup.encode()))


@pytest.mark.parametrize(
    ("beside", "head", "source", "told_by"),
    [
        ("来源：平远县林业局", "", "平远县林业局", "label"),
        ("", '<meta name="ContentSource" content="平远县林业局">', "平远县林业局", "meta"),
        ("", '<meta name="SiteName" content="平远县人民政府门户网站">', "平远县人民政府", "site"),
        ("", '<link rel="canonical" href="http://www.meizhou.gov.cn/a.html">', "梅州市人民政府", "host"),
        ("", '<link rel="canonical" href="http://lyj.meizhou.gov.cn/a.html">', "", ""),
        ("来源： 字号：", '<meta name="SiteName" content="平远县人民政府门户网站">', "", ""),
        ("", "", "", ""),
    ],
)
def test_the_source_is_said_with_what_told_it(beside: str, head: str, source: str, told_by: str) -> None:
    announcement = _cleaned(beside, head)
    assert (announcement.source, announcement.source_from) == (source, told_by)
