"""Who issued an announcement that names no source: by its title, its signature, its site's name, its site's address.

Each is weaker than the one before, so the answer says which it was. A host is a guess, taken only where it spells
a place out. Tables of single sites are not kept.
"""

from __future__ import annotations

from indexer.facts.gazetteer import gazetteer
from indexer.facts.host_names import read_host
from indexer.facts.region import issuer_named, label_region
from indexer.text.patterns import lazily

LABEL, META, TITLE, SIGNATURE, SITE, HOST = "label", "meta", "title", "signature", "site", "host"

_SITE_ENDINGS = (
    *("门户网站", "政府网站", "官方网站", "政务服务网", "信息公开专栏", "信息公开平台", "信息公开目录", "信息公开网"),
    *("信息公开", "门户网", "门户", "官网", "网站", "政务网", "公众信息网", "信息网", "网"),
)  # the longest first
_OFFICE = lazily(r"^\S{2,24}(?:政府|办公厅|办公室|委员会|总局|[厅局委部院署]|中心|法院|检察院|海关)$")
_NO_ISSUER = lazily(r"[，。；：、:;]|本报|记者|我[国省市区县局委]|^(?:全|该|各|本)[国省市区县]|^中国政府$")
_SHORTEST, _LONGEST = 4, 40  # characters of a name
_LONGEST_SITE = 80  # characters
_GOVERNMENT = "人民政府"
_HOST_LABELS = 3  # place.gov.cn, without www


def issuer_by_evidence(
    *, title: str, body: str, site_name: str = "", host: str = "", is_declared: bool = False
) -> tuple[str, str]:
    """Return the issuer's name and what tells it: one of TITLE, SIGNATURE, SITE, HOST; twice "" if nothing does.

    ``is_declared``: the page itself says that this is the name of its site.
    """
    if name := _office(issuer_named(title=title)):
        return name, TITLE
    if name := _office(issuer_named(body=body)):
        return name, SIGNATURE
    if name := issuer_of_site(site_name, is_declared=is_declared):
        return name, SITE
    name = issuer_of_host(host)
    return (name, HOST) if name else ("", "")


def issuer_of_site(site_name: str, *, is_declared: bool = False) -> str:
    """Return the office whose site bears a name: 某县人民政府门户网站 is 某县人民政府's; "" if it is no office's.

    An office's bare name (惠州市林业局) is a site's only where the page declares it to be one.
    """
    name = site_name.strip()
    if len(name) > _LONGEST_SITE:
        return ""
    while ending := next((ending for ending in _SITE_ENDINGS if name.endswith(ending)), ""):
        name = name[: -len(ending)]
    is_told = name != site_name.strip() or name.endswith("政府") or (is_declared and bool(label_region(name, ())))
    return name if is_told and _office(name) else ""


def issuer_of_host(host: str) -> str:
    """Return the government whose host spells its place out: huadu.gov.cn is 花都区人民政府's; "" if that is unsure.

    A host of initials, of several places, or of an office below a government's names nobody.
    """
    labels = [label for label in host.lower().split(".") if label != "www"]
    if len(labels) != _HOST_LABELS or labels[-2:] != ["gov", "cn"]:
        return ""
    reading = read_host(host.lower())
    if not reading.is_spelled or len(reading.groups[0]) != 1:
        return ""
    return gazetteer().path(reading.groups[0][0])[-1] + _GOVERNMENT


def _office(name: str) -> str:
    """Return a name if it is one of an office."""
    plain = name.strip()
    is_name = _SHORTEST <= len(plain) <= _LONGEST and _OFFICE.search(plain) and not _NO_ISSUER.search(plain)
    return plain if is_name else ""
