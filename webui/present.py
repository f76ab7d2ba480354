"""Results as the pages show them: ticks, chips, choices and page links, each with the address it leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from indexer.query import WINDOW, Filters, Query, Term
from webui.address import FACETS, FacetName, address, first_page, toggled, with_filters, without
from webui.charts import Histogram, Tile, histogram, tiles
from webui.folding import can_open

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.query import Sort
    from indexer.region import RegionPath
    from indexer.results import FacetValue, ResultPage
    from webui.choices import Choices

TOP_VALUES = 8  # of a facet before "more"
ALL_VALUES = 300  # after it: what a person still scrolls through
PAGE_SIZES = (10, 20, 50, 100)
NEIGHBOUR_PAGES = 2  # numbered links on each side of the current page


@dataclass(frozen=True, slots=True)
class Tick:
    """A facet value that can be ticked, and opened when there is more below it."""

    facet: FacetName
    value: str
    label: str
    count: int
    selected: bool
    href: str
    children: tuple[Tick, ...] = ()  # shown now
    fold_href: str = ""  # opens or closes what is below; "" when nothing is, or a choice keeps it open
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet of the column."""

    name: FacetName
    title: str
    ticks: tuple[Tick, ...]
    more: int  # values not shown
    more_href: str
    chosen: int


@dataclass(frozen=True, slots=True)
class Link:
    """A choice among several, or a chip that takes a filter away."""

    label: str
    href: str
    current: bool = False
    name: str = ""  # of the filter behind a chip, for people


@dataclass(frozen=True, slots=True)
class ListPage:
    """All that the template of a result list prints beside the hits."""

    query: Query
    result: ResultPage
    facets: tuple[FacetView, ...]
    chips: tuple[Link, ...]
    histogram: Histogram | None
    tiles: tuple[Tile, ...]
    sorts: tuple[Link, ...]
    sizes: tuple[Link, ...]
    places: tuple[Link, ...]  # title and body, or title only
    pages: tuple[Link, ...]  # numbered; a Link without href is a gap
    previous: str
    following: str
    reliefs: tuple[Link, ...]

    @property
    def first_shown(self) -> int:
        """Number of the first hit on this page, from 1; 0 when a cursor leads, for it does not know."""
        return 0 if self.query.cursor else (self.query.page - 1) * self.query.per_page + 1

    @property
    def is_plain(self) -> bool:
        """Whether the query is one run of words, which needs no reading back."""
        return isinstance(self.query.root, Term) and self.query.root.field == "any"

    @property
    def bare_href(self) -> str:
        """Where the same words are searched without any filter."""
        return address("/", first_page(self.query, filters=Filters()))

    @property
    def is_front(self) -> bool:
        """Whether nothing has been asked or chosen yet."""
        return self.query == Query(understood=self.query.understood)


def list_page(query: Query, result: ResultPage, choices: Choices) -> ListPage:
    """Prepare a result list for its template."""
    return ListPage(
        query=query,
        result=result,
        facets=tuple(_facet(name, query, result, choices) for name in FACETS),
        chips=tuple(_chips(query)),
        histogram=histogram(result.facets.year, query),
        tiles=tiles(result.facets.region),
        sorts=_sorts(query),
        sizes=_sizes(query),
        places=_places(query),
        pages=_pages(query, result.total),
        previous=_previous(query),
        following=_following(query, result),
        reliefs=tuple(_reliefs(query, result)),
    )


def facet_titles() -> dict[str, str]:
    """Name the facets and filters for people."""
    return {
        "source": _("来源"),
        "region": _("地区"),
        "form": _("文种"),
        "year": _("时间"),
        "from": _("不早于"),
        "to": _("不晚于"),
        "number": _("文号"),
        "in": _("范围"),
    }


def _facet(name: FacetName, query: Query, result: ResultPage, choices: Choices) -> FacetView:
    values: tuple[FacetValue, ...] = getattr(result.facets, name)
    shown = _top(values, ALL_VALUES if choices.more == name else TOP_VALUES)
    opened = _opened(name, query, choices)
    ticks = tuple(_tick(name, value, query, opened, choices) for value in shown)
    more_href = address("/", query, more=name) + f"#facet-{name}"
    chosen = len(getattr(query.filters, name))
    return FacetView(name, facet_titles()[name], ticks, len(values) - len(shown), more_href, chosen)


def _top(values: tuple[FacetValue, ...], limit: int) -> tuple[FacetValue, ...]:
    """Take the first values and every chosen one, or the branch that holds it, wherever it stands."""
    return values[:limit] + tuple(value for value in values[limit:] if _holds_choice(value))


def _holds_choice(value: FacetValue) -> bool:
    return value.selected or any(_holds_choice(child) for child in value.children)


def _opened(name: FacetName, query: Query, choices: Choices) -> frozenset[str]:
    """Say which branches are open: those asked for, with all above them, and those that hold a choice."""
    if name == "region":
        paths: list[RegionPath] = [*query.filters.region, tuple(choices.open.split("/"))]
        return frozenset("/".join(path[:depth]) for path in paths for depth in range(1, len(path) + 1))
    if name == "year":
        return frozenset({choices.open, *(value[:4] for value in query.filters.year)})
    return frozenset()


def _tick(name: FacetName, value: FacetValue, query: Query, opened: frozenset[str], choices: Choices) -> Tick:
    is_open = value.value in opened and can_open(name, value)
    children = tuple(_tick(name, child, query, opened, choices) for child in value.children) if is_open else ()
    return Tick(
        name,
        value.value,
        value.label,
        value.count,
        value.selected,
        address("/", toggled(query, name, value.value)) + f"#facet-{name}",
        children,
        _fold_href(name, value, query, choices, is_open=is_open),
        is_open,
    )


def _fold_href(name: FacetName, value: FacetValue, query: Query, choices: Choices, *, is_open: bool) -> str:
    if not can_open(name, value) or _holds_choice(value):
        return ""
    extra = {"more": choices.more} if choices.more else {}
    above = value.value.rpartition("/")[0]
    if not is_open or above:
        extra["open"] = above if is_open else value.value
    return address("/", query, **extra) + f"#facet-{name}"


def _chips(query: Query) -> Iterable[Link]:
    titles, filters = facet_titles(), query.filters
    choices = [("source", held, held) for held in filters.source]
    choices += [("region", "/".join(path), " › ".join(path)) for path in filters.region]
    choices += [("form", held, held) for held in filters.form]
    choices += [("year", held, held) for held in filters.year]
    choices += [("from", "", filters.first.isoformat())] if filters.first else []
    choices += [("to", "", filters.last.isoformat())] if filters.last else []
    choices += [("number", filters.number, filters.number)] if filters.number else []
    choices += [("in", "title", _("仅标题"))] if filters.title_only else []
    for name, value, label in choices:
        changed = first_page(query, filters=without(filters, name, value))
        yield Link(label, address("/", changed), name=titles[name])


def _sorts(query: Query) -> tuple[Link, ...]:
    labels: dict[Sort, str] = {"relevance": _("相关度"), "newest": _("最新"), "oldest": _("最早")}
    return tuple(
        Link(label, address("/", first_page(query, sort=sort)), sort == query.sort) for sort, label in labels.items()
    )


def _sizes(query: Query) -> tuple[Link, ...]:
    return tuple(
        Link(str(size), address("/", first_page(query, per_page=size)), size == query.per_page) for size in PAGE_SIZES
    )


def _places(query: Query) -> tuple[Link, ...]:
    only = query.filters.title_only
    return (
        Link(_("标题和正文"), address("/", with_filters(query, title_only=False)), not only),
        Link(_("仅标题"), address("/", with_filters(query, title_only=True)), only),
    )


def _pages(query: Query, total: int) -> tuple[Link, ...]:
    last = min(-(-total // query.per_page), WINDOW // query.per_page)
    if query.cursor or last < 2:
        return ()
    near = range(max(1, query.page - NEIGHBOUR_PAGES), min(last, query.page + NEIGHBOUR_PAGES) + 1)
    links: list[Link] = []
    before = 0
    for number in sorted({1, last, *near}):
        if number > before + 1:
            links.append(Link("…", ""))
        links.append(Link(str(number), address("/", page_of(query, number)), number == query.page))
        before = number
    return tuple(links)


def page_of(query: Query, number: int) -> Query:
    """Turn to a numbered page."""
    return replace(query, page=number, cursor="")


def _previous(query: Query) -> str:
    if query.cursor:
        return address("/", first_page(query))
    return address("/", page_of(query, query.page - 1)) if query.page > 1 else ""


def next_query(query: Query, result: ResultPage) -> Query | None:
    """Say what to ask for the hits that follow: a numbered page inside the window, a cursor beyond it."""
    if query.cursor or (query.page + 1) * query.per_page > WINDOW:
        return replace(query, page=1, cursor=result.cursor) if result.cursor else None
    if query.page * query.per_page >= result.total:
        return None
    return page_of(query, query.page + 1)


def _following(query: Query, result: ResultPage) -> str:
    after = next_query(query, result)
    return address("/", after) if after else ""


def _reliefs(query: Query, result: ResultPage) -> Iterable[Link]:
    titles = facet_titles()
    for relief in result.relief:
        changed = first_page(query, filters=without(query.filters, relief.parameter, relief.value))
        yield Link(f"{relief.count:,}", address("/", changed), name=f"{titles[relief.parameter]}：{relief.value}")
