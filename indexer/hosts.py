"""Which place a government host name spells: huadu, gz, hnloudi, ahsz, zjkxuanhua.

A label is the pinyin or the initials of a place, often behind those of the province or city it lies in.
Many fit several places; all readings are given, and what the page says must decide.
"""

from __future__ import annotations

import re
from functools import lru_cache

from indexer.gazetteer import Gazetteer, gazetteer

# What provinces and the cities that answer to the State Council are called in host names; a closed list.
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


@lru_cache(maxsize=65_536)
def readings(host: str) -> tuple[tuple[int, ...], ...]:
    """Give the places that a host may stand for, in groups, the likelier group first; () if none.

    The label before gov.cn names the place; labels left of it name a part of that or an office.
    """
    labels = _labels(host)
    if not labels:
        return ()
    table = gazetteer()
    groups = tuple(group for group in _label_readings(table, labels[-1]) if group)
    for label in labels[-2::-1]:
        parts = tuple(part for place in groups[0] for part in _parts(table, place, label)) if groups else ()
        if len(parts) == 1:
            return (parts, *groups)
    return groups


def _label_readings(table: Gazetteer, label: str) -> tuple[tuple[int, ...], ...]:
    variants = _variants(label)
    official = [table.codes[_OFFICIAL[variant]] for variant in variants if variant in _OFFICIAL]
    pinyin = [
        place for variant in variants if len(variant) >= _SHORTEST_PINYIN for place in table.pinyin.get(variant, ())
    ]
    behind = [_behind(table, variant) for variant in variants]
    initials = [place for variant in variants for place in table.initials.get(variant, ())]
    wide = [place for place in initials if table.ranks[place] < 2]
    return (
        tuple(official[:1]),
        _wider_first(table, pinyin),
        tuple(dict.fromkeys(place for spelled, _ in behind for place in spelled)),
        tuple(dict.fromkeys((*wide, *(place for _, abbreviated in behind for place in abbreviated)))),
    )


def guesses(host: str) -> tuple[int, ...]:
    """Give the places of which a host may hold the initials, among many; only good to be confirmed by a text."""
    labels = _labels(host)
    if not labels:
        return ()
    table = gazetteer()
    found = [place for variant in _variants(labels[-1]) for place in table.initials.get(variant, ())]
    heads = (labels[-1][:cut] for cut in range(2, len(labels[-1]) - 1))
    found += [place for head in heads for place in table.initials.get(head, ()) if table.ranks[place] < 2]
    return tuple(dict.fromkeys(found))


def _labels(host: str) -> list[str]:
    return [label for label in host.lower().split(".") if label not in _NO_NAME and not label.isdecimal()]


def _variants(label: str) -> list[str]:
    """Give the label, then without what is often put around a name."""
    opened = _OPENING.sub("", label)
    found = [label, opened, _ENDING.sub("", label), _ENDING.sub("", opened)]
    return list(dict.fromkeys(variant.replace("-", "") for variant in found))


def _wider_first(table: Gazetteer, places: list[int]) -> tuple[int, ...]:
    """A bare name is the city's if a city and counties share it."""
    if not places:
        return ()
    widest = min(table.ranks[place] for place in places)
    return tuple(dict.fromkeys(place for place in places if table.ranks[place] == widest))


def _behind(table: Gazetteer, label: str) -> tuple[list[int], list[int]]:
    """Read a label as a province or city followed by what lies in it, spelled out or abbreviated."""
    spelled: list[int] = []
    abbreviated: list[int] = []
    for cut in range(2, len(label) - 1):
        for above in _heads(table, label[:cut]):
            for place in _parts(table, above, label[cut:]):
                (spelled if label[cut:] in table.pinyin else abbreviated).append(place)
    return spelled, abbreviated


def _heads(table: Gazetteer, head: str) -> tuple[int, ...]:
    provinces = tuple(table.codes[digits + "0000"] for digits in _PROVINCES.get(head, "").split())
    cities = table.pinyin.get(head, ()) if len(head) >= _SHORTEST_PINYIN else table.initials.get(head, ())
    return provinces + tuple(place for place in cities if table.ranks[place] < 2)


def _parts(table: Gazetteer, above: int, label: str) -> list[int]:
    found = table.pinyin.get(label, ()) or table.initials.get(label, ())
    return [place for place in found if place != above and table.is_within(place, above)]
