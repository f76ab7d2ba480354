"""Read the customary short names of laws: 固废法, 未保法, 反电诈法, by rule over the titles that an index holds.

A short name takes characters of the whole one in their order, nearly always such as begin a word of it, and ends as it
does: in 法, 条例, 办法. Which law is meant is whichever title that is there can be shortened so with the least licence.
What is no short name of a title that is there is left alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.light_dataclass import dataclass
from indexer.query.leaves import runs_of
from indexer.query.tree import Node, Not, Phrase, Query, Spelled, Term, rewrite
from indexer.suggesting.completion import slot_of
from indexer.text.fold import fold
from indexer.text.patterns import lazily
from indexer.text.segmenter import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexer.suggesting.completion import Suggester, TextList

# Behind one of these characters 法 is part of another word: 方法, 执法, 看法.
_ENDING: Final = lazily(
    r"(?:实施)?(?:条例|细则|办法|规定|规则)$|(?<![方办执司守违做看想说用疗手依非不学枉讲算语书])法$"
)
_BODY: Final = lazily(r"新?([\u4e00-\u9fff]{2,7})")
_NATION: Final = "中华人民共和国"
# What is written behind the name of a law in its title.
_EDITION: Final = lazily(
    r"[\s(（〔\[【](?:\d{4}|[一二]\S{3})?\s?年?\S{0,12}(?:修正|修订|试行|暂行|公布|文本|本)\S{0,4}[)）〕\]】]?$"
)
# A title with one of these tells about a law, or carries one out, but is none.
_MARKS: Final = lazily(r"[《》〈〉“”<>，。：:！？、；]")
_ABOUT: Final = lazily(
    r"关于|学习|宣传|贯彻|检查|印发|召开|开展|组织|推进|举办|解读|修改|废止|公布|发布|实施(?!条例|细则|办法|规定)"
)
_LONGEST: Final = 40  # characters of a law's name
_MOST_TITLES: Final = 4_000  # looked at for one short name
_TOO_MANY: Final = 3  # titles that end in what was typed: 管理办法 is no short name
_MOST_NAMES: Final = 2  # laws that one short name may stand for
_AS_GOOD: Final = 0.5  # difference in licence that settles nothing
# What each liberty costs: a character that begins a word, ends one or does neither; each that is left out between; a
# beginning that is left out; each character of the name; a name that is not the nation's.
_WITHIN, _LAST, _INSIDE, _SKIPPED, _SKIPPED_BEGINNING, _LENGTH, _LOCAL = 0.1, 1.0, 1.6, 0.05, 0.8, 0.02, 0.6
_MOST_LICENCE: Final = 2.2  # of a name of two characters and its ending; half as much again for each more
_NEVER: Final = float("inf")
# What a law does with the thing that it is about; the thing alone names it: 湿地保护法 is 湿地法.
_TREATMENT: Final = lazily(
    r"(?P<more>.{0,2}?)(?:[和与、].*|(?:权益|产业|事业|资源|污染|质量|环境|设施|监督|减灾|"
    r"保护|保障|促进|管理|防治|安全|建设|推广|救助|援助|服务|普及|振兴|许可|登记|事务|法|实施)*)"
)
_GENERAL_SHARE: Final = 1 / 200  # of titles that hold a word so general that it names no law by itself: 环境, 城市
_GENERAL_TITLES: Final = 10  # at least
_SPECIFIC: Final = 3  # characters of one word that says enough to leave out what stands before it


@dataclass(frozen=True, slots=True)
class LawName:
    """A law that a short name stands for."""

    title: str  # the name as it stands in titles, without its edition
    licence: float  # how freely it was shortened
    whole: bool  # whether what was typed stands in it as it is


def may_be_short_name(text: str) -> bool:
    """Return whether a run looks like the short name of a law."""
    return _split(text) is not None


def _split(text: str) -> tuple[str, str] | None:
    """Return what a short name takes from the whole one, and how it ends."""
    plain = fold(text.strip())
    ending = _ENDING.search(plain)
    body = _BODY.fullmatch(plain[: ending.start()]) if ending else None
    return (body[1], ending[0]) if body and ending else None


def laws_named(text: str, titles: TextList) -> tuple[LawName, ...]:
    """Return the laws that a short name stands for, the likeliest first; () if it is none."""
    split = _split(text)
    if split is None:
        return ()
    body, ending = split
    names = {name for title in _holding(body, titles) for name in _names_in(title)}
    cores = {name: name.removeprefix(_NATION) for name in names if name}
    if sum(core.endswith(body + ending) for core in cores.values()) > _TOO_MANY or body + ending in cores.values():
        return ()
    general = _is_general(body, titles)
    fits = (_fit(body, ending, name, core, general=general) for name, core in cores.items())
    likely = sorted((fit for fit in fits if fit), key=lambda fit: (fit.licence, len(fit.title), fit.title))
    as_good = [fit for fit in likely if fit.licence <= likely[0].licence + _AS_GOOD]
    return tuple(as_good) if len(as_good) <= _MOST_NAMES else ()  # of many, as for 行政法, it is the name of none


def _holding(body: str, titles: TextList) -> Iterator[str]:
    """Yield the titles that hold all characters of a short name, wherever they stand."""
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]] | None = None
    for character in dict.fromkeys(body):
        holding = titles.numbers_holding(slot_of(character))
        numbers = holding if numbers is None else np.intersect1d(numbers, holding)
    for number in () if numbers is None else numbers[:_MOST_TITLES].tolist():
        yield titles.entry(number)[0]


_QUOTED: Final = lazily(r"《([^《》]+)》")


def _names_in(title: str) -> Iterator[str]:
    """Yield the name of the law that a title is, and of those that it names."""
    yield _name_of(title)
    yield from map(_name_of, _QUOTED.findall(title))


@lru_cache(maxsize=65536)
def _name_of(title: str) -> str:
    """Return the name of the law that a title is, without its edition; "" if it is none."""
    name = _EDITION.sub("", fold(title).strip().strip("《》"))
    if len(name) > _LONGEST or not _ENDING.search(name) or _MARKS.search(name):
        return ""
    return name if name.startswith(_NATION) or not _ABOUT.search(name) else ""


def _is_general(body: str, titles: TextList) -> bool:
    """Return whether many titles hold the beginning of a short name."""
    return len(titles.places(tuple(map(slot_of, body)))) > max(_GENERAL_TITLES, _GENERAL_SHARE * titles.count)


def _fit(body: str, ending: str, name: str, core: str, *, general: bool) -> LawName | None:
    if not core.endswith(ending) or (ending == "法" and core.endswith("办法")):
        return None
    stem = core.removesuffix(ending)
    local = 0.0 if name.startswith(_NATION) else _LOCAL
    if stem.endswith(body):
        if local and len(words(body)) == 1:  # 补贴办法: what is asked for, not the name of one
            return None
        return LawName(name, local + _LENGTH * len(core), whole=True)
    licence = _licence(body, stem)
    if _is_part_of_matter(body, stem, general=general) or licence > _MOST_LICENCE + (len(body) - 2) / 2:
        return None
    starts = 0.0 if stem.startswith(body[0]) else _SKIPPED_BEGINNING
    return LawName(name, licence + starts + local + _LENGTH * len(core), whole=False)


def _is_part_of_matter(body: str, stem: str, *, general: bool) -> bool:
    """Return whether a short name is one word of a name that is about more.

    经济法 is not 循环经济促进法, nor is 环境法 环境影响评价法: both name whole fields.
    """
    before, held, after = stem.partition(body)
    if not held or len(words(body)) > 1 or not (general or _is_word(len(before), len(before + held), stem)):
        return False
    if before and len(body) < _SPECIFIC:
        return True
    rest = _TREATMENT.fullmatch(after)
    return not rest or (general and bool(rest["more"]))


def _is_word(start: int, end: int, stem: str) -> bool:
    """Return whether what stands there may be a word of a name, as 外贸 in 对外贸易 and 反恐 in 反恐怖主义 are not."""
    bounds = {0, *accumulate(map(len, words(stem)))}
    return not any(start < bound < end for bound in bounds) and bool(bounds & {start, end})


def _licence(body: str, stem: str) -> float:
    """Return the least cost of taking the characters of ``body`` from a name in order; infinite without them."""
    best = {-1: 0.0}  # by the place of the last character taken
    for character in body:
        reached: dict[int, float] = {}
        for place in (place for place, one in enumerate(stem) if one == character):
            for before, cost in best.items():
                if before < place:
                    now = cost + (0.0 if place == before + 1 and place else _cost_of_place(stem, place))
                    now += _SKIPPED * (place - before - 1)
                    reached[place] = min(reached.get(place, _NEVER), now)
        best = reached
    return min(best.values(), default=_NEVER)


@lru_cache(maxsize=65536)
def _cost_of_place(stem: str, place: int) -> float:
    """Return what taking a character out of a name costs: least if a word begins there, even one within a longer."""
    if place == 0:
        return 0.0
    rest, before = words(stem[place:])[0], words(stem[:place])[-1]
    if len(rest) > 1 and (len(before) > 1 or len(words(before + rest)) > 1):
        return _WITHIN
    ends_word = len(words(stem[: place + 1])[-1]) > 1
    return _LAST if ends_word else _INSIDE


# ── a query with the laws that it names ──────────────────────────────────────────────────────────────


def with_law_names(query: Query, suggester: Callable[[], Suggester]) -> Query:
    """Return a query in which each short name stands beside the title of the law, and which says so.

    The lists of titles are asked for only when a run looks like a short name.
    """
    named = {
        run: laws
        for run in runs_of(query.root, stop=(Spelled,))
        if may_be_short_name(run.text) and (laws := laws_named(run.text, suggester().lists["title"]))
    }
    if not named or query.root is None:
        return query
    said = "、".join(f"《{law.title}》" for laws in named.values() for law in laws if not law.whole)
    understood = f"{query.understood}（即{said}）" if said else query.understood
    return replace(query, root=_beside(query.root, named), understood=understood)


def _beside(root: Node, named: dict[Term, tuple[LawName, ...]]) -> Node:
    def beside(node: Node) -> Node | None:
        if isinstance(node, Term) and node in named:
            return Spelled((node, *(Phrase(law.title, "title") for law in named[node])))
        return node if isinstance(node, Spelled | Not) else None

    return rewrite(root, beside)
