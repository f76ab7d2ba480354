"""Where documents are named in a text: by 《title》, by document number, or by both, and by short forms it declares."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from indexer.facts.document_number import FoundNumber, find_numbers
from indexer.light_dataclass import dataclass
from indexer.relations.records import MOST_CITATIONS
from indexer.relations.titles import is_generic, names_document, quoted_titles
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBER_REACH: Final = 110  # characters before 号 in which a number, and what tells it, stands
_NUMBER_END: Final = lazily("[号號]")
_BEFORE_END: Final = frozenset("0123456789０１２３４５６７８９〇一二三四五六七八九十 ")
# The short names of the highest offices; what stands before them in a sentence is a verb: 抢抓国发〔2022〕2号.
_CENTRAL: Final = lazily(r"(?<=.)(?:国发|国办发|国函|国办函|中发|中办发)$")
_FORMER: Final = lazily(r"原(?![政办府发委党])[^\W\d]{1,4}[政办府发委党]")  # 原某政发〔2001〕5号
_LEAD: Final = lazily(r"(?:请?按|据|及|与)(?=[^\W\d]{2})")  # no issuer's short name begins so: 按某医保发〔2022〕10号
# Between a title and its number: 《…》（国办发…, 《…》(2018年6月5日 国办发….
_TO_NUMBER: Final = lazily(
    r"(?:的(?:通知|公告|意见|决定|函|批复|通告))?\s{0,3}(?:[（(〔\[【]\s{0,3}(?:[^（()）《》。；\n]{0,24}[，,、\s])?)?"
)
# Between a number and its title: 国发〔2009〕40号《…》, 国发〔2009〕40号文件《…》.
_TO_TITLE: Final = lazily(r"[）)]?(?:文件?)?(?:(?:发布|公布|印发|颁布|下发|转发)(?:施行|实施)?的|[，,\s]{0,2})")
# A title without 《》 before its number: 省政府关于加快发展的意见（…
_BARE: Final = lazily(
    r"(?P<title>[^\s，,。；;：:、！？《》（()）“”\"'’‘]{0,40}关于[^。；;：:！？《》“”\"'’‘\n]{2,90}"
    r"(?:通知|意见|决定|办法|规定|方案|批复|函|公告|通告|通报|措施|规划|细则|计划|纲要|复函|答复|决议))\s{0,2}[（(〔\[【]?\s{0,2}$"
)
_BARE_REACH: Final = 140  # characters
_BARE_LEAD: Final = lazily(
    r"^(?:.{0,30}(?:根据|依据|按照|遵照|依照|参照|执行|贯彻|落实|下发|出台|印发了|制定|见|以及|[的了和与及按据将由以在对]))?(?=[^\s]{0,30}关于)"
)
_ITEM: Final = lazily(r"^[（(]?[\d一二三四五六七八九十百]{1,4}[）).、．]\s?")
# （以下简称《办法》）
_SHORT_FORM: Final = lazily(
    r"[^。；;\n《》]{0,60}?(?:以下|下文)?(?:统|简|合)?称(?:为|作|：|:)?\s?[《“\"「『](?P<alias>[^《》“”\"「」『』\n]{2,30})[》”\"」』]"
)
_SHORT_FORM_WORD: Final = lazily(r"(?:以下|下文|下)(?:统|简|合)?称")
_SHORT_REACH: Final = 110  # characters behind what is cited


@dataclass(frozen=True, slots=True)
class Mention:
    """A document named at characters [start, end)."""

    start: int
    end: int
    title: str = ""
    number: str = ""


def mentions_in(text: str) -> list[Mention]:
    """Return the documents that a text names, in order; a short form that it declares stands for the long one."""
    titles = [Mention(start, end, text[start + 1 : end - 1].strip()) for start, end in quoted_titles(text)]
    numbers = list(_numbers_in(text))
    if not titles and not numbers:
        return []
    found = list(_joined(text, titles, numbers))
    return _with_short_forms(text, found)[:MOST_CITATIONS]


def _numbers_in(text: str) -> Iterator[FoundNumber]:
    """Find document numbers where 号 stands, which ends them: a tenth of the work of looking everywhere."""
    start = end = 0
    for match in _NUMBER_END.finditer(text):
        if text[match.start() - 1] not in _BEFORE_END and text[match.end() : match.end() + 1] not in "令公通）)":
            continue
        if match.start() - NUMBER_REACH > end:
            yield from _numbers_within(text, start, end)
            start = match.start() - NUMBER_REACH
        end = match.end() + 3
    yield from _numbers_within(text, start, end)


def _numbers_within(text: str, start: int, end: int) -> Iterator[FoundNumber]:
    for one in find_numbers(text[start:end]):
        number, lead = one.number, 0
        if central := _CENTRAL.search(number.prefix):
            lead, number = central.start(), replace(number, prefix=central.group())
        elif before := _LEAD.match(number.prefix):
            lead, number = before.end(), replace(number, prefix=number.prefix[before.end() :])
        elif _FORMER.match(number.prefix):
            lead, number = 1, replace(number, prefix=number.prefix[1:])
        yield FoundNumber(start + one.start + lead, start + one.end, number)


def _joined(text: str, titles: list[Mention], numbers: list[FoundNumber]) -> Iterator[Mention]:
    """Put a title and the number beside it together."""
    at = 0
    for title in titles:
        before = None
        while at < len(numbers) and numbers[at].end <= title.start:
            if before:
                yield _bare(text, before)
            before = numbers[at]
            at += 1
        named = title
        if before and _stands_before(text, before, title):
            named = replace(title, start=before.start, number=before.number.normal)
        elif before:
            yield _bare(text, before)
        while at < len(numbers) and numbers[at].start < title.end:
            at += 1  # a number within the brackets belongs to the title
        if not named.number and at < len(numbers) and _stands_behind(text, title, numbers[at]):
            named = replace(title, end=numbers[at].end, number=numbers[at].number.normal)
            at += 1
        yield named
    for number in numbers[at:]:
        yield _bare(text, number)


def _stands_before(text: str, number: FoundNumber, title: Mention) -> bool:
    between = text[number.end : title.start]
    return len(between) <= 10 and bool(_TO_TITLE.fullmatch(between))


def _stands_behind(text: str, title: Mention, number: FoundNumber) -> bool:
    between = text[title.end : number.start]
    return len(between) <= 36 and bool(_TO_NUMBER.fullmatch(between))


def _bare(text: str, number: FoundNumber) -> Mention:
    """Return what a number names, with the title before it if one stands there without 《》."""
    start = max(0, number.start - _BARE_REACH)
    match = _BARE.search(text[start : number.start])
    if not match:
        return Mention(number.start, number.end, "", number.number.normal)
    title = match["title"]
    lead = _ITEM.match(title) or _BARE_LEAD.match(title)
    cut = lead.end() if lead else 0
    return Mention(start + match.start() + cut, number.end, title[cut:], number.number.normal)


def _with_short_forms(text: str, found: Iterable[Mention]) -> list[Mention]:
    """Keep what names a document; give short forms the title and number that they stand for."""
    aliases: dict[str, Mention] = {}
    kept: list[Mention] = []
    for mention in found:
        if _declares(text, mention):
            continue
        meant = aliases.get(mention.title) if not mention.number else None
        if meant is not None:
            kept.append(replace(meant, start=mention.start, end=mention.end))
            continue
        if not mention.number and (not names_document(mention.title) or is_generic(mention.title)):
            continue
        kept.append(mention)
        after = text[mention.end : mention.end + _SHORT_REACH]
        if _SHORT_FORM_WORD.search(after) and (match := _SHORT_FORM.match(after)):
            aliases[match["alias"].strip()] = mention
    return kept


def _declares(text: str, mention: Mention) -> bool:
    """Return whether this is the short form in its own declaration: 以下简称《办法》."""
    return bool(_SHORT_FORM_WORD.search(text, max(0, mention.start - 6), mention.start))
