"""What values of our own are called in the reader's language: forms, kinds, whether something still holds.

What pages say themselves (sources, regions, folders) is never translated, nor is a value in an address or in JSON.
"""

from __future__ import annotations

from typing import Final

from webui.choices import language
from webui.translation import gettext as _


def N_(words: str) -> str:  # noqa: N802 - gettext's usual mark for "translate this, but later"
    """Mark words for the translators."""
    return words


# Some of the values are words of the pages too, in another sense: the translators know these as those of a facet.
OURS: Final = {
    "已废止": N_("时效：已废止"),
    "已失效": N_("时效：已失效"),
    "尚未施行": N_("时效：尚未施行"),
    "部分废止": N_("时效：部分废止"),
    "已修改": N_("时效：已修改"),
    "未见废止": N_("时效：未见废止"),
    "政策文件": N_("政策文件"),
    "动态": N_("动态"),
    "未注明": N_("未注明"),
    "决议": N_("文种：决议"),
    "决定": N_("文种：决定"),
    "命令": N_("文种：命令"),
    "令": N_("文种：令"),
    "公报": N_("文种：公报"),
    "公告": N_("文种：公告"),
    "通告": N_("文种：通告"),
    "意见": N_("文种：意见"),
    "通知": N_("文种：通知"),
    "通报": N_("文种：通报"),
    "报告": N_("文种：报告"),
    "请示": N_("文种：请示"),
    "批复": N_("文种：批复"),
    "议案": N_("文种：议案"),
    "函": N_("文种：函"),
    "纪要": N_("文种：纪要"),
    "公示": N_("文种：公示"),
    "条例": N_("文种：条例"),
    "规定": N_("文种：规定"),
    "办法": N_("文种：办法"),
    "细则": N_("文种：细则"),
    "规则": N_("文种：规则"),
    "章程": N_("文种：章程"),
    "规程": N_("文种：规程"),
    "准则": N_("文种：准则"),
    "守则": N_("文种：守则"),
    "制度": N_("文种：制度"),
    "标准": N_("文种：标准"),
    "法律": N_("文种：法律"),
    "方案": N_("文种：方案"),
    "规划": N_("文种：规划"),
    "计划": N_("文种：计划"),
    "要点": N_("文种：要点"),
    "预案": N_("文种：预案"),
    "指南": N_("文种：指南"),
    "指引": N_("文种：指引"),
    "目录": N_("文种：目录"),
    "清单": N_("文种：清单"),
    "纲要": N_("文种：纲要"),
    "解读": N_("文种：解读"),
    "解释": N_("文种：解释"),
    "答复": N_("文种：答复"),
    "措施": N_("文种：措施"),
}
OUR_FACETS: Final = frozenset({"form", "kind", "validity"})  # whose values these are


def said(value: str) -> str:
    """Return a value as the reader calls it; itself if it is none of ours."""
    if language() == "zh" or value not in OURS:
        return value
    return _(OURS[value])


def spoken() -> str:
    """Return the attribute of what is said in the reader's language within what is Chinese; "" on Chinese pages."""
    return "" if language() == "zh" else f' lang="{language()}"'
