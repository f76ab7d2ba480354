"""What a wrong parameter should have been, and why a page was left out, in the reader's language.

The indexer says it in English with names and figures inside; each such sentence is known here by its shape,
so that it can be said in Chinese too.
"""

from __future__ import annotations

import re

from flask_babel import gettext


def N_(sentence: str) -> str:  # noqa: N802 - gettext's usual mark for "translate this, but later"
    """Mark a sentence for the translators."""
    return sentence


_EXPECTED = (
    N_("no such parameter; there are %(names)s"),
    N_("no parameter here"),
    N_("at most %(count)s values"),
    N_("one value, not several"),
    N_("at most %(count)s words, quoted strings and numbers"),
    N_("at most %(count)s characters, not %(given)s"),
    N_("at most %(count)s characters"),
    N_("at most %(last)s with per_page=%(size)s; a cursor leads further"),
    N_("text without control characters"),
    N_("a year or month such as %(examples)s"),
    N_("a day, month or year such as %(examples)s"),
    N_("a day not before from=%(day)s"),
    N_("a document number such as %(examples)s"),
    N_("a whole number from 1 to %(count)s"),
    N_("a whole number from 1"),
    N_("the cursor of an earlier answer"),
    N_("one of %(names)s"),
    N_("title"),
)
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
    return re.compile(re.sub(r"%\\\((\w+)\\\)s|%\((\w+)\)s", r"(?P<\1\2>.+)", re.escape(sentence)))


_SHAPES = tuple((_shape(sentence), sentence) for sentence in (*_EXPECTED, *_REASONS))


def advice(told: str) -> str:
    """Say a sentence of the indexer in the reader's language; one that is not known here stays English."""
    for shape, sentence in _SHAPES:
        if found := shape.fullmatch(told):
            return str(gettext(sentence, **found.groupdict()))
    return told
