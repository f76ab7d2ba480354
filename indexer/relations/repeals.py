"""What a text repeals or amends: told by the verb, and by what may stand between it and the documents it is about.

A repeal is believed only where every word between is known: a wrong one is worse than a missed one. 废止 as a topic
(修改和废止), proposals (拟废止), conditions (如…则废止), denials and exceptions (除…外) are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from indexer.light_dataclass import dataclass
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from indexer.relations.citations import Group

Deed = Literal["repeals", "amends"]


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence says of all documents of one list."""

    deed: Deed
    partly: bool
    between: str  # the words from the documents to the verb, where a day may stand


_VERB: Final = "(?:废止|失效|作废|停止执行|停止施行|停止实施|不再执行|不再施行|不再适用|停止适用)"
_ADVERB: Final = (
    "(?:同时|予以|应予|即行|即日|即|自行|自动|自然|相应|一并|随之|随即|均|也|亦|都|全部|一律|同步|正式"
    "|现已|已经|已|现|宣布|决定|特|并|到期)"
)
_NUMERAL: Final = "[一二三四五六七八九十百零〇○两\\d]"
_DAY: Final = (
    rf"(?:自|从|于)?(?:{_NUMERAL}{{4}}年\s?{_NUMERAL}{{1,3}}月\s?{_NUMERAL}{{1,3}}日"
    r"|[^，,。；;《》废失停]{0,16}?(?:施行|实施|生效|公布|发布|印发|颁布|执行|下发|签发|通过)(?:之日)?|即日|今日|同日)(?:起|后)?"
)
_KINDS: Final = (
    r"(?:等?(?:上述|以上|前述|所列)?(?:\d{1,4}|[一二三四五六七八九十百两]{1,4})?(?:件|部|个|项)?"
    r"(?:市|省|县|区|政府|人民政府|行政|地方性|规范性|政策性){0,6}"
    r"(?:法律|法规|规章|文件|文|规定|制度|政策|通知|办法|决定|条例|细则|意见)?)"
)
_CLAUSE: Final = (
    rf"第{_NUMERAL}{{1,7}}[章节条款项目](?:之{_NUMERAL})?(?:第[（(]?{_NUMERAL}{{1,4}}[）)]?[款项目]){{0,3}}"
)
_PART: Final = (
    rf"(?:的|中|中的|之)?(?:{_CLAUSE}(?:[、和及至到与]|以及)?){{1,12}}(?:的?(?:规定|内容|条款))?"
    r"(?:的[^。；;，,《》]{1,14}(?=同时|自|停|废|予))?"
    rf"|(?:的|中|中的)?(?:附件|附表){_NUMERAL}{{0,3}}"
    r"|(?:的|中|中的|之中的?)[^。；;《》]{1,60}?(?:规定|条款|内容|部分|条文|政策|标准|附件|附表)"
)
# 已不适应当前工作需要，现… · 已经…会议审议通过决定…
_WHY: Final = (
    r"(?:(?:已|因|由于|主要内容|部分内容|有关内容|与)[^。；;《》废]{2,60}[，,](?=现|决定|故|因此)"
    r"|(?:已|已经|业经|经)[^，,。；;《》废]{4,50}?会议(?:审议|讨论|研究)?(?:通过|同意|批准)?[，,]?)?"
)
_IN_BRACKETS: Final = r"(?:\s?(?:[（(][^（()）]{0,160}[）)]|〔[^〔〕（()）]{0,80}〕)){0,3}"
_BEHIND: Final = lazily(
    rf"[”\"’）)]?{_IN_BRACKETS}\s?(?:文件?(?=第))?(?P<part>{_PART})?[、，,\s]{{0,2}}{_KINDS}[，,\s]{{0,2}}{_WHY}"
    rf"(?:(?:{_DAY}|{_ADVERB})[，,\s]{{0,2}}){{0,5}}{_VERB}(?=[。；;，,、！!）)”\"\s]|和|并|$)"
)
_AHEAD: Final = lazily(
    rf"(?:^|[，,：:。；;、）)\s.．]|(?:对|将)(?:下列|以下)[^，,。；;《》]{{1,20}}|决定|宣布|同时|并|予以|现|一并|起"
    rf"|相应|即行|通过了?关于)(?:{_ADVERB}){{0,2}}"
    r"(?:废止|停止执行|宣布失效)(?:了|和宣布失效|、宣布失效|或宣布失效)?(?:下列|以下|原|由)?[^。；;，,、《》的]{0,24}(?:的)?[“\"]?$"
)
_SAID: Final = lazily(r"(?:决定|宣布|日起|通过了?关于)(?:废止|停止执行|失效)")
_PART_BEHIND: Final = lazily(rf"{_IN_BRACKETS}{_PART}")

# What makes a repeal a topic, a plan, a condition or a denial.
_UNSURE: Final = lazily(
    r"(?<![虚模])拟|建议|提议|提案|征求|草案|是否|能否|可否|(?<![适相反])应当|申请|考虑|计划(?!生育|委员会|经济|单列|部门)|争取|推动|呼吁|不得|不予|没有|未被|尚未|并非"
    r"|如果|倘若|假如|一旦|(?<![假倘])若(?!干)|(?<![接招对款优看期])待(?!遇)[^，,。；]{1,40}后|可以|可能|即将|有权|报请|提请|请求|议案|谣言"
    r"|审议(?!通过)|原则同意|除非|(?:^|[，,。；])如(?![下期实数])"
)
_TOPIC: Final = lazily(
    r"(?:制定|修改|修订|解释|清理|起草)(?:、|和|或|及|与|或者|以及)废止|废止(?:、|和|或|及|与|或者|以及)(?:修改|修订|解释)"
)
_EXCEPT: Final = lazily(
    rf"除[^。；;，,《》]{{0,60}}(?:{_CLAUSE}|规定|条款)[^。；;，,《》]{{0,30}}外|(?:规定|{_CLAUSE})[^。；;《》]{{0,20}}(?:除外|继续有效)"
)
_PROPOSED: Final = lazily(
    r"征求|意见稿|草案|送审稿|讨论稿|审议稿|征集|建议|提案|议案|答复|论证|听证|立法计划|立法规划|说明$|拟(?:废止|修改|宣布)"
)

_AMENDED: Final = lazily(
    rf"[”\"）)]?{_IN_BRACKETS}\s?(?:[的中]?第?[^。；;《》，,]{{0,30}}?)[，,]?"
    r"(?:作出(?:修改|修正)(?=$|[：:。\n])|作(?:出)?(?:如下|以下|下列)(?:修改|修订|修正|调整)|(?:修改|修订|调整)(?:如下|为[：:“])|予以(?:修改|修订|修正)|进行(?:如下|以下)(?:修改|修订|修正))"
)
_LONGEST_BETWEEN: Final = 320  # characters between the documents and their verb, brackets included


def is_proposal(title: str) -> bool:
    """Return whether an announcement only proposes: what it says is repealed is not repealed by it."""
    return bool(_PROPOSED.search(title))


def told_of(text: str, group: Group, *, is_news: bool) -> Told | None:
    """Return what a sentence does with the documents of a list; None if it neither repeals nor amends them.

    News of a repeal is believed where it says that it is done, not where it says that a meeting spoke of it.
    """
    last, before = group.mentions[-1].end, group.before
    end = min(group.end, last + _LONGEST_BETWEEN)
    if match := _BEHIND.match(text, last, end):
        if _UNSURE.search(before) or _UNSURE.search(match.group()):
            return None
        rest = text[match.end() : group.end]
        partly = bool(match["part"]) or _excepts(before) or _excepts(rest) or _names_clauses(text, group)
        return Told("repeals", partly, match.group())
    if _AHEAD.search(before):
        if _UNSURE.search(before) or _TOPIC.search(before) or (is_news and not _SAID.search(before)):
            return None
        rest = text[last : group.end]
        return Told("repeals", bool(_PART_BEHIND.match(rest)) or _excepts(rest) or _names_clauses(text, group), "")
    if not is_news and not _UNSURE.search(before) and (match := _AMENDED.match(text, last, end)):
        return Told("amends", partly=False, between=match.group())
    return None


def _names_clauses(text: str, group: Group) -> bool:
    """Return whether a list names clauses of any document before its last: then none is surely meant as a whole."""
    return any(text.startswith("第", one.end) for one in group.mentions[:-1])


def _excepts(words: str) -> bool:
    return bool(_EXCEPT.search(words))
