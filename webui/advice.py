"""What a wrong parameter should have been, in the reader's language.

``indexer.parameters`` says it in English with names and figures inside; each such sentence is known here by
its shape, so that it can be said in Chinese too.
"""

from __future__ import annotations

import re

from flask_babel import gettext


def N_(sentence: str) -> str:  # noqa: N802 - gettext's usual mark for "translate this, but later"
    """Mark a sentence for the translators."""
    return sentence


_SENTENCES = (
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


def _shape(sentence: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s|%\((\w+)\)s", r"(?P<\1\2>.+)", re.escape(sentence)))


_SHAPES = tuple((_shape(sentence), sentence) for sentence in _SENTENCES)


def advice(expected: str) -> str:
    """Say in the reader's language what would be right; a sentence not known here stays English."""
    for shape, sentence in _SHAPES:
        if found := shape.fullmatch(expected):
            return str(gettext(sentence, **found.groupdict()))
    return expected
