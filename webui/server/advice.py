"""What a wrong parameter should have been, and why a page was left out, in the reader's language.

What was expected has a code and is said by it. Reasons of skipped pages are kept in the index as English sentences;
those that rebuilds give most are known here by their shape.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import gettext

if TYPE_CHECKING:
    from indexer.expectations import Expectation


def N_(sentence: str) -> str:  # noqa: N802 - gettext's usual mark for "translate this, but later"
    """Mark a sentence for the translators."""
    return sentence


EXPECTED = {  # the phrases of indexer.expectations, marked for the translators
    "known-name": N_("no such parameter; there are %(names)s"),
    "no-parameter": N_("no parameter here"),
    "fewer-values": N_("at most %(count)s values"),
    "one-value": N_("one value, not several"),
    "fewer-words": N_("at most %(count)s words, quoted strings and numbers"),
    "shorter-query": N_("at most %(count)s characters, not %(given)s"),
    "shorter-value": N_("at most %(count)s characters"),
    "page-in-window": N_("at most %(last)s with per_page=%(size)s; a cursor leads further"),
    "printable": N_("text without control characters"),
    "year-or-month": N_("a year or month such as %(examples)s"),
    "day": N_("a day, month or year such as %(examples)s"),
    "day-not-before": N_("a day not before from=%(day)s"),
    "document-number": N_("a document number such as %(examples)s"),
    "number-to": N_("a whole number from 1 to %(count)s"),
    "number-from-1": N_("a whole number from 1"),
    "cursor": N_("the cursor of an earlier answer"),
    "cursor-of-search": N_("the cursor of an earlier answer to the same search"),
    "cursor-of-kept-index": N_("a cursor into an index that is still kept; start again without one"),
    "cursor-of-present-index": N_("a cursor into the present index; start again without one"),
    "one-of": N_("one of %(names)s"),
    "title": N_("title"),
    "share": N_("a share such as 2/3"),
}
# The reasons that rebuilds give most; a rare one is shown as it is.
_REASONS = (
    N_("neither title nor body"),
    N_("no text on the page"),
    N_("the file is empty"),
    N_("binary data, not a page"),
    N_("too large to be one page (%(size)s)"),
    N_("larger than %(size)s MiB"),
    N_("not UTF-8 at byte %(place)s"),
    N_("not JSON at character %(place)s: %(why)s"),
    N_("is protected by a password"),
    N_("is damaged: %(why)s"),
    N_("holds no text; if it is a scan, recognise its characters first"),
    N_("permission denied"),
)


def _shape(sentence: str) -> re.Pattern[str]:
    return re.compile("\\A" + re.sub(r"%\\\((\w+)\\\)s|%\((\w+)\)s", r"(?P<\1\2>.{1,400})", re.escape(sentence)))


_SHAPES = tuple((_shape(sentence), sentence) for sentence in _REASONS)


def advice(expected: Expectation) -> str:
    """Say what would have been right in the reader's language."""
    return str(gettext(EXPECTED[expected.code], **dict(expected.values)))


def reason(told: str) -> str:
    """Say why a page was skipped in the reader's language; a reason that is not known here stays English."""
    for shape, sentence in _SHAPES:
        if found := shape.fullmatch(told):
            return str(gettext(sentence, **found.groupdict()))
    return told
