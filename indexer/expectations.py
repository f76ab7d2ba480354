"""What a wrong parameter should have been: a code with values for programs and translators, a phrase for people.

The phrases complete "expected …". A web page says them in the reader's language by their code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.messages import Sayable

if TYPE_CHECKING:
    from collections.abc import Callable

PHRASES: Final = {
    "known-name": "no such parameter; there are %(names)s",
    "no-parameter": "no parameter here",
    "fewer-values": "at most %(count)s values",
    "one-value": "one value, not several",
    "fewer-words": "at most %(count)s words, quoted strings and numbers",
    "shorter-query": "at most %(count)s characters, not %(given)s",
    "shorter-value": "at most %(count)s characters",
    "page-in-window": "at most %(last)s with per_page=%(size)s; a cursor leads further",
    "printable": "text without control characters",
    "names": "a name, or several with / between them",
    "year-or-month": "a year or month such as %(examples)s",
    "day": "a day, month or year such as %(examples)s",
    "whole-day": "a day such as %(examples)s",
    "moment": "a moment with its zone such as %(examples)s",
    "day-not-before": "a day not before from=%(day)s",
    "document-number": "a document number such as %(examples)s",
    "number-to": "a whole number from 1 to %(count)s",
    "number-from-1": "a whole number from 1",
    "cursor": "the cursor of an earlier answer",
    "cursor-of-search": "the cursor of an earlier answer to the same search",
    "cursor-of-kept-index": "a cursor into an index that is still kept; start again without one",
    "cursor-of-present-index": "a cursor into the present index; start again without one",
    "an-id": "the id of an announcement",
    "ids-to": "1 to %(count)s ids of announcements",
    "one-of": "one of %(names)s",
    "title": "title",
    "share": "a share such as 2/3",
}


@dataclass(frozen=True, slots=True)
class Expectation(Sayable):
    """What would have been right."""

    code: str  # a key of PHRASES
    values: tuple[tuple[str, str], ...] = ()

    def said(self, text: Callable[[str], str]) -> str:
        """Return it in the language of a catalogue."""
        return text(PHRASES[self.code]) % dict(self.values)

    __str__ = Sayable.__str__


def expect(code: str, **values: object) -> Expectation:
    """Return an expectation of ``PHRASES`` with its values."""
    return Expectation(code, tuple((name, str(value)) for name, value in values.items()))
