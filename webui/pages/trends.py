"""Several searches beside each other: how many announcements each finds by year, or by region, and where they are.

The counts are the exact ones of the facets; each leads to the hits that it counts.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, g

from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.exporting.cells import defuse
from indexer.fields import UNSTATED
from indexer.light_dataclass import dataclass
from indexer.query.parameters import read_query, write_query
from webui.address import address, encoded, root, with_filters
from webui.caching import revalidated
from webui.choices import read_choices
from webui.file_names import disposition, file_name
from webui.pages.markup import render
from webui.site import site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.answers.results import FacetValue
    from indexer.query.tree import Query

trends = Blueprint("trends", __name__)

MOST_SEARCHES: Final = 5  # lines that can still be told apart
ROWS: Final = ("year", "region")
YEARS_AT_MOST: Final = 60  # of the table and the chart; earlier ones are counted in the file
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 260, 48, 28, 12  # of the chart, in SVG units
_LABELS: Final = 8  # years named below it


@dataclass(frozen=True, slots=True)
class Count:
    """How many announcements a search finds in a year or region, and where they are listed; "" for none."""

    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """One search as a line of the chart."""

    name: str
    points: str  # of an SVG polyline
    dots: tuple[tuple[float, float, str, str], ...]  # x, y, address, what it says


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over years."""

    lines: tuple[Line, ...]
    most: int  # the count at the top
    labels: tuple[tuple[float, str], ...]  # x, year


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, and by what."""

    by: str  # "year" or "region"
    queries: tuple[Query, ...]
    names: tuple[str, ...]
    totals: tuple[Count, ...]
    rows: tuple[tuple[str, tuple[Count, ...]], ...]  # label of a year or region, and a count for each search
    left_out: int  # rows that are in the file alone


@trends.get("/trends")
@revalidated
def page() -> str:
    """Show the searches as lines and a table; a form when there are none yet."""
    comparison, shared = _compare()
    chart = _chart(comparison) if comparison.by == "year" and len(comparison.rows) > 1 else None
    other = "region" if comparison.by == "year" else "year"
    asked = [("q", query.text) for query in comparison.queries]
    return render(
        "trends.html",
        c=comparison,
        chart=chart,
        shared=shared,
        empty=max(1, min(3, MOST_SEARCHES) - len(asked)) if len(asked) < MOST_SEARCHES else 0,
        by_other=_address("/trends", [*asked, *shared, ("by", other)]),
        csv=_address("/trends.csv", [*asked, *shared, ("by", comparison.by)]),
    )


@trends.get("/trends.csv")
@revalidated
def as_csv() -> Response:
    """Give the same table for a spreadsheet, with every row."""
    comparison, _ = _compare(every_row=True)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([comparison.by, *map(defuse, comparison.names)])
    writer.writerows([defuse(label), *(one.count for one in counts)] for label, counts in comparison.rows)
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = disposition(file_name(" ".join(comparison.names), ".csv"))
    return response


def _address(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{root()}{path}?{encoded(pairs)}"


def _compare(*, every_row: bool = False) -> tuple[Comparison, list[tuple[str, str]]]:
    """Read the address and ask; also give the filters that all searches share, as parameters."""
    _, values = read_choices()
    by = values.pop("by", ["year"])[-1]
    texts = list(dict.fromkeys(" ".join(one.split()) for one in values.pop("q", []) if one.strip()))
    problems = [] if by in ROWS else [Problem("by", by, expect("one-of", names=", ".join(ROWS)))]
    if len(texts) > MOST_SEARCHES:
        problems.append(Problem("q", str(len(texts)), expect("fewer-values", count=MOST_SEARCHES)))
    problems += [Problem(name, values[name][-1], expect("no-parameter")) for name in _UNUSED if name in values]
    if problems:
        raise ParameterError(problems)
    queries = tuple(read_query({**values, "q": [text]}) for text in texts)
    shared = [pair for pair in write_query(read_query(values)) if pair[0] != "q"]
    return _counted(by, queries, None if every_row else YEARS_AT_MOST), shared


_UNUSED: Final = ("page", "per_page", "cursor", "sort")


def _counted(by: str, queries: tuple[Query, ...], most: int | None) -> Comparison:
    results = [site().engine.search(replace(query, per_page=1)) for query in queries]
    g.hits = sum(result.total for result in results)
    counts = [_by_value(getattr(result.facets, by)) for result in results]
    labels = _labels(by, counts)
    shown = labels if most is None else labels[:most]
    rows = tuple(
        (label, tuple(_count(query, by, label, of.get(label, 0)) for query, of in zip(queries, counts, strict=True)))
        for label in shown
    )
    totals = tuple(Count(result.total, address("/", query)) for query, result in zip(queries, results, strict=True))
    return Comparison(by, queries, tuple(query.text for query in queries), totals, rows, len(labels) - len(shown))


def _by_value(values: Sequence[FacetValue]) -> dict[str, int]:
    return {value.value: value.count for value in values}


def _labels(by: str, counts: Sequence[dict[str, int]]) -> list[str]:
    """Return the years from the newest to the oldest without a gap, or the regions, the most frequent first."""
    held = {label: sum(of.get(label, 0) for of in counts) for of in counts for label in of}
    stated = [label for label in held if label != UNSTATED and held[label]]
    if by == "region":
        stated.sort(key=lambda label: (-held[label], label))
    elif stated:
        stated = [str(year) for year in range(int(max(stated)), int(min(stated)) - 1, -1)]
    return stated + [UNSTATED] * bool(held.get(UNSTATED))


def _count(query: Query, by: str, label: str, count: int) -> Count:
    if not count:
        return Count(0, "")
    value = (label,) if by == "year" else (tuple(label.split("/")),)
    return Count(count, address("/", with_filters(query, **{by: value})))


def _chart(comparison: Comparison) -> Chart:
    """Draw the stated years, oldest at the left."""
    rows = [row for row in reversed(comparison.rows) if row[0] != UNSTATED]
    most = max((one.count for _, counts in rows for one in counts), default=0) or 1
    step = (WIDTH - LEFT - 12) / max(1, len(rows) - 1)
    across = [round(LEFT + at * step, 1) for at in range(len(rows))]
    lines = []
    for place, name in enumerate(comparison.names):
        counts = [counts[place] for _, counts in rows]
        down = [round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - one.count / most), 1) for one in counts]
        dots = zip(across, down, counts, rows, strict=True)
        points = " ".join(f"{x},{y}" for x, y in zip(across, down, strict=True))
        told = tuple((x, y, one.href, f"{name} {label}：{one.count:,}") for x, y, one, (label, _) in dots if one.count)
        lines.append(Line(name, points, told))
    every = -(-len(rows) // _LABELS) or 1
    labels = tuple((across[at], rows[at][0]) for at in range(len(rows) - 1, -1, -every))
    return Chart(tuple(lines), most, labels)
