"""What an announcement says of its own validity: its label, a mark in its title, its term, when it comes into force."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from indexer.facts.dates import find_dates
from indexer.relations.days import issued_day, own_effective_day
from indexer.relations.records import OwnState, Span
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.announcement import Announcement
    from indexer.relations.records import OwnKind
    from indexer.relations.sentences import Sentences

_FATES: Final[dict[str, OwnKind]] = {"废止": "repealed", "作废": "repealed", "失效": "expired", "过期": "expired"}
# （已废止）, [失效], 【废止】: a mark that the site put into the title.
_MARK: Final = lazily(
    r"[（(〔\[【](?:本|该|此)?(?:文件|文|通知)?(?:现|已|已经|现已)?(?:被|宣布)?(?P<fate>废止|失效|作废|过期)(?:文件)?[）)〕\]】]"
    r"|(?P<tail>已(?:废止|失效|作废))$|^(?P<head>已?(?:废止|失效))(?=[^\s]{2,12}?(?:政府|委员会|办公[室厅]|[局厅])关于|[:：\s])"
)
_LABEL: Final = lazily(
    r"^[\s　•·*【\[]{0,4}(?:文件)?(?:有\s?效\s?性|时\s?效\s?性|时效|效力状态|效力|文件状态|是否有效|公文时效)"
    r"[】\]]?\s?[:：\t]\s?(?P<value>[^\s，,。；;]{1,12})"
)
_NOTE: Final = lazily(
    r"^[\s　（(【\[*※]{0,4}(?:注[:：])?(?:本|此|该)(?:文件|文|通知|办法|规定|意见|条例|公告|细则|决定)"
    r"(?P<day>[^。；;《》]{0,40}?)"
    r"(?:被|由)?[^。；;《]{0,10}(?:《[^》]{2,80}》[^。；;《]{0,20})?(?P<fate>废止|失效|作废)[。）)】\]\s]*$"
)
_HEAD_LINES: Final = 12  # where labels and notes stand
_NOTE_UNSURE: Final = lazily(r"不|未|如|若|待|拟|将|同时|后|期满|届满")

_SUBJECT: Final = (
    "(?:(?:暂行|实施|管理|若干){0,2}(?:办法|规定|通知|意见|细则|方案|公告|通告|条例|决定|规则|措施|政策|规划|标准"
    "|文件|制度|目录|规程|批复))"
)
_NUMERAL: Final = "[一二两三四五六七八九十\\d]"
_TERM: Final = lazily(
    rf"(?:本{_SUBJECT}[^。；;《》]{{0,50}}?|(?:施行|实施|执行|印发|发布|公布|起)[，,、]?\s?(?:，)?)"
    rf"(?:有效期限?|试行期限?|试行|暂行期|执行期限?|实施期限?|有效期间)(?:暂定|限|定)?(?:为|是|：|:)?"
    rf"(?:(?P<years>{_NUMERAL}{{1,2}})\s?年|(?P<months>{_NUMERAL}{{1,2}})\s?个?月|(?:截至|截止到?|到|至)(?P<day>[^，,。；;]{{6,16}}))"
)
_UNTIL: Final = lazily(
    rf"(?:本{_SUBJECT}|(?:^|[，,。；;\s]))(?:自|从)[^，,。；;《》]{{6,30}}(?:起)?(?:施行|实施|执行|试行)?"
    r"[，,]?\s?(?:有效期|执行)?(?:至|到|截至)(?P<day>[^，,。；;《》]{6,16}?)(?:止|废止|失效|$|[，,。；;])"
)
_ENDS: Final = lazily(
    rf"本{_SUBJECT}(?:将)?(?:自|于|至|到)?(?P<day>(?:[12]\d{{3}}|二[〇○零]{_NUMERAL}{{2}})年[^，,。；;《》]{{3,10}}日)"
    r"(?:起|止)?(?:自动|自行|自然)?(?P<fate>失效|废止|停止执行)"
)
_OTHER_TERM: Final = lazily(
    r"(?:证书?|许可|执照|批文|合格|资格|合同|协议|名录|认定|称号|标志|凭证|介绍信|报告|成绩|登记)[^。；;，,]{0,12}$"
)
_UNSURE: Final = lazily(r"如|若(?!干)|以前|原|修改为|延长")
_MAY_HAVE_TERM: Final = ("有效期", "试行", "暂行期", "执行期", "实施期", "失效", "废止", "停止执行")
_MAY_HAVE_DAY: Final = lazily("[至到截][^，。；]{6,16}日")
_DIGITS: Final = dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_LONGEST_TERM_YEARS: Final = 30


def own_states(announcement: Announcement, sentences: Sentences, *, is_news: bool) -> Iterator[OwnState]:
    """Yield what an announcement says of its own validity; news say nothing of theirs but in a mark."""
    yield from _of_title(announcement.title)
    yield from _of_head(announcement)
    yield from _of_label(announcement.validity_label)
    if is_news:
        return
    yield from _of_term(announcement, sentences)
    if day := own_effective_day(announcement):
        yield OwnState("effective", day, _where(announcement.body, day))


def _where(body: str, day: date) -> Span:
    """Return where the last line stands that names a day and says that something is in force from it."""
    for found in reversed(find_dates(body)):
        if found.day == day:
            start = max(body.rfind("\n", 0, found.start), body.rfind("。", 0, found.start)) + 1
            ends = [at for at in (body.find("\n", found.end), body.find("。", found.end) + 1) if at > 0]
            return Span(max(start, found.start - 80), min([*ends, found.end + 80, len(body)]))
    return Span(0, 0)


def _of_title(title: str) -> Iterator[OwnState]:
    if match := _MARK.search(title):
        fate = (match["fate"] or match["tail"] or match["head"]).removeprefix("已")
        yield OwnState(_FATES[fate], None, Span(0, len(title)), in_title=True)


def _of_head(announcement: Announcement) -> Iterator[OwnState]:
    """Read labels (有效性：已废止) and notes (本文件已于…废止) in the first and last lines."""
    body = announcement.body
    at = 0
    for number, line in enumerate(body[:6_000].split("\n")):
        if number >= _HEAD_LINES:
            break
        span = Span(at, at + len(line))
        at += len(line) + 1
        if len(line) > 160:
            continue
        if (match := _LABEL.match(line)) and (kind := _fate_in(match["value"])):
            yield OwnState(kind, None, span)
        elif (match := _NOTE.match(line)) and not _NOTE_UNSURE.search(match.group()):
            days = find_dates(line)
            yield OwnState(_FATES[match["fate"]], days[-1].day if days else None, span)


def _of_label(label: str) -> Iterator[OwnState]:
    """Read what the page labels the validity with: 有效性：已废止；废止日期：2020-05-01."""
    whole = Span(0, len(label))
    pairs = [part.partition("：")[::2] for part in label.split("；") if part]
    days = {name: found[-1].day for name, value in pairs if (found := find_dates(value))}
    fates = [kind for name, value in pairs if name not in days and (kind := _fate_in(value, name))]
    for kind in fates:
        named = [day for name, day in days.items() if ("废止" in name) == (kind == "repealed")]
        yield OwnState(kind, named[-1] if named else None, whole, in_label=True)
    if not fates:
        for name, day in days.items():
            yield OwnState("repealed" if "废止" in name else "expired", day, whole, in_label=True)


def _fate_in(value: str, name: str = "") -> OwnKind | None:
    if name == "是否有效" and value == "否":
        return "expired"
    if any(word in value for word in ("未", "非", "部分", "有效")):
        return None
    return next((kind for fate, kind in _FATES.items() if fate in value), None)


def _of_term(announcement: Announcement, sentences: Sentences) -> Iterator[OwnState]:
    """Read the term of validity: the last that the text names for itself."""
    body = announcement.body
    if not any(map(body.__contains__, _MAY_HAVE_TERM)) and not _MAY_HAVE_DAY.search(body):
        return
    last: OwnState | None = None
    for match in _TERM.finditer(body):
        sentence = sentences.around(match.start(), match.end())
        named = match.group()
        if _OTHER_TERM.search(named.split("有效期")[0].split("试行")[0]) or _UNSURE.search(
            body[sentence.start : match.start()]
        ):
            continue
        if day := _end_of_term(match["years"], match["months"], match["day"], announcement):
            last = OwnState("expired", day, sentence)
    for pattern in (_UNTIL, _ENDS):
        for match in pattern.finditer(body):
            days = find_dates(match["day"])
            sentence = sentences.around(match.start(), match.end())
            if len(days) == 1 and not _UNSURE.search(body[sentence.start : match.start()]):
                last = OwnState("expired", days[0].day, sentence)
    if last:
        yield last


def _end_of_term(years: str | None, months: str | None, until: str | None, announcement: Announcement) -> date | None:
    """Return the last day of a term: until a day, or so long from the day on which it began; None if nobody knows."""
    if until:
        days = find_dates(until)
        return days[0].day if days else None
    began = own_effective_day(announcement) or issued_day(announcement)
    length = _number(years or months or "")
    if not began or not length or (years and length > _LONGEST_TERM_YEARS):
        return None
    month = began.month - 1 + (0 if years else length)
    year = began.year + (length if years else 0) + month // 12
    month = month % 12 + 1
    if year > date.max.year - 1:
        return None
    day = min(began.day, 28) if month == 2 else min(began.day, 30) if month in (4, 6, 9, 11) else began.day
    return date(year, month, day) - timedelta(days=1)


def _number(text: str) -> int:
    """Read 1 to 99 in digits or numerals; 0 if it is neither."""
    if text.isdecimal():
        return int(text)
    if text == "十":
        return 10
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
