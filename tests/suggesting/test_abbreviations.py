"""Short names of laws, read by rule over the titles that are there."""

from __future__ import annotations

import pytest

from indexer.query.tree import And, Phrase, Query, Spelled, Term
from indexer.suggesting.abbreviations import laws_named, may_be_short_name, with_law_names
from indexer.suggesting.completion import Suggester, TextList, build

SHORT_NAMES = """
固废法 固体废物污染环境防治法
反电诈法 反电信网络诈骗法
个保法 个人信息保护法
个税法 个人所得税法
食安法 食品安全法
民诉法 民事诉讼法
刑诉法 刑事诉讼法
行诉法 行政诉讼法
治安处罚法 治安管理处罚法
土管法 土地管理法
土承法 农村土地承包法
大气法 大气污染防治法
土壤法 土壤污染防治法
噪声法 噪声污染防治法
水保法 水土保持法
政采法 政府采购法
招投标法 招标投标法
义教法 义务教育法
职教法 职业教育法
高教法 高等教育法
家教法 家庭教育促进法
民促法 民办教育促进法
乡促法 乡村振兴促进法
就促法 就业促进法
长保法 长江保护法
野保法 野生动物保护法
动防法 动物防疫法
传防法 传染病防治法
计生法 人口与计划生育法
未保法 未成年人保护法
预未法 预防未成年人犯罪法
残保法 残疾人保障法
妇保法 妇女权益保障法
消保法 消费者权益保护法
反家暴法 反家庭暴力法
反恐法 反恐怖主义法
海环法 海洋环境保护法
环保法 环境保护法
环评法 环境影响评价法
环保税法 环境保护税法
电商法 电子商务法
电签法 电子签名法
网安法 网络安全法
数安法 数据安全法
核安法 核安全法
出管法 出境入境管理法
出入境法 出境入境管理法
外商法 外商投资法
商行法 商业银行法
银监法 银行业监督管理法
农合法 农民专业合作社法
农机法 农业机械化促进法
农质法 农产品质量安全法
村组法 村民委员会组织法
国赔法 国家赔偿法
行强法 行政强制法
劳仲法 劳动争议调解仲裁法
劳合法 劳动合同法
社保法 社会保险法
红会法 红十字会法
科普法 科学技术普及法
文保法 文物保护法
非遗法 非物质文化遗产法
特设法 特种设备安全法
道交法 道路交通安全法
药管法 药品管理法
城规法 城乡规划法
节能法 节约能源法
可再生法 可再生能源法
循环经济法 循环经济促进法
放污法 放射性污染防治法
人防法 人民防空法
退役军人法 退役军人保障法
英烈法 英雄烈士保护法
法援法 法律援助法
社矫法 社区矫正法
突应法 突发事件应对法
基医法 基本医疗卫生与健康促进法
职病法 职业病防治法
精卫法 精神卫生法
期货法 期货和衍生品法
人行法 中国人民银行法
注会法 注册会计师法
征管法 税收征收管理法
企税法 企业所得税法
车购税法 车辆购置税法
耕占税法 耕地占用税法
产质法 产品质量法
保密法 保守国家秘密法
国安法 国家安全法
国动法 国防动员法
粮保法 粮食安全保障法
黑土法 黑土地保护法
反浪费法 反食品浪费法
外贸法 对外贸易法
房地产法 城市房地产管理法
湿地法 湿地保护法
电影法 电影产业促进法
人口法 人口与计划生育法
无障碍法 无障碍环境建设法
破产法 企业破产法
身份证法 居民身份证法
图书馆法 公共图书馆法
基金法 证券投资基金法
招投标条例 招标投标法实施条例
"""
REGULATIONS = """
信息公开条例 政府信息公开条例
工伤条例 工伤保险条例
物业条例 物业管理条例
征收补偿条例 国有土地上房屋征收与补偿条例
危化品条例 危险化学品安全管理条例
农民工工资条例 保障农民工工资支付条例
残就条例 残疾人就业条例
优化营商条例 优化营商环境条例
"""
LAWS = [tuple(line.split()) for line in SHORT_NAMES.split("\n") if line]
ALL = [(short, f"中华人民共和国{name}") for short, name in LAWS] + [
    (line.split()[0], line.split()[1]) for line in REGULATIONS.split("\n") if line
]
NEWS = (
    "我市学习贯彻新修订的固体废物污染环境防治法", "省人大常委会开展食品安全法执法检查", "全市推进城市管理综合执法",
    "某市住宅物业管理办法", "某区养老机构补贴办法", "某市人才引进实施办法", "某县农村公路管理办法", "甲市管理条例",
    "乙市户外广告管理条例", "关于印发《工作规则》的通知", "创新工作方式方法",
)  # fmt: skip


@pytest.fixture(scope="module")
def titles() -> TextList:
    entries = [*(title for _, title in ALL), *NEWS, "中华人民共和国公司法（2018年修正）", "中华人民共和国劳动法"]
    return TextList(build((title, 1) for title in dict.fromkeys(entries)))


@pytest.mark.parametrize(("short", "whole"), ALL)
def test_a_short_name_leads_to_the_law(titles: TextList, short: str, whole: str) -> None:
    assert whole in [law.title for law in laws_named(short, titles)]


@pytest.mark.parametrize("short", ["新固废法", "固廢法", " 固废法 "])
def test_it_may_be_written_in_traditional_characters_or_with_a_new_before_it(titles: TextList, short: str) -> None:
    assert [law.title for law in laws_named(short, titles)] == ["中华人民共和国固体废物污染环境防治法"]


def test_the_edition_behind_a_title_does_not_count() -> None:
    entries = [
        "中华人民共和国固体废物污染环境防治法（2020年修订）",
        "中华人民共和国食品安全法 (2021修正)",
        "某条例（草案）",
    ]
    titles = TextList(build((entry, 1) for entry in entries))
    assert [law.title for law in laws_named("固废法", titles)] == ["中华人民共和国固体废物污染环境防治法"]
    assert [law.title for law in laws_named("食安法", titles)] == ["中华人民共和国食品安全法"]


@pytest.mark.parametrize(
    "text",
    [
        "工作方法", "方式方法", "综合执法", "行政执法", "教学法", "思想方法", "管理办法", "实施办法", "管理条例",
        "公司法", "劳动法", "经济法", "合法", "依法", "司法", "宪法", "看法", "固废", "乡村振兴", "污染防治",
        "八项规定", "补贴办法", "奖励办法", "保护法", "促进法", "5法", "法", "办法", "不懂法",
    ],
)  # fmt: skip
def test_words_that_are_no_short_names_are_left_alone(titles: TextList, text: str) -> None:
    assert laws_named(text, titles) == ()


@pytest.mark.parametrize("field", ["环境法", "民族法", "城市法", "国家法"])
def test_a_field_is_not_one_law_on_a_part_of_it(field: str) -> None:
    word = field.removesuffix("法")
    news = [f"某市第{n}次{word}工作会议" for n in range(12)]
    laws = ["环境影响评价法", "民族区域自治法", "城市居民委员会组织法", "国家赔偿法"]
    entries = [*news, *(f"中华人民共和国{law}" for law in laws)]
    assert laws_named(field, TextList(build((entry, 1) for entry in entries))) == ()


def suggester(titles: TextList) -> Suggester:
    empty = Suggester({})
    empty.lists["title"] = titles
    return empty


def test_the_law_stands_beside_what_was_typed_and_the_answer_says_so(titles: TextList) -> None:
    query = Query(root=And((Term("固废法"), Term("罚款"))), understood="含“固废法”、“罚款”")
    named = with_law_names(query, lambda: suggester(titles))
    title = "中华人民共和国固体废物污染环境防治法"
    assert named.root == And((Spelled((Term("固废法"), Phrase(title, "title"))), Term("罚款")))
    assert named.understood == f"含“固废法”、“罚款”（即《{title}》）"


def test_the_lists_are_not_asked_for_without_a_short_name() -> None:
    query = Query(root=And((Term("乡村振兴"), Phrase("固废法"))))
    assert with_law_names(query, lambda: pytest.fail("asked for")) is query
    assert not may_be_short_name("乡村振兴")
