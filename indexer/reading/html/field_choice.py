"""Which value of each field to believe, and the rule that said so.

A visible label wins over meta tags, which site migrations and templates fill wrongly; what stands
unlabelled beside the title comes between the two.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

from indexer.facts import addresses
from indexer.facts.dates import find_dates, parse_date
from indexer.facts.document_form import form_of_title
from indexer.facts.document_number import own_number, parse_number
from indexer.facts.organisations import MEDIA_WORDS
from indexer.light_dataclass import dataclass
from indexer.reading.html.boilerplate import boilerplate
from indexer.reading.html.boxed_days import boxed_days
from indexer.reading.html.label_words import FIELD_OF
from indexer.reading.html.labels import is_label
from indexer.text.spaces import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from indexer.reading.html.document import Document, Line
    from indexer.reading.html.labels import Labelled

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chosen(Generic[T]):
    """A field's value and the rule that gave it."""

    value: T
    rule: str  # "" if nothing was found

    def otherwise(self, other: Chosen[T]) -> Chosen[T]:
        """Return itself, or the other if it found nothing."""
        return self if self.rule else other


_EDGE = " 【】[]|｜丨·•:：∶,，;；>-—_*、。\t\u3000"
_LONGEST_SOURCE = 60  # characters; joint issuers reach 50
_SITE_ITSELF = frozenset(("本站", "本网", "本网站", "本站原创", "本网原创", "本站编辑", "本网讯", "本网编辑"))
_NO_SOURCE = _SITE_ITSELF | frozenset(
    (
        "原创",
        "网络",
        "互联网",
        "转载",
        "无",
        "未知",
        "不详",
        "暂无",
        "管理员",
        "admin",
        "网站管理员",
        "站内",
        "其他",
        "其它",
        "本单位",
        "本局",
        "本部门",
        "null",
        "undefined",
        "内网",
        "网站",
    )
)
_SOURCE_STOP = re.compile(
    r"(?<![\s|｜丨])[\s|｜丨]++(?=【|\[|打印|关闭|字体|字号|分享|浏览|阅读|点击|访问|作者|编辑|责任|\d{4}[-年/.]|大中小|"
    r"大 中 小|微信|扫一扫|收藏|时间|日期|A[+-])|【|\["
)
_NOT_SOURCE = re.compile(r"^[\d\s:：./年月日-]*$|^https?://|[。；;]|^点击|^浏览")
_ORGANISATION = re.compile(
    r"(?:政府|办公厅|办公室|委员会|管委会|总局|[^当布结格]局|厅|部|院|署|会|处|中心|集团|公司|街道|社区|"
    r"大队|支队|总队|分局|队|站|所|办|委|社|报|网|台|馆|校|学|科|行|庭|联|团|镇|乡|县|市|区|省|党组|指挥部|"
    r"领导小组|海关|林场|农场|政协|人大)$"
)
_MEDIA = re.compile(rf"{MEDIA_WORDS}|新闻|广播|在线|网信|中国网|周刊|门户网|政府网|网站|中新|澎湃|快报|报$|网$|台$")
_INDEX_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z/\\_.\-—–()（）\u4e00-\u9fff〔〕\[\]]{3,60}")


def choose_source(
    labels: Sequence[Labelled], near_title: Sequence[Line], document: Document, signed_by: str
) -> Chosen[str]:
    """Return who issued the announcement, as the page signs it.

    The issuer of the document (发文机关) first: it is the signature itself. Then 来源, unless it names
    a medium and the page says which office published it; then that office; then what stands unlabelled
    beside the date; then meta tags; then the signature under the text.
    """
    issuer = _signing(labels, signed_by) or _first_source(labels, "issuer")
    source = _first_source(labels, "source")
    publisher = _first_source(labels, "publisher")
    if issuer:
        return Chosen(issuer, "label of the issuer")
    if source and not (publisher and _MEDIA.search(source)):
        return Chosen(source, "label of the source")
    if publisher:
        return Chosen(publisher, "label of the publisher")
    beside_date = next((name for line in near_title if (name := _beside_date(line))), "")
    if beside_date:
        return Chosen(beside_date, "beside the date")
    for key in ("contentsource", "source", "article:source", "publisher"):
        if name := clean_source(document.metas.get(key, "")):
            return Chosen(name, f"meta {key}")
    return Chosen(signed_by, "signature") if signed_by else Chosen("", "")


def _signing(labels: Iterable[Labelled], signed_by: str) -> str:
    """Return the one of several issuers that signs under the text; "" if none does."""
    signed = squeeze(signed_by)
    names = (clean_source(one.value) for one in labels if one.field == "issuer") if signed else ()
    return next((name for name in names if squeeze(name) == signed), "")


def names_the_site(labels: Iterable[Labelled]) -> bool:
    """Return whether a page names the site that it stands on as its source: 来源：本网."""
    return any(one.field == "source" and squeeze(one.value).strip(_EDGE) in _SITE_ITSELF for one in labels)


def _first_source(labels: Iterable[Labelled], field: str) -> str:
    names = (
        clean_source(one.value)
        for one in labels
        if one.field == field and (one.colon or _ORGANISATION.search(one.value))
    )
    return next((name for name in names if name), "")


def clean_source(value: str) -> str:
    """Cut what a template glued to a source's name; "" if it is no name."""
    value = _SOURCE_STOP.split(value, maxsplit=1)[0].strip(_EDGE)
    plain = squeeze(value)
    if (
        not plain
        or len(plain) > _LONGEST_SOURCE
        or plain.lower() in _NO_SOURCE
        or _NOT_SOURCE.search(plain)
        or boilerplate(plain)
    ):
        return ""
    return value


def _beside_date(line: Line) -> str:
    """Return the name in an unlabelled line such as "2020-12-28 11:26 万江街道办事处"."""
    if len(line.text) > _INFO_LINE_CHARS or not find_dates(line.text):
        return ""
    names: list[str] = []
    for part in line.parts:
        dates = find_dates(part)
        rest = part[: dates[0].start] + "  " + _CLOCK.sub("", part[dates[0].end :]) if dates else part
        names += [
            name
            for piece in _GAPS.split(rest)
            if not _COLON.search(piece)
            and not is_label(piece)
            and "关于" not in piece  # a title
            and 2 < len(name := clean_source(piece)) <= _LONGEST_BESIDE
        ]
    named = [name for name in names if _ORGANISATION.search(name)]
    alone = len(line.parts) > 1 and len(names) == 1
    return named[0] if named else names[0] if alone else ""


_CLOCK = re.compile(r"^[\sT]*\d{1,2}[:：∶]\d{2}(?:[:：∶]\d{2})?")
_COLON = re.compile("[:：]")
_GAPS = re.compile(r"[\s|｜丨]+")
_LONGEST_BESIDE = 30  # characters


def choose_day(labels: Sequence[Labelled], field: str) -> Chosen[date | None]:
    """Return the first day that a label of this field gives."""
    for one in labels:
        if one.field == field and (day := parse_date(one.value)):
            return Chosen(day, f"label {one.label}")
    return Chosen(None, "")


def choose_published(
    labels: Sequence[Labelled], near_title: Sequence[Line], document: Document, url: str
) -> Chosen[date | None]:
    """Return the day of publication: visible label, unlabelled date near the title, meta tags, the address."""
    dated = [
        line.text
        for line in near_title
        if len(line.text) <= _INFO_LINE_CHARS
        and not (line.is_row and len(line.parts) > _CELLS_OF_INFO)
        and find_dates(line.text)
    ]
    in_subtitle = [text for text in dated if _SUBTITLE.fullmatch(text)]
    return (
        choose_day(labels, "published")
        .otherwise(choose_day(labels, "time"))
        .otherwise(_first_day((text for text in dated if text not in in_subtitle), "beside the title"))
        .otherwise(choose_day(labels, "updated"))
        .otherwise(_day_in_boxes(near_title))
        .otherwise(_day_in_metas(document))
        .otherwise(_day_in_address(url))
        .otherwise(_first_day(in_subtitle, "in the subtitle"))
    )


def owns_day(text: str) -> bool:
    """Return whether a text ends with a label of another day than that of publication: 开始时间：, 截止日期."""
    match = _OWNER_OF_DAY.search(text)
    if not match:
        return False
    label = match[1] or match[2]
    return FIELD_OF.get(label) not in ("published", "time", "updated") and not _PUBLISHED.search(label)


def _first_day(texts: Iterable[str], rule: str) -> Chosen[date | None]:
    """Return the day in the first of these texts that no other label owns."""
    for text in texts:
        for found in find_dates(text):
            if not owns_day(text[: found.start]):
                return Chosen(found.day, rule)
    return Chosen(None, "")


def _day_in_boxes(near_title: Sequence[Line]) -> Chosen[date | None]:
    found = next((day for _, day in boxed_days(near_title)), None)
    return Chosen(found, "beside the title, in boxes") if found else Chosen(None, "")


def _day_in_metas(document: Document) -> Chosen[date | None]:
    for key in _DATE_METAS:
        if (written := document.metas.get(key)) and (day := parse_date(written)):
            return Chosen(day, f"meta {key}")
    return Chosen(None, "")


def _day_in_address(url: str) -> Chosen[date | None]:
    match = _DAY_IN_ADDRESS.search(url)
    day = parse_date("-".join(filter(None, match.groups()))) if match else None
    return Chosen(day, "address") if day else Chosen(None, "")


_OWNER_OF_DAY = re.compile(
    r"([\u4e00-\u9fff]{0,8}(?:时间|日期|期限?|[于至自为]))\s*[:：]?\s*$|([\u4e00-\u9fff]{2,8})\s*[:：]\s*$"
)
_PUBLISHED = re.compile("发布|公布|公告|公示|公开|发表|刊登|更新|录入|上传|添加|编辑|发稿|印发|发文")
_INFO_LINE_CHARS = 80
_CELLS_OF_INFO = 4  # a row of more is one of a table of entries, each with its own day
_SUBTITLE = re.compile(
    r"\A\s*+[（(].{0,100}[年][^:：]{0,100}[）)]\s*|[—–-]{2}.*"
)  # （2021年3月5日）: of the speech, not of the page
_DATE_METAS = (
    "pubdate", "firstpublishedtime", "publishdate", "publish-date", "publish_date", "article:published_time",
    "og:release_date", "publication_date", "publishtime", "createdate", "dc.date", "date",
    "datetime",
)  # fmt: skip
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[-/]?(\d\d?)[-/]?(\d\d?)/|[/t]((?:19|20)\d\d)(\d\d)(\d\d)_")


def signature(lines: Sequence[str]) -> tuple[str, date | None]:
    """Return who signed under the text, and when; "" and None where nobody did.

    Behind the signature may follow whatever is attached, with signatures of its own: the first sure one counts.
    """
    for above, line in pairwise(lines):
        if _DAY_ALONE.fullmatch(line) and (day := parse_date(line)):
            name = above.strip()
            if _SIGNER.fullmatch(name):
                return "", day
            if _is_signing(name):
                return name, day
    for at in range(len(lines) - 1, max(-1, len(lines) - _SIGNATURE_LINES - 1), -1):
        match = _SIGNED.fullmatch(lines[at].strip())
        if not match:
            continue
        day = parse_date(match["day"])
        name = match["name"].strip() or (lines[at - 1].strip() if at else "")
        if day:
            return (name if _is_signing(name) else ""), day
    return "", None


def _is_signing(name: str) -> bool:
    return 3 <= len(name) <= _LONGEST_SOURCE and bool(_ORGANISATION.search(name)) and not _NOT_SOURCE.search(name)


_SIGNATURE_LINES = 6  # attachments' names and "(此件公开发布)" may follow
_DAY = r"(?:(?:19|20)\d\d|[二一][〇○ＯO0零一二三四五六七八九]{3})\s?年\s?\S{1,3}?\s?月\s?\S{1,3}?\s?日"
_DAY_ALONE = re.compile(_DAY)
_SIGNED = re.compile(rf"(?P<name>[^\d，。；：、]{{0,40}}?)[\s（(]{{0,20}}(?P<day>{_DAY})[)）]?")
# An order is signed by the head of its office: 市长 王某.
_SIGNER = re.compile(
    r"(?:[省市州县区旗盟镇乡]长|主席|总理|[部厅局署院行会]长|主任|检察长)\s*[:：]?\s*[\u4e00-\u9fff·]{1,8}(?:\s[\u4e00-\u9fff]{1,2})?"
)
_IN_FORCE = re.compile(
    r"(?:^|[。；，、\s]|本\S{0,12}?)自(?P<day>\S{4}年\S{1,3}月\S{1,3}日)起(?:正式|开始)?(?:施行|实施|执行|生效)",
    re.MULTILINE,
)


def effective_in_text(text: str) -> Chosen[date | None]:
    """Return the day from which the announcement says that it is in force itself: 本办法自2021年1月1日起施行."""
    days = {day for match in _IN_FORCE.finditer(text) if (day := parse_date(match["day"]))}
    return Chosen(days.pop(), "自…起施行 in the text") if len(days) == 1 else Chosen(None, "")


def choose_number(
    labels: Sequence[Labelled], title: str, head: Sequence[str], rows: Iterable[Sequence[str]]
) -> Chosen[str]:
    """Return the page's own document number in normal form; a published decision has it in a row of its table."""
    for one in labels:
        if one.field == "number" and (number := parse_number(one.value) or own_number("", (), one.value)):
            return Chosen(number.normal, f"label {one.label}")
    own = own_number(title, head)
    if own:
        return Chosen(own.normal, "own line or title")
    for cells in rows:
        for name, value in pairwise(cells):
            if _DECISION_NUMBER.search(name) and (number := parse_number(value)):
                return Chosen(number.normal, "row of the decision's number")
    return Chosen("", "")


_DECISION_NUMBER = re.compile(r"(?:决定书?|文书|处罚|许可)(?:文书)?(?:文号|编号|号)$")


def choose_form(labels: Sequence[Labelled], title: str) -> Chosen[str]:
    """Return the form (文种) that the title ends in, else what a label says."""
    if form := form_of_title(title):
        return Chosen(form, "end of the title")
    for one in labels:
        if one.field == "form" and (form := form_of_title(squeeze(one.value))):
            return Chosen(form, f"label {one.label}")
    return Chosen("", "")


def choose_index_number(labels: Sequence[Labelled]) -> Chosen[str]:
    """Return the index number (索引号) as the page writes it, without spaces."""
    for one in labels:
        if one.field == "index_number":
            match = _INDEX_NUMBER.match(squeeze(one.value))
            if match and any(character.isdigit() for character in match.group()):
                return Chosen(match.group(), f"label {one.label}")
    return Chosen("", "")


def choose_url(document: Document) -> Chosen[str]:
    """Return where the page lived: canonical link, meta tags, or the browser's note; never a guess."""
    metas = document.metas
    domain = metas.get("sitedomain", "")
    root = domain if "://" in domain else f"http://{domain}/" if domain else ""
    candidates = (
        ("canonical link", document.canonical),
        ("meta og:url", metas.get("og:url", "")),
        ("saved-from comment", document.saved_from),
        ("meta url", metas.get("url", "")),
    )
    for rule, written in candidates:
        address = addresses.target(_absolute(written.strip(), root))
        if _ADDRESS.match(address):
            return Chosen(address, rule)
    return Chosen("", "")


_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+$")


def _absolute(address: str, root: str) -> str:
    """Complete an address that starts at the site's root; one relative to an unknown folder stays as it is."""
    if address.startswith("//"):
        return "http:" + address
    return addresses.joined(root, address) if address.startswith("/") and root else address
