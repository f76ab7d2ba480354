"""Results as the pages show them: chips, choices and page links, each with the address it leads to."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from indexer.facts.document_kind import DOCUMENT, KINDS, NEWS
from indexer.fields import FACETS, NOT, UNSTATED
from indexer.light_dataclass import dataclass
from indexer.query.tree import WINDOW, Filters, Query, Term
from webui.address import Addresses, address, first_page, with_filters, without
from webui.pages.charts import BAND, COLUMN, Histogram, histogram
from webui.pages.facet_column import FacetView, facet_titles, facet_views
from webui.pages.tile_map import TileMap, tile_map
from webui.pages.words import OUR_FACETS, said
from webui.translation import gettext as _
from webui.translation import once_a_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indexer.answers.results import ResultPage
    from indexer.errors import Problem
    from indexer.query.tree import Match, Sort
    from webui.choices import Choices

PAGE_SIZES = (10, 20, 50, 100)
_DEFAULT = Query()  # what an address need not say
NEIGHBOUR_PAGES = 2  # numbered links on each side of the current page


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
    here: Addresses  # of the query, with its place in the list
    lists: Addresses  # of the query at its first page
    result: ResultPage
    facets: tuple[FacetView, ...]
    chips: tuple[Link, ...]
    histogram: Histogram | None
    map: TileMap | None
    sorts: tuple[Link, ...]
    sizes: tuple[Link, ...]
    places: tuple[Link, ...]  # title and body, or title only
    pages: tuple[Link, ...]  # numbered; a Link without href is a gap
    previous: str
    following: str
    reliefs: tuple[Link, ...]
    kinds: tuple[Link, ...]  # all, documents only, news only, with their counts; none where there is but one of them
    offers: tuple[Link, ...]  # what could be chosen instead of words, with how much it leads to
    readings: tuple[Link, ...]  # other ways to read the words, with what each finds
    undated: Link | None  # leaves out those without a day, which stand before the oldest
    is_front: bool  # nothing has been asked or chosen yet
    problems: tuple[Problem, ...] = ()  # parameters that were wrong, and are no part of the query
    given: Mapping[str, str] = field(default_factory=dict)  # what stands in fields whose parameters were wrong

    @property
    def first_shown(self) -> int:
        """Number of the first hit on this page, from 1; 0 when a cursor leads, for it does not know."""
        return 0 if self.query.cursor else (self.query.page - 1) * self.query.per_page + 1

    @property
    def is_plain(self) -> bool:
        """Return whether all that is found holds the query's one run as it was typed, which needs no reading back."""
        root = self.query.root
        return isinstance(root, Term) and root.field == "any" and self.result.understood == root.text

    @property
    def bare_href(self) -> str:
        """Return where the same words are searched without any filter."""
        return address("/", first_page(self.query, filters=Filters()))


def list_page(query: Query, result: ResultPage, choices: Choices, whole: Mapping[str, int] | None = None) -> ListPage:
    """Prepare a result list for its template; ``whole`` is what the index holds of each year or month."""
    asks_nothing = query == Query(understood=query.understood)
    titles, here = facet_titles(), Addresses(query)
    lists = Addresses(first_page(query)) if query.page > 1 or query.cursor else here
    return ListPage(
        query=query,
        here=here,
        lists=lists,
        result=result,
        facets=facet_views(here, lists, result, choices, titles),
        chips=tuple(chips(query, titles)),
        histogram=histogram(
            result.facets.year, lists, BAND if asks_nothing else COLUMN, whole, by_share=choices.by_share
        ),
        map=tile_map(result.facets.region, lists),
        sorts=_sorts(lists),
        sizes=_sizes(lists),
        places=_places(lists),
        pages=_pages(query, lists, result.listed),
        previous=_previous(query, lists),
        following=_following(query, lists, result),
        reliefs=tuple(_reliefs(result, titles)),
        kinds=_kinds(lists, result),
        offers=tuple(_offers(query, result)),
        readings=tuple(_readings(lists, result)),
        undated=_undated(query, result),
        is_front=asks_nothing,
    )


def chips(query: Query, titles: dict[str, str] | None = None) -> Iterable[Link]:
    """Return the filters that are chosen, each with what a search without it has as its address."""
    titles, filters = titles or facet_titles(), query.filters
    chosen = [(facet.name, value) for facet in FACETS for value in filters.chosen(facet.name)]
    chosen += [(f"{NOT}{facet}", value) for facet, value in filters.left_out]
    chosen += [("from", filters.first.isoformat())] if filters.first else []
    chosen += [("to", filters.last.isoformat())] if filters.last else []
    chosen += [("number", filters.number)] if filters.number else []
    chosen += [("in", "title")] if filters.title_only else []
    for name, value in chosen:
        changed = first_page(query, filters=without(filters, name, value))
        yield Link(_shown(name, value), address("/", changed), name=_title(titles, name))


@once_a_language
def _sort_names() -> dict[Sort, str]:
    return {
        "relevance": _("相关度"),
        "newest": _("最新"),
        "oldest": _("最早"),
        "cited": _("引用最多"),
        "indexed": _("新收录"),
    }


def _sorts(lists: Addresses) -> tuple[Link, ...]:
    chosen = lists.query.sort
    return tuple(
        Link(label, lists.varied("sort", "" if sort == _DEFAULT.sort else sort), sort == chosen)
        for sort, label in _sort_names().items()
    )


def _sizes(lists: Addresses) -> tuple[Link, ...]:
    chosen = lists.query.per_page
    return tuple(
        Link(str(size), lists.varied("per_page", "" if size == _DEFAULT.per_page else str(size)), size == chosen)
        for size in PAGE_SIZES
    )


def _places(lists: Addresses) -> tuple[Link, ...]:
    only = lists.query.filters.title_only
    return (
        Link(_("标题和正文"), lists.varied("in", ""), not only),
        Link(_("仅标题"), lists.varied("in", "title"), only),
    )


def _pages(query: Query, lists: Addresses, total: int) -> tuple[Link, ...]:
    last = min(-(-total // query.per_page), WINDOW // query.per_page)
    if query.cursor or last < 2:
        return ()
    near = range(max(1, query.page - NEIGHBOUR_PAGES), min(last, query.page + NEIGHBOUR_PAGES) + 1)
    links: list[Link] = []
    before = 0
    for number in sorted({1, last, *near}):
        if number > before + 1:
            links.append(Link("…", ""))
        place = "" if number == 1 else str(number)
        links.append(Link(str(number), lists.varied("page", place), number == query.page))
        before = number
    return tuple(links)


def page_of(query: Query, number: int) -> Query:
    """Turn to a numbered page."""
    return replace(query, page=number, cursor="")


def _previous(query: Query, lists: Addresses) -> str:
    if query.cursor:
        return lists.at("/")
    return lists.varied("page", str(query.page - 1) if query.page > 2 else "") if query.page > 1 else ""


def next_query(query: Query, result: ResultPage) -> Query | None:
    """Return what to ask for the hits that follow: a numbered page inside the window, a cursor beyond it."""
    if query.cursor or (query.page + 1) * query.per_page > WINDOW:
        return replace(query, page=1, cursor=result.cursor) if result.cursor else None
    if query.page * query.per_page >= result.listed:
        return None
    return page_of(query, query.page + 1)


def _following(query: Query, lists: Addresses, result: ResultPage) -> str:
    after = next_query(query, result)
    if after is None:
        return ""
    return lists.varied("cursor", after.cursor) if after.cursor else lists.varied("page", str(after.page))


def _reliefs(result: ResultPage, titles: dict[str, str]) -> Iterable[Link]:
    """Offer the search without each filter and word, where that finds something."""
    for relief in result.relief:
        if not relief.count:
            continue
        name = relief.value
        if relief.parameter != "q":
            filter_name, value = _title(titles, relief.parameter), _shown(relief.parameter, relief.value)
            name = _("%(filter)s：%(value)s", filter=filter_name, value=value)
        yield Link(f"{relief.count:,}", address("/", first_page(relief.query)), name=name)


def _kinds(lists: Addresses, result: ResultPage) -> tuple[Link, ...]:
    """Offer the documents and the news apart: tabs of which one is chosen."""
    chosen, counted = lists.query.filters.kind, [one for one in result.facets.kind if one.value not in ("", UNSTATED)]
    if len(counted) < len(KINDS) and not chosen:
        return ()
    counts = {one.value: one.count for one in counted}
    names: dict[str, str] = {DOCUMENT: _("政策文件"), NEWS: _("动态")}
    each = [(names[kind], counts.get(kind, 0), kind) for kind in KINDS]
    return tuple(
        Link(name, lists.varied("kind", kind), current=chosen == ((kind,) if kind else ()), name=f"{count:,}")
        for name, count, kind in ((_("全部"), sum(counts.values()), ""), *each)
    )


def _readings(lists: Addresses, result: ResultPage) -> Iterable[Link]:
    """Offer the readings that find something else than what is shown."""
    names: dict[Match, str] = {"exact": _("连在一起"), "near": _("相隔不远"), "loose": _("放宽")}
    for choice in result.readings:
        if not choice.selected and choice.total != result.total:
            chosen = lists.varied("match", "" if choice.match == _DEFAULT.match else choice.match)
            yield Link(f"{choice.total:,}", chosen, name=names[choice.match])


def _offers(query: Query, result: ResultPage) -> Iterable[Link]:
    """Offer what could be chosen instead of words, unless that is all that is shown anyway."""
    for offer in result.offers:
        leads_to = first_page(offer.query, sort=query.sort, per_page=query.per_page)
        yield Link(f"{offer.total:,}", address("/", leads_to), name=_shown(offer.filter, offer.label))


def _undated(query: Query, result: ResultPage) -> Link | None:
    """Offer to leave out those without a day, where they come first."""
    count = sum(one.count for one in result.facets.year if one.value == UNSTATED and not one.excluded)
    if query.sort != "oldest" or query.page > 1 or query.cursor or query.filters.year or not count:
        return None
    left_out = (*query.filters.left_out, ("year", UNSTATED))
    return Link(f"{count:,}", address("/", with_filters(query, left_out=left_out)))


def _title(titles: Mapping[str, str], parameter: str) -> str:
    """Name a filter for people."""
    if parameter.startswith(NOT):
        return str(_("排除%(filter)s", filter=titles[parameter.removeprefix(NOT)]))
    return titles[parameter]


def _shown(parameter: str, value: str) -> str:
    """Write a filter's value for people."""
    if value == UNSTATED or parameter.removeprefix(NOT) in OUR_FACETS:
        return "、".join(map(said, value.split("、")))
    if parameter.removeprefix(NOT) in ("region", "folder"):
        return value.replace("/", " › ")
    return _("仅标题") if (parameter, value) == ("in", "title") else value
