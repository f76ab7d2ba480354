"""Whether a page holds an announcement at all, or is a list, a form, a login, an error, a frame, a service.

Evidence for an announcement settles it: a day that the page gives for it, a number, a signature, an issuer, a file.
Only where all of that is missing do the marks of other pages count: no announcement is lost for a form beside it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.facts.dates import find_dates
from indexer.facts.document_form import form_of_title
from indexer.light_dataclass import dataclass
from indexer.reading.html.line_kinds import is_prose
from indexer.reading.html.title import is_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.announcement import Announcement
    from indexer.reading.html.document import Document, Line
    from indexer.reading.html.labels import Labelled

_ERROR = re.compile(
    r"(?:^|\b)(?:404|403|500|502|503)(?:\b|$)|not found|forbidden|bad gateway|internal server error|"
    r"service unavailable|"
    r"页面(?:不存在|未找到|找不到|丢失|走丢|出错|已删除|无法访问|不见)|(?:找不到|无法找到|没有找到)(?:该|此|您|相关|指定)?.{0,8}(?:页面|网页|文件|资源)|"
    r"(?:访问|请求|查看|浏览)的.{0,8}(?:不存在|已删除|已被删除|找不到|出错|已下线|已关闭)|系统(?:繁忙|维护|错误|异常)|访问(?:被拒绝|受限|过于频繁)|"
    r"该(?:信息|文章|内容|栏目)(?:不存在|已删除|已下线|已过期)",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"(?:登录|登陆|注册|找回|查询|查验|验证|检索|搜索|系统|平台|导航|列表|首页|主页|跳转|错误|提示|服务大厅|办事大厅|预约|缴费|"
    r"找回密码|忘记密码|高级搜索|网站地图|联系我们|关于我们|在线咨询|我要写信|留言板|下载中心|个人中心|用户中心)$|"
    r"^(?:用户|账号|账户|密码|统一身份|登录|搜索|查询)"
)
_PAGING = re.compile(
    r"共\s*\d[\d,]*\s*(?:条|页|项)|下一页.{0,12}(?:尾页|末页|最后|跳转|共)|"
    r"(?:第|当前)\s*\d+\s*页|每页(?:显示)?\s*\d*\s*条?|跳转到?第?\s*\d*\s*页"
)
_SENTENCE = re.compile("[。！？；]")
_UNFILLED = re.compile(r"[:：]\s*[*]?$")
_ERROR_CHARS = 600  # of a whole page that says hardly more than an error
_FRAME_CHARS = 40
_FEWEST_CELLS = 3  # of a row of entries
_LIST_ROWS = 6  # dated links
_LINKED_SHARE = 0.5  # of a home page's characters
_SERVICE_PROSE = 3  # paragraphs that a service may explain itself with
_USUAL_TITLE = 8  # characters; a shorter one with a form at its end is as often a column's: 通知公告
_OWN = ("issuer", "publisher", "published", "number", "index_number")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found on a page."""

    announcement: Announcement
    document: Document
    kept: Sequence[int]  # lines of the body
    labels: Sequence[Labelled]
    shows_title: bool
    published_rule: str


def why_none(seen: Seen) -> str:
    """Return what a page is instead of an announcement, a code of ``skip_reasons``; "" if it may be one."""
    if _is_entry_of_list(seen) or _has_evidence(seen):
        return "list" if _is_entry_of_list(seen) else ""
    lines = [line for line in seen.document.lines if not line.hidden]
    title = seen.announcement.title
    if sum(len(line.text) for line in lines) <= _ERROR_CHARS and _says_error(title, lines):
        return "error-message"
    prose = sum(is_prose(seen.document.lines[at]) for at in seen.kept)
    if not prose and not _SENTENCE.search(seen.announcement.body) and not _announces(title):
        return _without_sentences(seen, lines)
    return "" if _announces(title) else _without_evidence(seen, lines, prose)


def _without_evidence(seen: Seen, lines: Sequence[Line], prose: int) -> str:
    """Return what a page is whose title does not announce anything either."""
    title = seen.announcement.title
    is_named = seen.shows_title and not is_frame(title)
    is_short = prose <= _SERVICE_PROSE
    if (is_short and _is_paged_table(seen, lines)) or (not is_named and _is_list(lines)):
        return "list"
    if is_short and _SERVICE.search(title):
        return "form-or-service"
    linked = sum(line.link_chars for line in lines) > _LINKED_SHARE * sum(len(line.text) for line in lines)
    return "links" if linked and not is_named and is_short else ""


def _is_entry_of_list(seen: Seen) -> bool:
    """Return whether the title is one of many lines that each end with a day, and no sentence stands below it."""
    if not _ends_with_day(seen.announcement.title) or _SENTENCE.search(seen.announcement.body):
        return False
    return sum(_ends_with_day(line.text) for line in seen.document.lines) >= _LIST_ROWS


def _ends_with_day(text: str) -> bool:
    dates = find_dates(text)
    return bool(dates) and len(text.rstrip("])】） ")) == dates[-1].end


def _has_evidence(seen: Seen) -> bool:
    """Return whether the page gives a fact that only announcements have."""
    one = seen.announcement
    if one.number or one.signed or one.attachments or any(label.field in _OWN for label in seen.labels):
        return True
    metas = seen.document.metas
    if metas.get("articletitle") and metas.get("pubdate"):
        return True
    if any(label.field == "source" and label.value for label in seen.labels):
        return True
    by_page = seen.published_rule.startswith(("label", "meta", "address"))
    return one.published is not None and (by_page or (seen.shows_title and not is_frame(one.title)))


def _announces(title: str) -> bool:
    """Return whether a title is that of an announcement by its words alone."""
    return "关于" in title or (len(title) >= _USUAL_TITLE and bool(form_of_title(title)))


def _says_error(title: str, lines: Sequence[Line]) -> bool:
    return bool(_ERROR.search(title)) or any(_ERROR.search(line.text) for line in lines)


def _without_sentences(seen: Seen, lines: Sequence[Line]) -> str:
    """Return what a page without a single sentence is."""
    if sum(len(line.text) for line in lines) <= _FRAME_CHARS:
        return "frame"
    if _is_list(lines):
        return "list"
    unfilled = sum(bool(_UNFILLED.search(line.text)) for line in lines)
    return "form-or-service" if unfilled > 1 or _SERVICE.search(seen.announcement.title) else "names-and-links"


def _is_paged_table(seen: Seen, lines: Sequence[Line]) -> bool:
    """Return whether a body is mostly rows, of a table of which the page shows one part."""
    rows = sum(len(seen.document.lines[at].parts) >= _FEWEST_CELLS for at in seen.kept)
    return 2 * rows > len(seen.kept) and any(_PAGING.search(line.text) for line in lines)


def _is_list(lines: Sequence[Line]) -> bool:
    """Return whether a page shows rows of links with their days, or turns pages."""
    rows = sum(2 * line.link_chars > len(line.text) and bool(find_dates(line.text)) for line in lines)
    return rows >= _LIST_ROWS or any(_PAGING.search(line.text) for line in lines)
