"""The table of places: names, codes and pinyin of China's divisions, and how to find names in text.

Loaded on first use. Knows nothing of pages; which of several places a page means is region's business.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

RegionPath = tuple[str, ...]  # widest first: ("广东省", "广州市", "花都区"); () if unknown; ("全国",) for the nation
NATION: RegionPath = ("全国",)

_PEOPLES = (
    "蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|"
    "佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|"
    "阿昌族|普米族|塔吉克族?|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|独龙族|鄂伦春|各族"
)
_KIND = re.compile(rf"(?<=..)(?:{_PEOPLES})*(?:自治[区州县旗]|特别行政区|地区|(?<=神农架)林区|特区|矿区|新区|[省市区县旗盟])$")


def short_name(name: str) -> str:
    """Give the name as people say it: 广东, 黔东南, 浦东; the whole name where nothing could be spared."""
    short = _KIND.sub("", name)
    if len(short) > 2 and short != name:
        short = short.removesuffix("族")  # 东乡族自治县, where the people's name is the place's
    return short if len(short) > 1 else name


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of one or several places, at characters [start, end) of a text."""

    start: int
    end: int
    places: tuple[int, ...]  # more than one when the name is ambiguous


@dataclass(slots=True)
class Gazetteer:
    """All places, each known by its row number; built once, then only read."""

    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)  # -1 above provinces
    codes: dict[str, int] = field(default_factory=dict)  # six digits, today's and former
    ranks: list[int] = field(default_factory=list)  # 0 province, 1 city, 2 county, 3 town
    full: dict[str, tuple[int, ...]] = field(default_factory=dict)  # 花都区, 黔东南州, 万江街道, 崇明县
    short: dict[str, tuple[int, ...]] = field(default_factory=dict)  # 广东, 深圳: provinces and cities
    county_short: dict[str, tuple[int, ...]] = field(default_factory=dict)  # 花都: a word too, often enough
    pinyin: dict[str, tuple[int, ...]] = field(default_factory=dict)  # huadu
    initials: dict[str, tuple[int, ...]] = field(default_factory=dict)  # hd
    _lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)  # first two characters → name lengths

    def path(self, place: int) -> RegionPath:
        """Give the names from the province down to a place."""
        steps: list[str] = []
        while place >= 0:
            steps.append(self.names[place])
            place = self.parents[place]
        return tuple(reversed(steps))

    def is_within(self, place: int, ancestor: int) -> bool:
        """Tell whether a place is another or lies in it."""
        while place >= 0:
            if place == ancestor:
                return True
            place = self.parents[place]
        return False

    def place(self, path: RegionPath) -> int:
        """Find the place at the end of a full path; -1 if there is none."""
        found = (place for place in self.full.get(path[-1], ()) if self.path(place) == path) if path else iter(())
        return next(found, -1)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Find the names in a text, the longest at each place, from left to right."""
        start, lengths = 0, self._lengths
        while start < len(text) - 1:
            for length in lengths.get(text[start : start + 2], ()):
                name = text[start : start + length]
                if places := self.full.get(name) or self.short.get(name):
                    yield Mention(start, start + length, places)
                    start += length - 1
                    break
            start += 1

    def index_names(self) -> None:
        """Prepare ``mentions``; to be called once, when all names are there."""
        lengths: dict[str, set[int]] = {}
        for names in (self.full, self.short):
            for name in names:
                lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}


# What people say where nothing can be cut off the end.
_ALIASES = {"兵团": "659000", "浦东": "310115"}


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Give the table of places; read from disk the first time."""
    packed = resources.files("indexer.data").joinpath("regions.tsv.gz").read_bytes()
    rows = [line.split("\t") for line in gzip.decompress(packed).decode().splitlines() if not line.startswith("#")]
    table = Gazetteer()
    spelled = _Names()
    for kind, *cells in rows:
        if kind == "place":
            _add_place(table, spelled, cells)
    for kind, *cells in rows:
        if kind == "towns":
            _add_towns(table, spelled, *cells)
    for kind, *cells in rows:
        if kind == "former":
            _add_former(table, spelled, *cells)
    for alias, code in _ALIASES.items():
        spelled.short.setdefault(alias, []).append(table.codes[code])
    table.full, table.short, table.county_short = _frozen(spelled.full), _frozen(spelled.short), _frozen(spelled.county)
    table.pinyin, table.initials = _frozen(spelled.pinyin), _frozen(spelled.initials)
    table.index_names()
    return table


@dataclass(slots=True)
class _Names:
    """Names as they are gathered: each with all places that bear it."""

    full: dict[str, list[int]] = field(default_factory=dict)
    short: dict[str, list[int]] = field(default_factory=dict)
    county: dict[str, list[int]] = field(default_factory=dict)
    pinyin: dict[str, list[int]] = field(default_factory=dict)
    initials: dict[str, list[int]] = field(default_factory=dict)


def _frozen(names: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(places) for name, places in names.items()}


def _add_place(table: Gazetteer, names: _Names, cells: list[str]) -> None:
    code, name, parent, pinyin = cells
    place = len(table.names)
    table.names.append(name)
    table.parents.append(table.codes[parent] if parent else -1)
    table.codes[code] = place
    names.full.setdefault(name, []).append(place)
    short, kind = short_name(name), name[-1]
    if "自治" in name or "特别" in name:
        other = short + ("自治区" if kind == "区" and code.endswith("0000") else kind)
        if other != name:
            names.full.setdefault(other, []).append(place)
    table.ranks.append(0 if code.endswith("0000") else 1 if code.endswith("00") else 2)
    if short != name:
        (names.short if code.endswith("00") else names.county).setdefault(short, []).append(place)
    syllables = pinyin.split()
    names.pinyin.setdefault("".join(syllables), []).append(place)
    initials = "".join(syllable[0] for syllable in syllables)
    for spelled in {initials, "".join("r" if syllable == "er" else syllable[0] for syllable in syllables)}:
        names.initials.setdefault(spelled, []).append(place)


def _add_towns(table: Gazetteer, names: _Names, parent: str, towns: str) -> None:
    above, first = table.codes[parent], len(table.names)
    listed = towns.split(" ")
    table.names.extend(listed)
    table.parents.extend([above] * len(listed))
    table.ranks.extend([3] * len(listed))
    for place, name in enumerate(listed, first):
        names.full.setdefault(name, []).append(place)


def _add_former(table: Gazetteer, names: _Names, name: str, today: str, old_codes: str) -> None:
    place = table.codes[today]
    if name not in names.full:  # who bears a name today has the better right to it
        names.full[name] = [place]
    for code in old_codes.split():
        table.codes.setdefault(code, place)
