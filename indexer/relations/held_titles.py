"""Find the document that a title holds without 《》 because it forwards or carries it out: 转发国务院关于…的通知.

Of …转发国务院关于加强…的通知 it is 国务院关于加强…的通知: one 的通知 stands for both. Of …意见的通知 it is …意见.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from indexer.relations.records import Relation

_FORM: Final = (
    r"(?:通知|意见|决定|决议|办法|规定|方案|规划|计划|纲要|要点|措施|细则|条例|批复|函"
    r"|复函|通告|公告|通报|报告|请示|纪要|建议|命令|指示)"
)
_VERB: Final = lazily(r"(?:转发|批转)|(?:贯彻落实|贯彻执行|贯彻|落实|执行)(?:好|实施)?")
# Who speaks, then on what: 国务院办公厅关于, 省公安厅等部门关于, 国务院批转…关于.
_HELD: Final = lazily(
    r"\s{0,2}(?:中共|国务院|中央|全国|国家|最高|[^\W\d]{0,12}?[省市县区州部委局厅院办会盟旗])[^《》，,。；;：:]{0,40}?(?:关于|印发|转发|批转)[^《》。；;]{4,120}$"
)
_OUTER: Final = lazily(rf"\s?的?{_FORM}(?:[（(][^（()）]{{0,30}}[）)])?$")
_ENDS_IN_FORM: Final = lazily(rf"{_FORM}(?:[（(][^（()）]{{0,30}}[）)])?$")
# …若干意见重点任务分工: what the own title adds to the one that it holds.
_OWN_PART: Final = lazily(
    rf"{_FORM}(?=的?(?:重点|主要任务|任务|分工|部门分工|责任分工|有关政策|专题"
    r"|(?:具体)?实施$|(?:具体)?(?:实施|工作|行动)(?:方案|计划|细则|意见|办法))[^关]{0,30}$)"
)


class Held(NamedTuple):
    """A title within a title, at characters [start, end)."""

    start: int
    end: int
    relation: Relation


def held_in(title: str) -> Held | None:
    """Return the document that a title holds; None where it holds none, or holds it in 《》."""
    if "《" in title or not (verb := _VERB.search(title)):
        return None
    held = _HELD.match(title, verb.end())
    if not held:
        return None
    start, end = held.start() + len(held.group()) - len(held.group().lstrip()), held.end()
    outer = _OUTER.search(title, start)
    if not outer:
        return None
    rest = title[start : outer.start()]
    relation: Relation = "forwards" if verb.group() in ("转发", "批转") else "carries_out"
    own = _OWN_PART.search(rest) if relation == "carries_out" else None
    if own:
        end = start + own.end()
    elif _ENDS_IN_FORM.search(rest):
        end = outer.start()
    return Held(start, end, relation)
