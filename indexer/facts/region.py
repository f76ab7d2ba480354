"""Which place is meant: region paths from names, codes, hosts, and what a page says of itself.

Two places belong to an announcement: the site's, and the issuer's, which is the one that is searched by.
Evidence is taken in the order that was right most often on hand-checked pages; where it leaves several
places open, the answer is () rather than a guess.
"""

from __future__ import annotations

import re
from collections import Counter

from indexer.facts.gazetteer import NATION, Gazetteer, RegionPath, gazetteer, short_name
from indexer.facts.host_names import read_host
from indexer.facts.organisations import MEDIA_WORDS
from indexer.text.patterns import lazily

__all__ = [
    "NATION", "RegionPath", "issuer_named", "issuer_region", "label_region", "parse_path", "region_of_code",
    "region_of_host", "region_of_site_code", "resolve", "site_region",
]  # fmt: skip

# Bodies of the nation, where the label names no place: 国家税务总局, but not 国家税务总局广东省税务局.
_MINISTRY = (
    "外交|国防|发展改革|教育|科学技术|科技|工业和信息化|信息产业|公安|国家安全|民政|司法|财政|人事|人力资源和?社会保障|"
    "劳动和?社会保障|自然资源|国土资源|生态环境|环境保护|住房和?城乡建设|建设|交通运输|交通|铁道|水利|农业农村|农业|"
    "商务|文化和旅游|文化|卫生|退役军人事务|应急管理"
)
_CENTRAL = lazily(
    r"国务院|党中央|^(?:中共)?中央(?!\S{0,6}[省市区县])|全国(?:人民代表大会|人大|政协|总工会|妇联)|"
    r"最高人民(?:法院|检察院)|海关总署|审计署|税务总局|国家\S{2,14}(?:局|委|委员会|办公室|中心|院|署)|"
    r"中国(?:人民银行|证监会|银保监会|气象局|地震局|民用航空局|政府网)|"
    rf"^(?:中华人民共和国|国家)?(?:{_MINISTRY})部(?![门分队署属下]|长(?!江))|"  # 水利部长江水利委员会 is one
    r"^中华人民共和国\S{2,14}(?:部|委员会|总局|署|行)"
)
# Who prints it did not issue it; but 新闻办公室 and 广播电视局 are offices.
_MEDIA = lazily(
    rf"{MEDIA_WORDS}|周报|法制报|求是|电台|广播(?!电视|影视)|新闻(?!办|出版|发布)|光明网|经济网|央广|中新网|"
    r"微信|微博|网易|搜狐|腾讯|澎湃|百度|(?<!政府)(?<!门户)(?<!政务)网$|在线$|(?<![简通快])报$"
)
_ORGAN = lazily(r"[融传]媒体?中心")  # a county's own medium, unlike a paper that is quoted everywhere
_SPACE = lazily(r"[\s\u200b\ufeff]+")
# 市发展改革委 on a city's site is that city's.
_LEVEL = lazily(
    r"(?:中共|本)?(省|自治区|市|州|盟|县|区|旗|镇|乡|街道)"
    r"(?=[委府政人]|[\u4e00-\u9fff]{1,14}(?:局|委|办|厅|会|院|处|中心|站|所|公司|部))"
)
# 宜黄政务网, where no other county is called so.
_SITE_OF_COUNTY = lazily(r"(\S{2,4}?)(?:(?:政务|政府|党政|公众信息|政府信息|信息)网|发布|融媒体?(?:中心)?)")
_NOT_A_PLACE = lazily(r"大学|学院|[东西南北中]?路|[东西南北]?大?街|大道|银行|证券|舰")
_LABEL_GAP = 16  # characters between two names of one label: 广州市规划和自然资源局花都区分局
# The first character of a document number, and the first two digits of its province's code.
_PROVINCE_OF_CHARACTER = {
    "京": "11", "津": "12", "冀": "13", "晋": "14", "蒙": "15", "内": "15", "辽": "21", "吉": "22", "黑": "23",
    "沪": "31", "苏": "32", "浙": "33", "皖": "34", "闽": "35", "赣": "36", "鲁": "37", "豫": "41", "鄂": "42",
    "湘": "43", "粤": "44", "桂": "45", "琼": "46", "渝": "50", "川": "51", "黔": "52", "贵": "52", "滇": "53",
    "云": "53", "藏": "54", "陕": "61", "甘": "62", "陇": "62", "青": "63", "宁": "64", "新": "65",
}  # fmt: skip
# A body that announces: 某市财政局关于…, or above the day at the end of a text.
_BODY = "政府|厅|局|委|办|院|会|部|处|中心|署|室|公司|政协|队|所|站|银行|集团|校|人大"
_BEFORE_TOPIC = lazily(rf"\A(?!关于|转发|印发|批转)(\S{{1,40}}?(?:{_BODY}))(?=关于|印发|转发|批转|令|公告|通告)")
_NEWS = lazily(r"召开|举行|举办|赴|考察|走进|组织|学习|调研|带队|出席|主持|传达")
_DAY = r"(?:19|20|二[〇○Ｏ0零])\S{2,3}年\S{1,3}月\S{1,3}日"
_SIGNATURE = lazily(rf"(?:^|[\n。])\s{{0,40}}(\S{{3,30}}(?:{_BODY}))\s*+{_DAY}\s*+$")
_TAIL_CHARS = 120  # a signature with its day fits in
_TEXT_CHARS = 2000  # of a text are enough to see which place it is from


def region_of_code(code: str) -> RegionPath:
    """Return the path of a GB/T 2260 code, today's or a former one; its first four or two digits if it is unknown."""
    table = gazetteer()
    for known in (code[:6], code[:4] + "00", code[:2] + "0000"):
        if known in table.codes:
            return table.path(table.codes[known])
    return ()


def region_of_site_code(site_code: str) -> RegionPath:
    """Return the path of a 网站标识码: ten digits that open with a GB/T 2260 code, or bm and eight for the nation."""
    code = site_code.strip().lower()
    if re.fullmatch(r"bm\d{8}", code):
        return NATION
    return region_of_code(code) if re.fullmatch(r"\d{10}", code) else ()


def region_of_host(host: str, text: str = "") -> RegionPath:
    """Return the path that a host name spells: huadu.gov.cn, www.gd.gov.cn; () where it spells none.

    Where it fits several places, or has their initials only, the one that ``text`` (title and body of one page)
    names most; () on a tie.
    """
    if host.lower().removeprefix("www.") == "gov.cn":
        return NATION
    reading = read_host(host.lower())
    likely: RegionPath = ()
    if reading.groups and len(reading.groups[0]) == 1:
        likely = gazetteer().path(reading.groups[0][0])
    if not text or (likely and reading.is_spelled):
        return likely
    return _by_text((*reading.groups, reading.guesses), text) or likely


def parse_path(text: str) -> RegionPath:
    """Read what a person typed for a region: 广东省/广州市, 广州, 花都区, 全国; () if unknown or ambiguous."""
    steps = [step.strip() for step in text.split("/") if step.strip()]
    if steps == ["全国"]:
        return NATION
    path: RegionPath = ()
    for step in steps:
        below = _named(step, path)
        if not below:
            return ()
        path = below
    return path


def _named(name: str, within: RegionPath) -> RegionPath:
    """Return the one place that bears a name, whole or short, and lies within a path."""
    table = gazetteer()
    for names in (table.full, table.short, table.county_short):
        places = tuple(place for place in names.get(name, ()) if _is_below(table.path(place), within))
        if len(places) > 1:
            places = _widest(table, places)
        if len(places) == 1:
            return table.path(places[0])
    if name.endswith("省") and not within:  # 广西省, 宁夏省: what some lists call an autonomous region
        called = _named(name[:-1], ())
        return called if len(called) == 1 else ()
    return ()


def _widest(table: Gazetteer, places: tuple[int, ...]) -> tuple[int, ...]:
    """Keep the provinces if there are any, else the cities: 吉林 is the province."""
    ranks = [table.ranks[place] for place in places]
    return tuple(place for place, rank in zip(places, ranks, strict=True) if rank == min(ranks))


def _is_below(path: RegionPath, above: RegionPath) -> bool:
    return len(path) > len(above) and path[: len(above)] == above


def _inside(table: Gazetteer, places: tuple[int, ...], within: RegionPath) -> tuple[int, ...]:
    """Keep the places that share as many steps with ``within`` as any do."""
    for steps in range(len(within), 0, -1):
        inside = tuple(place for place in places if table.path(place)[:steps] == within[:steps])
        if inside:
            return inside
    return places


def resolve(text: str, within: RegionPath = ()) -> RegionPath:
    """Find the place that a label names first, with what it names below that; () if it names none or is unclear.

    ``within`` settles ambiguous names (朝阳区) and counties' short ones (花都).
    """
    table = gazetteer()
    chosen, end = _county_at_start(table, text, within)
    for mention in table.mentions(text):
        if mention.start < end or _NOT_A_PLACE.match(text, mention.end):
            continue
        if chosen >= 0:
            below = [place for place in mention.places if place != chosen and table.is_within(place, chosen)]
            if len(below) != 1 or mention.start - end > _LABEL_GAP:
                break
            options: tuple[int, ...] = (below[0],)
        else:
            options = _inside(table, mention.places, within)
            options = options if len(options) == 1 else _widest(table, options)
            if len(options) != 1:
                return ()
        chosen, end = options[0], mention.end
    return table.path(chosen) if chosen >= 0 else ()


def _county_at_start(table: Gazetteer, text: str, within: RegionPath) -> tuple[int, int]:
    """Read 花都发布 under 广州市 as 花都区: the place and where its name ends; -1 and 0 if there is none."""
    if not within or within == NATION:
        return -1, 0
    first = next(table.mentions(text), None)
    if first and any(table.path(place)[: len(within)] == within for place in first.places):
        return -1, 0
    for length in range(min(4, len(text)), 1, -1):
        places = table.county_short.get(text[:length], ())
        inside = [place for place in places if table.path(place)[: len(within)] == within]
        if len(inside) == 1 and (first is None or first.start >= length or min(first.end, len(text)) == length):
            return inside[0], length
    return -1, 0


def site_region(  # noqa: PLR0913 (each is a mark of its own)
    *,
    site_code: str = "",
    site_name: str = "",
    title_suffix: str = "",
    footer: str = "",
    host: str = "",
    text: str = "",
) -> RegionPath:
    """Decide which place a site belongs to, by what most of its marks agree on; () if they say nothing.

    ``text`` (title and body of one page) tells which of several places a host's letters mean.
    """
    known = [(1.0, region_of_site_code(site_code)), (0.9, region_of_host(host))]
    if not known[1][1] and text:
        known[1] = (0.5, region_of_host(host, text))
    hint = known[0][1] or known[1][1]
    known += [
        (weight, label_region(label, hint))
        for weight, label in ((1.0, site_name), (0.9, title_suffix), (0.6, footer))
        if label
    ]
    known = [(weight, path) for weight, path in known if path]
    return _agreed(known) if known else ()


def _agreed(known: list[tuple[float, RegionPath]]) -> RegionPath:
    """Return the path that most evidence is compatible with, as deep as its best or two pieces of it reach."""

    def support(path: RegionPath) -> float:
        return sum(weight for weight, other in known if other[: len(path)] == path[: len(other)])

    best = max(support(path) for _, path in known)
    agreeing = [(weight, path) for weight, path in known if support(path) == best]
    return max(agreeing, key=lambda one: (round(one[0]), len(one[1])))[1]


def _by_text(groups: tuple[tuple[int, ...], ...], text: str) -> RegionPath:
    """Choose among the places that fit a host the one that the text names most; () on a tie."""
    table = gazetteer()
    text = text[:_TEXT_CHARS]
    for group in groups:
        chosen = _most({place: text.count(_called(table, place)) for place in group})
        if chosen >= 0:
            return table.path(chosen)
    named = Counter(place for mention in table.mentions(text) for place in mention.places)
    for group in groups:  # none is named itself: then by what is named within each, which takes longer to find
        chosen = _most({place: sum(n for one, n in named.items() if table.is_within(one, place)) for place in group})
        if chosen >= 0:
            return table.path(chosen)
    return ()


def _most(votes: dict[int, int]) -> int:
    """Return the one with most votes; -1 on a tie or without any."""
    most = max(votes.values(), default=0)
    first = [place for place, count in votes.items() if count == most]
    return first[0] if most and len(first) == 1 else -1


def _called(table: Gazetteer, place: int) -> str:
    """Return what a text calls a place: a county by its whole name, for its short one is often a word."""
    name = table.names[place]
    return short_name(name) if table.ranks[place] < 2 else name


def issuer_region(  # noqa: PLR0913 (each is evidence of its own)
    *,
    source: str = "",
    site_region: RegionPath = (),
    page_place: RegionPath = (),
    title: str = "",
    body: str = "",
    number: str = "",
) -> RegionPath:
    """Decide which place's body issued an announcement; () if nothing tells, ("全国",) for the nation's.

    ``page_place`` is the part of a site of many places that a page belongs to, see ``page_place``.
    """
    within = page_place or site_region
    if source and not _MEDIA.search(source) and (path := label_region(source, within)):
        return path
    named = issuer_named(title=title, body=body)
    if named and (path := label_region(named, within)):
        return path
    return within or _region_of_number(number) or (label_region(source, ()) if _ORGAN.search(source) else ())


def issuer_named(*, title: str = "", body: str = "") -> str:
    """Return the body that signs an announcement: at the start of its title, else above the day at its end; ""."""
    titled = _BEFORE_TOPIC.match(title)
    if titled and not _NEWS.search(titled[1]):
        return titled[1]
    signed = _SIGNATURE.search(body[-_TAIL_CHARS:])
    return signed[1] if signed else ""


def label_region(label: str, within: RegionPath) -> RegionPath:
    """Read the label of a body: its place, the nation, or the level of the site that it names."""
    label = _SPACE.sub("", label)
    central = _CENTRAL.search(label)
    if path := resolve(label, within):
        return NATION if central and label.startswith(("国务院", "中共中央")) else path
    if central:
        return NATION
    if (named := _SITE_OF_COUNTY.fullmatch(label)) and len(places := gazetteer().county_short.get(named[1], ())) == 1:
        return gazetteer().path(places[0])
    level = _LEVEL.match(label)
    return _at_level(level[1], within) if level else ()


def _at_level(kind: str, within: RegionPath) -> RegionPath:
    """Cut a path after its deepest step of a kind: 市 in 广东省/清远市/佛冈县 is 广东省/清远市."""
    if kind in ("省", "自治区"):
        return within[:1] if within != NATION else ()
    for depth in range(len(within), 0, -1):
        if within[depth - 1].endswith(kind) and not (kind == "区" and within[depth - 1].endswith(("自治区", "地区"))):
            return within[:depth]
    return ()


def _region_of_number(number: str) -> RegionPath:
    if number.startswith("国"):
        return NATION
    digits = _PROVINCE_OF_CHARACTER.get(number[:1])
    return region_of_code(digits + "0000") if digits else ()
