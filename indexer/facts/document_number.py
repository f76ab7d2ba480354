"""How a document number (发文字号) is written, and what its one normal form is.

Normal form follows GB/T 9704-2012 §7.2.5: 国办发〔2017〕47号; orders and announcements that are
counted keep their own shape: 国务院令第721号, 税务总局公告2024年第1号.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from indexer.light_dataclass import dataclass
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_YEAR, LAST_YEAR = 1949, 2099  # outside it is no year of a document


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number; two writings of one number have the same ``key``."""

    prefix: str  # issuer's short name: 国办发, 国务院令; "" for a bare 第9号
    year: int  # 0 if it has none
    serial: str  # without leading zeros: 47, 12-1
    counted: bool = False  # written 第N号, as orders and announcements are, not 〔year〕N号

    @property
    def normal(self) -> str:
        """Return the one way in which we write it."""
        if not self.counted:
            return f"{self.prefix}〔{self.year}〕{self.serial}号"
        return f"{self.prefix}{self.year}年第{self.serial}号" if self.year else f"{self.prefix}第{self.serial}号"

    @property
    def key(self) -> str:
        """Return what is equal for all writings of the same number, in traditional characters too."""
        from indexer.text.fold import fold  # noqa: PLC0415 - loads numpy, and the program begins without

        prefix = _NOISE_IN_KEY.sub("", fold(self.prefix)).upper()
        if prefix.endswith(_COUNTED_ENDINGS):
            prefix = _ALIASES.get(prefix, prefix)
        return f"{prefix}|{self.year or ''}|{self.serial.upper()}"


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A document number in a text, at characters [start, end)."""

    start: int
    end: int
    number: DocumentNumber


# Every kind of bracket becomes ( ), full width becomes half width; lengths stay.
_FOLD = str.maketrans(
    {0xFF01 + i: 0x21 + i for i in range(94)}
    | dict.fromkeys(map(ord, "〔[［【〖〈《＜<﹝﹙〘「『｛{⟨（"), "(")
    | dict.fromkeys(map(ord, "〕]］】〗〉》＞>﹞﹚〙」』｝}⟩）"), ")")
    | {"號": "号", "−": "-", "–": "-", "—": "-", "－": "-", "○": "〇", "零": "〇"}
)
_INVISIBLE = "\u200b-\u200f\u2060\ufeff\u00ad"
_GAP = rf"[\s{_INVISIBLE}]*+"
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_CN = "一二三四五六七八九十百千〇两"
_DIGITS = dict(zip("〇一二三四五六七八九两", (*range(10), 2), strict=True))
_SCALES = {"十": 10, "百": 100, "千": 1000}
_SPACES = lazily(rf"[\s{_INVISIBLE}]+")

_LABEL = lazily(
    r"(?<![^\w(])[^\w(]*+(?:发文字号|文件字号|文件编号|发文编号|公文字号|发文号|文件号|文号|字号|编号)[::]*"
)
_FILE = lazily(r"(?<=号)文件?$")  # 国发(2015)43号文
_COUNTED_ENDINGS = ("令", "公告", "通告", "布告")
_NOISE_IN_KEY = lazily(r"中华人民共和国|国家|[、·,/\s]")
_ALIASES = {"国令": "国务院令"}

# A number as pages write it beside their title, for patterns of lines; its parts are read by the patterns below.
WRITTEN_NUMBER = r"[\u4e00-\u9fff]{1,12}[〔\[【（(]\s?\d{4}\s?[〕\]】）)]\s?第?\d{1,5}号|\d{4}年第?\d+号"
_PREFIX = rf"(?P<prefix>(?:[{_HAN}A-Za-z0-9·、,/-]|\([{_HAN}]{{1,6}}\))*(?:[{_HAN}A-Za-z]|\([{_HAN}]{{1,6}}\)))"
_YEAR = r"(?P<year>(?:19|20)?\d\d|[一二][一二三四五六七八九〇]{3})"
_SERIAL = rf"(?P<serial>[A-Za-z]?\d{{1,7}}(?:[-之]\d{{1,4}})?|[{_CN}]{{1,7}})"
_ENDINGS = "|".join(_COUNTED_ENDINGS)

# The shapes a whole value can have, tried in this order, on text without spaces.
_BRACKETED = lazily(rf"\A{_PREFIX}\({_YEAR}年?\)(?:字?第|号)?{_SERIAL}号?")
_YEAR_FIRST = lazily(rf"\({_YEAR}\)(?P<prefix>[{_HAN}]{{1,12}}字)第?{_SERIAL}号")
_COUNTED = lazily(
    rf"\A(?P<prefix>(?:[{_HAN}A-Za-z·、,/]|\([{_HAN}]{{1,6}}\))*?)\(?(?:{_YEAR}年)?(?P<ordinal>第?){_SERIAL}号\)?"
    rf"(?P<ending>{_ENDINGS})?"
)
_COUNTED_PREFIX = lazily(rf"\A.*(?:{_ENDINGS}|通知|决定|决议|[字发函文规委部局厅署行办会院]|政府)")
_ORDER = lazily(rf"[{_HAN}]{{1,30}}(?:{_ENDINGS})")  # the line above 第12号 in the head of an order
_LONGEST_VALUE = 80  # characters; the longest real one, with a label and three joint issuers, has 46
_HISTORY_LINES = 4  # of the head within which the brackets below a title stand
_IN_BRACKETS = lazily(r"\A\s{0,9}[（(][^\n]{8,600}[）)]\s{0,9}")
_OPENS_WITH_DAY = lazily(r"\A(?:19|20)\d\d年\d{1,2}月\d{1,2}日[^。；\n]{4,120}")  # the same without brackets
_MADE_KNOWN = lazily(
    rf"([{_HAN}\d]{{2,60}}(?:令|公告){_GAP}(?:第{_GAP}(?:\d{{1,5}}|[{_CN}]{{1,6}}){_GAP}号))[\s）)》]{{0,3}}(?:公布|发布|颁布)"
)
_BEFORE_NUMBER = lazily(r"\A.*(?:\d日|通过|批准)")  # the day and the meeting
_HEAD_LINES = 15  # a page's own number stands above its first paragraph

# In running text only what is surely a number is taken: a four-digit year in brackets, or an order.
_ORDINAL = rf"第{_GAP}(?:\d{{1,5}}|[{_CN}]{{1,6}}){_GAP}号"
_COUNT = rf"(?:(?:19|20)\d\d{_GAP}年{_GAP})?{_ORDINAL}"
_FOUND = lazily(
    rf"\({_GAP}(?:19|20)\d\d{_GAP}\){_GAP}(?:字?第|号)?{_GAP}[A-Za-z]?\d{{1,6}}(?:-\d{{1,3}})?(?:{_GAP}号|(?![\w%.])(?!\s*期))"
    rf"|(?<=[令告]){_GAP}(?:\({_GAP}{_COUNT}{_GAP}\)|{_COUNT})"
    rf"|{_COUNT}(?:{_ENDINGS})"
)
_RUN = lazily(rf"(?:[{_HAN}A-Za-z0-9]|\([{_HAN}]{{1,2}}\)){{1,30}}{_GAP}$")
# What stands before a number in a sentence, or was glued to it by a careless copy, and is no part of it.
_FIRST = "国中京津冀晋蒙内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵黔云滇藏陕甘青宁新兵财税交"
_BEHIND = 90  # characters: a number is over within as many; without a bound each word would look to the end
_LEAD_IN = lazily(
    r"\A(?:.*(?:根据|依据|按照|遵照|依照|参照|比照|执行|关于|以及|或者|印发|转发|批转|下发|颁发|发布|公布|出台|制定|制发|修订|废止|"
    r"请问|想问|想找|查找|寻找|想查|查询|搜索|咨询|了解|"
    rf"详见|参见|通过|贯彻|落实|文件|文号|字号|下称|简称|[的了号见](?:通知|批复|通告|公告|意见|办法|规定|决定|复函|函)?)(?=.{{0,{_BEHIND}}}[(第])"
    rf"|^[和与及或以按据依见由在对将经同至即为从于原](?=[{_FIRST}])"
    rf"|.*(?:国务院|政府|办公厅|办公室|委员会|总局|[财育]政?部)(?=[{_FIRST}][^第]{{0,{_BEHIND}}}\()"
    rf"|.*(?:政府|院|厅|办公室|委员会|委|部|局|日)以(?=.{{0,{_BEHIND}}}\())"
)
_RUN_CHARACTERS = 48


def parse_number(text: str) -> DocumentNumber | None:
    """Read a whole value as one document number, whatever its label, brackets and spacing; None if it is none."""
    if len(text) > _LONGEST_VALUE:
        return None
    value = text.translate(_FOLD)
    if "(" not in value and "号" not in value:  # no shape goes without; most of what is asked for ends here
        return None
    value = _SPACES.sub("", value)
    value = _LABEL.sub("", value, count=1).strip("。.;:,、*•·")
    value = _FILE.sub("", _unwrapped(value))
    value = value[_lead_in(value) :]
    if match := _BRACKETED.fullmatch(value) or _YEAR_FIRST.fullmatch(value):
        return _number(match["prefix"], match["year"], match["serial"], counted=False)
    match = _COUNTED.fullmatch(value)
    return _read_counted(match) if match else None


def _unwrapped(value: str) -> str:
    """Take off one pair of brackets around the whole value."""
    inner = value[1:-1]
    return inner if value.startswith("(") and value.endswith(")") and inner.count("(") == inner.count(")") else value


def _read_counted(match: re.Match[str]) -> DocumentNumber | None:
    prefix, ending, ordinal = match["prefix"], match["ending"] or "", match["ordinal"]
    if prefix.endswith("总"):  # 总第N期 counts issues of a gazette
        return None
    if ending:
        known = bool(prefix or ordinal)
    elif ordinal:
        known = not prefix or bool(_COUNTED_PREFIX.fullmatch(prefix))
    else:
        known = prefix.endswith(_COUNTED_ENDINGS) or bool(match["year"] and _COUNTED_PREFIX.fullmatch(prefix))
    return _number(prefix + ending, match["year"], match["serial"], counted=True) if known else None


def _number(prefix: str, year: str | None, serial: str, *, counted: bool) -> DocumentNumber | None:
    full_year = _full_year(year) if year else 0
    plain = _plain_serial(serial)
    if plain in ("", "0") or (full_year and not FIRST_YEAR <= full_year <= LAST_YEAR):
        return None
    prefix = prefix.strip("、,·/-").replace("(", "（").replace(")", "）")
    return DocumentNumber(prefix, full_year, plain, counted)


def _full_year(text: str) -> int:
    year = int("".join(str(_DIGITS.get(character, character)) for character in text))
    if year > 99:
        return year
    return year + (1900 if year >= FIRST_YEAR - 1900 else 2000)


def _plain_serial(text: str) -> str:
    """Write a serial in digits without leading zeros."""
    if text[0] in _CN:
        return str(_numeral(text))
    match = re.fullmatch(r"([A-Za-z]?)0*(\d+)(?:[-之]0*(\d+))?", text)
    if not match:
        return ""
    letter, main, part = match.groups()
    return f"{letter.upper()}{main}" + (f"-{part}" if part else "")


def _numeral(text: str) -> int:
    """Read Chinese numerals, by place (一百二十三) or digit by digit (七二一)."""
    if not set(text) & set(_SCALES):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = digit = 0
    for character in text:
        if character in _SCALES:
            total += (digit or 1) * _SCALES[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _lead_in(value: str) -> int:
    """Count the characters that stand before the issuer's short name."""
    start = 0
    while (match := _LEAD_IN.match(value[start:])) and match.end():
        start += match.end()
    return start


def find_numbers(text: str) -> list[FoundNumber]:
    """Find the document numbers in free text or in a query, in order, each with where it stands."""
    folded = text.translate(_FOLD)
    if "(" not in folded and "第" not in folded:
        return []
    found = (_find_at(folded, match) for match in _FOUND.finditer(folded))
    return [one for one in found if one]


def _find_at(folded: str, match: re.Match[str]) -> FoundNumber | None:
    run = _RUN.search(folded, max(0, match.start() - _RUN_CHARACTERS), match.start())
    if not run:
        return None
    start = run.start() + _lead_in(folded[run.start() : match.end()])
    number = parse_number(folded[start : match.end()])
    return FoundNumber(start, match.end(), number) if number and len(number.prefix) > 1 else None


def number_key(number: str) -> str:
    """Return what is equal for all writings of a document number; what is none stands for itself."""
    parsed = parse_number(number) if number else None
    return parsed.key if parsed else number


def key_of_series(prefix: str, year: int) -> str:
    """Return what the keys of all document numbers of an issuer's series in a year begin with."""
    return DocumentNumber(prefix, year, "").key


def ways_to_write(number: str) -> tuple[str, ...]:
    """Return the strings that name a document number in a text; brackets of any kind break a row alike."""
    parsed = parse_number(number)
    if parsed is None:
        return (number,)
    year = f"{parsed.year}年" if parsed.counted else f"〔{parsed.year}〕"
    head = f"{parsed.prefix}{year}" if parsed.year else parsed.prefix
    padded = dict.fromkeys(parsed.serial.rjust(width, "0") for width in range(4))
    return tuple(f"{head}{nth}{serial}号" for nth, serial in product(("", "第"), padded))


def own_number(title: str, head: Sequence[str], labelled: str = "") -> DocumentNumber | None:
    """Find the number that a page bears itself, never one it cites; None if it bears none.

    Trusts the labelled value, then a line of its own in ``head``, the lines above the first paragraph, then
    the title's tail.
    """
    return _labelled(labelled) or _on_own_line(head) or _in_title(title) or _in_history(head)


def _labelled(value: str) -> DocumentNumber | None:
    whole = parse_number(value)
    if whole or not value:
        return whole
    found = find_numbers(value)
    return found[0].number if found else None


def _on_own_line(head: Sequence[str]) -> DocumentNumber | None:
    for at, line in enumerate(head[:_HEAD_LINES]):
        if number := parse_number(line):
            above = head[at - 1] if at else ""
            broken = not number.prefix and _ORDER.fullmatch(_SPACES.sub("", above))
            return (parse_number(above + line) if broken else None) or number
    return None


def _in_history(head: Sequence[str]) -> DocumentNumber | None:
    """Find the number in the brackets below a title that tell when a law was made known: （2003年…令第14号公布）."""
    for line in head[:_HISTORY_LINES]:
        if _IN_BRACKETS.fullmatch(line) or _OPENS_WITH_DAY.fullmatch(line):
            found = _MADE_KNOWN.search(line)
            return parse_number(_BEFORE_NUMBER.sub("", found[1])) if found else None
    return None


def _in_title(title: str) -> DocumentNumber | None:
    whole = parse_number(title)
    if whole and whole.prefix:
        return whole
    found = find_numbers(title)
    if not found or title[found[-1].end :].strip(" )）】]"):
        return None
    before = title[: found[-1].start].rstrip("(（【[ \u3000")
    # 转发《…》(国发〔2015〕43号) cites; 《…》(深府〔2020〕3号) alone is the announcement's own.
    cites = before.endswith("》") and not before.startswith("《")
    return None if cites or not before else found[-1].number
