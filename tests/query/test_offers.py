"""What could be chosen instead of words that are typed."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.query.offers import candidates
from indexer.query.parameters import read_query, write_query


def offered(typed: str, **chosen: str) -> list[tuple[str, str, str]]:
    """What is offered: the parameter, its value, and the words that are left."""
    query = read_query({"q": [typed], **{name: [value] for name, value in chosen.items()}})
    return [(one.filter, one.value, one.query.text) for one in candidates(query)]


@pytest.mark.parametrize(
    ("typed", "place", "rest"),
    [
        ("如东县 养老服务", "江苏省/南通市/如东县", "养老服务"),
        ("养老服务 如东县", "江苏省/南通市/如东县", "养老服务"),
        ("花都区精准扶贫", "广东省/广州市/花都区", "精准扶贫"),
        ("广州市花都区 学位", "广东省/广州市/花都区", "学位"),
        ("广东 对口帮扶", "广东省", "对口帮扶"),
        ("上海疫情", "上海市", "疫情"),
        ("內蒙古 草原", "内蒙古自治区", "草原"),
        ("山西", "山西省", ""),
        ("深圳 标题:通知 -疫情", "广东省/深圳市", "标题:通知 -疫情"),
    ],
)
def test_a_place_is_offered_as_the_region(typed: str, place: str, rest: str) -> None:
    assert ("region", place, rest) in offered(typed)


def test_a_name_of_two_places_offers_both() -> None:
    assert [value for _, value, _ in offered("朝阳区")] == ["北京市/朝阳区", "吉林省/长春市/朝阳区"]


@pytest.mark.parametrize(
    ("typed", "value", "rest"),
    [
        ("广东 2020 对口帮扶", "2020", "广东 对口帮扶"),
        ("2020年脱贫攻坚", "2020", "脱贫攻坚"),
        ("工作要点2021年", "2021", "工作要点"),
        ("二〇二〇年 就业", "2020", "就业"),
        ("2021年3月 疫情", "2021-03", "疫情"),
    ],
)
def test_a_year_or_month_is_offered_as_such(typed: str, value: str, rest: str) -> None:
    assert ("year", value, rest) in offered(typed)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2020年1月至6月 就业", date(2020, 1, 1), date(2020, 6, 30)),
        ("2019-2021年 就业", date(2019, 1, 1), date(2021, 12, 31)),
        ("2019年至2021年 就业", date(2019, 1, 1), date(2021, 12, 31)),
        ("2020年第一季度 就业", date(2020, 1, 1), date(2020, 3, 31)),
        ("2020年4季度 就业", date(2020, 10, 1), date(2020, 12, 31)),
        ("2020年上半年 就业", date(2020, 1, 1), date(2020, 6, 30)),
        ("2019年以来 就业", date(2019, 1, 1), None),
        ("2019年以前 就业", None, date(2018, 12, 31)),
        ("2021年3月5日 就业", date(2021, 3, 5), date(2021, 3, 5)),
        ("2021-03-05 就业", date(2021, 3, 5), date(2021, 3, 5)),
    ],
)
def test_a_time_is_offered_from_its_first_day_to_its_last(typed: str, first: date | None, last: date | None) -> None:
    (one,) = candidates(read_query({"q": [typed]}))
    assert (one.query.text, one.query.filters.first, one.query.filters.last) == ("就业", first, last)


@pytest.mark.parametrize(
    ("typed", "issuer", "rest"),
    [
        ("教育部 双减", "教育部", "双减"),
        ("国务院办公厅 电子商务", "国务院办公厅", "电子商务"),
        ("教育部双减政策", "教育部", "双减政策"),
        ("广东省人民政府 通知", "广东省人民政府", "通知"),
    ],
)
def test_an_issuer_is_offered_as_the_source_or_as_a_part_of_one(typed: str, issuer: str, rest: str) -> None:
    assert ("source", issuer, rest) in offered(typed)
    one = next(one for one in candidates(read_query({"q": [typed]})) if one.filter == "source")
    assert one.otherwise
    assert one.otherwise.text == f"来源:{issuer} {rest}"


@pytest.mark.parametrize(
    ("typed", "number", "rest"),
    [
        ("国发[2018]", "国发〔2018〕", ""),
        ("国发〔2018〕", "国发〔2018〕", ""),
        ("国办发 2018", "国办发〔2018〕", ""),
        ("国办发 2018年 消费", "国办发〔2018〕", "消费"),
        ("粤府办（2020） 养老", "粤府办〔2020〕", "养老"),
    ],
)
def test_a_document_number_in_part_lists_those_that_begin_so(typed: str, number: str, rest: str) -> None:
    assert ("number", number, f"文号:{number} {rest}".strip()) in offered(typed)


def test_a_title_is_offered_to_be_looked_for_in_titles() -> None:
    assert offered("《优化营商环境条例》 解读") == [("in", "title", "标题:“优化营商环境条例” 解读")]


@pytest.mark.parametrize(
    "typed",
    [
        "", "乡村振兴", "“如东县” 养老", "-广东 扶贫", "深圳大学", "南京路", "中部崛起", "内部审计", "部门 预算",
        "学校食堂", "法院执行", "2020级新生", "13800000000", "长安汽车", "标题:广东", "和平 发展", "第2020号",
    ],
)  # fmt: skip
def test_nothing_is_offered_for_other_words(typed: str) -> None:
    assert offered(typed) == []


def test_what_is_chosen_already_is_not_offered_again() -> None:
    assert offered("广东 扶贫", region="广东省") == []
    assert offered("2020 扶贫", year="2020") == []


def test_an_offer_keeps_the_other_filters_and_reads_back_from_its_address() -> None:
    query = read_query({"q": ["如东县 养老"], "form": ["通知"], "page": ["3"]})
    (one,) = candidates(query)
    assert one.query.page == 1
    assert dict(write_query(one.query)) == {"q": "养老", "region": "江苏省/南通市/如东县", "form": "通知"}
    assert read_query({name: [value] for name, value in write_query(one.query)}) == one.query
