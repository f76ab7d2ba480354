"""Who issued an announcement that names no source: by its title, its signature, its site's name, its site's address.

Each is weaker than the one before, so the answer says which it was. Tables of single sites are not kept: an address
is read by how governments name theirs, www for the government itself, initials for an office.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.facts.gazetteer import NATION
from indexer.facts.region import issuer_named, region_of_host
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from indexer.facts.gazetteer import RegionPath

LABEL, META, TITLE, SIGNATURE, SITE, HOST = "label", "meta", "title", "signature", "site", "host"

_SITE_ENDING = lazily(
    r"(?:门户网站|政府网站|官方网站|政务服务网|信息公开(?:专栏|平台|目录|网)?|门户网?|官网|网站|政务网|"
    r"公众信息网|信息网|网)+$"
)
_OFFICE = lazily(r"^\S{2,24}(?:政府|办公厅|办公室|委员会|总局|[厅局委部院署]|中心|法院|检察院|海关)$")
_NO_ISSUER = lazily(r"[，。；：、:;]|本报|记者|我[国省市区县局委]|^(?:全|该|各|本)[国省市区县]|^中国政府$")
_SHORTEST, _LONGEST = 4, 40  # characters of a name
_GOVERNMENT = "人民政府"
# Initials of what an office is for; behind them stands j for 局, t for 厅, w for 委员会. Initials of several
# offices, as sw of 商务, 水务 and 税务, are left out.
_OFFICES = {
    "mz": "民政", "kj": "科学技术", "ga": "公安", "jy": "教育", "sf": "司法", "nync": "农业农村", "sthj": "生态环境",
    "zj": "住房和城乡建设", "rs": "人力资源和社会保障", "sl": "水利", "scjg": "市场监督管理", "cz": "财政",
    "sj": "审计", "tj": "统计", "xf": "信访", "yjgl": "应急管理", "ylbz": "医疗保障", "tyjrsw": "退役军人事务",
    "zrzy": "自然资源", "fg": "发展和改革", "wj": "卫生健康", "gz": "国有资产监督管理", "jtys": "交通运输",
}  # fmt: skip
_ENDINGS = {"j": "局", "t": "厅", "w": "委员会"}
_OF_COMMITTEES = frozenset(("fg", "wj", "gz"))


def issuer_by_evidence(*, title: str, body: str, site_name: str = "", host: str = "") -> tuple[str, str]:
    """Return the issuer's name and what tells it: one of TITLE, SIGNATURE, SITE, HOST; twice "" if nothing does."""
    if name := _office(issuer_named(title=title)):
        return name, TITLE
    if name := _office(issuer_named(body=body)):
        return name, SIGNATURE
    if name := issuer_of_site(site_name):
        return name, SITE
    name = issuer_of_host(host, region_of_host(host, f"{title}\n{body}")) if host else ""
    return (name, HOST) if name else ("", "")


def issuer_of_site(site_name: str) -> str:
    """Return the office whose site bears a name: 某县人民政府门户网站 is 某县人民政府's; "" if it is no office's."""
    name = _SITE_ENDING.sub("", site_name.strip())
    return name if name != site_name and _office(name) else name if name.endswith("政府") and _office(name) else ""


def issuer_of_host(host: str, region: RegionPath) -> str:
    """Return the office that a government's host belongs to, in a place known by other means; "" if that is unclear."""
    labels = host.lower().split(".")
    if not region or region == NATION or labels[-2:] != ["gov", "cn"] or len(labels) < 3:
        return ""
    first = next((label for label in labels if label != "www"), "")
    if len(labels) - labels.count("www") == 3:
        return region[-1] + _GOVERNMENT
    return region[-1] + office if (office := _office_of_initials(first)) else ""


def _office_of_initials(label: str) -> str:
    stem, ending = label[:-1], label[-1:]
    if stem not in _OFFICES or ending not in _ENDINGS or (ending == "w") != (stem in _OF_COMMITTEES):
        return ""
    return _OFFICES[stem] + _ENDINGS[ending]


def _office(name: str) -> str:
    """Return a name if it is one of an office."""
    plain = name.strip()
    is_name = _SHORTEST <= len(plain) <= _LONGEST and _OFFICE.search(plain) and not _NO_ISSUER.search(plain)
    return plain if is_name else ""
