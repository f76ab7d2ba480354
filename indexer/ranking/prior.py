"""What an announcement is worth before anything is asked, and what its title is about.

Ten offices visit another to study a regulation, and each says so in a title that holds its name: by their words the
tours come as near to the query as the regulation itself. So what is known of an announcement decides among them:
whether it is a document or news of one, its form, whether it bears a number, who stands behind it (``prior``); and how
much of the matter of its title a query names (``title_core``): 优化营商环境 is all that 《广东省优化营商环境条例》 is
about, and a fifth of 某局赴某市考察学习优化营商环境工作经验.

Both are read off one announcement when it is indexed and stored beside it; ``indexer.ranking.bm25f`` says what they
weigh. They count for announcements alone whose title holds a run of the query as typed: among answers to a question,
where the title seldom says what was asked, a reply or a report is as good as a law.

Measured on 150 topics that laws and regulations are on, over 21,742 announcements of which 19 in 20 are news (first,
within the first three), on the 30 topics that at least 40 announcements name, and by finding an announcement again by
half of the words of its title (mean reciprocal rank, documents and news):

    neither                     .887  .960     21  26 of 30     .865  .901
    both                        1     1        30  30           .866  .905

Either alone gives all but one of these first.

By how many others an announcement is cited is no sign of it. With log(1 + cited) / log(101) times 0.1, 0.3 or 1 added
to the prior, the law itself stood first for 149 of the 150 topics, as it does without; nDCG@10 fell from .9972 to .9971
(with 1) and .9967 (with 30); of two judged sets, where hardly anything cites another, no figure changed (nDCG@10 .908
and .669). Who wants what is cited most asks for it: ``sort=cited``.

To let a new sign count, give ``Signs`` a field and ``prior`` a term of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from indexer.facts.document_form import form_of_title, without_tail
from indexer.facts.document_kind import DOCUMENT, kind_of
from indexer.light_dataclass import dataclass
from indexer.text.units import BREAK, units

if TYPE_CHECKING:
    from indexer.announcement import Announcement

PRIOR_STEPS: Final = 100  # priors are stored as whole hundredths
MOST_CORE: Final = 65_535  # units of a title that are counted: two bytes


@dataclass(frozen=True, slots=True)
class Prior:
    """How much each sign adds, from 0.0 to 1.0 in sum; news have none."""

    document: float = 0.4  # is a document and not news
    number: float = 0.1  # bears a document number: was issued, not only put on a page
    national: float = 0.1  # binds everybody; of two regulations on one matter this one comes first
    provincial: float = 0.05
    # By form. Laws and regulations stay; notices pass on; calls, lists of names and replies are about one case.
    law: float = 0.4
    rule: float = 0.3
    policy: float = 0.2
    notice: float = 0.1


PRIOR: Final = Prior()

_LAWS: Final = frozenset({"法律", "条例"})
_RULES: Final = frozenset({"规定", "办法", "细则", "规则", "章程", "准则", "解释", "令", "命令", "决定", "决议"})
_POLICIES: Final = frozenset({"意见", "措施", "方案", "规划", "纲要", "标准", "规程", "批复", "制度", "守则"})
_NOTICES: Final = frozenset({"通知", "通告", "计划", "要点", "预案", "指南", "指引", "目录", "清单", "通报"})

_NATIONAL: Final = re.compile(r"^(?:中华人民共和国|全国|国务院|中共中央|国家|最高人民)")
_PLACE: Final = re.compile(r"^[^\s《]{1,8}?(?:省|市|自治区|自治州|州|盟|县|区|旗|特区)")
_PROVINCE: Final = re.compile(
    r"^(?:[^\s《]{2,7}?(?:省|自治区)|北京市|天津市|上海市|重庆市)(?!\S{1,6}?(?:市|州|县|区|盟|旗))"
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of an announcement that its prior depends on."""

    document: bool
    form: str  # "" if none is known
    number: bool
    level: int  # 0 national, 1 provincial, 2 below or unknown


def signs_of(announcement: Announcement) -> Signs:
    """Read the signs off an announcement."""
    form = announcement.form or form_of_title(announcement.title)
    return Signs(
        document=(announcement.kind or _kind_of(announcement)) == DOCUMENT,
        form=form,
        number=bool(announcement.number),
        level=_level(announcement, form),
    )


def _kind_of(announcement: Announcement) -> str:
    return kind_of(announcement.title, announcement.body, announcement.form, announcement.number)


def _level(announcement: Announcement, form: str) -> int:
    title, region = announcement.title, announcement.region
    if region == ("全国",) or _NATIONAL.search(title) or _NATIONAL.search(announcement.source):
        return 0
    if region:
        return 1 if len(region) == 1 else 2
    if _PLACE.search(title):
        return 1 if _PROVINCE.search(title) else 2
    # Regulations of a place bear its name.
    return 0 if form in _LAWS else 2


def prior(signs: Signs) -> float:
    """Return what an announcement is worth by itself, from 0.0 to 1.0 in hundredths; 0.0 for news."""
    if not signs.document:
        return 0.0
    by_form = (
        (_LAWS, PRIOR.law),
        (_RULES, PRIOR.rule),
        (_POLICIES, PRIOR.policy),
        (_NOTICES, PRIOR.notice),
    )
    worth = PRIOR.document + sum(weight for forms, weight in by_form if signs.form in forms)
    worth += PRIOR.number * signs.number + (PRIOR.national, PRIOR.provincial, 0.0)[signs.level]
    return round(min(worth, 1.0) * PRIOR_STEPS) / PRIOR_STEPS


def prior_of(announcement: Announcement) -> float:
    """Return the prior of an announcement."""
    return prior(signs_of(announcement))


# ── what a title is about ────────────────────────────────────────────────────────────────────────────

_NAMED: Final = re.compile(r"《([^》]{2,200})》")
# Who speaks, and that something is enacted.
_BEFORE: Final = re.compile(
    r"^(?:中华人民共和国|全国人民代表大会(?:常务委员会)?|国务院"
    r"|(?:[^\s《]{1,6}?(?:省|市|自治区|自治州|县|区|旗|盟|特区)){1,3})?"
    r"(?:人民政府|人民代表大会(?:常务委员会)?)?(?:办公厅|办公室)?(?:关于)?(?:实施|印发|公布|转发|发布)?"
)
_FORM: Final = re.compile(
    r"(?:暂行|试行|若干|实施|具体|的){0,6}"
    r"(?:条例|规定|办法|细则|规则|通知|意见|公告|决定|法典|法|方案|规划|计划|解释|措施|纲要)$"
)
_FORMS_IN_A_ROW: Final = 3  # 实施办法的通知


def title_core(title: str) -> int:
    """Count the units of what a title is about: without who speaks, the form, and the brackets of a name in 《》.

    At least 1. A query that names as many units of it names all of it. A title without a form, as news have, tells
    who does what, and is about all that it says.
    """
    if not form_of_title(title):
        return min(max(_length(title), 1), MOST_CORE)
    text = without_tail(title)
    named = _NAMED.search(text)
    around = text[: named.start()] + text[named.end() :] if named else ""
    core = sum(_length(_stripped(part)) for part in (named[1] if named else text, around))
    return min(max(core, 1), MOST_CORE)


def _stripped(text: str) -> str:
    text = _BEFORE.sub("", text)
    for _ in range(_FORMS_IN_A_ROW):
        text, before = without_tail(_FORM.sub("", text)), text
        if text == before:
            break
    return text


def _length(text: str) -> int:
    of_text = units(text)
    return len(of_text) - of_text.count(BREAK)
