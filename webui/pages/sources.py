"""What the index holds of each source, what is missing, and what the last run left out: the page for operators."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING

from flask import Blueprint, Response

from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.exporting.cells import defuse
from indexer.facts.dates import BEIJING
from indexer.fields import UNSTATED
from indexer.light_dataclass import dataclass
from indexer.query.tree import Filters, Query
from indexer.text.plain import plain
from webui.address import link
from webui.caching import revalidated
from webui.choices import read_choices
from webui.pages.markup import render
from webui.site import site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from indexer.answers.results import SourceCoverage
    from indexer.report import Report
    from indexer.skip_reasons import SkipReason

coverage_pages = Blueprint("sources", __name__)

ROWS = 60  # sources on a page; the gaps of each are a search of 3 ms, once a version
SKIPPED_SHOWN = 3  # pages named for each reason before "more"
FOLDERS_SHOWN = 30  # with the most skipped pages
LATE_DAYS = 180  # a source that is so far behind most others is pointed out
DAYS_OF_A_MONTH = 30.4
COLUMNS = ("source", "announcements", "first", "last", "without_date", "without_region", "without_number")

# What a column is ordered by: the most telling rows first.
_ORDERS: Mapping[str, Callable[[SourceCoverage], tuple[object, ...]]] = {
    "count": lambda one: (-one.count, one.source),
    "name": lambda one: (one.source,),
    "first": lambda one: (one.first or date.max, one.source),
    "last": lambda one: (one.last or date.min, one.source),
    "date": lambda one: (-one.without_date, one.source),
    "region": lambda one: (-one.without_region, one.source),
    "number": lambda one: (-one.without_number, one.source),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One source of the table."""

    held: SourceCoverage
    gaps: tuple[str, ...]  # years between its first and its last of which nothing is held: 2013, 2015–2017
    months_behind: int  # the last day of half of all sources; 0 when it is not far behind


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The pages of one folder that were skipped."""

    folder: str
    count: int
    reasons: tuple[tuple[SkipReason, int], ...]


@coverage_pages.get("/sources")
@revalidated
def sources() -> ResponseReturnValue:
    """Show what the index holds of each source, and what the last rebuild left out."""
    shown, values = read_choices()
    order, number = _asked(values, whole=shown.more == "all")
    coverage, status = sorted(site().engine.coverage(), key=_ORDERS[order]), site().status()
    pages = max(1, -(-len(coverage) // ROWS))
    if number > pages:
        raise ParameterError([Problem("page", str(number), expect("number-to", count=pages))])
    usual = median_low(last) if (last := [one.last for one in coverage if one.last]) else None
    part = coverage if shown.more == "all" else coverage[(number - 1) * ROWS : number * ROWS]
    return render(
        "sources.html",
        rows=[_row(one, usual, with_gaps=shown.more != "all") for one in part],
        coverage=coverage,
        missing={name: sum(getattr(one, name) for one in coverage) for name in COLUMNS[4:]},
        unnamed=sum(one.count for one in coverage if not one.source),
        status=status,
        order=order,
        number=number,
        pages=1 if shown.more == "all" else pages,
        shows_all=shown.more == "all",
        href=_href,
        built=site().built().astimezone(BEIJING),
        left_out=_by_reason(status.report),
        folders=_by_folder(status.report)[:FOLDERS_SHOWN],
        skipped_shown=None if shown.more == "all" else SKIPPED_SHOWN,
    )


@coverage_pages.get("/sources.csv")
@revalidated
def sources_csv() -> Response:
    """Return the table of sources for a spreadsheet."""
    _, values = read_choices()
    _refuse_all_but((), values)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in site().engine.coverage():
        row = (one.source, one.count, one.first, one.last, one.without_date, one.without_region, one.without_number)
        writer.writerow("" if value is None else defuse(plain(str(value))) for value in row)
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="sources.csv"'
    return answer


def _asked(values: Mapping[str, Sequence[str]], *, whole: bool) -> tuple[str, int]:
    """Read the order and the page; raises ``ParameterError``."""
    _refuse_all_but(("sort", "page"), values)
    order, page = values.get("sort", ["count"])[-1], values.get("page", ["1"])[-1]
    problems = []
    if order not in _ORDERS:
        problems.append(Problem("sort", order, expect("one-of", names=", ".join(_ORDERS))))
    if not (page.isascii() and page.isdecimal() and 0 < len(page) < 7 and int(page)):
        problems.append(Problem("page", page, expect("number-from-1")))
    if problems:
        raise ParameterError(problems)
    return order, 1 if whole else int(page)


def _refuse_all_but(known: Sequence[str], values: Mapping[str, Sequence[str]]) -> None:
    expected = expect("known-name", names=", ".join(known)) if known else expect("no-parameter")
    unknown = [Problem(name, given[-1], expected) for name, given in values.items() if name not in known]
    if unknown:
        raise ParameterError(unknown)


def _href(order: str, number: int = 1, *, shows_all: bool = False) -> str:
    page = str(number) if number > 1 else ""
    return link("/sources", sort=order if order != "count" else "", page=page, more="all" if shows_all else "")


def _row(held: SourceCoverage, usual: date | None, *, with_gaps: bool) -> Row:
    behind = (usual - held.last).days if usual and held.last else 0
    months = round(behind / DAYS_OF_A_MONTH) if behind >= LATE_DAYS else 0
    return Row(held, _gaps(held) if with_gaps else (), months)


def _gaps(held: SourceCoverage) -> tuple[str, ...]:
    """Return the years without anything between the first and the last of a source."""
    if not (held.source and held.first and held.last) or held.last.year - held.first.year < 2:
        return ()
    return site().kept(("gaps", held.source), lambda: tuple(_between(_years_of(held.source))))


def _years_of(source: str) -> list[int]:
    counted = site().engine.search(Query(per_page=1, filters=Filters(source=(source,)))).facets.year
    return sorted(int(year.value) for year in counted if year.count and year.value != UNSTATED)


def _between(years: Iterable[int]) -> Iterable[str]:
    for before, after in pairwise(years):
        if after - before == 2:
            yield str(before + 1)
        elif after - before > 2:
            yield f"{before + 1}–{after - 1}"


def _by_reason(report: Report) -> list[tuple[SkipReason, list[str]]]:
    """Put the pages that were skipped together by reason, the commonest first."""
    paths: dict[SkipReason, list[str]] = {}
    for skipped in report.skipped:
        paths.setdefault(skipped.why, []).append(skipped.path)
    return sorted(paths.items(), key=lambda pair: -len(pair[1]))


def _by_folder(report: Report) -> list[LeftOut]:
    """Put them together by folder, the one with the most first."""
    folders: dict[str, Counter[SkipReason]] = {}
    for skipped in report.skipped:
        folders.setdefault(skipped.path.rpartition("/")[0] or skipped.path, Counter())[skipped.why] += 1
    told = [LeftOut(folder, counts.total(), tuple(counts.most_common())) for folder, counts in folders.items()]
    return sorted(told, key=lambda one: (-one.count, one.folder))
