"""The page that checks a list of titles and document numbers."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from flask import Blueprint, Response, make_response, request
from flask_babel import gettext

from indexer import list_check
from indexer.exporting.cells import defuse
from indexer.messages import in_words
from webui.config import MAX_LIST_BYTES
from webui.pages.markup import render
from webui.site import site

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

lists = Blueprint("lists", __name__)

MOST_LINES = 300  # of a list that is checked at once; `policy-search check-list` takes more


@lists.get("/check")
def ask() -> ResponseReturnValue:
    """Show the form."""
    return render("check.html", typed="", checked=None, wrong="", most=MOST_LINES)


@lists.post("/check")
def check() -> ResponseReturnValue:
    """Check a list that is pasted or uploaded; as a page, or as CSV."""
    request.max_content_length = MAX_LIST_BYTES
    typed = request.form.get("list", "")
    try:
        wanted = _wanted(typed)
    except list_check.ListUnusable as error:
        return make_response(
            render("check.html", typed=typed, checked=None, wrong=in_words(error.told, gettext), most=MOST_LINES), 400
        )
    with site().engine.one_version():
        checked = list(list_check.check(site().engine, wanted))
    if request.form.get("format") == "csv":
        return _csv(checked)
    return render("check.html", typed=typed or _lines(wanted), checked=checked, wrong="", most=MOST_LINES)


def _wanted(typed: str) -> list[list_check.Wanted]:
    file = request.files.get("file")
    if file and file.filename:
        return list_check.read_file(file.filename, file.read(), MOST_LINES)
    return list_check.read_lines(typed, MOST_LINES)


def _lines(wanted: list[list_check.Wanted]) -> str:
    return "\n".join(one.line for one in wanted)


def _csv(checked: list[list_check.Checked]) -> Response:
    out = io.StringIO()
    csv.writer(out).writerows(
        [list_check.COLUMNS, *([defuse(cell) for cell in row] for row in list_check.csv_rows(checked))]
    )
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="checked.csv"'
    return response
