"""Titles of documents: which of them stand in a text, whether one names a document, and when two are one.

《国务院办公厅关于印发〈…办法〉的通知》 holds a title within a title; only the outer one is cited.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from indexer.facts.document_form import without_tail
from indexer.text.fold import fold
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TITLE: Final = 200  # characters between 《 and 》; the longest genuine one has about 150
_BRACKET: Final = lazily(r"[《》〈〉<>＜＞«»\n]")
_OPENING, _CLOSING = frozenset("《〈<＜«"), frozenset("》〉>＞»")


def quoted_titles(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each outermost 《…》 stands, brackets included; one that its line leaves open ends at its last 》."""
    start, depth, last = -1, 0, -1
    if "《" not in text:
        return  # as most news have it
    for match in _BRACKET.finditer(text):
        sign, at = match.group(), match.start()
        if start >= 0 and (sign == "\n" or at - start > LONGEST_TITLE or (sign == "《" and depth == 1 and last > 0)):
            # Its line or its room is over, or it was closed by the wrong sign: 《甲〉、《乙》.
            if last > 0:
                yield start, last
            start = -1
        if start < 0:
            start, depth, last = (at, 1, -1) if sign == "《" else (-1, 0, -1)
            continue
        depth += (sign in _OPENING) - (sign in _CLOSING)
        last = at + 1 if sign in _CLOSING else last
        if depth <= 0:
            yield start, last
            start = -1
    if start >= 0 and last > 0:
        yield start, last


# ── does a title name a document? ────────────────────────────────────────────────────────────────────

_FORM: Final = lazily(
    r"(?:条例|规定|办法|细则|规则|通则|总则|规程|规范|准则|守则|章程|制度|标准|通知|通告|公告|公报|通报|意见|决定|决议|命令|批复|方案|预案|规划|计划"
    r"|纲要|大纲|要点|措施|政策|目录|名录|清单|指南|指引|导则|解释|修正案|宪法|党章|法典|(?<![方做说书看想疗语兵手打章技枪乐佛])法"
    r"|(?<=[府院厅部委会])令|公约|纪要|决定书)$"
)
# Forms that are documents of an authority only when they say what they are on.
_FORM_ABOUT: Final = lazily(r"(?:报告|请示|议案|建议|函|复函|答复|说明|安排|办法的?解读)$")
_ABOUT: Final = lazily(r"关于|工作报告$")
_TAIL_DRAFT: Final = lazily(
    r"[（(](?:[^（()）]{0,12}(?:草案|稿|审议|讨论)[^（()）]{0,6}|\d{4}\s*[-—–~至－]\s*\d{4}\s*年?|[^（()）]{0,20})[）)]$"
)
_PROGRAMME: Final = lazily(r"行动[（(]\d{4}\s*[-—–~至－]+\s*\d{4}\s*年?[）)]$")  # 健康某地行动（2019—2030年）
_NO_DOCUMENT: Final = lazily(
    r"(?<![预决])算法$|(?:政府|国务院|委员会|法院|检察院)公报$|可行性|^(?:调查|审计|检测|体检|检验|鉴定|评估)报告$|(?:证|书|表|卡|照)$"
)
# 《条例》, 《实施意见》: a name that is nothing but a form says nothing of what is meant.
_GENERIC: Final = lazily(
    r"(?:办事|服务|政府|本|该|新|旧|原|两个|三个|若干|暂行|试行|实施|具体|指导|管理|工作|行动|总体|专项|改革|规划|发展|建设|处理|处分|招聘|公开|遴选|申报|考试|报名|征集|修改|修订|"
    r"条例|规定|办法|细则|规则|规程|规范|准则|守则|章程|制度|标准|通知|通告|公告|公报|通报|意见|决定|决议|命令|批复|方案|预案|计划|纲要|"
    r"要点|措施|政策|目录|清单|指南|指引|解释|说明|报告|建议|安排|公约|法){1,5}"
)


@lru_cache(maxsize=8192)
def names_document(title: str) -> bool:
    """Return whether a title in 《》 is one of a document of an authority, not of a book, a newspaper or a form."""
    text = title.strip()
    if _PROGRAMME.search(text):
        return True
    while (match := _TAIL_DRAFT.search(text)) and match.start():
        text = text[: match.start()].rstrip()
    text = without_tail(text).rstrip("》〉>＞")
    if not text or _NO_DOCUMENT.search(text):
        return False
    return bool(_FORM.search(text) or (_FORM_ABOUT.search(text) and _ABOUT.search(text)))


def is_generic(title: str) -> bool:
    """Return whether a title is nothing but a form: 《条例》, 《实施意见》."""
    return len(title) <= 12 and bool(_GENERIC.fullmatch(without_tail(title.strip())))


# ── when are two titles one? ─────────────────────────────────────────────────────────────────────────

_VERSION: Final = lazily(
    r"[（(〔\[【](?:自?(?:19|20)\d\d年?)?(?:\d{1,2}月\d{1,2}日)?(?:第[一二三四五六七八九十]{1,3}次)?"
    r"(?:最新|最终)?(?:修订|修正|修改|公布|施行|版)?(?:版|文本|稿|本)?[）)〕\]】]$"
)
_FATE: Final = lazily(r"[（(〔\[【](?:已?(?:废止|失效|修改|作废)|现行有效|有效|全文)[）)〕\]】]")
_NO_UNIT: Final = lazily(r"[\W_]+")
# 关于加强审计工作的意见 and 关于加强审计工作意见 are one.
_OF_FORM: Final = lazily(
    r"的(?=(?:若干|指导|实施|紧急|补充)?(?:通知|意见|决定|决议|办法|规定|方案|规划|纲要|措施|细则|批复|公告|通告|通报|报告|请示|函)$)"
)
_STATE: Final = "中华人民共和国"
_INNER: Final = lazily(
    r"(?:印发|公布|发布|颁布|下发|颁发|施行|试行)(?:《|〈|<)?(?P<inner>[^《]{4,150}?)(?:》|〉|>)?(?:的|等)(?:通知|公告|决定|令|命令|通告|函)"
    r"(?:[（(][^（()）]{0,30}[）)])?$"
)
_PLACE: Final = lazily(
    r"(?:[^\W\d]{2,7}?(?:省|自治区|特区)|[^\W\d]{2,6}?(?:自治州|地区|市|盟|州))?(?:[^\W\d]{1,8}?(?:自治县|自治旗|县|区|旗|市))?(?=[^\W\d]{3})"
)
_SHORTEST_CORE: Final = 5  # characters; shorter ones name too many things


def title_key(title: str) -> str:
    """Return what is equal for all writings of a title.

    It has no signs, no 中华人民共和国 before it, no version behind it and no 的 before its form.
    """
    return _key(title[: LONGEST_TITLE * 2])


@lru_cache(maxsize=16384)
def _key(title: str) -> str:
    title = _FATE.sub("", title.strip())
    title = _VERSION.sub("", title)
    key = _OF_FORM.sub("", _NO_UNIT.sub("", fold(title)))
    return key.removeprefix(_STATE) if len(key) > len(_STATE) + 2 else key


def inner_key(title: str) -> str:
    """Return the key of what a notice issues: of …关于印发《…办法》的通知, 办法; "" if it issues nothing by name."""
    match = _INNER.search(title[: LONGEST_TITLE * 2].rstrip("。 "))
    inner = title_key(match["inner"]) if match else ""
    return "" if is_generic(inner) or len(inner) < _SHORTEST_CORE else inner


def about_key(title: str) -> str:
    """Return a title's key from 关于 on, without who speaks; "" if nobody stands before it."""
    before, about, matter = title_key(title).partition("关于")
    return about + matter if about and before and len(matter) >= _SHORTEST_CORE else ""


def local_key(title: str) -> tuple[str, str]:
    """Return the place that a title begins with and the key of the rest: 济南市, 物业管理条例; "", "" if with none."""
    key = title_key(title)
    match = _PLACE.match(key)
    if not match or not match.end():
        return "", ""
    rest = key[match.end() :]
    return ("", "") if is_generic(rest) or len(rest) < _SHORTEST_CORE else (match.group(), rest)


def is_same_matter(one: str, other: str) -> bool:
    """Return whether two titles, written with more or less around them, are of one document."""
    first, second = sorted((title_key(one), title_key(other)), key=len)
    if not first:
        return False
    return first in second or re.sub("^.*?关于", "", first) in second
