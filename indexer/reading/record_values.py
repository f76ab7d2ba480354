"""The values of one record, read as people write them; what cannot be read is left out, and noted.

A number stands for text, a list for paragraphs or words, a moment in seconds for its day. Knows nothing of what
the fields mean together.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from indexer.errors import PageUnreadable
from indexer.facts.dates import parse_date
from indexer.facts.region import parse_path
from indexer.reading.html.dom import parse
from indexer.reading.page_limits import (
    ATTACHMENTS,
    LINE_CHARS,
    REPOSTS,
    Notes,
    bounded_body,
    bounded_line,
    bounded_steps,
)

if TYPE_CHECKING:
    from indexer.facts.region import RegionPath

_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_MONTH = re.compile(r"(\d{4})(?:[-/.]|年)(0?[1-9]|1[0-2])月?")
_MOMENT = re.compile(r"(\d{9,19})(?:\.\d+)?")  # seconds to nanoseconds since 1970; eight digits are a day
_LATEST_SECONDS: Final = 4_102_444_800  # 2100-01-01: whatever is larger counts thousandths, or thousandths of those
_BEIJING: Final = timedelta(hours=8)
# A tag that closes, or that stands alone, of the kinds that texts are made of: 甲<乙 is no markup, nor is <3万元>.
_MARKUP = re.compile(
    r"</(?:p|div|span|br|b|strong|i|em|font|h[1-6]|ul|ol|li|table|tr|td|a|section|article|body|html)>|<(?:br|hr) ?/?>",
    re.IGNORECASE,
)
_REGION_CHARS: Final = 2_000  # of a path as it is written, before its steps are looked at
_SHOWN_CHARS: Final = 40  # of a value that a note shows


class RecordValues:
    """The keys of one record; ``notes`` fill up while they are read."""

    def __init__(self, values: dict[str, Any], notes: Notes | None = None, called: str = "") -> None:
        """Take the parsed values; ``called`` says what they are part of."""
        self._values = values
        self._called = called
        self.notes = notes or Notes()

    def has(self, key: str) -> bool:
        """Return whether a key is there, whatever it holds."""
        return key in self._values

    def flag(self, key: str) -> bool:
        """Return whether a key holds true."""
        return self._values.get(key) is True

    def _leave_out(self, key: str, why: str) -> None:
        self.notes.add(f"{key}{self._called}: {why}, left out")

    def _first(self, keys: tuple[str, ...]) -> tuple[str, Any]:
        """Return the first of these keys that holds anything, and what it holds."""
        return next(((key, value) for key in keys if (value := self._values.get(key)) is not None), (keys[0], None))

    def _text(self, key: str, value: Any, joined_by: str) -> str:
        if isinstance(value, list):
            return joined_by.join(text for part in value if (text := self._text(key, part, joined_by)))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(int(value) if isinstance(value, float) and value.is_integer() else value)
        if isinstance(value, str):
            return _UNSTORABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
        if value is not None:
            self._leave_out(key, f"expected text, not {type(value).__name__}")
        return ""

    def body(self, *keys: str, as_it_stands: bool = False) -> str:
        """Return text of many lines within its bound: paragraphs of a list, text of markup."""
        key, value = self._first(keys)
        text = self._text(key, value, "\n")
        if not as_it_stands and _MARKUP.search(text):
            try:
                text = "\n".join(line.text for line in parse(text).lines if not line.hidden)
            except PageUnreadable as error:
                self.notes.add(f"{key}: its markup is kept as text ({error})")
        return bounded_body(text, self.notes)

    def line(self, *keys: str) -> str:
        """Return text that stands on one line, within its bound."""
        key, value = self._first(keys)
        text = " ".join(self._text(key, value, " ").split())
        field = keys[0]
        return bounded_line(field, text, self.notes, f"{key}{self._called}") if field in LINE_CHARS else text

    def day(self, *keys: str) -> date | None:
        """Return a day, also of a moment in seconds or milliseconds; the first of a month that names no day."""
        key, value = self._first(keys)
        text = " ".join(self._text(key, value, " ").split())
        if not text:
            return None
        if moment := _MOMENT.fullmatch(text):
            return _day_of_moment(int(moment[1]))
        if month := _MONTH.fullmatch(text):
            self.notes.add(f"{key}{self._called}: {text!r} names no day, the first of the month is taken")
            return date(int(month[1]) or 1, int(month[2]), 1)
        day = parse_date(text[:200])
        if day is None:
            self._leave_out(key, f"{text[:_SHOWN_CHARS]!r} is no date")
        return day

    def region(self, key: str) -> RegionPath:
        """Return the steps of a list or of a text joined by "/"; those that are no place are kept as they stand."""
        written = self._text(key, self._values.get(key), "/")
        if len(written) > _REGION_CHARS:
            self.notes.add(f"{key}: longer than {_REGION_CHARS:,} characters, cut")
            written = written[:_REGION_CHARS]
        steps = bounded_steps(key, [step.strip() for step in written.split("/") if step.strip()], self.notes)
        if not steps:
            return ()
        return parse_path("/".join(steps)) or (*(parse_path(steps[0]) or steps[:1]), *steps[1:])

    def rows(self, key: str, text_key: str) -> list[RecordValues]:
        """Return the objects of a list; a text stands for an object that has only ``text_key``."""
        value = self._values.get(key)
        if not value:
            return []
        given = value if isinstance(value, list) else [value]
        most = REPOSTS if key == "reposts" else ATTACHMENTS
        if len(given) > most:
            self.notes.add(f"{key}: more than {most:,}, cut")
        rows = []
        for row in given[:most]:
            if isinstance(row, (dict, str)):
                values = row if isinstance(row, dict) else {text_key: row}
                rows.append(RecordValues(values, self.notes, f" in {key}"))
            else:
                self._leave_out(key, f"expected an object or text, not {type(row).__name__}")
        return rows


def _day_of_moment(number: int) -> date:
    while number > _LATEST_SECONDS:
        number //= 1000
    return (datetime.fromtimestamp(number, UTC) + _BEIJING).date()
