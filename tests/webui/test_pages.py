"""The pages for people, asked through Flask's client."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from jinja2.runtime import Macro

from tests.webui.page_reading import page, parameters, text
from tests.webui.samples import SAMPLES
from tests.webui.web_engine import MemoryEngine
from webui import create_app

if TYPE_CHECKING:
    from bs4 import Tag
    from flask.testing import FlaskClient


@pytest.fixture
def client() -> FlaskClient:
    return create_app(MemoryEngine()).test_client()


def tick(soup: BeautifulSoup, facet: str, value: str) -> Tag | None:
    return soup.select_one(f'#{facet} .ticks a:not(.fold)[data-key="{value}"]')


def test_the_front_page_shows_the_newest_announcements_and_the_facets(client: FlaskClient) -> None:
    soup = page(client, "/")
    titles = [text(link) for link in soup.select(".hit h3 a")]
    assert titles == [SAMPLES[place].title for place in (0, 2, 1, 3)]
    assert [section["id"] for section in soup.select(".facet")] == ["year", "region", "form", "source", "kind"]


def test_hits_show_title_snippet_source_date_and_region_with_matches_marked(client: FlaskClient) -> None:
    hit = page(client, "/?q=对口帮扶").select(".hit")[1]
    assert text(hit.select_one("h2")) == "花都区对口帮扶工作成效显著"
    assert [text(mark) for mark in hit.select("h2 mark")] == ["对口帮扶"]
    assert text(hit.select_one(".snippet mark")) == "对口帮扶"
    assert text(hit.select_one(".facts")) == "花都区农业农村局2021-01-28广东省 › 广州市 › 花都区"


def test_the_other_readings_of_a_run_are_one_click_away(client: FlaskClient) -> None:
    soup = page(client, "/?q=对口帮扶&region=广东省&page=1")
    links = {text(link): parameters(link) for link in soup.select("#status a")}
    assert links == {
        "连在一起 1": {"q": ["对口帮扶"], "region": ["广东省"], "match": ["exact"]},
        "放宽 3": {"q": ["对口帮扶"], "region": ["广东省"], "match": ["loose"]},
    }


def test_a_chosen_reading_stays_while_pages_are_turned_and_filters_set(client: FlaskClient) -> None:
    soup = page(client, "/?q=对口帮扶&match=loose&per_page=1")
    for link in (soup.select_one("a[rel=next]"), tick(soup, "region", "广东省")):
        assert parameters(link)["match"] == ["loose"]


def test_the_status_line_says_what_is_shown(client: FlaskClient) -> None:
    soup = page(client, "/?q=对口帮扶&per_page=1")
    assert text(soup.select_one("#status")) == (
        "共 2 条，第 1–1 条，按相关度；已在标题和正文中查找“对口帮扶” · 连在一起 1 · 放宽 3"
    )


def test_a_query_with_operators_is_read_back(client: FlaskClient) -> None:
    soup = page(client, "/?q=“对口帮扶”+-资金")
    assert "检索词读作：含原文“对口帮扶”，不含“资金”" in text(soup.select_one("#status"))


def test_every_filter_has_a_chip_that_takes_away_this_filter_alone(client: FlaskClient) -> None:
    address = "/?q=帮扶&source=甲&source=乙&region=广东省/广州市&form=通知&year=2024&from=2020-01-01&in=title"
    chips = page(client, address).select(".chips li:not(.all) a")
    assert len(chips) == 7
    left = parameters(chips[0])
    assert left["source"] == ["乙"]
    assert left["region"] == ["广东省/广州市"]
    assert left["q"] == ["帮扶"]
    for chip, name in zip(chips[2:], ("region", "form", "year", "from", "in"), strict=True):
        assert name not in parameters(chip)


def test_a_facet_value_is_ticked_and_unticked_by_plain_links(client: FlaskClient) -> None:
    chosen = tick(page(client, "/?q=帮扶&page=1"), "form", "通知")
    assert parameters(chosen) == {"q": ["帮扶"], "form": ["通知"]}
    assert chosen is not None
    ticked = page(client, str(chosen["href"]))
    again = tick(ticked, "form", "通知")
    assert again is not None
    assert "已选" in text(again)
    assert parameters(again) == {"q": ["帮扶"]}


def test_the_region_tree_opens_level_by_level(client: FlaskClient) -> None:
    assert tick(page(client, "/"), "region", "广东省/广州市") is None
    opened = page(client, "/?open=广东省")
    assert tick(opened, "region", "广东省/广州市") is not None
    assert tick(opened, "region", "广东省/广州市/花都区") is None
    chosen = page(client, "/?region=广东省/广州市")
    assert tick(chosen, "region", "广东省/广州市/花都区") is not None


def test_a_branch_with_nothing_below_it_loses_its_arrow_when_opened(client: FlaskClient) -> None:
    def arrow(address: str) -> Tag | None:
        return page(client, address).select_one('#region a.fold[data-key="浙江省"]')

    assert arrow("/") is not None
    assert arrow("/?open=浙江省") is None


def test_choosing_a_place_inside_a_chosen_region_narrows_it(client: FlaskClient) -> None:
    inner = tick(page(client, "/?region=广东省"), "region", "广东省/广州市")
    assert parameters(inner) == {"region": ["广东省/广州市"]}


def test_chosen_values_stay_listed_when_they_find_nothing(client: FlaskClient) -> None:
    soup = page(client, "/?q=对口帮扶&form=公告")
    assert text(tick(soup, "form", "公告")).endswith("0")


def test_the_map_lists_every_province_and_leads_to_those_that_hold_something(client: FlaskClient) -> None:
    places = page(client, "/").select(".map li")
    assert len(places) == 34
    links = {text(place)[:2]: place.select_one("a") for place in places}
    assert parameters(links["广东"]) == {"region": ["广东省"]}
    assert links["西藏"] is None


def test_bars_of_the_histogram_lead_to_their_year_and_then_to_months(client: FlaskClient) -> None:
    years = page(client, "/").select(".histogram a")
    assert [text(link).partition("：")[0] for link in years] == ["2021", "2024"]
    months = page(client, str(years[0]["href"])).select(".histogram a")
    assert [text(link).partition("：")[0] for link in months] == ["2021-01", "2021-06"]
    assert parameters(months[1]) == {"year": ["2021-06"]}


def test_pages_keep_the_search_and_its_filters(client: FlaskClient) -> None:
    following = page(client, "/?q=示例&per_page=1&sort=newest").select_one("a[rel=next]")
    assert parameters(following) == {"q": ["示例"], "per_page": ["1"], "sort": ["newest"], "page": ["2"]}


def test_a_partial_answer_says_so(client: FlaskClient) -> None:
    assert "没有公告同时包含全部检索词" in page(client, "/?q=帮扶月球").get_text()


def test_nothing_found_says_what_dropping_a_filter_would_give(client: FlaskClient) -> None:
    soup = page(client, "/?q=老旧小区&form=通知")
    relief = soup.select_one(".nothing .plain a")
    assert text(relief) == "去掉“文种：通知”"
    assert parameters(relief) == {"q": ["老旧小区"]}
    assert parameters(soup.select_one(".note a"))["q"] == ["对口帮扶"]


def test_few_hits_say_what_each_filter_and_word_keeps_away(client: FlaskClient) -> None:
    soup = page(client, "/?q=本文&source=花都区农业农村局&source=甲")
    more = {text(link): parameters(link) for link in soup.select(".fewer a")}
    assert more["去掉“来源：花都区农业农村局、甲”"] == {"q": ["本文"]}
    assert not page(client, "/?q=帮扶").select(".fewer")


def test_values_of_a_facet_are_found_by_what_they_hold(client: FlaskClient) -> None:
    soup = page(client, "/?q=示例&sort=newest&more=source&find=花都区")
    assert [tick["data-key"] for tick in soup.select("#source .ticks a")] == ["花都区农业农村局"]
    form = soup.select_one("#source form.find")
    assert form is not None
    carried = {field["name"]: field.get("value") for field in form.select("input")}
    assert carried == {"q": "示例", "sort": "newest", "more": "source", "find": "花都区"}
    assert "没有含“火星”的" in text(page(client, "/?more=source&find=火星").select_one("#source"))


def test_what_would_find_nothing_either_is_not_offered(client: FlaskClient) -> None:
    soup = page(client, "/?q=老旧小区&form=通知&source=甲")
    assert not soup.select(".nothing .plain a")
    assert "可以这样试试" in text(soup.select_one(".nothing"))


def test_a_document_number_leads_to_the_announcement_that_bears_it(client: FlaskClient) -> None:
    answer = client.get("/?q=示府办[2024]7号")
    assert answer.status_code == 302
    assert urlsplit(answer.location).path == "/announcements/a1"
    back = page(client, answer.location).select_one(".back a")
    assert back is not None
    listed = page(client, str(back["href"]))
    best = listed.select_one(".best a")
    assert best is not None
    assert best["href"] == "/announcements/a1"
    assert parameters(tick(listed, "form", "通知"))["view"] == ["list"]


def test_a_number_among_other_words_or_filters_stays_a_search(client: FlaskClient) -> None:
    for address in ("/?q=示府办〔2024〕7号 帮扶", "/?q=示府办〔2024〕7号&form=通知", "/?q=示府办〔2024〕8号"):
        assert page(client, address).select_one("#status") is not None
    assert client.get("/?q=帮扶&view=map").status_code == 400


def test_the_announcement_page_shows_all_that_is_known(client: FlaskClient) -> None:
    soup = page(client, "/announcements/a1?q=对口帮扶")
    facts = {text(row.th): text(row.td) for row in soup.select(".meta tr") if row.th and row.td}
    assert facts["发文字号"] == "示府办〔2024〕7号"
    assert (facts["发布日期"], facts["成文日期"], facts["施行日期"]) == ("2024-03-05", "2024-03-01", "2024-04-01")
    assert facts["地区"] == "广东省 › 广州市"
    assert [text(item) for item in soup.select(".contents a")] == [
        "一、总体要求",
        "（一）基本原则",
        "（二）工作目标",
        "二、重点任务",
        "三、保障措施",
    ]
    assert [text(cell) for cell in soup.select(".body table tr:first-child td")] == ["项目", "牵头单位", "完成时限"]
    cited = text(soup.select_one("#citation"))
    assert cited.startswith("示例市人民政府办公室. 示例市人民政府办公室关于进一步做好对口帮扶工作的通知")
    assert ": 示府办〔2024〕7号[EB/OL]. (2024-03-05)[" in cited


def test_every_mark_of_a_body_has_a_number_and_leads_to_its_neighbours(client: FlaskClient) -> None:
    soup = page(client, "/announcements/a1?q=对口帮扶")
    marks = soup.select(".body mark")
    assert [mark["id"] for mark in marks] == [f"m{n}" for n in range(1, len(marks) + 1)]
    hops = soup.select(".body .hop")
    assert [link["href"] for link in hops[1].select("a")] == ["#m1", "#m3"]
    assert [link["href"] for link in hops[0].select("a")] == ["#m2"]
    assert [link["href"] for link in hops[-1].select("a")] == [f"#m{len(marks) - 1}"]


def test_only_addresses_of_the_web_are_linked(client: FlaskClient) -> None:
    soup = page(client, "/announcements/a1")
    names = {text(item): item.select_one("a") for item in soup.select(".beside section:first-child li")}
    linked = names["任务分工表.xlsx"]
    assert linked is not None
    assert linked["href"] == "https://example.gov.cn/f/1.xlsx"
    assert names["说明.docx"] is None


def test_a_document_number_in_any_brackets_redirects(client: FlaskClient) -> None:
    answer = client.get("/number/示府办[2024] 7号")
    assert answer.status_code == 302
    assert answer.location == "/announcements/a1"


def test_an_unknown_document_number_is_answered_with_those_near_it(client: FlaskClient) -> None:
    soup = page(client, "/number/示府办〔2024〕8号", status=404)
    assert [text(link) for link in soup.select(".plain a")] == ["示府办〔2024〕7号"]
    assert "不像一个发文字号" in page(client, "/number/你好", status=404).get_text()


def test_the_coverage_page_accounts_for_sources_and_for_skipped_pages(client: FlaskClient) -> None:
    soup = page(client, "/sources")
    assert "samples/empty.html" in soup.get_text()
    rows = [text(row) for row in soup.select("table:first-of-type tbody tr")]
    assert "示例市人民政府办公室12024-03-052024-03-05" in rows
    assert any("未注明来源" in row for row in rows)
    assert any(row.startswith("samples") and "1" in row for row in rows)


def test_a_wrong_parameter_says_what_would_be_right_and_keeps_the_search(client: FlaskClient) -> None:
    soup = page(client, "/?q=帮扶&page=0&colour=red&form=通知", status=400)
    problems = soup.select_one(".problems")
    assert "page=0：应为从 1 起的整数" in text(problems)
    assert "colour=red：没有这个参数" in text(problems)
    box = soup.select_one("#q")
    assert box is not None
    assert box["value"] == "帮扶"
    assert [(held["name"], held["value"]) for held in soup.select("form.box input[type=hidden]")] == [("form", "通知")]


def test_missing_things_are_404_and_say_so_in_both_languages(client: FlaskClient) -> None:
    assert "没有找到" in page(client, "/announcements/none", status=404).get_text()
    assert "Page not found" in page(client, "/nowhere?lang=en", status=404).get_text()


def test_without_an_index_every_page_says_which_command_makes_one() -> None:
    client = create_app(MemoryEngine(missing=True)).test_client()
    for address in ("/", "/announcements/a1", "/sources", "/number/x"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "policy-search rebuild" in answer.text
        assert "policy-index" not in answer.text


def test_a_failure_nobody_foresaw_shows_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(MemoryEngine):
        def coverage(self) -> tuple[()]:
            raise RuntimeError("secret detail")

    answer = create_app(Broken()).test_client().get("/sources")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert "secret detail" in caplog.text


def test_the_language_is_remembered(client: FlaskClient) -> None:
    assert page(client, "/").html["lang"] == "zh-CN"  # type: ignore[index]
    english = page(client, "/?lang=en")
    assert english.html is not None
    assert english.html["lang"] == "en"
    assert "Newest announcements" in page(client, "/").get_text()
    assert "最新公告" in page(client, "/?lang=zh").get_text()


def test_the_colour_scheme_is_remembered(client: FlaskClient) -> None:
    def dark_for(address: str) -> str | None:
        link = page(client, address).select_one('link[href^="/static/dark.css"]')
        return str(link["media"]) if link else None

    assert dark_for("/") == "screen and (prefers-color-scheme: dark)"
    assert dark_for("/?theme=dark") == "screen"
    assert dark_for("/sources") == "screen"
    assert dark_for("/?theme=light") is None


def test_the_switches_keep_the_search(client: FlaskClient) -> None:
    switch = page(client, "/?q=帮扶&form=通知").select_one(".switches a")
    assert parameters(switch) == {"q": ["帮扶"], "form": ["通知"], "lang": ["en"]}


def test_no_path_that_a_stranger_wrote_comes_back_as_a_link(client: FlaskClient) -> None:
    soup = page(client, "http://localhost//elsewhere.example/%3Cb%3E", status=404)
    assert [str(link["href"])[0] for link in soup.select(".switches a")] == ["?", "?"]
    assert not [link for link in soup.select("a[href]") if str(link["href"]).startswith(("//", "http"))]


def test_hits_by_arrival_say_the_day_they_came_in() -> None:
    arrived = replace(SAMPLES[0], indexed=int(datetime(2026, 1, 2, 18, tzinfo=UTC).timestamp()))
    client = create_app(MemoryEngine((arrived,))).test_client()
    assert "收录于 2026-01-03" in page(client, "/?sort=indexed").select(".hit .facts")[0].text
    assert "收录于" not in page(client, "/?sort=newest").select(".hit .facts")[0].text


def test_the_first_page_is_light(client: FlaskClient) -> None:
    parts = ("/", "/static/style.css", "/static/dark.css", "/static/app.js", "/static/icon.svg")
    sizes = []
    for part in parts:
        with client.get(part) as answer:
            sizes.append(len(answer.data))
    assert sum(sizes) < 60_000


def test_documents_and_news_stand_behind_tabs_with_their_counts(client: FlaskClient) -> None:
    tabs = page(client, "/?q=示例&kind=政策文件&page=1").select(".kinds a")
    assert [tab.text.split()[0] for tab in tabs] == ["全部", "政策文件", "动态"]
    assert [tab.get("aria-current") for tab in tabs] == [None, "true", None]
    assert parameters(tabs[0]) == {"q": ["示例"]}
    assert parameters(tabs[2]) == {"q": ["示例"], "kind": ["动态"]}


def test_there_are_no_tabs_where_all_is_of_one_kind(client: FlaskClient) -> None:
    assert not page(client, "/?q=帮扶").select(".kinds")


def test_a_long_query_is_told_back_shortened_and_kept_whole_in_the_box(client: FlaskClient) -> None:
    query = "甲" * 360 + "乙" * 360
    soup = page(client, f"/?q={query}")
    status, box = soup.select_one("#status"), soup.select_one("#q")
    assert len(text(status)) < 150
    assert "甲…乙" in text(status)
    assert box is not None
    assert box["value"] == query


@pytest.mark.parametrize(("lang", "words"), [("zh", "不能这样请求"), ("en", "cannot be asked like that")])
def test_errors_of_http_are_said_in_the_readers_language(client: FlaskClient, lang: str, words: str) -> None:
    answer = client.post(f"/sources?lang={lang}")
    assert answer.status_code == 405
    assert words in answer.text
    assert ("not allowed" in answer.text) is (lang == "en")


def test_a_page_makes_no_macros_anew_which_would_wait_for_the_garbage_collector(client: FlaskClient) -> None:
    def macros() -> int:
        return sum(isinstance(one, Macro) for one in gc.get_objects())

    page(client, "/?q=扶贫")
    gc.collect()
    before = macros()
    gc.disable()
    try:
        page(client, "/?q=脱贫")
    finally:
        gc.enable()
    assert macros() == before
