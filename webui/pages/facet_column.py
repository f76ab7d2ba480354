"""The facet column: values that can be ticked, with the address that each click leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.answers.facet_lists import LISTED_VALUES
from indexer.fields import FACETS, UNSTATED
from indexer.light_dataclass import dataclass
from webui.address import Clicks, FacetName, link
from webui.pages.facet_branches import can_open
from webui.pages.words import OUR_FACETS, said
from webui.translation import gettext as _
from webui.translation import once_a_language

if TYPE_CHECKING:
    from indexer.answers.results import FacetValue, ResultPage
    from indexer.facts.region import RegionPath
    from indexer.fields import Field
    from indexer.query.tree import Query
    from webui.address import Addresses
    from webui.choices import Choices

ALL_VALUES = 300  # after it: what a person still scrolls through
_IN_COLUMN = tuple(sorted(FACETS, key=lambda one: one.column_place))


@dataclass(frozen=True, slots=True)
class Tick:
    """A facet value that can be ticked, and opened when there is more below it."""

    value: str
    label: str
    count: int
    selected: bool
    href: str
    children: tuple[Tick, ...] = ()  # shown now
    fold_href: str = ""  # opens or closes what is below; "" when nothing is, or a choice keeps it open
    is_open: bool = False
    excluded: bool = False
    is_said: bool = False  # the label is in the reader's language, not as pages have it


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet of the column."""

    name: FacetName
    title: str
    ticks: tuple[Tick, ...]
    more: str  # of values that are not shown; "" if there are none
    more_href: str  # "" when there is no way to show them all
    leave_href: str  # to leave values out by a click; back to choosing them when ``leaves``
    leaves: bool
    can_find: bool  # there are more values than are shown at first
    find: str  # what is sought in them
    kept: tuple[tuple[str, str], ...]  # what the form to seek carries along


@once_a_language
def facet_titles() -> dict[str, str]:
    """Name the facets and filters for people; a facet that is not named here by what it is declared with."""
    return {
        **{facet.name: facet.label for facet in FACETS},
        "source": _("来源"),
        "region": _("地区"),
        "form": _("文种"),
        "year": _("时间"),
        "kind": _("类别"),
        "validity": _("时效"),
        "folder": _("文件夹"),
        "from": _("不早于"),
        "to": _("不晚于"),
        "number": _("文号"),
        "in": _("范围"),
    }


def facet_views(
    here: Addresses, lists: Addresses, result: ResultPage, choices: Choices, titles: dict[str, str]
) -> tuple[FacetView, ...]:
    """Prepare the facets in the order in which they stand in the column; ``lists`` are of the query's first page."""
    return tuple(
        _Facet(facet, here, lists, choices).view(titles[facet.name], getattr(result.facets, facet.name))
        for facet in _IN_COLUMN
    )


class _Facet:
    """One facet of one page: what its ticks share."""

    def __init__(self, facet: Field, here: Addresses, lists: Addresses, choices: Choices) -> None:
        self._name = name = facet.name
        self._top_values = facet.top_values
        self._shows_all = choices.more == name
        self._leaves = choices.leave == name
        self._clicks = Clicks(lists, name, leaving=self._leaves)
        self._opened = _opened(name, here.query, choices)
        self._addresses, self._lists = here, lists
        self._more = {"more": choices.more} if choices.more else {}
        self._find = choices.find if self._shows_all else ""
        self._is_ours = facet.name in OUR_FACETS
        self._unstated = _("未注明")
        self._is_tree = facet.kind == "path"
        self._has_branches = facet.kind in ("path", "month")
        self._opening = here.varying("/", "open", **self._more) if self._has_branches else None
        filters = here.query.filters
        self._has_choice = bool(filters.chosen(name) or filters.excluded(name))
        self._can_seek = facet.kind in ("keyword", "path")

    def view(self, title: str, values: tuple[FacetValue, ...]) -> FacetView:
        """Choose the values that are shown."""
        limit = ALL_VALUES if self._shows_all else self._top_values
        if self._find:
            values = tuple(value for value in values if value.value != UNSTATED or self._holds_choice(value))
        shown = self._top(values, limit)
        ticks = tuple(map(self._tick, shown))
        leave_href = self._here(**self._more, **({} if self._leaves else {"leave": self._name}))
        is_long = len(values) >= LISTED_VALUES or (self._is_tree and len(values) > len(shown))
        can_find = self._can_seek and (self._shows_all or is_long)
        kept = (*self._lists.kept(), ("more", self._name)) if can_find else ()
        leave = (("leave", self._name),) if can_find and self._leaves else ()
        more, more_href = self._others(values, len(values) - len(shown))
        return FacetView(
            self._name, title, ticks, more, more_href, leave_href, self._leaves, can_find, self._find, (*kept, *leave)
        )

    def _others(self, values: tuple[FacetValue, ...], count: int) -> tuple[str, str]:
        """Say how many values are not shown, and where they are."""
        if count <= 0:
            return "", ""
        told = _("另有 %(count)s 个", count=format(count, ","))
        if not self._shows_all:
            # The engine lists no more than the most frequent: how many others there are is not known.
            return _("全部") if len(values) >= LISTED_VALUES else told, self._here(more=self._name)
        return told, link("/sources", more="all") if self._name == "source" and not self._find else ""

    def _tick(self, value: FacetValue) -> Tick:
        label = self._unstated if value.value == UNSTATED else self._said(value.label)
        is_ours = self._is_ours or value.value == UNSTATED
        href = self._clicks(value.value)
        if not self._has_branches:
            return Tick(value.value, label, value.count, value.selected, href, excluded=value.excluded, is_said=is_ours)
        is_open = bool(value.children) and value.value in self._opened
        return Tick(
            value.value,
            label,
            value.count,
            value.selected,
            href,
            tuple(map(self._tick, value.children)) if is_open else (),
            self._fold(value, is_open=is_open),
            is_open,
            value.excluded,
            is_ours,
        )

    def _said(self, label: str) -> str:
        return said(label) if self._is_ours else label.replace("/", " › ")

    def _fold(self, value: FacetValue, *, is_open: bool) -> str:
        """Return the address that opens a branch, or closes it to the one above; "" where there is nothing to do so."""
        opens = is_open or (value.value not in self._opened and can_open(self._name, value))
        if self._opening is None or self._find or not opens or self._holds_choice(value):
            return ""
        branch = value.value.rpartition("/")[0] if is_open else value.value
        return f"{self._opening(branch)}#{self._name}" if branch else self._here(**self._more)

    def _here(self, **choices: str) -> str:
        return f"{self._addresses.at('/', **choices)}#{self._name}"

    def _top(self, values: tuple[FacetValue, ...], limit: int) -> tuple[FacetValue, ...]:
        """Take the first values and every chosen one, or the branch that holds it; a "more" of one is no use."""
        if len(values) == limit + 1:
            return values
        below = [value for value in values[limit:] if _holds_choice(value)] if self._has_choice else ()
        return (*values[:limit], *below)

    def _holds_choice(self, value: FacetValue) -> bool:
        return self._has_choice and _holds_choice(value)


def _holds_choice(value: FacetValue) -> bool:
    return value.selected or value.excluded or any(map(_holds_choice, value.children))


def _opened(name: FacetName, query: Query, choices: Choices) -> frozenset[str]:
    """Return which branches are open: those asked for, with all above them, and those that hold a choice."""
    if name in ("region", "folder"):
        chosen = query.filters.region if name == "region" else query.filters.folder
        paths: list[RegionPath] = [*chosen, tuple(choices.open.split("/"))]
        return frozenset("/".join(path[:depth]) for path in paths for depth in range(1, len(path) + 1))
    if name == "year":
        return frozenset({choices.open, *(value[:4] for value in query.filters.year)})
    return frozenset()
