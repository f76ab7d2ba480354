"""Hits as tables for spreadsheets: CSV, and XLSX with the extra ``xlsx``; all of a search, or those ticked."""

from __future__ import annotations

import csv
import importlib
import io
import tempfile
from datetime import date, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, Literal

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import NotFound

from indexer.announcement import moment
from indexer.answers.highlight_terms import needles_of
from indexer.answers.hits import show_hit
from indexer.errors import ParameterError, Problem
from indexer.expectations import expect
from indexer.exporting.cells import Cell, defused
from indexer.facts.dates import BEIJING
from indexer.light_dataclass import dataclass
from indexer.query.parameters import read_query
from indexer.text.plain import plain
from webui.address import base_address, first_page
from webui.caching import revalidated
from webui.config import EXPORT_LIMIT, has_xlsx
from webui.file_names import disposition, file_name
from webui.pages.citation import citation
from webui.site import site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.answers.results import Hit
    from indexer.query.tree import Query

spreadsheets = Blueprint("spreadsheets", __name__)

TICKED_AT_MOST: Final = 100  # hits of one page
CHUNK_ROWS: Final = 400  # about 300 KB; with a quarter of it a file takes 4 % longer
SENT_BYTES: Final = 64 * 1024  # of a workbook at a time
_IN_MEMORY_BYTES: Final = 4 * 1024 * 1024  # of a workbook, before it goes to a temporary file
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_PACKAGE: Final = (
    "This server writes no workbooks; /export.csv holds the same. Its operator can add it: policy-search[xlsx]"
)
_CELL_CHARS: Final = 32_767  # more than these a cell cannot hold
_FIRST_YEAR: Final = 1900  # with which a workbook's days begin


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be written."""

    query: Query
    ids: tuple[str, ...]  # of those that were ticked; () for all hits of the query
    labels: str  # "zh" or "en": headings for people; "" for the keys of JSON


# The keys are what programs rely on: they are only added to, at the end.
COLUMNS: Final = {
    "id": ("编号", "Id"),
    "title": ("标题", "Title"),
    "source": ("来源", "Source"),
    "published": ("发布日期", "Published"),
    "region": ("地区", "Region"),
    "number": ("发文字号", "Document number"),
    "form": ("文种", "Form"),
    "url": ("原文地址", "Original address"),
    "link": ("本站链接", "Link here"),
    "citation": ("引用", "Citation"),
    "validity": ("时效", "Validity"),
    "kind": ("类别", "Kind"),
    "signed": ("成文日期", "Signed"),
    "effective": ("施行日期", "Effective"),
    "snippet": ("摘要", "Snippet"),
    "path": ("保存的文件", "Saved file"),
    "indexed": ("收录时间", "First indexed"),
}


@spreadsheets.get("/export.csv")
@revalidated
def as_csv() -> Response:
    """Stream all hits as CSV, up to ``EXPORT_LIMIT``; the total stands in X-Total-Count."""
    wanted = _asked()
    hits = _hits(wanted)
    return _told(Response(_csv(hits, wanted.labels, base_address()), mimetype="text/csv"), wanted, ".csv")


@spreadsheets.get("/export.xlsx")
@revalidated
def as_xlsx() -> Response:
    """Write the same as a workbook: texts are texts and days are days, nothing is a formula."""
    wanted = _asked()
    if not has_xlsx():
        raise NotFound(_NO_PACKAGE)
    file = _workbook(_hits(wanted), wanted.labels, base_address())
    return _told(Response(_sent(file), mimetype=XLSX_TYPE), wanted, ".xlsx")


def _asked() -> _Asked:
    """Read the address; raises ``ParameterError`` with every problem."""
    values = dict(request.args.lists())
    ids = tuple(dict.fromkeys(one for one in values.pop("id", []) if one))
    picked = values.pop("picked", [])  # the page's form: those that are ticked alone, with its language's headings
    given = [one for one in (*values.pop("labels", []), *picked) if one]
    problems = [Problem("labels", one, expect("one-of", names="zh, en")) for one in given if one not in ("zh", "en")]
    if picked and not ids:
        problems.append(Problem("id", "", expect("ids-to", count=TICKED_AT_MOST)))
    if len(ids) > TICKED_AT_MOST:
        problems.append(Problem("id", str(len(ids)), expect("fewer-values", count=TICKED_AT_MOST)))
    try:
        query = first_page(read_query(values))
    except ParameterError as error:
        raise ParameterError([*problems, *error.problems]) from error
    if problems:
        raise ParameterError(problems)
    return _Asked(query, ids, given[-1] if given else "")


def _hits(wanted: _Asked) -> Iterable[Hit]:
    """Return what is to be written; asked before the answer starts, so that a failure still is one."""
    engine = site().engine
    if not wanted.ids:
        found = engine.walk(wanted.query, as_rows=True)
        g.hits = found.total
        return islice(found, EXPORT_LIMIT)
    needles = needles_of(wanted.query.root)
    of_each = map(engine.find, wanted.ids)
    ticked = [show_hit(one.announcement, 0.0, needles, one.validity) for one in of_each]
    g.hits = len(ticked)
    return ticked


def _told(response: Response, wanted: _Asked, ending: str) -> Response:
    response.headers["Content-Disposition"] = disposition(file_name(_named(wanted), ending))
    response.headers["X-Total-Count"] = str(g.hits)
    response.headers["X-Export-Limit"] = str(EXPORT_LIMIT)
    return response


def _named(wanted: _Asked) -> str:
    """Name the file after what was asked: the words, then what was chosen."""
    filters = wanted.query.filters
    days = f"{filters.first or ''}–{filters.last or ''}" if filters.first or filters.last else ""
    chosen = (*filters.region, *filters.folder)
    values = (*filters.source, *map("-".join, chosen), *filters.form, *filters.kind, *filters.year, days)
    return " ".join(filter(None, (wanted.query.text, *values, filters.number)))


def _columns(hits: Sequence[Hit], base: str, today: date) -> dict[str, Sequence[Cell]]:
    """Return what hits have for each of ``COLUMNS``."""
    return {
        "id": [hit.id for hit in hits],
        "title": [hit.title for hit in hits],
        "source": [hit.source for hit in hits],
        "published": [hit.published for hit in hits],
        "region": ["/".join(hit.region) for hit in hits],
        "number": [hit.number for hit in hits],
        "form": [hit.form for hit in hits],
        "url": [hit.url for hit in hits],
        "link": [f"{base}/announcements/{hit.id}" for hit in hits],
        "citation": [citation(hit, today) for hit in hits],
        "validity": [hit.validity.state if hit.validity else "" for hit in hits],
        "kind": [hit.kind for hit in hits],
        "signed": [hit.signed for hit in hits],
        "effective": [hit.effective for hit in hits],
        "snippet": [hit.snippet.text for hit in hits],
        "path": [hit.path for hit in hits],
        "indexed": [moment(hit.indexed) for hit in hits],
    }


def _chunks(hits: Iterable[Hit]) -> Iterator[list[Hit]]:
    """Yield hits by as many as are written at once."""
    left = iter(hits)
    while chunk := list(islice(left, CHUNK_ROWS)):
        yield chunk


def _headings(labels: str) -> list[str]:
    place: dict[str, Literal[0, 1]] = {"zh": 0, "en": 1}
    return [names[place[labels]] if labels else key for key, names in COLUMNS.items()]


def _csv(hits: Iterable[Hit], labels: str, base: str) -> Iterator[str]:
    """Write the file; so many rows are one chunk of the stream."""
    today = datetime.now(BEIJING).date()
    yield "\ufeff" + _csv_lines([_headings(labels)])  # the mark tells spreadsheets that this is UTF-8
    for chunk in _chunks(hits):
        yield _csv_lines(zip(*map(defused, _columns(chunk, base, today).values()), strict=True))


def _csv_lines(rows: Iterable[Sequence[Cell]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)  # days as YYYY-MM-DD, nothing for None
    return out.getvalue()


def _workbook(hits: Iterable[Hit], labels: str, base: str) -> Any:
    """Return a temporary file with the workbook, read from its beginning."""
    xlsxwriter = importlib.import_module("xlsxwriter")
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - closed when it is sent
    # Rows go to disk as they are written: 10,000 take 20 MB otherwise.
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, heading in enumerate(_headings(labels)):
        sheet.write_string(0, column, heading, bold)
    today = datetime.now(BEIJING).date()
    rows = chain.from_iterable(zip(*_columns(some, base, today).values(), strict=True) for some in _chunks(hits))
    for row, cells in enumerate(rows, 1):
        for column, value in enumerate(cells):
            if isinstance(value, date) and value.year >= _FIRST_YEAR:
                sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
            elif value:
                sheet.write_string(row, column, plain(str(value))[:_CELL_CHARS])
    sheet.freeze_panes(1, 0)
    book.close()
    file.seek(0)
    return file


def _sent(file: Any) -> Iterator[bytes]:
    with file:
        while part := file.read(SENT_BYTES):
            yield part
