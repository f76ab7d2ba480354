"""Options that several commands share, and what is made of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import click

from indexer.fields import FACETS, NOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indexer.query.tree import Query

_Command = TypeVar("_Command", bound="Callable[..., Any]")

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
KEEP_ALL = click.option(
    "--keep-all", is_flag=True, help="Take lists, forms, logins and error pages too, which hold no announcement."
)
JOBS = click.option("--jobs", type=click.IntRange(1, 64), help="Processes to use.  [default: one a core]")
PAGE_CHOICES = ("page", "per_page", "cursor")
_FILTERS: tuple[Callable[[Any], Any], ...] = (
    *(click.option(f"--{facet.name}", multiple=True, help=facet.help) for facet in FACETS),
    *(
        click.option(f"--not-{facet.name}", multiple=True, help="Leave out what has this value; repeatable.")
        for facet in FACETS
    ),
    click.option("--from", "from_", help="Published on or after this day (YYYY-MM-DD, YYYY-MM or YYYY)."),
    click.option("--to", help="Published on or before this day."),
    click.option("--number", help="Only the announcement that bears this document number."),
    click.option("--in", "in_", help="title: look in titles only."),
    click.option("--match", help="near (default), exact or loose: how words without quotes must stand together."),
    click.option("--sort", help="relevance (default), newest, oldest, cited or indexed (both: most or last first)."),
)
_PAGES: tuple[Callable[[Any], Any], ...] = (
    click.option("--page", help="Page of the list, from 1."),
    click.option("--per-page", help="Hits a page, up to 100.  [default: 10]"),
    click.option("--cursor", help="Go on after the last hit of an earlier answer (its “cursor” in JSON)."),
)


def filter_options(command: _Command) -> _Command:
    """Let a command take the filters and the order of a search."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def page_options(command: _Command) -> _Command:
    """Let a command choose the page of a list."""
    for option in reversed(_PAGES):
        command = option(command)
    return command


def read_choices(text: str, choices: Mapping[str, Any]) -> Query:
    """Read a search as it was given on the command line; raises ``ParameterError`` with every problem."""
    from indexer.query.parameters import read_query

    values: dict[str, list[str]] = {"q": [text]} if text else {}
    for name, value in choices.items():
        given = list(value) if isinstance(value, tuple) else [value] if value is not None else []
        if given:
            values[name.rstrip("_").replace("not_", NOT)] = given
    return read_query(values)


def print_json(value: object) -> None:
    """Print a value as a person reads JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
