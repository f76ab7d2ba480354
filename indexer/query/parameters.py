"""Check the parameters of a search once, at the edge, and write a query back as parameters.

The command line, the pages and the JSON endpoint all read through here. Unknown names are refused, and every
problem is reported together; what lies behind this door never sees a wrong value.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

from indexer.errors import ParameterError, Problem
from indexer.expectations import Expectation, expect
from indexer.facts.document_number import parse_number
from indexer.facts.region import RegionPath, parse_path
from indexer.fields import FACETS, FOLDER, NOT, UNSTATED
from indexer.query.leaves import count_leaves
from indexer.query.parser import last_day, parse
from indexer.query.spellings import say_spellings, with_spellings
from indexer.query.tree import MAX_PER_PAGE, WINDOW, Filters, Match, Query, Sort, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from indexer.fields import Field

NAMES: Final = (
    *("q", *(facet.name for facet in FACETS), *(f"{NOT}{facet.name}" for facet in FACETS)),
    *("from", "to", "number", "in"),
    *("match", "sort", "page", "per_page", "cursor"),
)
REPEATABLE: Final = tuple(facet.name for facet in FACETS) + tuple(f"{NOT}{facet.name}" for facet in FACETS)
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
MATCHES: Final[tuple[Match, ...]] = get_args(Match)

MAX_QUERY_CHARS: Final = 1_000  # a long paragraph
MAX_QUERY_PARTS: Final = 100  # runs, strings, numbers and spans of days; each is a look-up of its own
MAX_VALUES: Final = 50  # of one repeated parameter
MAX_VALUE_CHARS: Final = 200  # the longest names of joint issuers are about half as long
MAX_FOLDER_CHARS: Final = 1_000  # of a path; what lies deeper is found by the folder above

_DEFAULT: Final = Query()
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_CURSOR = re.compile(r"[A-Za-z0-9_.~=-]+")

Value = TypeVar("Value")


def read_query(values: Mapping[str, Sequence[str]]) -> Query:
    """Read the parameters of one search; blank values count as not given.

    Raises ``ParameterError`` with every problem that was found.
    """
    reader = _Reader(values)
    text = reader.one("q", _query_text, "")
    root, understood = parse(text)
    if count_leaves(root) > MAX_QUERY_PARTS:
        reader.refuse("q", text, expect("fewer-words", count=MAX_QUERY_PARTS))
    query = Query(
        text=text,
        root=with_spellings(root),
        understood=understood + say_spellings(root),
        filters=_read_filters(reader),
        match=reader.one("match", _match, _DEFAULT.match),
        sort=reader.one("sort", _sort, _DEFAULT.sort),
        page=reader.one("page", _page, _DEFAULT.page),
        per_page=reader.one("per_page", _per_page, _DEFAULT.per_page),
        cursor=reader.one("cursor", _cursor, ""),
    )
    if query.page * query.per_page > WINDOW:
        last = WINDOW // query.per_page
        reader.refuse("page", str(query.page), expect("page-in-window", last=last, size=query.per_page))
    reader.finish()
    return query


def _read_filters(reader: _Reader) -> Filters:
    filters = Filters(
        **{facet.name: reader.many(facet.name, _reading(facet)) for facet in FACETS},
        left_out=tuple(
            (facet.name, written(value))
            for facet in FACETS
            for value in reader.many(f"{NOT}{facet.name}", _reading(facet))
        ),
        first=reader.one("from", _first_day, None),
        last=reader.one("to", _last_day, None),
        number=reader.one("number", _number, ""),
        title_only=reader.one("in", _title, default=False),
        opened="",
    )
    if filters.first and filters.last and filters.first > filters.last:
        reader.refuse("to", filters.last.isoformat(), expect("day-not-before", day=filters.first))
    return filters


def write_query(query: Query) -> list[tuple[str, str]]:
    """Write the parameters that read as this query, in one order, without those that change nothing."""
    pairs = [
        ("q", query.text),
        *_write_filters(query.filters),
        ("match", "" if query.match == _DEFAULT.match else query.match),
        ("sort", "" if query.sort == _DEFAULT.sort else query.sort),
        ("page", "" if query.page == _DEFAULT.page else str(query.page)),
        ("per_page", "" if query.per_page == _DEFAULT.per_page else str(query.per_page)),
        ("cursor", query.cursor),
    ]
    return [pair for pair in pairs if pair[1]]


@lru_cache(maxsize=512)  # fifty addresses of a page have the same
def _write_filters(filters: Filters) -> tuple[tuple[str, str], ...]:
    pairs = [
        *((facet.name, value) for facet in FACETS for value in filters.chosen(facet.name)),
        *((f"{NOT}{facet.name}", value) for facet in FACETS for value in filters.excluded(facet.name)),
        ("from", filters.first.isoformat() if filters.first else ""),
        ("to", filters.last.isoformat() if filters.last else ""),
        ("number", filters.number),
        ("in", "title" if filters.title_only else ""),
    ]
    return tuple(pair for pair in pairs if pair[1])


class _Reader:
    """Takes values by name and keeps account of what is wrong with them."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._problems: list[Problem] = []
        self._values: dict[str, list[str]] = {}
        for name, given in values.items():
            known = [value for value in given if value.strip()]
            if name not in NAMES:
                self.refuse(name, ", ".join(given), expect("known-name", names=", ".join(NAMES)))
            elif len(known) > (MAX_VALUES if name in REPEATABLE else 1):
                most = expect("fewer-values", count=MAX_VALUES) if name in REPEATABLE else expect("one-value")
                self.refuse(name, ", ".join(given), most)
            else:
                self._values[name] = known

    def one(self, name: str, read: Callable[[str], Value], default: Value) -> Value:
        """Read a parameter that stands once; ``default`` when it is not given or wrong."""
        return next(iter(self.many(name, read)), default)

    def many(self, name: str, read: Callable[[str], Value]) -> tuple[Value, ...]:
        """Read a parameter that may be repeated, each value once."""
        read_values: dict[Value, None] = {}
        for value in self._values.get(name, ()):
            try:
                read_values[read(value)] = None
            except _Wrong as wrong:
                self.refuse(name, value, wrong.expected)
        return tuple(read_values)

    def refuse(self, name: str, value: str, expected: Expectation) -> None:
        """Note a problem."""
        self._problems.append(Problem(_printable(name), _printable(value), expected))

    def finish(self) -> None:
        """Raise what was noted."""
        if self._problems:
            raise ParameterError(self._problems)


# ── one value ────────────────────────────────────────────────────────────────────────────────────────
# Each gives what the value means, or raises _Wrong with what would be right.


class _Wrong(ValueError):
    """A value is not as it should be."""

    def __init__(self, code: str, **values: object) -> None:
        self.expected = expect(code, **values)
        super().__init__(str(self.expected))


def _text(value: str) -> str:
    if len(value) > MAX_VALUE_CHARS:
        raise _Wrong("shorter-value", count=MAX_VALUE_CHARS)
    return _clean(value)


def _query_text(value: str) -> str:
    if len(value) > MAX_QUERY_CHARS:
        raise _Wrong("shorter-query", count=f"{MAX_QUERY_CHARS:,}", given=f"{len(value):,}")
    return _clean(value)


def _clean(value: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs"} and not character.isspace() for character in value):
        raise _Wrong("printable")
    return " ".join(value.split())


def _region(value: str) -> RegionPath:
    """Read a place. One that the gazetteer does not know, or not alone, is kept as typed.

    An index may hold regions of its own (JSON Lines bring them), and its facets must stay clickable. A name that
    means nothing finds nothing, and the answer says what dropping it would give.
    """
    text = _text(value)
    return parse_path(text) or _steps(text)


def _folder(value: str) -> tuple[str, ...]:
    if len(value) > MAX_FOLDER_CHARS:
        raise _Wrong("shorter-value", count=MAX_FOLDER_CHARS)
    return _steps(_clean(value))


def _steps(path: str) -> tuple[str, ...]:
    steps = tuple(step.strip() for step in path.split("/") if step.strip())
    if not steps:
        raise _Wrong("names")
    return steps


def _year(value: str) -> str:
    if value.strip() == UNSTATED:
        return UNSTATED
    match = _DAY.fullmatch(value.strip())
    if not match or match[3] or not _exists(match):
        raise _Wrong("year-or-month", examples="2020, 2020-03")
    return f"{match[1]}-{int(match[2]):02}" if match[2] else match[1]


_READS: Final[dict[str, Callable[[str], Any]]] = {"keyword": _text, "path": _region, "month": _year}


def _reading(facet: Field) -> Callable[[str], Any]:
    """Return how the values of a facet are read."""
    return _folder if facet is FOLDER else _READS[facet.kind]


def _first_day(value: str) -> date:
    year, month, day = _day_parts(value)
    return date(year, month or 1, day or 1)


def _last_day(value: str) -> date:
    return last_day(*_day_parts(value))


def _day_parts(value: str) -> tuple[int, int, int]:
    match = _DAY.fullmatch(value.strip())
    if not match or not _exists(match):
        raise _Wrong("day", examples="2020-03-15, 2020-03, 2020")
    return int(match[1]), int(match[2] or 0), int(match[3] or 0)


def _exists(match: re.Match[str]) -> bool:
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def _number(value: str) -> str:
    if value.strip() == UNSTATED:
        return UNSTATED
    number = parse_number(_text(value))
    if number is None:
        raise _Wrong("document-number", examples="国办发〔2017〕47号")
    return number.normal


def _title(value: str) -> bool:
    if value.strip() != "title":
        raise _Wrong("title")
    return True


def _sort(value: str) -> Sort:
    sort = next((sort for sort in SORTS if sort == value.strip()), None)
    if sort is None:
        raise _Wrong("one-of", names=", ".join(SORTS))
    return sort


def _match(value: str) -> Match:
    match = next((match for match in MATCHES if match == value.strip()), None)
    if match is None:
        raise _Wrong("one-of", names=", ".join(MATCHES))
    return match


def _page(value: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(value.strip()):
        raise _Wrong("number-from-1")
    return int(value)


def _per_page(value: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(value.strip()) or int(value) > MAX_PER_PAGE:
        raise _Wrong("number-to", count=MAX_PER_PAGE)
    return int(value)


def _cursor(value: str) -> str:
    if not _CURSOR.fullmatch(value.strip()):
        raise _Wrong("cursor")
    return value.strip()


_LONGEST_SHOWN = 80  # characters of a wrong value that are told back


def _printable(value: str) -> str:
    """Shorten what was given and show what cannot be printed, so that it can be told back anywhere."""
    shown = value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
