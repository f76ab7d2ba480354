"""What an announcement cites, and as what: told by the words around each document that it names.

Documents that stand in one list (《甲》、《乙》和《丙》) stand in one relation: what comes before the first and after
the last holds for all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from indexer.light_dataclass import dataclass
from indexer.relations.mentions import mentions_in
from indexer.relations.records import Citation, Relation, Span
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.relations.mentions import Mention
    from indexer.relations.sentences import Sentences

LONGEST_GAP: Final = 260  # characters between two documents of a list
BEFORE_CHARS: Final = 120  # of a sentence that are read before a list, and behind it
AFTER_CHARS: Final = 80

# What may stand between two documents of one list: （…通过）、1994年2月4日财政部发布的
_GAP: Final = lazily(
    r"[）)”\"’]?(?:第[一二三四五六七八九十百零〇\d]{1,8}[条款项章节](?:之[一二三四五六七八九十])?(?:第[（(]?[一二三四五六七八九十\d]{1,4}[）)]?[款项]){0,2}[、，,和及与]?){0,6}"
    r"(?:\s?(?:[（(][^（()）《》]{0,120}[）)]|〔[^〔〕（()）《》]{0,80}〕)){0,2}(?:等(?:文件|规定)?)?[\s、，,；;]{0,3}(?:以及|或者|[和与及或并])?\s?"
    r"(?:[^。；;！？《》\n]{0,160}(?:的|[日省市县区州部局委厅院会府室署行]|国家|我国|地方|关于|新修订|修订|新)|[“\"‘])?\s?"
)
_IN_FORCE: Final = lazily(r"起(?:正式)?(?:施行|实施|执行|生效)[，,]")  # what comes behind it is another matter
_DONE: Final = lazily(
    r"(?:发布|公布|通过|批准|印发|下发|颁布|颁发|制定|修订|修正|修改|转发|批转|施行|实施|出台|签发|发)(?:施行|实施|执行)?的?"
)
_GAP_VERB: Final = lazily(
    r"根据|依据|按照|依照|遵照|贯彻|落实|执行|制定|印发|转发|废止|修改|规定|要求|施行|实施|学习|发布|公布|[：:]"
)

# 、根据1997年12月31日市人民政府第12号令修改的《…》
_REVISED_BY: Final = lazily(r"根据\d{4}年[^《》，,。；;]{2,60}?(?:修正|修改|修订)的?")

_SHORT_FORM: Final = lazily(r"[）)]?[（(][^（()）]{0,50}称[^（()）]{0,40}[）)]")

_FOREIGN: Final = lazily(
    r"(?:美国|英国|法国|德国|日本|韩国|俄罗斯|苏联|欧盟|欧洲|欧共体|加拿大|澳大利亚|新西兰|印度|新加坡|意大利|西班牙|荷兰|瑞典|瑞士|巴西"
    r"|南非|朝鲜|越南|泰国|马来西亚|以色列|联合国|国外|外国|该国|议会|国会|众议院|参议院)[^，,。；;、《》]{0,8}$"
)

_BASED_ON: Final = "根据|依据|依照|按照|遵照|参照|比照|依(?![法规])|遵循|按(?![月年季时期周日])"
_CARRIES_OUT: Final = "贯彻|落实|(?<!制定)(?<!出台)(?<!调整)(?<!停止)(?<!并)实施|执行|施行"
_CUES: Final = lazily(
    rf"(?P<based_on>{_BASED_ON})|(?P<carries_out>{_CARRIES_OUT})|(?P<interprets>解读|释义|解释)|(?P<stop>违反|(?:出台|印发|发布|公布)(?!的)|提出|制定|制订|编制|起草|拟定|形成|完善)"
)
_CUE_REACH: Final = 60  # characters between a cue and what it is about, other documents of the list not counted
_NAMED: Final = lazily(r"《[^《》]{1,200}》")  # what a title says is no cue
_CLAUSE_END: Final = lazily(r"[，,。；;：:](?![^（(]{0,120}[）)])")
# 抓好《…》的贯彻落实, 推动《…》有效实施
_TO_CARRY_OUT: Final = lazily(r"(?:推动|推进|抓好|抓实|抓紧|做好|保障|保证|确保|促进|加强|督促)[^，,。；;《》]{0,12}$")
_CARRIED_OUT: Final = lazily(
    r"[）)]?(?:的|有效|全面|顺利|深入|各项|要求|精神){0,3}(?:学习|宣传|宣传教育)?(?:贯彻|落实|实施|执行)"
)
_REPORTED: Final = lazily(r"[）)]?的?贯彻(?:落实|执行|实施)情况")
# 设定依据：《…》, 法律依据：1.《…》第三条；2.《…》
_LABEL_OF_BASIS: Final = lazily(r"依据[：:\t][\s\d.、．（）()〇第条款项之一二三四五六七八九十百零；;，,和及与]*$")
_AS_BASIS: Final = lazily(r"[^，,。；;《》]{0,4}(?:为|作为)(?:主要)?(?:依据|根据|遵循|基础|准则|指导)")
_BY: Final = lazily(r"[^，,。；;《》]{0,16}(?:修正|修订|修改)(?![案为])")
_AMENDING: Final = lazily(
    r"关于[^。]{0,60}(?:修改|修正|修订|废止)[^。]{0,80}(?:决定|决议|议案)$|修正案(?:[（(].{1,4}[）)])?$"
)
_ISSUES: Final = lazily(r"(?:现将|现把|兹将|特将|将)[^。；;《》]{0,40}$")
_ISSUED: Final = lazily(
    r"[^。；;《》]{0,30}(?:印发|转发|下发|批转|发给|予以公布|予以发布|公布如下|发布如下|公布|发布|颁布)"
)
_ISSUED_NOW: Final = lazily(
    r"[^。；;《》]{0,40}[，,]\s?(?:同意)?现(?:将其)?(?:予以|予|全文)?(?:印发|转发|公布|发布|下发|发给)(?=[，,。；;\s给你各至到如，]|施行|实施|执行|$)"
)
_EXPLAINED: Final = lazily(
    r"[）)]?(?:的|相关|有关|政策|文件|起草|编制|制定){0,4}(?:解读|释义|解释|图解|答记者问|问答|情况说明|的说明|起草说明)"
)

# Of a title that holds another: what it does with that.
_TITLE_CUES: Final[tuple[tuple[Relation, re.Pattern[str]], ...]] = (
    (
        "interprets",
        lazily(
            r"解读|释义|图解|一图读懂|答记者问|问答|起草说明|若干问题的解释|应用解释|法律解释|适用《|适用〈|时间效力"
        ),
    ),
    ("forwards", lazily(r"(?:印发|转发|批转|颁布|公布|发布|下发|重新印发)[^《]{0,40}《")),
    ("carries_out", lazily(r"(?:贯彻|落实|执行|实施|施行|宣传)[^《]{0,30}《|》(?:的)?(?:办法|实施|细则|若干)")),
    ("based_on", lazily(r"(?:根据|依据|依照|按照|遵照)[^《]{0,30}《")),
)

_NATIONAL: Final = lazily(
    r"(?:国务院|全国人大|全国人民代表大会|中共中央|中央|国家|我国|中华人民共和国)[^，,。；;、《》]{0,20}$"
)
_LOCAL: Final = lazily(r"(?:本|我|全|该)(?:省|市|县|区|州|自治区|自治州|盟|旗)[^，,。；;、《》]{0,20}$")


@dataclass(frozen=True, slots=True)
class Group:
    """Documents named in one list, with the words of the sentence before the first and after the last."""

    mentions: tuple[Mention, ...]
    sentence: Span
    before: str
    after: str
    end: int  # of the sentence that the last one stands in


def groups_in(text: str, sentences: Sentences) -> list[Group]:
    """Return what a text names, list by list."""
    lists: list[list[Mention]] = []
    for mention in mentions_in(text):
        if lists and _is_joined(lists[-1][-1], text[lists[-1][-1].end : mention.start]):
            lists[-1].append(mention)
        else:
            lists.append([mention])
    return [_group(text, one, sentences) for one in lists]


def _is_joined(before: Mention, gap: str) -> bool:
    if len(gap) > LONGEST_GAP or "\n" in gap or _IN_FORCE.search(gap) or not _GAP.fullmatch(gap):
        return False
    if _AMENDING.search(before.title) and _BY.match(gap):  # 根据《关于修改…的决定》修正的《…》
        return False
    bare = _REVISED_BY.sub("", re.sub(r"[（(][^（()）]*[）)]", "", gap))
    return not _GAP_VERB.search(_DONE.sub("", bare))


def _group(text: str, mentions: Sequence[Mention], sentences: Sentences) -> Group:
    first, last = mentions[0], mentions[-1]
    sentence = sentences.around(first.start, first.end)
    end = sentences.around(last.start, last.end).end
    before = text[max(sentence.start, first.start - BEFORE_CHARS) : first.start]
    return Group(tuple(mentions), sentence, before, _after(text, last.end, end), end)


def _after(text: str, start: int, end: int) -> str:
    """Return the words behind a list; a bracket that declares a short form is none."""
    after = text[start : min(end, start + AFTER_CHARS)]
    bracket = _SHORT_FORM.match(after)
    return after[bracket.end() :] if bracket else after


def is_foreign(group: Group) -> bool:
    """Return whether what is named is another country's."""
    return bool(_FOREIGN.search(group.before))


def citations_of(text: str, groups: Sequence[Group], sentences: Sentences) -> Iterator[tuple[Mention, Citation]]:
    """Yield what a body cites, each with its relation but for repeals and amendments."""
    for group in groups:
        if is_foreign(group):
            continue
        relation = relation_of(group)
        for mention in group.mentions:
            sentence = sentences.around(mention.start, mention.end)
            issuer = issuer_of(text[max(sentence.start, mention.start - 30) : mention.start])
            at = Span(mention.start, mention.end)
            yield mention, Citation(at, sentence, mention.title, mention.number, relation, issuer=issuer)


def issuer_of(before: str) -> Literal["", "national", "local"]:
    """Return whose a document is by the words before it: "national", "local" or ""."""
    if _LOCAL.search(before):
        return "local"
    return "national" if _NATIONAL.search(before) else ""


def relation_of(group: Group) -> Relation:
    """Return in what relation an announcement stands to what it names in running text."""
    before, after = group.before, group.after
    if _AMENDING.search(group.mentions[-1].title) and _BY.match(after):
        return "amended_by"
    if _EXPLAINED.match(after):
        return "interprets"
    told = _by_cue(before)
    issued = told == "cites" and _ISSUED_NOW.match(after)
    if issued or (_ISSUES.search(before) and _ISSUED.match(_NAMED.sub(_blank, after))):
        return "forwards"
    return _by_words_behind(told, before, after)


def _by_words_behind(told: Relation, before: str, after: str) -> Relation:
    if _AS_BASIS.match(after):
        return "based_on"
    if told == "cites" and (_REPORTED.match(after) or (_TO_CARRY_OUT.search(before) and _CARRIED_OUT.match(after))):
        return "carries_out"
    return told


def _by_cue(before: str) -> Relation:
    """Return what the last telling word before a list says."""
    before = _NAMED.sub(_blank, before)
    if _LABEL_OF_BASIS.search(before):
        return "based_on"
    last = next(reversed(list(_CUES.finditer(before))), None)
    if last is None or len(before) - last.end() > _CUE_REACH or _CLAUSE_END.search(before, last.end()):
        return "cites"
    match last.lastgroup:
        case "based_on":
            return "based_on"
        case "carries_out":
            return "carries_out"
        case "interprets":
            return "interprets" if len(before) - last.end() <= 2 else "cites"
        case _:
            return "cites"


def _blank(match: re.Match[str]) -> str:
    return "〇" * len(match.group())


def relation_in_title(title: str) -> Relation:
    """Return what a title does with the document that it holds."""
    return next((relation for relation, cue in _TITLE_CUES if cue.search(title)), "cites")
