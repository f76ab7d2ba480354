"""The manual page of the command line, made from the commands' own help: roff for ``man``."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import click

from indexer.commands.language import spoken
from indexer.messages import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.messages import Words

_FIRST_LINES = ("\b", "\f")


def man_page(group: click.Group, name: str, version: str) -> str:
    """Return the page, section 1, of a command with all that is below it."""
    return "\n".join(_lines(group, name, version)) + "\n"


def _lines(group: click.Group, name: str, version: str) -> Iterator[str]:
    yield f'.TH "{name.upper()}" "1" "" "{name} {version}" "Commands"'
    yield from (_heading(said("NAME")), f"{name} \\- {_escaped(group.get_short_help_str(200)).rstrip('.')}")
    yield from (_heading(said("SYNOPSIS")), f".B {name}", r"[\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGUMENTS\fR]")
    yield from (_heading(said("DESCRIPTION")), *_help(group))
    yield from (_heading(said("OPTIONS")), *_options(group))
    yield _heading(said("COMMANDS"))
    for command_name, command in sorted(group.commands.items()):
        arguments = " ".join(
            p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument)
        )
        yield f".SS {name} {command_name} {_escaped(arguments)}".rstrip()
        yield from _help(command)
        yield from _options(command)
    yield from (_heading(said("EXIT STATUS")), spoken(said("0 done, 1 the operator must act, 2 the input was wrong.")))


def _heading(words: Words) -> str:
    return f".SH {spoken(words)}"


def _help(command: click.Command) -> Iterator[str]:
    """Write paragraphs; what stands below click's mark for it keeps its lines."""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        lines = paragraph.splitlines()
        if lines and lines[0].strip() in _FIRST_LINES:
            yield from (".PP", ".nf", *map(_escaped, lines[1:]), ".fi")
        elif lines:
            yield from (".PP", *map(_escaped, lines))


def _options(command: click.Command) -> Iterator[str]:
    for option in command.params:
        if isinstance(option, click.Option) and (record := option.get_help_record(click.Context(command))):
            yield from (".TP", rf"\fB{_escaped(record[0])}\fR", _escaped(record[1]))


def _escaped(text: str) -> str:
    """Write text that roff takes as it stands: no line may begin with a dot or an apostrophe."""
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain
