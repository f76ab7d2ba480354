"""Which place a government host name spells: huadu, gz, hnloudi, ahsz, zjkxuanhua.

A label is the pinyin or the initials of a place, often behind those of the province or city it lies in.
Many fit several places; all readings are given, and what the page says must decide.
"""

from __future__ import annotations

import re
from functools import lru_cache

from indexer.facts.gazetteer import Gazetteer, gazetteer
from indexer.light_dataclass import dataclass

# Provinces and large cities under the labels that they use, where spelling alone leaves it open.
_OFFICIAL = {
    "bj": "110000", "tj": "120000", "sh": "310000", "cq": "500000", "nmg": "150000", "ln": "210000", "jl": "220000",
    "hlj": "230000", "zj": "330000", "ah": "340000", "fj": "350000", "jx": "360000", "sd": "370000", "gd": "440000",
    "gx": "450000", "sc": "510000", "yn": "530000", "gs": "620000", "qh": "630000", "nx": "640000", "xj": "650000",
    "xjbt": "659000", "sz": "440300", "gz": "440100", "nc": "360100", "xa": "610100", "dl": "210200", "xm": "350200",
    "km": "530100", "sjz": "130100", "harbin": "230100", "huhhot": "150100", "urumqi": "650100", "suzhou": "320500",
    "fuzhou": "350100", "taizhou": "321200", "shaanxi": "610000", "shanxi": "140000", "hainan": "460000",
    "jilin": "220000", "neimenggu": "150000",
}  # fmt: skip
# Initials, first two digits of the code: how provinces are put before the names of what lies in them.
_PROVINCES = {
    "bj": "11", "tj": "12", "heb": "13", "hb": "13 42", "sx": "14 61", "nm": "15", "nmg": "15", "ln": "21", "jl": "22",
    "hlj": "23", "hl": "23", "sh": "31", "js": "32", "zj": "33", "ah": "34", "fj": "35", "jx": "36", "sd": "37",
    "ha": "41", "hn": "41 43 46", "gd": "44", "gx": "45", "hi": "46", "cq": "50", "sc": "51", "gz": "52", "yn": "53",
    "xz": "54", "sn": "61", "snx": "61", "gs": "62", "qh": "63", "nx": "64", "xj": "65",
}  # fmt: skip
_OPENING = re.compile(r"^(?:china-?|zg|cn|zhongguo)(?=..)")
_ENDING = re.compile(r"(?<=..)(?:zhengfu|city|gov|szf|qzf|xzf|zf|shi|xian|qu|zq|s|x|q)$")
_NO_NAME = {"www", "wap", "m", "gov", "cn", "com", "org", "net", "edu"}
_SHORTEST_PINYIN = 4  # shorter ones (ya an, e zhou aside) are initials of something else as often


@dataclass(frozen=True, slots=True)
class Reading:
    """What a host name may stand for: groups of places, the likelier group first."""

    groups: tuple[tuple[int, ...], ...] = ()
    is_spelled: bool = False  # the first group by pinyin or an official label, not by initials
    guesses: tuple[int, ...] = ()  # places with such initials, among many: only good to be confirmed by a text


@lru_cache(maxsize=65_536)
def read_host(host: str) -> Reading:
    """Read a host name: the label before gov.cn names the place, labels left of it a part of that, or an office."""
    labels = [label for label in host.lower().split(".") if label not in _NO_NAME and not label.isdecimal()]
    if not labels:
        return Reading()
    table = gazetteer()
    spelled = _spelled(table, labels[-1])
    for label in labels[-2::-1]:
        above = spelled[0] if spelled else ()
        parts = [part for place in above for part in _parts(table.pinyin, place, label)]
        if len(parts) == 1:
            spelled.insert(0, tuple(parts))
            break
    if not host.endswith(".gov.cn"):  # qq.com is not 齐齐哈尔: elsewhere initials mean anything
        return Reading(tuple(spelled), bool(spelled))
    initials = _initials(table, labels[-1])
    groups = tuple(spelled) + ((initials,) if initials else ())
    return Reading(groups, bool(spelled), _guesses(table, labels[-1]))


def _spelled(table: Gazetteer, label: str) -> list[tuple[int, ...]]:
    """Return what a label spells out: an official label, a name, or a name behind a wider one."""
    opened = _OPENING.sub("", label)
    official = next((table.codes[_OFFICIAL[known]] for known in (label, opened) if known in _OFFICIAL), None)
    variants = _variants(label)
    names = [place for name in variants if len(name) >= _SHORTEST_PINYIN for place in table.pinyin.get(name, ())]
    behind = [place for name in variants for place in _behind(table, name, table.pinyin)]
    groups = ((official,) if official is not None else (), _widest(table, names), tuple(dict.fromkeys(behind)))
    return [group for group in groups if group]


def _initials(table: Gazetteer, label: str) -> tuple[int, ...]:
    """Return the cities whose initials a label is, and what is abbreviated behind a province or city."""
    variants = _variants(label)
    cities = [place for name in variants for place in table.initials.get(name, ()) if table.ranks[place] < 2]
    behind = [place for name in variants for place in _behind(table, name, table.initials)]
    return tuple(dict.fromkeys(cities + behind))


def _guesses(table: Gazetteer, label: str) -> tuple[int, ...]:
    """Return counties of such initials, and cities whose initials a label begins with."""
    found = [place for name in _variants(label) for place in table.initials.get(name, ())]
    heads = (label[:cut] for cut in range(2, len(label) - 1))
    found += [place for head in heads for place in table.initials.get(head, ()) if table.ranks[place] < 2]
    return tuple(dict.fromkeys(found))


def _variants(label: str) -> list[str]:
    """Return the label, then without what is often put around a name."""
    opened = _OPENING.sub("", label)
    found = [label, opened, _ENDING.sub("", label), _ENDING.sub("", opened)]
    return list(dict.fromkeys(variant.replace("-", "") for variant in found))


def _widest(table: Gazetteer, places: list[int]) -> tuple[int, ...]:
    """Return the places of highest rank: a bare name is the city's if a city and counties share it."""
    widest = min((table.ranks[place] for place in places), default=0)
    return tuple(dict.fromkeys(place for place in places if table.ranks[place] == widest))


def _behind(table: Gazetteer, label: str, names: dict[str, tuple[int, ...]]) -> list[int]:
    """Read a label as a province or city followed by what lies in it."""
    return [
        place
        for cut in range(2, len(label) - 1)
        for above in _heads(table, label[:cut])
        for place in _parts(names, above, label[cut:])
    ]


def _heads(table: Gazetteer, head: str) -> tuple[int, ...]:
    provinces = tuple(table.codes[digits + "0000"] for digits in _PROVINCES.get(head, "").split())
    cities = table.pinyin.get(head, ()) if len(head) >= _SHORTEST_PINYIN else table.initials.get(head, ())
    return provinces + tuple(place for place in cities if table.ranks[place] < 2)


def _parts(names: dict[str, tuple[int, ...]], above: int, label: str) -> list[int]:
    table = gazetteer()
    return [place for place in names.get(label, ()) if place != above and table.is_within(place, above)]
