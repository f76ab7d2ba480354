"""Which place is meant: by name, code, host, and by what a page says of itself."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.facts.gazetteer import gazetteer, short_name
from indexer.facts.region import (
    NATION,
    RegionPath,
    issuer_named,
    issuer_region,
    parse_path,
    region_of_code,
    region_of_host,
    region_of_site_code,
    resolve,
    site_region,
)
from tests.shared_data import SHARED, needs_shared

HUADU = ("广东省", "广州市", "花都区")
GUANGZHOU = HUADU[:2]
WANJIANG = ("广东省", "东莞市", "万江街道")


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("广东", ("广东省",)),
        ("深圳", ("广东省", "深圳市")),
        ("内蒙古", ("内蒙古自治区",)),
        ("新疆", ("新疆维吾尔自治区",)),
        ("黔东南州", ("贵州省", "黔东南苗族侗族自治州")),
        ("兵团", ("新疆维吾尔自治区", "新疆生产建设兵团")),
        ("雄安", ("河北省", "雄安新区")),
        ("浦东", ("上海市", "浦东新区")),
        ("石柱县", ("重庆市", "石柱土家族自治县")),
        ("吉林", ("吉林省",)),
        ("吉林/吉林", ("吉林省", "吉林市")),
        ("广东省/广州市/花都区", HUADU),
        ("广州 / 花都", HUADU),
        ("东莞市/万江街道", WANJIANG),
        ("全国", NATION),
        ("朝阳区", ()),
        ("北京/朝阳区", ("北京市", "朝阳区")),
        ("广西省/南宁市", ("广西壮族自治区", "南宁市")),
        ("宁夏省", ("宁夏回族自治区",)),
        ("深圳省", ()),
        ("亚特兰蒂斯", ()),
        ("广东省/长沙市", ()),
        ("", ()),
    ],
)
def test_a_region_can_be_typed_whole_in_short_or_as_a_path(typed: str, path: RegionPath) -> None:
    assert parse_path(typed) == path


@given(st.integers(0, 41_000))
def test_every_path_of_the_table_reads_back_as_itself(place: int) -> None:
    path = gazetteer().path(place % len(gazetteer().names))
    assert parse_path("/".join(path)) == path


def test_no_place_has_two_neighbours_of_one_name() -> None:
    table = gazetteer()
    paths = Counter(map(table.path, range(len(table.names))))
    assert [path for path, count in paths.items() if count > 1] == []


@pytest.mark.parametrize(
    ("label", "within", "path"),
    [
        ("广州市花都区人民政府", (), HUADU),
        ("东莞市万江街道办事处", (), WANJIANG),
        ("国家税务总局广州市税务局花都区分局", (), HUADU),
        ("朝阳区人民政府", (), ()),
        ("朝阳区人民政府", ("吉林省", "长春市"), ("吉林省", "长春市", "朝阳区")),
        ("花都发布", GUANGZHOU, HUADU),
        ("防城港市财政局", ("广西壮族自治区", "防城港市"), ("广西壮族自治区", "防城港市")),
        ("中山大学附属医院", GUANGZHOU, ()),
        ("北京路街道商会", (), ()),
        ("办公室", GUANGZHOU, ()),
        ("长沙市人民政府", GUANGZHOU, ("湖南省", "长沙市")),
    ],
)
def test_a_label_names_the_longest_place_and_what_lies_below(label: str, within: RegionPath, path: RegionPath) -> None:
    assert resolve(label, within) == path


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("卢湾区", ("上海市", "黄浦区")),
        ("宣武区", ("北京市", "西城区")),
        ("塘沽区", ("天津市", "滨海新区")),
        ("崇明县", ("上海市", "崇明区")),
        ("襄樊市", ("湖北省", "襄阳市")),
    ],
)
def test_an_abolished_name_points_to_today(former: str, today: RegionPath) -> None:
    assert resolve(f"{former}人民政府") == today


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("东乡族自治县", "东乡"),
        ("万柏林区", "万柏林"),
        ("神农架林区", "神农架"),
        ("赵县", "赵县"),
    ],
)
def test_short_names_lose_the_kind_of_place_and_the_peoples(name: str, short: str) -> None:
    assert short_name(name) == short


def test_codes_fall_back_to_city_and_province_and_old_ones_lead_on() -> None:
    assert region_of_code("440114") == HUADU
    assert region_of_code("440199") == GUANGZHOU
    assert region_of_code("449999") == ("广东省",)
    assert region_of_code("110104") == ("北京市", "西城区")
    assert region_of_code("999999") == ()


def test_a_site_code_names_its_place_or_the_nation() -> None:
    assert region_of_site_code("4419000098") == WANJIANG[:2]
    assert region_of_site_code("bm05000001") == NATION
    assert region_of_site_code("44190000") == ()


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("www.gov.cn", NATION),
        ("www.gd.gov.cn", ("广东省",)),
        ("www.huadu.gov.cn", HUADU),
        ("czj.gz.gov.cn", GUANGZHOU),
        ("www.hnloudi.gov.cn", ("湖南省", "娄底市")),
        ("www.zjkxuanhua.gov.cn", ("河北省", "张家口市", "宣化区")),
        ("www.xa.gov.cn", ("陕西省", "西安市")),
        ("www.chongqing.gov.cn", ("重庆市",)),
        ("www.qqhr.gov.cn", ("黑龙江省", "齐齐哈尔市")),
        ("haizhu.gz.gov.cn", ("广东省", "广州市", "海珠区")),
        ("mp.weixin.qq.com", ()),
        ("", ()),
    ],
)
def test_a_host_spells_a_place(host: str, path: RegionPath) -> None:
    assert region_of_host(host) == path


def test_a_host_that_fits_several_places_is_settled_by_the_text_or_not_at_all() -> None:
    assert region_of_host("www.jz.gov.cn") == ()
    assert region_of_host("www.jz.gov.cn", "近日，锦州市召开会议。锦州市财政局参加。") == ("辽宁省", "锦州市")
    assert region_of_host("www.jz.gov.cn", "锦州市与荆州市签约。") == ()


def test_the_site_is_where_most_marks_agree() -> None:
    marks = {"site_code": "4401140001", "site_name": "广州市花都区人民政府", "host": "www.huadu.gov.cn"}
    assert site_region(**marks, footer="承办：广东省电信公司") == HUADU
    assert site_region(site_code="1100000001", site_name="广州市花都区人民政府", host="www.huadu.gov.cn") == HUADU
    assert site_region(site_code="4419000098", site_name="东莞市万江街道办事处") == WANJIANG
    assert site_region(host="www.gz.gov.cn", footer="主办：广州市人民政府办公厅") == GUANGZHOU
    assert site_region(site_name="朝阳区人民政府") == ()
    assert site_region() == ()


@pytest.mark.parametrize(
    ("source", "site", "path"),
    [
        ("广东省人民政府办公厅", HUADU, ("广东省",)),
        ("市司法局", HUADU, GUANGZHOU),
        ("区教育局", HUADU, HUADU),
        ("省发展改革委", HUADU, ("广东省",)),
        ("价格处", GUANGZHOU, GUANGZHOU),
        ("国务院办公厅", HUADU, NATION),
        ("教育部", HUADU, NATION),
        ("水利部长江水利委员会", (), NATION),
        ("国务院新闻办公室", HUADU, NATION),
        ("教育部门", HUADU, HUADU),
        ("海南州人民政府", (), ("青海省", "海南藏族自治州")),
        ("鼓楼区人民政府", ("江苏省",), ("江苏省",)),
        ("国家发展改革委", (), NATION),
        ("财政部 税务总局", (), NATION),
        ("中国人民银行", (), NATION),
        ("国家税务总局广东省税务局", (), ("广东省",)),
        ("广州市委宣传部", (), GUANGZHOU),
        ("广州日报", HUADU, HUADU),
        ("新华社", HUADU, HUADU),
        ("新疆生产建设兵团办公厅", (), ("新疆维吾尔自治区", "新疆生产建设兵团")),
    ],
)
def test_the_source_is_read_under_its_site(source: str, site: RegionPath, path: RegionPath) -> None:
    assert issuer_region(source=source, site_region=site) == path


def test_without_a_source_title_signature_site_and_number_speak_in_turn() -> None:
    assert issuer_region(title="国务院关于做好稻谷收购工作的通知", site_region=HUADU) == NATION
    assert issuer_region(title="通知", body="请遵照执行。\n广东省财政厅\n2024年3月5日", site_region=HUADU) == (
        "广东省",
    )
    assert issuer_region(title="通知", site_region=HUADU, number="粤府〔2024〕3号") == HUADU
    assert issuer_region(title="通知", number="粤府〔2024〕3号") == ("广东省",)
    assert issuer_region(title="通知", number="国办发〔2024〕3号") == NATION
    assert issuer_region(title="通知") == ()
    assert issuer_region(source="花都区融媒体中心") == HUADU
    assert issuer_region(source="广州日报") == ()


def test_who_is_visited_in_the_news_is_no_issuer() -> None:
    assert issuer_named(title="我市组织赴长沙市考察学习并参观市政府公告栏") == ""
    assert issuer_region(title="我市考察团赴长沙市考察", site_region=GUANGZHOU) == GUANGZHOU


@needs_shared
def test_addresses_and_texts_of_real_pages_tell_the_region_right_nine_times_of_ten() -> None:
    assert SHARED is not None
    outcomes: Counter[bool | None] = Counter()
    with gzip.open(SHARED / "data/corpus/gov_news.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found = region_of_host(urlsplit(row["url"]).hostname or "", f"{row['title']}\n{row['text']}")
            outcomes[_agrees(found, row["region"]) if found else None] += 1
    assert outcomes[True] >= 0.93 * outcomes.total()
    assert outcomes[False] <= 0.016 * outcomes.total()


def _agrees(found: RegionPath, label: str) -> bool:
    province, _, city = label.partition("/")
    same_province = found[0][:2] == province[:2]
    return same_province and (not city or len(found) == 1 or found[1] == city)


@needs_shared
def test_the_seven_issuers_of_the_titles_are_all_right() -> None:
    assert SHARED is not None
    with gzip.open(SHARED / "data/corpus/titles.jsonl.gz", "rt", encoding="utf-8") as lines:
        issuers = {(row["source"], row["region"]) for row in map(json.loads, lines)}
    assert len(issuers) == 7
    assert {(source, "/".join(issuer_region(source=source))) for source, _ in issuers} == issuers
