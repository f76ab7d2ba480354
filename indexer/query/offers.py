"""Find in what is typed what could be chosen instead: a place, a time, an issuer, a document number in part, a title.

如东县 养老服务 asks for both words; whoever wants what 如东县 published is one click away from it. Nothing here is
applied: each offer is a query of its own, and says what it sets.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Final

from indexer.facts.dates import find_dates
from indexer.light_dataclass import dataclass, replace
from indexer.query.number_parts import series_of
from indexer.query.parser import parse
from indexer.query.places import place_in
from indexer.query.printer import write
from indexer.query.spellings import with_spellings
from indexer.query.tree import Query, Term, conjuncts
from indexer.query.years import MONTH_DIGITS, YEAR_DIGITS, numeral
from indexer.text.fold import fold
from indexer.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.query.tree import Node

MOST_OFFERED: Final = 4

_DIGITS, _MONTH = YEAR_DIGITS, MONTH_DIGITS
_HALVES: Final = {"上半年": (1, 6), "下半年": (7, 12), "全年": (1, 12), "年初": (1, 3), "年底": (10, 12)}
_PERIOD: Final = lazily(
    rf"(?P<first>{_DIGITS})年?(?:至|到|-|—|~)(?P<last>{_DIGITS})年?(?:间|期间)?"
    rf"|(?P<year>{_DIGITS})年?(?P<from>{_MONTH})月?(?:份)?(?:至|到|-|—|~)(?P<to>{_MONTH})月(?:份)?"
    rf"|(?P<quarters>{_DIGITS})年?第?(?P<quarter>[一二三四1-4])季度"
    rf"|(?P<halves>{_DIGITS})年?(?P<half>{'|'.join(_HALVES)})"
    rf"|(?P<since>{_DIGITS})年(?:以来|以后|之后|起)"
    rf"|(?P<until>{_DIGITS})年(?:以前|之前)"
    rf"|(?P<months>{_DIGITS})年(?P<month>{_MONTH})月(?:份)?(?!\d)"
    rf"|(?P<only>{_DIGITS})年(?:度)?(?!级|制|\d)"
)
_YEAR_ALONE: Final = lazily(_DIGITS)
_ISSUER: Final = lazily(
    r"\S{1,20}(?:部|委|委员会|总?局|厅|署|院|银行|办公[厅室]|政府|法院|检察院|中心|证监会|银保监会|国资委|发改委|卫健委|"
    r"发展改革委|人社部|工信部|住建部|联合会)"
)
_OTHER_WORD: Final = lazily(r"[门队分属长士署员托办会]")  # 部门, 委托: the issuer's name does not end here
# 国发[2018], 粤府办〔2020〕: a document number without its last part.
_NUMBER_PART: Final = lazily(
    r"(?P<prefix>[\u4e00-\u9fff]{1,12})[〔\[［(（【〖]\s?(?P<year>(?:19|20)\d\d)\s?[〕\]］)）】〗](?:年|第|号)?"
)
_PREFIX: Final = lazily(r"[\u4e00-\u9fff]{0,8}(?:发|函|令|规|字|办|财税|税发|明电|通|公告)")
_TITLE: Final = lazily(r"《([^《》]{2,80})》")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One choice that what is typed could mean; whether it finds anything is not known yet."""

    filter: str  # the parameter that it sets: "region", "year", "from", "source", "number", "in", "match"
    value: str
    label: str  # as a person reads it: 江苏省/南通市/如东县, 2020 年 1–6 月
    query: Query  # what it leads to
    otherwise: Query | None = None  # what it leads to if that finds nothing


def candidates(query: Query) -> tuple[Candidate, ...]:
    """Return what could be chosen instead of words of a query, in the order of these words; () if there is nothing."""
    parts = conjuncts(parse(query.text)[0])
    found: dict[tuple[str, str], Candidate] = {}
    if series := series_of(query.root):
        as_text = replace(query, root=with_spellings(parse(query.text)[0]), match="exact", page=1, cursor="")
        found["match", "exact"] = Candidate("match", "exact", f"文中有“{series.text}”的", as_text)
    for at, part in enumerate(parts):
        if isinstance(part, Term) and part.field == "any":
            others = (parts[:at], parts[at + 1 :])
            for one in _of_run(query, part.text, others):
                if not (series and one.filter == "number"):
                    found.setdefault((one.filter, one.value), one)
    return tuple(found.values())[:MOST_OFFERED]


_Around = tuple[tuple["Node", ...], tuple["Node", ...]]  # the parts of a query before a run and behind it


def _of_run(query: Query, run: str, around: _Around) -> Iterator[Candidate]:
    ask = _Asking(query, around)
    yield from _numbers(run, around, ask)
    yield from _places(run, ask)
    yield from _times(run, ask)
    yield from _issuers(run, ask)
    yield from _titles(run, ask)


class _Asking:
    """Makes the query that is left when a run, or a part of it, is chosen by a filter instead."""

    def __init__(self, query: Query, around: _Around) -> None:
        self._query = query
        self._around = around

    def ask(self, rest: str, *, field: str = "", drop_next: bool = False, **filters: object) -> Query:
        """Return the query with ``rest`` for the run; with the part behind it left out if ``drop_next``."""
        before, after = self._around
        words = [*map(write, before), field, rest, *map(write, after[1:] if drop_next else after)]
        text = " ".join(word for word in words if word)
        root, understood = parse(text)
        return replace(
            self._query, text=text, root=with_spellings(root), understood=understood, page=1, cursor="",
            filters=replace(self._query.filters, **filters),  # type: ignore[arg-type]
        )  # fmt: skip

    @property
    def query(self) -> Query:
        """Return the query as it was typed."""
        return self._query


# ── places ───────────────────────────────────────────────────────────────────────────────────────────


def _places(run: str, ask: _Asking) -> Iterator[Candidate]:
    found = place_in(run)
    for one in found.paths if found else ():
        if found and one not in ask.query.filters.region:
            yield Candidate("region", "/".join(one), "/".join(one), ask.ask(found.rest, region=(one,)))


# ── times ────────────────────────────────────────────────────────────────────────────────────────────


def _times(run: str, ask: _Asking) -> Iterator[Candidate]:
    text = fold(run)
    for found in find_dates(text):
        rest = _without(run, found.start, found.end)
        day = found.day
        yield Candidate("from", f"{day}..{day}", f"{day} 发布的", ask.ask(rest, first=day, last=day))
        return
    match = _PERIOD.search(text)
    if not match and _YEAR_ALONE.fullmatch(text):
        yield from _years(numeral(text), "", ask)
    if not match or not _stands_apart(text, match):
        return
    rest = _without(run, match.start(), match.end())
    if match["only"]:
        yield from _years(numeral(match["only"]), rest, ask)
    elif match["months"]:
        month = f"{numeral(match['months'])}-{numeral(match['month']):02}"
        yield Candidate("year", month, f"{numeral(match['months'])} 年 {numeral(match['month'])} 月",
                        ask.ask(rest, year=(month,)))  # fmt: skip
    else:
        first, last = _period(match)
        label = f"{first or ''} 至 {last or ''}".strip()
        yield Candidate("from" if first else "to", f"{first or ''}..{last or ''}", label,
                        ask.ask(rest, first=first, last=last))  # fmt: skip


def _years(year: int, rest: str, ask: _Asking) -> Iterator[Candidate]:
    if str(year) not in ask.query.filters.chosen("year"):
        yield Candidate("year", str(year), f"{year} 年", ask.ask(rest, year=(str(year),)))


def _stands_apart(text: str, match: re.Match[str]) -> bool:
    """Return whether a time stands at the start or the end of a run: in the middle it is a part of what is said."""
    return match.start() == 0 or match.end() == len(text)


def _period(match: re.Match[str]) -> tuple[date | None, date | None]:
    if match["since"]:
        return date(numeral(match["since"]), 1, 1), None
    if match["until"]:
        return None, date(numeral(match["until"]) - 1, 12, 31)
    if match["first"]:
        first, last = sorted((numeral(match["first"]), numeral(match["last"])))
        return date(first, 1, 1), date(last, 12, 31)
    if match["quarters"]:
        year, months = numeral(match["quarters"]), (numeral(match["quarter"]) * 3 - 2, numeral(match["quarter"]) * 3)
    elif match["halves"]:
        year, months = numeral(match["halves"]), _HALVES[match["half"]]
    else:
        begin, end = sorted((numeral(match["from"]), numeral(match["to"])))
        year, months = numeral(match["year"]), (begin, end)
    return date(year, months[0], 1), date(year, months[1], monthrange(year, months[1])[1])


def _without(run: str, start: int, end: int) -> str:
    return f"{run[:start]} {run[end:]}".strip(" 的，,、")


# ── issuers, numbers, titles ─────────────────────────────────────────────────────────────────────────


def _issuers(run: str, ask: _Asking) -> Iterator[Candidate]:
    """Offer the issuer that a run is, or the one with the longest name that it begins with."""
    ends = [len(run)] if _ISSUER.fullmatch(run) else [at for at in range(len(run) - 2, 2, -1) if _is_issuer(run, at)]
    for end in ends[:1]:
        issuer, rest = run[:end], run[end:]
        if len(issuer) > 2 and issuer not in ask.query.filters.source:
            asked_for = ask.ask(rest, field=f"来源:{issuer}")
            yield Candidate("source", issuer, issuer, ask.ask(rest, source=(issuer,)), asked_for)


def _is_issuer(run: str, end: int) -> bool:
    return bool(_ISSUER.fullmatch(run[:end])) and not _OTHER_WORD.match(run, end)


def _numbers(run: str, around: _Around, ask: _Asking) -> Iterator[Candidate]:
    """Offer a document number in part: 国发[2018]; 国办发 2018."""
    after = around[1]
    prefix = year = rest = ""
    drop_next = False
    if match := _NUMBER_PART.match(run):
        prefix, year, rest = match["prefix"], match["year"], run[match.end() :]
    elif _PREFIX.fullmatch(run) and after and isinstance(after[0], Term) and _isnumeral(after[0].text):
        prefix, year, drop_next = run, str(numeral(fold(after[0].text).rstrip("年"))), True
    if prefix:
        number = f"{prefix}〔{year}〕"
        query = ask.ask(rest, field=f"文号:{number}", drop_next=drop_next)
        yield Candidate("number", number, f"文号 {number}", query)


def _isnumeral(text: str) -> bool:
    return bool(_YEAR_ALONE.fullmatch(fold(text).rstrip("年")))


def _titles(run: str, ask: _Asking) -> Iterator[Candidate]:
    match = _TITLE.search(run)
    if match and not ask.query.filters.title_only:
        title = match[1].strip()
        yield Candidate("in", "title", f"标题含“{title}”", ask.ask("", field=f"标题:“{title}”"))
