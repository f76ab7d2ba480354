"""A small engine in memory for the tests of the web layer: slow, plain, and made of invented announcements."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from indexer.announcement import Announcement
from indexer.answers.relations import Bound, Cited, Citing, Evidence, Lineage, Linked, Related, Step, Validity
from indexer.answers.relief import reliefs
from indexer.answers.results import (
    Choice,
    Facets,
    FacetValue,
    Found,
    Hit,
    IndexStatus,
    Mark,
    NumberLookup,
    NumberMatch,
    ResultPage,
    Snippet,
    SourceCoverage,
    Walk,
)
from indexer.errors import AnnouncementNotFound, IndexMissing, ParameterError, Problem
from indexer.expectations import expect
from indexer.query.tree import And, DateSpan, Filters, Match, Node, Not, NumberTerm, Or, Phrase, Query, Term
from indexer.relations.records import Span
from indexer.report import Report, Skipped
from indexer.skip_reasons import because
from indexer.suggesting.completion import Suggestion
from tests.webui.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

BUILT = "2025-05-06T07:08:09+08:00"


def _occurrences(text: str, needle: str) -> list[Mark]:
    marks, at = [], text.find(needle)
    while needle and at >= 0:
        marks.append((at, at + len(needle)))
        at = text.find(needle, at + len(needle))
    return marks


def _positive(node: Node | None) -> list[str]:
    match node:
        case Term(text=text) | Phrase(text=text):
            return text.split() if isinstance(node, Term) else [text]
        case And(parts=parts) | Or(parts=parts):
            return [needle for part in parts for needle in _positive(part)]
    return []


def _marks(text: str, node: Node | None) -> tuple[Mark, ...]:
    return tuple(sorted({mark for needle in set(_positive(node)) for mark in _occurrences(text, needle)}))


def _matches(a: Announcement, node: Node | None, title_only: bool) -> bool:
    match node:
        case None:
            return True
        case Term(text=text, field=where) | Phrase(text=text, field=where):
            texts = {"source": [a.source], "region": list(a.region), "form": [a.form], "number": [a.number]}.get(
                where, [a.title] if title_only or where == "title" else [a.title, a.body]
            )
            return all(any(word in held for held in texts) for word in text.split())
        case NumberTerm(number=number):
            return number == a.number or number in a.body
        case DateSpan(first=first, last=last):
            return a.published is not None and (first or date.min) <= a.published <= (last or date.max)
        case And(parts=parts):
            return all(_matches(a, part, title_only) for part in parts)
        case Or(parts=parts):
            return any(_matches(a, part, title_only) for part in parts)
        case Not(part=part):
            return not _matches(a, part, title_only)
        case _:
            raise TypeError(f"{node!r} is nothing that can be typed")


def _readings(query: Query, total: int) -> tuple[Choice, ...]:
    """Return readings of a run, each of which finds one more than the one before, as if it were so."""
    if not isinstance(query.root, Term):
        return ()
    totals: dict[Match, int] = {"exact": max(0, total - 1), "near": total, "loose": total + 1}
    return tuple(Choice(match, count, match == query.match) for match, count in totals.items())


def _passes(a: Announcement, filters: Filters) -> bool:
    day = a.published
    return (
        (not filters.source or a.source in filters.source)
        and (not filters.region or any(a.region[: len(path)] == path for path in filters.region))
        and (not filters.form or a.form in filters.form)
        and (not filters.kind or a.kind in filters.kind)
        and (not filters.year or (day is not None and any(day.isoformat().startswith(y) for y in filters.year)))
        and (filters.first is None or (day is not None and day >= filters.first))
        and (filters.last is None or (day is not None and day <= filters.last))
        and (not filters.number or a.number == filters.number)
    )


def _related(one: Announcement, held: tuple[Announcement, ...]) -> Related:
    """The second of all repeals the first and carries it out; everything else is unknown."""
    if one.id != held[0].id or len(held) < 2:
        return Related(one.id, None)
    other = Linked(held[1].id, held[1].title, held[1].published, held[1].source, "未见废止", "county")
    said = "《示例办法》同时废止。"
    told = Evidence("repeal", other.id, other.title, other.published, date(2024, 1, 1), said)
    cites = (
        Cited("示例条例", "", "based_on", "根据《示例条例》制定。", Span(0, 3), False, (other,), True),
        Cited("没有的条例", "", "cites", "见《没有的条例》。", Span(4, 6), False, (), False),
    )
    return Related(
        one.id,
        Validity("已废止", date(2025, 5, 6), date(2025, 5, 1), (told,)),
        cites,
        (Citing(other, "repeals", said, True),),
        2,
        1,
        lineage=Lineage(
            (Step(Linked(one.id, one.title, one.published, one.source, "已废止", "city"), 0), Step(other, 1)),
            (Bound(one.id, other.id, "carries_out"),),
        ),
    )


@dataclass
class MemoryEngine:
    """The whole ``Engine`` protocol by looking at every announcement."""

    held: tuple[Announcement, ...] = SAMPLES
    missing: bool = False
    commit: int = 1
    searches: int = 0  # how often it was asked, to prove that a 304 asks nothing
    report: Report = field(
        default_factory=lambda: Report(read=5, indexed=4, skipped=[Skipped("samples/empty.html", because("no-text"))])
    )

    def one_version(self) -> AbstractContextManager[None]:
        return nullcontext()

    def refresh(self) -> None:
        """Do nothing: nothing is ever replaced."""

    def version(self) -> str:
        self._check()
        return f"v{self.commit}"

    def walk(self, query: Query, *, facts_only: bool = False, as_rows: bool = False) -> Walk:
        found = self.search(replace(query, page=1, per_page=len(self.held), cursor=""))
        return Walk(found.total, iter(found.hits))

    def search(self, query: Query) -> ResultPage:
        self._check()
        self.searches += 1
        matching = [a for a in self.held if _matches(a, query.root, query.filters.title_only)]
        relaxed = False
        if not matching and query.root is not None:
            words = [Term(letter) for needle in _positive(query.root) for letter in (needle[:2], needle[-2:])]
            matching = [a for a in self.held if words and _matches(a, Or(tuple(words)), query.filters.title_only)]
            relaxed = bool(matching)
        found = _ordered([a for a in matching if _passes(a, query.filters)], query)
        start = _cursor_start(query) if query.cursor else (query.page - 1) * query.per_page
        shown, end = found[start : start + query.per_page], start + query.per_page
        return ResultPage(
            total=len(found),
            page=query.page,
            per_page=query.per_page,
            took_ms=1.25,
            understood=query.understood,
            relaxed=relaxed,
            hits=tuple(_hit(a, query) for a in shown),
            facets=_facets(matching, query.filters),
            version=self.version(),
            cursor=str(end) if end < len(found) else "",
            also=("脱贫攻坚",) if "帮扶" in query.text else (),
            did_you_mean=() if found else ("对口帮扶",),
            relief=reliefs(query, len(found), self._count, none_whole=relaxed or not found),
            number=self._number(query.root),
            reading="" if query.root is None else "part" if relaxed else query.match,
            readings=_readings(query, len(found)),
        )

    def _count(self, query: Query) -> int:
        held = (a for a in self.held if _matches(a, query.root, query.filters.title_only))
        return sum(_passes(a, query.filters) for a in held)

    def find(self, announcement_id: str, root: Node | None = None) -> Found:
        self._check()
        a = self._get(announcement_id)
        return Found(a, _marks(a.title, root), _marks(a.body, root), self.version())

    def related(self, announcement_id: str, as_of: date | None = None) -> Related:
        self._check()
        return _related(self._get(announcement_id), self.held)

    def lookup_number(self, text: str) -> NumberLookup:
        self._check()
        normal = text.replace("[", "〔").replace("]", "〕").replace(" ", "")
        if "号" not in normal:
            return NumberLookup("", (), 0, ())
        bearing = tuple(_hit(a, Query()) for a in self.held if a.number == normal)
        near = tuple(a.number for a in self.held if a.number[:3] == normal[:3]) if not bearing else ()
        return NumberLookup(normal, bearing, sum(normal in a.body for a in self.held), near)

    def suggest(self, typed: str, limit: int = 8) -> tuple[Suggestion, ...]:
        self._check()
        titles = [Suggestion(a.title, "title", 1) for a in self.held if typed in a.title]
        sources = [Suggestion(a.source, "source", 1) for a in self.held if typed in a.source]
        return tuple(sources + titles)[:limit]

    def similar(self, announcement_id: str, limit: int = 5) -> tuple[Hit, ...]:
        self._check()
        me = self._get(announcement_id)
        return tuple(_hit(a, Query()) for a in self.held if a.id != me.id and a.region[:1] == me.region[:1])[:limit]

    def coverage(self) -> tuple[SourceCoverage, ...]:
        self._check()
        groups: dict[str, list[Announcement]] = {}
        for a in self.held:
            groups.setdefault(a.source, []).append(a)
        return tuple(_coverage(source, group) for source, group in groups.items())

    def announcements(self) -> Iterator[Announcement]:
        self._check()
        return iter(sorted(self.held, key=lambda a: a.id))

    def status(self) -> IndexStatus:
        self._check()
        days = [a.published for a in self.held if a.published]
        sources = len({a.source for a in self.held})
        first, last = min(days, default=None), max(days, default=None)
        return IndexStatus(
            "memory", self.version(), len(self.held), sources, first, last, 1, BUILT, "1", "1", self.report
        )

    def ledger(self) -> bytes:
        self._check()
        return self.report.ledger

    def writing(self) -> AbstractContextManager[None]:
        return nullcontext()

    def check(self) -> list[str]:
        return []

    def replace_all(self, announcements: Iterable[Announcement], report: Report, jobs: int = 1) -> None:
        self.held, self.report, self.missing = tuple(announcements), report, False
        self.commit += 1

    def change(self, add: Iterable[Announcement], remove: Collection[str], report: Report) -> None:
        added = tuple(add)
        gone = set(remove) | {a.id for a in added}
        self.replace_all((*(a for a in self.held if a.id not in gone), *added), report)

    def _check(self) -> None:
        if self.missing:
            raise IndexMissing("policy-index", "nothing was built yet")

    def _get(self, announcement_id: str) -> Announcement:
        for a in self.held:
            if a.id == announcement_id:
                return a
        raise AnnouncementNotFound(announcement_id)

    def _number(self, root: Node | None) -> NumberMatch | None:
        if not isinstance(root, NumberTerm):
            return None
        found = self.lookup_number(root.number)
        return NumberMatch(found.number, tuple(hit.id for hit in found.bearing), found.citing)


def _ordered(found: list[Announcement], query: Query) -> list[Announcement]:
    newest = sorted(found, key=lambda a: (-(a.published or date.min).toordinal(), a.id))
    if query.sort == "oldest":
        return sorted(found, key=lambda a: ((a.published or date.max).toordinal(), a.id))
    if query.sort == "indexed":
        return sorted(newest, key=lambda a: -a.indexed)
    if query.sort == "newest" or query.root is None:
        return newest
    return sorted(newest, key=lambda a: -len(_marks(a.title, query.root)))


def _cursor_start(query: Query) -> int:
    try:
        return int(query.cursor)
    except ValueError:
        raise ParameterError([Problem("cursor", query.cursor, expect("cursor"))]) from None


def _hit(a: Announcement, query: Query) -> Hit:
    text = a.body.replace("\n", " ").replace("\t", " ")[:120]
    return Hit(
        a.id,
        a.title,
        _marks(a.title, query.root),
        a.source,
        a.published,
        a.region,
        a.number,
        a.form,
        a.url,
        1.5 if query.root and query.sort == "relevance" else 0.0,
        Snippet(text, _marks(text, query.root)),
        a.reposts,
        indexed=a.indexed,
    )


def _values(counts: Counter[str], chosen: tuple[str, ...]) -> tuple[FacetValue, ...]:
    for value in chosen:
        counts.setdefault(value, 0)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value, value, count, value in chosen) for value, count in ordered if value)


def _facets(matching: list[Announcement], filters: Filters) -> Facets:
    def left(**without: Any) -> list[Announcement]:
        kept = replace(filters, **without)
        return [a for a in matching if _passes(a, kept)]

    return Facets(
        source=_sought(_values(Counter(a.source for a in left(source=())), filters.source), filters),
        region=_tree(left(region=()), (), filters.region),
        year=_years(left(year=()), filters.year),
        form=_values(Counter(a.form for a in left(form=())), filters.form),
        kind=_values(Counter(a.kind for a in left(kind=())), filters.kind),
    )


def _sought(values: tuple[FacetValue, ...], filters: Filters) -> tuple[FacetValue, ...]:
    name, text = filters.sought
    return tuple(one for one in values if name != "source" or text in one.value or one.selected)


def _tree(
    held: list[Announcement], above: tuple[str, ...], chosen: tuple[tuple[str, ...], ...]
) -> tuple[FacetValue, ...]:
    depth = len(above) + 1
    counts = Counter(a.region[:depth] for a in held if len(a.region) >= depth and a.region[: depth - 1] == above)
    for path in chosen:
        if path[: depth - 1] == above and len(path) >= depth:
            counts.setdefault(path[:depth], 0)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        FacetValue("/".join(path), path[-1], count, path in chosen, _tree(held, path, chosen))
        for path, count in ordered
    )


def _years(held: list[Announcement], chosen: tuple[str, ...]) -> tuple[FacetValue, ...]:
    def part(length: int, keep: Callable[[str], bool]) -> list[tuple[str, int]]:
        counts = Counter(a.published.isoformat()[:length] for a in held if a.published)
        for value in chosen:
            if len(value) >= length:
                counts.setdefault(value[:length], 0)
        return sorted(((v, n) for v, n in counts.items() if keep(v)), reverse=True)

    def months(year: str) -> tuple[FacetValue, ...]:
        return tuple(FacetValue(v, v, n, v in chosen) for v, n in part(7, lambda v: v.startswith(year)))

    return tuple(FacetValue(v, v, n, v in chosen, months(v)) for v, n in part(4, lambda _: True))


def _coverage(source: str, group: list[Announcement]) -> SourceCoverage:
    days = [a.published for a in group if a.published]
    return SourceCoverage(
        source,
        len(group),
        min(days, default=None),
        max(days, default=None),
        sum(a.published is None for a in group),
        sum(not a.region for a in group),
        sum(not a.number for a in group),
    )
