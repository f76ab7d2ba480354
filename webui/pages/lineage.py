"""The lineage of a policy as a page shows it: a list by level and day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.relations.lineage import LEVELS
from webui.address import link
from webui.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.answers.relations import Linked, Related, Step
    from indexer.relations.lineage import Bond, Level

BESIDE: Final = 6  # steps that are listed beside a text
_COMPARED: Final = frozenset({"forwards", "carries_out", "version"})  # a law and what is based on it have little alike


@dataclass(frozen=True, slots=True)
class Tied:
    """How one announcement of a lineage is bound to another."""

    one: Linked  # the other
    how: str  # in the reader's language
    compare: str  # address of both side by side; "" where that tells nothing
    compare_name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One announcement of a lineage as the list shows it."""

    one: Linked
    level: str  # in the reader's language
    is_own: bool
    above: tuple[Tied, ...]  # what it comes from
    to_own: Tied | None = None  # how it is bound to the announcement whose lineage this is


def level_names() -> dict[Level, str]:
    """Return what the levels are called in the reader's language."""
    return {
        "nation": _("中央"),
        "province": _("省级"),
        "city": _("市级"),
        "county": _("县级及以下"),
        "": _("地区未注明"),
    }


def rows_of(related: Related) -> tuple[Row, ...]:
    """Return all announcements of a lineage by level and day; () for one that stands alone."""
    lineage, names, own = related.lineage, level_names(), related.id
    told = {step.one.id: step.one for step in lineage.steps}
    above: defaultdict[str, list[Tied]] = defaultdict(list)
    to_own: dict[str, Tied] = {}
    upward, as_upper, as_lower = _ways()
    for tie in lineage.ties:
        upper, lower = told[tie.upper], told[tie.lower]
        compare = link("/compare", a=upper.id, b=lower.id) if tie.bond in _COMPARED else ""
        tied = Tied(upper, upward[tie.bond], compare, compare_name(tie.bond, upper, lower))
        above[lower.id].append(tied)
        if own in (upper.id, lower.id):
            how = (as_upper if lower.id == own else as_lower)[tie.bond]
            to_own[upper.id if lower.id == own else lower.id] = replace(tied, how=how)
    return tuple(
        Row(one, names[one.level], one.id == own, tuple(above[one.id]), to_own.get(one.id)) for one in told.values()
    )


def rows_beside(related: Related) -> tuple[Row, ...]:
    """Return the nearest few, in the same order."""
    nearest = sorted(related.lineage.steps, key=_distance)[:BESIDE]
    kept = {step.one.id for step in nearest}
    return tuple(row for row in rows_of(related) if row.one.id in kept)


def _distance(step: Step) -> int:
    return abs(step.generation)


def _ways() -> tuple[dict[Bond, str], dict[Bond, str], dict[Bond, str]]:
    """Return what each bond is called: of a lower one, of the upper one beside the lower's text, and the other way."""
    return (
        {"forwards": _("印发或转发"), "carries_out": _("贯彻"), "based_on": _("依据"), "version": _("旧版")},
        {
            "forwards": _("本文印发或转发"),
            "carries_out": _("本文贯彻"),
            "based_on": _("本文依据"),
            "version": _("旧版"),
        },
        {
            "forwards": _("印发或转发本文"),
            "carries_out": _("贯彻本文"),
            "based_on": _("依据本文"),
            "version": _("新版"),
        },
    )


def compare_name(bond: str, upper: Linked, lower: Linked) -> str:
    """Return what a comparison of two announcements of a lineage is called."""
    if bond == "version":
        return _("与旧版对照")
    higher = LEVELS.index(upper.level) < LEVELS.index(lower.level)
    return _("与上级文件对照") if higher else _("与原文件对照")


def by_level(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows under the names of their levels, in order."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.level].append(row)
    return found
