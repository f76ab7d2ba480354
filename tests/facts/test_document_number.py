"""Document numbers in all their writings, and what only looks like one."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facts.document_number import find_numbers, own_number, parse_number
from tests.shared_data import SHARED, needs_shared


@pytest.mark.parametrize(
    "text",
    [
        "国办发〔2017〕47号",
        "国办发[2017]47号",
        "国办发［2017］47号",
        "国办发(2017)47号",
        "国办发（２０１７）第４７号",
        "国办发【2017】047号",
        "国办发〈2017〉47号",
        "国办发《2017》47号",
        "国办发﹝2017﹞47号",
        " 国办发 〔 2017 〕 47 号 ",
        "国办发〔2017〕47",
        "国办发〔2017〕号47",
        "国办发〔2017年〕47号",
        "国办发〔二〇一七〕47号",
        "國办发〔2017〕47號".replace("國", "国"),
        "发文字号：国办发〔2017〕47号",
        "文 号:国办发〔2017〕47号",
        "• 文件编号：\u200b国办发〔2017〕47号。",
        "（国办发〔2017〕47号）",
        "国办发〔2017〕47号文",
        "依据国办发〔2017〕47号",
        "关于促进消费的通知国办发〔2017〕47号",
    ],
)
def test_every_writing_has_one_normal_form(text: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert number.normal == "国办发〔2017〕47号"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("国务院令第721号", "国务院令第721号"),
        ("中华人民共和国国务院令（第721号）", "中华人民共和国国务院令第721号"),
        ("云溪市政府第37号令", "云溪市政府令第37号"),
        ("沪府令12号", "沪府令第12号"),
        ("税务总局公告2024年第1号", "税务总局公告2024年第1号"),
        ("税务总局公告（2024年第1号）", "税务总局公告2024年第1号"),
        ("财政部 税务总局公告2023年第12号", "财政部税务总局公告2023年第12号"),
        ("2020年第3号公告", "公告2020年第3号"),
        ("公告2019年第1号", "公告2019年第1号"),
        ("第九号", "第9号"),
        ("公告第一百二十三号", "公告第123号"),
        ("农业农村部2019年第4号", "农业农村部2019年第4号"),
        ("国办发明电〔2023〕7号", "国办发明电〔2023〕7号"),
        ("国发〔83〕12号", "国发〔1983〕12号"),
        ("(1987)国函字第3号", "国函字〔1987〕3号"),
        ("皖政办（函）〔2020〕3号", "皖政办（函）〔2020〕3号"),
        ("云环罚〔2020〕12-3号", "云环罚〔2020〕12-3号"),
    ],
)
def test_orders_announcements_and_old_shapes_keep_their_own_form(text: str, normal: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert number.normal == normal


@pytest.mark.parametrize(
    "text",
    [
        *("", "发文字号：", "无", "总第12期", "总第12号", "47号", "〔2017〕47号", "2017年", "国办发〔1017〕47号"),
        *("国务院公报2019年第1号", "人民路第3号", "国办发〔2017〕0号", "2020年12月28日", "第三条", "号" * 100),
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("国办发2017年47号", "国办发〔2017〕47号"),
        ("国令第721号", "中华人民共和国国务院令第721号"),
        ("税务总局公告2024年第1号", "国家税务总局公告〔2024〕1号"),
        ("财政部 税务总局公告2023年第12号", "财政部、国家税务总局公告2023年第12号"),
        ("SZDB〔2020〕3号", "szdb[2020]第3号"),
        ("國發〔2019〕5號", "国发〔2019〕5号"),
        ("財政部、國家稅務總局公告2023年第12號", "财政部 税务总局公告2023年第12号"),
    ],
)
def test_other_names_of_an_issuer_share_the_key(one: str, other: str) -> None:
    first, second = parse_number(one), parse_number(other)
    assert first is not None
    assert second is not None
    assert first.key == second.key


def test_other_issuers_years_and_serials_have_other_keys() -> None:
    writings = ("国发〔2017〕47号", "国办发〔2017〕47号", "国办发〔2016〕47号", "国办发〔2017〕4号", "国务院令第47号")
    numbers = [parse_number(writing) for writing in writings]
    assert len({number.key for number in numbers if number}) == len(writings)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("根据国办发〔2017〕47号和国发〔2015〕43号文件精神", ["国办发〔2017〕47号", "国发〔2015〕43号"]),
        ("《意见》（国发〔2015〕43号）、财政部财税[2016]36号", ["国发〔2015〕43号", "财税[2016]36号"]),
        ("按照省政府湘政办发（2019）第12号要求", ["湘政办发（2019）第12号"]),
        ("和政发〔2020〕3号", ["和政发〔2020〕3号"]),
        ("国办发[2017]47 学校", ["国办发[2017]47"]),
        ("《条例》（国务院令第721号）及交通运输部令2020年第3号", ["国务院令第721号", "交通运输部令2020年第3号"]),
        ("市政府第37号令已经废止", ["市政府第37号令"]),
        ("共有学校（2017）35.5万人，（2020）12个", []),
        ("《办法》第三条第（2）项", []),
        ("在〔2017〕年", []),
    ],
)
def test_numbers_are_found_in_sentences_without_what_leads_to_them(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in find_numbers(text)] == found


PREFIXES = st.sampled_from(["国办发", "粤府", "云政办函", "京教基二", "和政发", "皖政办（函）", "沪发改价管"])
BRACKETS = st.sampled_from(["〔〕", "[]", "（）", "()", "【】", "﹝﹞"])


@given(
    PREFIXES, st.integers(1949, 2099), st.integers(1, 99_999), BRACKETS, st.booleans(), st.sampled_from(["", " ", "　"])
)
def test_any_number_reads_back_from_its_normal_form_with_the_same_key(
    prefix: str, year: int, serial: int, brackets: str, ordinal: bool, space: str
) -> None:
    written = space.join([prefix, brackets[0], str(year), brackets[1], "第" if ordinal else "", str(serial), "号"])
    number = parse_number(written)
    assert number is not None
    assert number.normal == f"{prefix}〔{year}〕{serial}号"
    assert parse_number(number.normal) == number


@given(st.text("国办发令公告第〔[()〕]2017年号九十一 和根据", max_size=30))
def test_any_text_that_reads_as_a_number_reads_back_from_its_normal_form(text: str) -> None:
    number = parse_number(text)
    again = parse_number(number.normal) if number else None
    assert (again and again.key) == (number and number.key)


@given(st.text("国办发令公告第〔[()〕]2017年号九十一 和根据", max_size=60))
def test_what_is_found_in_any_text_is_read_from_its_own_span(text: str) -> None:
    for one in find_numbers(text):
        read = parse_number(text[one.start : one.end])
        assert read is not None
        assert read.key == one.number.key


def test_the_page_s_own_number_is_labelled_or_alone_on_a_line_or_ends_the_title() -> None:
    own = parse_number("云府〔2024〕3号")
    cited = "各县区：根据国发〔2015〕43号，现通知如下。"
    assert own_number("关于放假的通知", [cited], "云府[2024]3号") == own
    assert own_number("关于放假的通知", ["云溪市人民政府", "云府〔2024〕3号", cited]) == own
    assert own_number("关于放假的通知（云府〔2024〕3号）", [cited]) == own
    assert own_number("《云溪市规定》（云府〔2024〕3号）", [cited]) == own
    assert own_number("关于放假的通知 云府〔2024〕3号", []) == own


def test_a_cited_number_is_not_the_page_s_own() -> None:
    assert own_number("转发国务院《意见》（国发〔2015〕43号）", ["根据国发〔2015〕43号，现通知如下。"]) is None
    assert own_number("关于贯彻国发〔2015〕43号文件的通知", []) is None
    assert own_number("关于放假的通知", ["正文"] * 40 + ["国发〔2015〕43号"]) is None


@needs_shared
@pytest.mark.parametrize("name", ["numbers", "titles", "statecouncil"])
def test_real_numbers_are_read_and_written_back_with_the_same_meaning(name: str) -> None:
    assert SHARED is not None
    with gzip.open(SHARED / f"data/corpus/{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        written = [number for line in lines if (number := json.loads(line).get("doc_number"))]
    numbers = [parse_number(number) for number in written]
    assert sum(number is not None for number in numbers) >= 0.999 * len(written)
    assert all(parse_number(number.normal) == number for number in numbers if number)
