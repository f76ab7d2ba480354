"""Which form (文种) an announcement has: 通知, 公告, 意见 …, read from its title.

A Chinese official title ends in its form: 关于印发《…办法》的通知 is a 通知. News have none.
"""

from __future__ import annotations

from functools import lru_cache

from indexer.text.patterns import lazily

_TITLES_KEPT = 4096  # a lot of announcements, for three or four things that are made of each by what its title is

# The forms of 党政机关公文处理工作条例 (2012) §8, then what else governments publish under its own name.
_OFFICIAL = (
    "决议", "决定", "命令", "令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函",
    "纪要",
)  # fmt: skip
_FURTHER = (
    "公示", "条例", "规定", "办法", "细则", "规则", "章程", "规程", "准则", "守则", "制度", "标准", "法律", "方案",
    "规划", "计划", "要点", "预案", "指南", "指引", "目录", "清单", "纲要", "解读", "解释", "答复", "措施",
)  # fmt: skip
FORMS: tuple[str, ...] = (*_OFFICIAL, *_FURTHER)

# Notices to somebody. 召开…会议的通知 is one, though news of a meeting has the same verb.
_ADDRESSED = ("通知", "公告", "通告", "公示", "通报", "函", "批复", "答复", "请示", "决定")

_FORM_AT_END = lazily(f"(的)?({'|'.join(sorted(FORMS, key=len, reverse=True))})$")
_FORM_REACH = 2 + max(map(len, FORMS))  # characters from an end, 的 and a line end among them, where it can match
_LAW = lazily(r"中华人民共和国\S{1,40}(?:法|法典)")
# 禁令 and 指令 order nothing under that name; 协议案 is a lawsuit over a contract.
_LOOKALIKE = lazily(r"(?<![府院席部局委署行厅会通奖命])令$|协议案$")
# What may follow the form: （试行）, （第三号）, (沪府令12号), 深府〔2020〕5号, 第2号, a closing quote.
_AFTER_FORM = lazily(
    r"(?:[\s》」』”\"'。.…·]|[（(【〔\[][^（()）【】〔〕\[\]]{0,40}[）)】〕\]]"
    r"|[（(][^（()）\s]{1,20}[（(〔\[]\d{4}[）)〕\]]第?\d{1,12}号[）)]|[^\s》）)]{1,12}[（(〔\[]\d{4}[）)〕\]]第?\d{1,12}号"
    r"|(?:\d{4}年)?第?[\d一二三四五六七八九十百〇零]{1,12}[号期批]|(?:试行|暂行|节选|全文))$"
)
_TAIL_ENDS = frozenset("》」』”\"'。.…·）)】〕]号期批行选文")  # one of these, or a space, ends what it matches
_INTERPRETATION = lazily(r"解读(?!工作|制度|机制|材料)|图解|一图读懂|一图看懂|政策问答")
# Asking for opinions, or having some, is no 意见.
_ASKING = lazily(r"(?:征求|征集|听取|提出|交换|反馈|收集|采纳)(?:《.{0,100}》)?\S{0,4}意见$")
_NEWS = lazily(r"召开|举行|举办|出席|主持|会见|座谈|审议|传达|学习|调研|发布|出台|发出|公布|审定|解读|[！!？?：:]")


@lru_cache(_TITLES_KEPT)
def form_of_title(title: str) -> str:
    """Name the form that a title ends in, one of ``FORMS``; "" if it ends in none, as news do."""
    text = without_tail(title.strip())
    match = _FORM_AT_END.search(text, max(0, len(text) - _FORM_REACH))
    if _INTERPRETATION.search(title) and not (match and match[1]):
        return "解读"
    if not match:
        return "法律" if _LAW.fullmatch(text) else ""
    belongs, form = match.groups()
    if _LOOKALIKE.search(text) or _ASKING.search(text):
        return ""
    return "" if _is_news(text[: match.start()], belongs=bool(belongs), form=form) else form


def _is_news(before: str, *, belongs: bool, form: str) -> bool:
    """Tell news of a document (…发布公告) from the document: its verb does not stand behind 关于."""
    verb = _NEWS.search(before)
    about = before.find("关于")
    if not verb or 0 <= about < verb.start():
        return False
    return not (belongs and form in _ADDRESSED)


@lru_cache(_TITLES_KEPT)
def without_tail(title: str) -> str:
    """Return a title without what may follow its form: （试行）, a number, a closing quote."""
    while _may_have_tail(title) and (match := _AFTER_FORM.search(title)) and match.start():
        title = title[: match.start()]
    return title


def _may_have_tail(title: str) -> bool:
    return title[-1:] in _TAIL_ENDS or title[-1:].isspace()
