"""The table of places: names, codes and pinyin of China's divisions, and how to find names in text.

Loaded on first use. Knows nothing of pages; which of several places a page means is region's business.
"""

from __future__ import annotations

import gzip
import itertools
from dataclasses import field
from functools import lru_cache
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.light_dataclass import dataclass
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

RegionPath = tuple[str, ...]  # widest first: ("广东省", "广州市", "花都区"); () if unknown; ("全国",) for the nation
NATION: RegionPath = ("全国",)

_PEOPLES = (
    "蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|"
    "佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|"
    "阿昌族|普米族|塔吉克族?|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|独龙族|鄂伦春|各族"
)
_KIND = lazily(
    rf"(?<=..)(?:{_PEOPLES}){{0,8}}(?:自治[区州县旗]|特别行政区|地区|(?<=神农架)林区|特区|矿区|新区|[省市区县旗盟])$"
)


@lru_cache(maxsize=65_536)
def short_name(name: str) -> str:
    """Return the name as people say it: 广东, 黔东南, 浦东; the whole name where nothing could be spared."""
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
    _lengths: dict[str, int] = field(default_factory=dict)  # first two characters → bit n: a name of length n

    def path(self, place: int) -> RegionPath:
        """Return the names from the province down to a place."""
        steps: list[str] = []
        while place >= 0:
            steps.append(self.names[place])
            place = self.parents[place]
        return tuple(reversed(steps))

    def is_within(self, place: int, ancestor: int) -> bool:
        """Return whether a place is another or lies in it."""
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
        free, lengths = 0, self._lengths
        for start, head in enumerate(map(add, text, text[1:])):
            if head not in lengths or start < free:
                continue
            possible = lengths[head]
            while possible:
                length = possible.bit_length() - 1
                if places := self.full.get(name := text[start : start + length]) or self.short.get(name):
                    free = start + length
                    yield Mention(start, free, places)
                    break
                possible ^= 1 << length

    def index_names(self) -> None:
        """Prepare ``mentions``; to be called once, when all names are there."""
        lengths = self._lengths
        for name in itertools.chain(self.full, self.short):
            head = name[:2]
            lengths[head] = lengths.get(head, 0) | 1 << len(name)


# What people say where nothing can be cut off the end.
_ALIASES = {"兵团": "659000", "浦东": "310115"}


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return the table of places; read from disk the first time."""
    packed = (Path(__file__).parents[1] / "data" / "regions.tsv.gz").read_bytes()
    table = Gazetteer()
    rows: dict[str, list[list[str]]] = {"place": [], "towns": [], "former": []}
    for line in gzip.decompress(packed).decode().splitlines():
        if not line.startswith("#"):
            kind, *cells = line.split("\t")
            rows[kind].append(cells)
    for cells in rows["place"]:
        _add_place(table, *cells)
    for parent, towns in rows["towns"]:
        _add_towns(table, parent, towns.split(" "))
    for name, today, old_codes in rows["former"]:
        _add_former(table, name, today, old_codes.split())
    for alias, code in _ALIASES.items():
        _add(table.short, alias, table.codes[code])
    table.index_names()
    return table


def _add(names: dict[str, tuple[int, ...]], name: str, place: int) -> None:
    names[name] = (*names[name], place) if name in names else (place,)


def _add_place(table: Gazetteer, code: str, name: str, parent: str, pinyin: str) -> None:
    place = len(table.names)
    table.names.append(name)
    table.parents.append(table.codes[parent] if parent else -1)
    table.ranks.append(0 if code.endswith("0000") else 1 if code.endswith("00") else 2)
    table.codes[code] = place
    for spelled in _spellings(name, code):
        _add(table.full, spelled, place)
    short = short_name(name)
    if short != name:
        _add(table.short if code.endswith("00") else table.county_short, short, place)
    syllables = pinyin.split()
    _add(table.pinyin, "".join(syllables), place)
    initials = [syllable[0] for syllable in syllables]
    abridged = ["r" if syllable == "er" else syllable[0] for syllable in syllables]  # qqhr
    for letters in {"".join(initials), "".join(abridged)}:
        _add(table.initials, letters, place)


def _spellings(name: str, code: str) -> set[str]:
    """Return a name, and without the peoples in it: 石柱县, 黔东南州, 广西自治区."""
    if "自治" not in name and "特别" not in name:
        return {name}
    return {name, short_name(name) + ("自治区" if name.endswith("自治区") and code.endswith("0000") else name[-1])}


def _add_towns(table: Gazetteer, parent: str, towns: list[str]) -> None:
    first = len(table.names)
    table.names.extend(towns)
    table.parents.extend([table.codes[parent]] * len(towns))
    table.ranks.extend([3] * len(towns))
    full = table.full
    for place, name in enumerate(towns, first):
        full[name] = (*full[name], place) if name in full else (place,)  # as _add, thirty thousand times


def _add_former(table: Gazetteer, name: str, today: str, old_codes: list[str]) -> None:
    place = table.codes[today]
    table.full.setdefault(name, (place,))  # who bears a name today has the better right to it
    for code in old_codes:
        table.codes.setdefault(code, place)
