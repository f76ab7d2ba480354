"""In which language the command line speaks to people: Chinese where their locale is Chinese, else English.

What programs read stays English: JSON, CSV, log lines. The catalogue is opened only to speak Chinese.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Final, TypeVar

import click

from indexer.messages import CATALOGS, in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from indexer.messages import Words

LANGUAGE: Final = "POLICY_SEARCH_LANGUAGE"  # environment variable that wins over the locale
LANGUAGES: Final = ("zh", "en")
_DOMAIN: Final = "messages"  # of gettext, by which click looks for its own sentences too
_KEPT_LINES: Final = "\b"  # click's mark before a paragraph whose lines stay apart
_LABEL_WIDTH: Final = 14

_Command = TypeVar("_Command", bound=click.Command)


class _Speech:
    """What looks up a sentence just now."""

    text: Callable[[str], str] = staticmethod(str)


def is_chinese(environ: Mapping[str, str]) -> bool:
    """Return whether people are to be spoken to in Chinese: chosen, else by the locale, as gettext reads it."""
    if chosen := environ.get(LANGUAGE):
        return chosen == "zh"
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    if locale.partition(".")[0] in ("", "C", "POSIX"):
        return False
    return (environ.get("LANGUAGE") or locale).lower().startswith("zh")


@contextmanager
def speaking_chinese() -> Iterator[None]:
    """Say everything in Chinese meanwhile, what click says too."""
    import gettext

    before, _Speech.text = _Speech.text, gettext.translation(_DOMAIN, CATALOGS, ["zh"]).gettext
    languages, places = os.environ.get("LANGUAGE"), gettext.bindtextdomain(_DOMAIN)
    os.environ["LANGUAGE"] = "zh"  # by which gettext finds the catalogue for click
    gettext.bindtextdomain(_DOMAIN, str(CATALOGS))
    try:
        yield
    finally:
        _Speech.text = before
        gettext.bindtextdomain(_DOMAIN, places)
        os.environ.pop("LANGUAGE")
        if languages is not None:
            os.environ["LANGUAGE"] = languages


def spoken(words: Words) -> str:
    """Return words in the language that is spoken."""
    return in_words(words, _Speech.text)


def tell(words: Words) -> None:
    """Tell people something, on stderr."""
    click.echo(spoken(words), err=True)


def label(words: Words, width: int = _LABEL_WIDTH) -> str:
    """Return the name of a value, followed by as much room as lines the values up."""
    import unicodedata

    text = spoken(words)
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * max(1, width - taken)


def translated(command: _Command) -> _Command:
    """Return a command with its help, and that of all below it, in the language that is spoken."""
    made = copy(command)
    made.help = _help(command.help or "")
    made.params = [_with_help(one) for one in command.params]
    if isinstance(made, click.Group):
        made.commands = {name: translated(one) for name, one in made.commands.items()}
    return made


def _with_help(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option) or not parameter.help:
        return parameter
    made = copy(parameter)
    made.help = _Speech.text(parameter.help)
    return made


def _help(text: str) -> str:
    return "\n\n".join(_paragraph(*one) for one in paragraphs(text))


def _paragraph(kept: str, head: str, rest: str) -> str:
    said = _Speech.text(head) if head else ""
    return f"{kept}{said}\n{rest}" if kept else said


def paragraphs(text: str) -> list[tuple[str, str, str]]:
    """Return the paragraphs of a help text: click's mark if its lines stay apart, what is translated, what is not."""
    from inspect import cleandoc

    found = []
    for one in cleandoc(text).split("\n\n"):
        if one.startswith(_KEPT_LINES):
            mark, head, *rest = one.split("\n", 2)
            found.append((f"{mark}\n", head, "".join(rest)))
        else:
            found.append(("", " ".join(one.split()), ""))
    return found
