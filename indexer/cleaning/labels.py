"""Visible labels such as 发布日期 or 索 引 号, wherever a page puts them and their values.

A label may stand in a table cell, a ``<dt>``, a span, a bullet with its value on the next line, or
glued to other labels in one line; with a full- or half-width colon or none; with spaced letters.
Says which label has which value, not which value to believe.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexer.cleaning.spaces import squeeze
from indexer.dates import find_dates, parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.cleaning.document import Line

# Field → its labels. "other" are labels whose values we do not keep: they end the value before them.
LABELS: dict[str, tuple[str, ...]] = {
    "source": ("来源", "文章来源", "信息来源", "稿件来源", "稿源", "内容来源", "来稿单位", "供稿单位", "供稿", "消息来源", "来源单位", "出处", "本文来源", "新闻来源"),
    "issuer": ("发文机关", "发文机构", "发文单位", "制发机关", "制定机关", "颁布机关", "颁布单位", "发文部门", "发文机关名称", "印发机关", "公文发布机构", "发文主体"),
    "publisher": ("发布机构", "发布单位", "发布部门", "发布机关", "公开机构", "公开单位", "公开主体", "责任部门", "信息提供单位", "信息发布机构", "发布者", "信息公开责任部门", "生成机构", "所属机构", "产生机构", "提供单位"),
    "published": ("发布日期", "发布时间", "发布日间", "公开日期", "公开时间", "发表时间", "发表日期", "发稿时间", "信息时间", "公布日期", "发布于", "发布", "刊登日期", "上网时间", "录入时间", "添加时间", "加入时间", "信息发布时间", "信息发布日期", "网上发布日期", "公示日期", "公布时间", "上传时间", "文章发布时间"),
    "updated": ("更新时间", "更新日期", "修改时间", "最后更新"),
    "time": ("时间", "日期", "编辑时间"),
    "signed": ("成文日期", "成文时间", "生成日期", "生成时间", "发文日期", "发文时间", "印发日期", "印发时间", "签发日期", "签署日期", "制发日期", "产生日期", "文件日期", "形成日期", "颁布日期", "信息生成日期", "信息形成日期"),
    "effective": ("施行日期", "生效日期", "实施日期", "生效时间", "施行时间", "实施时间", "执行日期", "开始实施日期", "效力起始日期"),
    "number": ("发文字号", "文号", "文件编号", "发文文号", "文件字号", "公文文号", "文件号", "发文号", "公告号", "文件文号", "文书号", "令号"),
    "index_number": ("索引号", "信息索引号", "索引码", "索引", "信息索引", "信息公开索引号", "公开索引号"),
    "form": ("公文种类", "体裁分类", "公文体裁", "文种", "体裁", "文件类型", "公文类型", "信息体裁", "文件种类"),
    "title": ("标题", "名称", "信息名称", "文件名称", "公文名称", "信息标题", "文章标题", "文件标题", "公文标题"),
    "other": (
        "主题分类", "主题词", "有效性", "时效性", "时效", "效力状态", "文件状态", "有效期", "失效日期", "废止日期", "截止日期", "失效时间", "废止时间", "终止日期",
        "浏览次数", "访问次数", "阅读次数", "点击数", "点击次数", "点击率", "点击量", "点击", "访问量", "浏览量", "阅读量", "浏览", "阅读", "人气", "阅读数", "浏览数",
        "作者", "编辑", "责任编辑", "审核", "责编", "记者", "通讯员", "撰稿", "摄影", "编审", "校对", "字体", "字号", "字体大小", "文字大小", "视力保护色", "分享到", "分享", "打印", "背景色",
        "分类", "组配分类", "服务对象", "公开方式", "公开范围", "公开形式", "公开时限", "公开程序", "公开类型", "信息类别", "信息分类", "所属分类", "所属主题", "主题", "栏目", "所属栏目", "关键词", "关键字", "内容概述",
        "内容分类", "信息内容", "载体类型", "记录形式", "公开期限", "统一登记号", "登记号", "统一编号", "规范性文件编号", "语种", "文件分类", "体裁形式", "行业分类", "机构分类", "是否有效", "文件有效性", "摘要", "状态",
        "服务分类", "题材分类", "公开属性", "公开目录", "公开类别", "公文时效", "收藏", "扫一扫", "废止文号", "信息来源分类", "发布人", "发布员", "录入", "录入者", "初审", "复审", "终审", "一审", "二审", "三审", "上传者",
        "分类号", "主题类别", "公开责任部门", "概述", "信息格式", "信息状态", "登记编号", "事项分类", "文件来源", "主办单位", "文章类型", "保护视力色", "大小", "选择阅读字号",
    ),
}  # fmt: skip

_FIELD_OF = {label: field for field, labels in LABELS.items() for label in labels}
_BY_LENGTH = sorted(_FIELD_OF, key=len, reverse=True)
_ANYWHERE_CHARS = 4  # labels this long are believed even when glued to the word before them
_SHORT_BUT_CLEAR = frozenset(("作者", "字体", "字号", "编辑", "浏览", "点击", "责编", "打印", "分享"))
_LONGEST_LABEL = max(map(len, _FIELD_OF))
_COLON = re.compile("[:：︰∶]")
_COLONS = ":：︰∶"
_CLOSING = "】])）"  # between a label and its colon: 【来源】：
_EDGE = " 【】[]()（）|｜丨·•:：︰∶,，;；>《-—_*◆■▪▲●※\u3000\xa0\t"
_VALUE_EDGE = " 【[(（|｜丨·•:：︰∶,，;；>-—_*◆■▪▲●※\u3000\xa0\t"
_LONGEST_LINE = 400  # characters; metadata lines are short, and prose that holds a label is not one
_LONGEST_LEAD = 40  # characters before a line's first label: a date, a bullet, a name


# Words that announcements use for themselves too: 时间：5月1日 in a notice of a meeting.
_WEAK = frozenset(
    ("时间", "日期", "名称", "标题", "主题", "摘要", "状态", "大小", "分类", "出处", "索引", "内容概述", "概述", "记者", "通讯员", "摄影", "撰稿", "作者")
    + ("文号", "主办单位", "供稿", "公示日期", "公示时间", "执行日期", "截止日期", "名单", "有效期", "公告号", "令号", "登记号", "发布", "阅读", "浏览", "点击")
)  # fmt: skip
_DAYS = frozenset(("published", "updated", "time", "signed", "effective"))
_NAMES = frozenset(("source", "issuer", "publisher"))
_LONGEST_NAME = 40  # characters of a name, a form or a date on the line after its label
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Labelled:
    """One label on the page, with the text that stands as its value."""

    field: str  # a key of LABELS
    label: str  # as in LABELS
    value: str  # "" if nothing follows
    line: int  # index of the line with the label
    colon: bool  # whether a colon says that it is a label
    value_line: int = -1  # index of the line with the value; -1: the same


def read_labels(lines: Sequence[Line]) -> list[Labelled]:
    """Every label of a page with its value, in the order of the page."""
    found: list[Labelled] = []
    waiting: list[Labelled] = []  # labels whose value has not come yet
    for at, line in enumerate(lines):
        waiting = [one for one in waiting if one.line == at - 1]
        if len(line.text) > _LONGEST_LINE:
            continue
        if line.is_row and len(waiting) > 1 and len(waiting) >= len(line.parts):
            found += [_filled(label, value, at) for label, value in zip(waiting, line.parts, strict=False)]
            continue
        for piece in line.parts:
            spotted = list(_in_piece(piece, at))
            if not spotted and waiting:
                if waiting[-1].line == at or _fits(waiting[-1].field, line.text):
                    found.append(_filled(waiting[-1], piece, at))
                waiting = []
            found += [one for one in spotted if one.value]
            waiting += [one for one in spotted if not one.value]
    return found


def _filled(label: Labelled, value: str, at: int) -> Labelled:
    return replace(label, value=value, value_line=at if at != label.line else -1)


def _fits(field: str, text: str) -> bool:
    """Whether a whole line can be the value of the label on the line before it, and not the text's first."""
    if field in _DAYS:
        return len(text) <= _LONGEST_NAME and parse_date(text) is not None
    if field in ("number", "index_number"):
        return len(text) <= _LONGEST_NAME and any(character.isdigit() for character in text)
    return len(text) <= (_LONGEST_TITLE if field == "title" else _LONGEST_NAME) and not text.endswith(
        ("。", "：", "；", ":")
    )


def _in_piece(piece: str, at: int) -> Iterator[Labelled]:
    """The labels in one piece of a line, each with what follows it up to the next."""
    bare = squeeze(piece).strip(_EDGE)
    if bare in _FIELD_OF:
        yield Labelled(_FIELD_OF[bare], bare, "", at, colon=piece.rstrip()[-1] in _COLONS)
        return
    marks = list(_marks(piece))
    ends = [start for start, _, _ in marks[1:]] + [len(piece)]
    for (_, after, name), end in zip(marks, ends, strict=False):
        yield Labelled(_FIELD_OF[name], name, piece[after:end].strip(_VALUE_EDGE), at, colon=True)


def _marks(text: str) -> Iterator[tuple[int, int, str]]:
    """Every label before a colon: where it starts, where its value starts, and its name."""
    for colon in _COLON.finditer(text):
        if found := _label_before(text, colon.start()):
            start, name = found
            yield start, colon.end(), name


def _label_before(text: str, colon: int) -> tuple[int, str] | None:
    """The longest label that ends at a colon, with where it starts; spaces between its letters do not count."""
    letters, places = "", []
    for at in range(colon - 1, -1, -1):
        character = text[at]
        if "\u4e00" <= character <= "\u9fff":
            letters = character + letters
            places.append(at)
        elif not (character.isspace() or (character in _CLOSING and not letters)):
            break
        if len(letters) == _LONGEST_LABEL:
            break
    for size in range(len(letters), 1, -1):
        name = letters[-size:]
        if name in _FIELD_OF and _is_believed(name, text, places[size - 1]):
            return places[size - 1], name
    return None


def _is_believed(name: str, text: str, start: int) -> bool:
    """Whether a label stands for itself: 来源 in 资金来源 does not."""
    if len(name) >= _ANYWHERE_CHARS or name in _SHORT_BUT_CLEAR or start == 0:
        return True
    before = text[start - 1]
    return before == "次" or not ("\u4e00" <= before <= "\u9fff" or before.isalpha())


def is_label_line(line: Line) -> bool:
    """Whether a line is metadata: it begins with a label, or with a date that a label follows."""
    if len(line.text) > _LONGEST_LINE:
        return False
    if all(map(is_label, line.parts)):
        return True
    if line.is_row:
        return _is_label_row(line)
    mark = next(_marks(line.text), None)
    if not mark:
        return False
    lead = line.text[: mark[0]].strip(_EDGE)
    return not lead or (len(lead) <= _LONGEST_LEAD and bool(find_dates(lead)))


def is_weak_label_line(line: Line) -> bool:
    """Whether all labels of a label line are words that announcements use in their text too."""
    return not line.is_row and all(name in _WEAK for _, _, name in _marks(line.text))


def is_label(text: str) -> bool:
    """Whether a piece of text is a label and nothing else."""
    return squeeze(text).strip(_EDGE) in _FIELD_OF


def _is_label_row(line: Line) -> bool:
    first = squeeze(line.parts[0])
    return first.strip(_EDGE) in _FIELD_OF and (first[-1] in _COLONS or len(line.parts) in (2, 4, 6))
