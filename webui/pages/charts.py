"""The histogram of a search over time, drawn as data that templates turn into SVG: no styles, no scripts."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from flask_babel import get_locale

from indexer.fields import UNSTATED
from indexer.light_dataclass import dataclass
from webui.address import Clicks, address, with_filters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.answers.results import FacetValue
    from webui.address import Addresses

LABEL_WIDTH = 28  # of "2024" at 11 units, with a little air
FLAT_UNITS = 2  # height of the smallest bar: it still shows
LINES_AT_LEAST = 2  # of the scale, the axis not counted


@dataclass(frozen=True, slots=True)
class Size:
    """How large a histogram is drawn, in SVG units; it scales with its column."""

    width: int
    height: int
    bars: int  # years drawn each for itself: what still can be hit with a finger; those before are one bar
    labels: int  # names under the axis that fit


COLUMN = Size(width=280, height=92, bars=30, labels=4)
BAND = Size(width=560, height=200, bars=45, labels=8)


@dataclass(frozen=True, slots=True)
class Bar:
    """One year or month of the histogram, or all years before: a thick line from the axis up, in SVG units."""

    value: str  # 2020, 2020-03, or -1995: until the end of 1995
    label: str
    count: int
    share: float | None  # percent of what the index holds of this time; None when that is not known
    selected: bool
    href: str
    middle: float
    top: float


@dataclass(frozen=True, slots=True)
class Label:
    """A name under the axis, or a number of the scale at its line."""

    text: str
    place: float  # from the left under the axis, from the top at the scale


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts over time, oldest left; what holds nothing has no bar."""

    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    scale: tuple[Label, ...]  # from the highest line down, without the axis
    size: Size
    bar_width: float
    unit: str  # "year" or "month"
    by_share: bool  # bars are shares of the index, not counts
    has_shares: bool


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place on the axis, with what is there."""

    name: str  # under the axis
    label: str
    href: str
    count: int = 0
    selected: bool = False


def histogram(
    years: Sequence[FacetValue],
    lists: Addresses,
    size: Size = COLUMN,
    whole: Mapping[str, int] | None = None,
    *,
    by_share: bool = False,
) -> Histogram | None:
    """Draw years, or the months of the only year chosen; None when there is nothing to compare.

    ``lists`` are of the query's first page. ``whole`` is what the index holds of each year or month, whatever is
    searched: a year with more pages is not a year with more policy. With ``by_share`` the bars show the share of it.
    """
    chosen = {value[:4] for value in lists.query.filters.year if value != UNSTATED}
    counted = {value.value: value for value in years if value.value != UNSTATED}
    if len(chosen) == 1:
        slots, unit = _months(chosen.pop(), counted, lists), "month"
    elif len(counted) > 1:
        slots, unit = _years(counted, lists, size), "year"
    else:
        return None
    held = _totals(slots, whole or {})
    return _draw(slots, held, size, unit, by_share=by_share and bool(held))


def _months(year: str, counted: Mapping[str, FacetValue], lists: Addresses) -> dict[str, _Slot]:
    clicks, names = Clicks(lists, "year"), get_locale().months["stand-alone"]["abbreviated"]
    found = {month.value: month for month in counted[year].children} if year in counted else {}
    values = {f"{year}-{month:02}": names[month] for month in range(1, 13)}
    return {value: _slot(found.get(value), name, value, clicks(value)) for value, name in values.items()}


def _years(counted: Mapping[str, FacetValue], lists: Addresses, size: Size) -> dict[str, _Slot]:
    clicks, last = Clicks(lists, "year"), int(max(counted))
    first = max(int(min(counted)), last - size.bars + 1)
    slots = {year: _slot(counted.get(year), year, year, clicks(year)) for year in map(str, range(first, last + 1))}
    before = [value.count for year, value in counted.items() if int(year) < first and value.count]
    if not before:
        return slots
    end = date(first - 1, 12, 31)
    until = address("/", with_filters(lists.query, year=(), last=end)) + "#year"
    return {f"-{first - 1}": _Slot(f"≤{first - 1}", f"≤{first - 1}", until, sum(before)), **slots}


def _slot(found: FacetValue | None, name: str, label: str, href: str) -> _Slot:
    return _Slot(name, label, href, found.count, found.selected) if found else _Slot(name, label, href)


def _totals(slots: Mapping[str, _Slot], whole: Mapping[str, int]) -> dict[str, int]:
    """Return what the index holds at each place of the axis; {} when it is not known of some that is shown."""
    totals = {
        value: sum(n for year, n in whole.items() if year <= value[1:]) if value[0] == "-" else whole.get(value, 0)
        for value in slots
    }
    return totals if all(totals[value] >= slot.count for value, slot in slots.items()) else {}


def _draw(
    slots: Mapping[str, _Slot], totals: Mapping[str, int], size: Size, unit: str, *, by_share: bool
) -> Histogram | None:
    """Draw a bar for each slot, each with its part of the width."""
    middles = _middles(len(slots), size.width)
    shown = [(value, slot, middle) for (value, slot), middle in zip(slots.items(), middles, strict=True) if slot.count]
    if not shown:
        return None
    shares = [100 * slot.count / totals[value] if totals else None for value, slot, _ in shown]
    heights = [share or 0.0 for share in shares] if by_share else [float(slot.count) for _, slot, _ in shown]
    lines = scale_lines(max(heights), whole_numbers=not by_share)
    below = size.height / lines[-1]
    tops = [round(size.height - max(FLAT_UNITS, below * height), 1) for height in heights]
    bars = [
        Bar(value, slot.label, slot.count, share, slot.selected, slot.href, middle, top)
        for (value, slot, middle), share, top in zip(shown, shares, tops, strict=True)
    ]
    every = -(-len(slots) // size.labels)
    half = LABEL_WIDTH / 2
    labels = tuple(
        Label(slot.name, min(max(middle, half), size.width - half))
        for slot, middle in zip(list(slots.values())[::every], middles[::every], strict=True)
    )
    unit_sign = "%" if by_share else ""
    scale = tuple(Label(f"{line:,}{unit_sign}", round(size.height - below * line, 1)) for line in reversed(lines))
    bar_width = round(size.width / len(slots) * 0.8, 1)
    return Histogram(tuple(bars), labels, scale, size, bar_width, unit, by_share, bool(totals))


@lru_cache(maxsize=64)  # there are as many years in most answers
def _middles(count: int, width: int) -> tuple[float, ...]:
    """Return where each of so many places of the axis has its middle."""
    return tuple(round((place + 0.5) * (width / count), 1) for place in range(count))


def scale_lines(most: float, *, whole_numbers: bool) -> tuple[float, ...]:
    """Return two to five round numbers, of which the last is not below ``most``: 500, 1000, 1500 for 1,234."""
    power = 10.0 ** (len(str(int(most))) - 1) if most >= 1 else 10.0 ** -len(f"{1 / most:.0f}")
    for step in (power / 5, power / 2, power, power * 2, power * 5):
        count = int(-(-most // step))
        if LINES_AT_LEAST <= count <= 5 and (not whole_numbers or step >= 1):
            break
    else:
        step, count = max(power, 1.0), max(1, int(-(-most // max(power, 1.0))))
    lines = (round(step * place, 6) for place in range(1, count + 1))
    return tuple(int(line) if line == int(line) else line for line in lines)
