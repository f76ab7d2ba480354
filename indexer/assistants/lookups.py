"""Which announcements are meant by a document number, or by each line of a list, and whether they still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from indexer import list_check
from indexer.answers.relations import validity_json
from indexer.assistants.tools import NOTE, facts_of, offset_of, page_of, quoting, state_of
from indexer.errors import InputError
from indexer.facts.document_number import number_key, parse_number
from indexer.query.number_parts import number_in_part
from indexer.query.parameters import read_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.answers.results import Hit
    from indexer.engine import Engine

MOST_BEARING: Final = 20  # announcements of one number or of a series, in one answer
MOST_LINES: Final = 300  # of a list, as on the page for it
MOST_CHECKED: Final = 20  # lines in one answer
_LINE_CHARS: Final = 200
_MEANT: Final = 5  # announcements that a line may mean
_EVIDENCE: Final = 3  # sentences behind a state, in a list


class NoNumber(InputError):
    """What was given is neither a document number nor the beginning of one."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:60]!r} is no document number: "
            "expected one such as 国办发〔2017〕47号, or its beginning 国办发〔2017〕"
        )


def lookup_number(engine: Engine, text: str, cursor: str) -> dict[str, Any]:
    """Return who bears a document number, or all of a series; raises ``NoNumber``, ``CursorWrong``."""
    parsed = parse_number(text)
    if parsed is None or not parsed.prefix:
        return _series(engine, text, cursor)
    with engine.one_version():
        found = engine.lookup_number(parsed.normal)
        near = [engine.lookup_number(one).bearing[:1] for one in found.near]
    start = offset_of(cursor, len(found.bearing))
    shown = found.bearing[start : start + MOST_BEARING]
    more = start + MOST_BEARING < len(found.bearing)
    return {
        "note": NOTE,
        "number": found.number,
        "read_as": "a whole number",
        "status": _status(found.bearing),
        "total": len(found.bearing),
        "announcements": [_known(hit) for hit in shown],
        "only_cited_by": found.citing,
        "near": [_known(hit) for hits in near for hit in hits],
        "next_cursor": str(start + MOST_BEARING) if more else None,
    }


def _series(engine: Engine, text: str, cursor: str) -> dict[str, Any]:
    """Return announcements whose numbers begin so, by number."""
    query = read_query({"q": [text], "per_page": [str(MOST_BEARING)], "page": [str(page_of(cursor))]})
    series = number_in_part(query)
    if series is None:
        raise NoNumber(text)
    answer = engine.search(query)
    are_of_it = [number_key(hit.number).startswith(series.key) for hit in answer.hits]
    borne = bool(are_of_it) and all(are_of_it)  # else the search has read it as text
    more = borne and answer.page * answer.per_page < answer.listed
    return {
        "note": NOTE,
        "number": series.name,
        "read_as": "all numbers that begin so, by number",
        "status": "found" if borne else "not in this index",
        "total": answer.total if borne else 0,
        "announcements": [_known(hit) for hit in answer.hits] if borne else [],
        "next_cursor": str(answer.page + 1) if more else None,
    }


def _known(hit: Hit) -> dict[str, Any]:
    return {**facts_of(hit), "form": hit.form, **state_of(hit.validity)}


def _status(found: Sequence[Hit]) -> str:
    return "found" if len(found) == 1 else "several" if found else "not in this index"


def check_list(engine: Engine, lines: Sequence[str], cursor: str) -> dict[str, Any]:
    """Return what each line of a list is and whether it still holds; raises ``ListUnusable``, ``CursorWrong``."""
    if len(lines) > MOST_LINES:
        raise list_check.ListUnusable(f"The list is longer than {MOST_LINES} lines; cut it into parts.")
    wanted = list_check.read_lines("\n".join(" ".join(line.split()) for line in lines))
    start = offset_of(cursor, len(wanted))
    with engine.one_version():
        checked = list(list_check.check(engine, wanted[start : start + MOST_CHECKED]))
    more = start + MOST_CHECKED < len(wanted)
    return {
        "note": NOTE,
        "read": len(wanted),
        "given": len(lines),
        "checked": [_line(one) for one in checked],
        "next_cursor": str(start + MOST_CHECKED) if more else None,
    }


def _line(one: list_check.Checked) -> dict[str, Any]:
    state = validity_json(one.found[0].validity) if len(one.found) == 1 else None
    if state:
        state["evidence"] = [quoting(told) for told in state["evidence"][:_EVIDENCE]]
    return {
        "line": one.wanted.line[:_LINE_CHARS],
        "title": one.wanted.title,
        "number": one.wanted.number,
        "status": list_check.said_of(one),
        "announcements": [_known(hit) for hit in one.found[:_MEANT]],
        "validity": state,
        "near": [facts_of(hit) for hit in one.near],
    }
