"""Whether an announcement is a document of the authority or news about what happened: 政策文件 or 动态.

A document is what a body says under its own name: laws, orders, notices, plans, replies, lists, accounts. News tell of
it: who met, visited, studied, what came out. Most pages name no form, so the text is asked as well: documents address
somebody (各市人民政府：), enact (现印发给你们), are cut into articles (第一条); news have a day and somebody who does
something in their first sentence, reporters and a newspaper's mark.

Every sign weighs as much as its group says; what has more for a document than for news is one.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.facts.document_form import form_of_title
from indexer.text.patterns import lazily

DOCUMENT: Final = "政策文件"
NEWS: Final = "动态"
KINDS: Final = (DOCUMENT, NEWS)

_HEAD_CHARS: Final = 400  # of the body, where a document addresses somebody and news say when and who
_OPENING_CHARS: Final = 120  # the first sentence or two

# What ends in a form and reports or explains all the same.
_REPORTING_FORMS: Final = ("解读",)
_REPORT_ON_A_VISIT: Final = lazily(r"(?:考察|调研|学习|参观|访问|出访|培训|实习|心得)\S{0,6}报告$")

Signs = tuple[tuple[float, re.Pattern[str]], ...]


def _any(words: str) -> str:
    """Return a pattern for one of some words or patterns, which spaces part."""
    return f"(?:{'|'.join(words.split())})"


_ISSUED = _any("通知 公告 通告 公示 批复 答复 复函 决议 条例 办法 细则 规定 章程 纪要 修正案 决定书?")
_ACCOUNTS = _any(
    "预算 决算 清单 目录 年度?报告 工作报告 工作要点 实施方案 工作方案 工作计划 工作总结 登记表 处罚 许可 裁定 "
    "招标 中标 采购 成交 竞价 招租 拍卖"
)
_EXPLAINS = _any("解读 图解 一图读懂 答记者问 问答 综述 纪实 掠影 侧记 观察 访谈 系列报道 新闻发布会 动态 快讯 要闻")
_MEETS = _any("召开 举行 举办(?!\\S{0,60}通知) 出席 主持 会见 座谈 传达 调研 强调 要求 视察 慰问 督导 督查 走访 宣讲")
_TRAVELS = _any(
    "率(?:队|团|领|\\S{0,12}(?:考察|代表团|调研)) 带队 莅 一行 考察团 团\\S{0,4}考察 "
    "赴\\S{1,40}(?:考察|调研|学习|招商|对接) 到\\S{1,40}(?:考察|调研|学习|参观|检查|指导) "
    "来\\S{1,8}(?:考察|调研|学习|参观|交流)"
)
_HAPPENS = _any("启动 开幕 闭幕 揭牌 签约 签署 开展 推进 助力 赋能 见闻 获 荣 我[省市县区州旗局委镇乡]")

_TITLE: Final[Signs] = (
    # Forms that stand inside a title: cut short (…的通), or with a tail that names the site.
    (2.0, lazily(
        r"^关于|(?:政府|委员会|办公室|办公厅|[局厅部委办署院会])关于"
        r"|关于(?:印发|公布|下发|转发|做好|开展|举办|成立|组织|表彰|调整|修订|废止|同意)"
    )),
    (2.0, lazily(rf"{_ISSUED}(?:[（(]?[一二三四五六七八九十]{{1,3}}[）)]?)?(?:来源\S{{0,40}})?$")),
    (2.0, lazily(rf"{_ACCOUNTS}\S{{0,12}}$")),
    (-2.5, lazily(_EXPLAINS)),
    (-2.5, lazily(f"{_MEETS}|{_TRAVELS}|{_HAPPENS}")),
    (-1.0, lazily(r"[！!？?：:丨【]|——|学习|贯彻|纪念|发布|出台|推动|打造|建设[^的]{0,40}$")),
)  # fmt: skip

_THIS: Final = ("本办法", "本条例", "本规定", "本方案", "本细则", "本规划", "本通告", "本公告", "本通知", "本法")
# Each of these patterns holds one of the strings beside it: to look for them takes a tenth of the time.
_HEAD: Final[tuple[tuple[float, re.Pattern[str], tuple[str, ...]], ...]] = (
    (3.0, lazily(
        r"(?:通知|公告|通告|公示|批复|答复|决定|函复|回复|意见)如下|现(?:印|转)?发给你们|(?:印发|转发)(?:给)?你们"
        r"|请(?:结合实际|遵照|认真)\S{0,8}(?:执行|落实|实施)"
        r"|特此(?:通知|公告|通告|公示|批复|函[复达告]|答复|决定)"
    ), ("如下", "你们", "请结合实际", "请遵照", "请认真", "特此")),
    (2.5, lazily(r"(?:^|\n|。|\s)各\S{1,60}[：:]|收悉|您(?:好|提出的)"), ("各", "收悉", "您")),
    (3.0, lazily(r"(?:^|\n|。|\s|#)第(?:一条|一章)\s|第一章\s*总\s*则"), ("第一条", "第一章")),
    (1.5, lazily(
        r"^\S{0,60}(?:根据|依据|依照)《?|(?:制定|制订)本|公开招聘"
        r"|本(?:办法|条例|规定|方案|细则|规划|通告|公告|通知|法)(?:自|适用|所称)"
        r"|(?:事项|有关情况|名单)\S{0,6}(?:公告|公示|公布|通知|通报)"
    ), ("根据", "依据", "依照", "定本", "订本", "公开招聘", *_THIS, "事项", "有关情况", "名单")),
)  # fmt: skip

_OPENING: Final[Signs] = (
    (-3.0, lazily(r"记者|通讯员|本报讯|[网报闻体]讯|新华社|日电|据悉|据了解")),
    (-2.0, lazily(
        r"^\D{0,60}?(?:\d{1,2}月\d{1,2}日?|\d{1,2}日|\d{1,2}[-—至]\d{1,2}日|近期|昨日|昨天|今天|上午|下午)"
        r"|近日|日前|连日来"
    )),
    (-1.5, lazily(r"召开|举行|举办|主持|率队|带队|带领|一行|陪同|莅临|调研|考察|出席|座谈|强调|指出")),
)  # fmt: skip

_SIGNED_BY: Final = lazily(
    r"[（(](?:本报|通讯员|特约|见习|实习)?(?:记者|通讯员|供稿|作者|文图?|图)?[^（()）\d]{2,14}[）)]$"
)
_MOST_SIGNED: Final = 30  # characters that such a signature has
_REPORTED: Final = ("据悉", "记者", "参观了", "纷纷表示", "表示，")
_ARTICLES: Final = lazily(r"(?:^|[\n。　 #])第[一二三四五六七八九十百零〇\d]+条[ 　\n\t]")
_FEWEST_ARTICLES: Final = 3


def kind_of(title: str, body: str, form: str = "", number: str = "") -> str:
    """Return ``DOCUMENT`` or ``NEWS``; ``form`` and ``number`` are what the page itself names, "" if it names none."""
    return DOCUMENT if weigh_kind(title, body, form, number) > 0 else NEWS


def weigh_kind(title: str, body: str, form: str = "", number: str = "") -> float:
    """Weigh the signs: above 0 for a document, below for news; 0.0 where nothing tells."""
    head, opening = body[:_HEAD_CHARS], body[:_OPENING_CHARS].lstrip()
    weight = _of_form(title, form) + 1.5 * bool(number)
    weight += _held(_TITLE, title) + _held(_OPENING, opening)
    weight += sum(weight for weight, pattern, strings in _HEAD if _any_in(strings, head) and pattern.search(head))
    if body.count("第") >= _FEWEST_ARTICLES and len(_ARTICLES.findall(body)) >= _FEWEST_ARTICLES:
        weight += 2.0
    return weight - 1.5 * (_any_in(_REPORTED, body) or bool(_SIGNED_BY.search(body.rstrip()[-_MOST_SIGNED:])))


def _any_in(strings: tuple[str, ...], text: str) -> bool:
    return any(map(text.__contains__, strings))


def _of_form(title: str, form: str) -> float:
    form = form or form_of_title(title)
    if form in _REPORTING_FORMS or _REPORT_ON_A_VISIT.search(title):
        return -4.0
    return 4.0 if form else 0.0


def _held(signs: Signs, text: str) -> float:
    return sum(weight for weight, pattern in signs if pattern.search(text))
