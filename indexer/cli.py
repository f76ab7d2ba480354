"""The command line: each command calls one function; results on stdout, complaints on stderr.

``serve`` is added by ``webui.cli``, for nothing here may know of the web.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.announcement import to_json
from indexer.commands.assistants import mcp_command
from indexer.commands.choices import ROOTS, choose, server_options
from indexer.commands.indexing import commands as indexing_commands
from indexer.commands.indexing import encode_beside, print_report, require_encoder
from indexer.commands.language import is_chinese, speaking_chinese, spoken, tell, translated
from indexer.commands.notify import notify_command
from indexer.commands.options import (
    JOBS,
    JSON,
    KEEP_ALL,
    PAGE_CHOICES,
    filter_options,
    page_options,
    print_json,
    read_choices,
)
from indexer.commands.program import CHOICES
from indexer.commands.program import commands as own_commands
from indexer.commands.shown import show_announcement, show_answer, show_status
from indexer.errors import InputError, OutOfMemory, PolicySearchError
from indexer.messages import said
from indexer.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.announcement import Announcement
    from indexer.answers.results import Hit


class Commands(click.Group):
    """A group whose commands end with a sentence, not a traceback, when a person can mend what is wrong."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the program, in the language of whoever started it."""
        if not is_chinese(os.environ):
            return super().main(*args, **extra)
        with speaking_chinese():
            return super(Commands, translated(self)).main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; exit status 2 when the input was wrong, 1 when the operator must act."""
        try:
            return super().invoke(ctx)
        except PolicySearchError as error:
            tell(said("Error: %(why)s", why=error.told))
            ctx.exit(2 if isinstance(error, InputError) else 1)
        except KeyboardInterrupt:
            tell(said("Stopped. The index is whole, without what was unfinished. Run it again as you like."))
            ctx.exit(130)
        except MemoryError:
            tell(said("Error: %(why)s", why=OutOfMemory().told))
            ctx.exit(1)
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our output has gone; Python would complain about it at exit
            ctx.exit(0)
        except (ImportError, OSError, SystemError) as error:
            if not _lacks_memory(error):
                raise
            tell(said("Error: %(why)s", why=OutOfMemory().told))
            ctx.exit(1)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """List the commands with their whole first sentence, over as many lines as it takes."""
        rows = [(name, command.get_short_help_str(limit=1_000)) for name, command in sorted(self.commands.items())]
        with formatter.section(spoken(said("Commands"))):
            formatter.write_dl(rows)


def _lacks_memory(error: Exception) -> bool:
    """Return whether a library says in its own way that it was refused memory, most often while it was loaded."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    told = ("failed to map segment", "llocate memory", "without exception set", "without setting an exception")
    return any(words in str(error) for words in told)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--index", type=click.Path(path_type=Path), help="Index folder.  [env: POLICY_SEARCH_INDEX; default: policy-index]"
)
@click.version_option(package_name="policy-search", prog_name="policy-search")
@click.pass_context
def cli(ctx: click.Context, index: Path | None) -> None:
    """Search folders of saved government pages.

    \b
    Example:
      policy-search rebuild my-pages/
      policy-search search '“对口帮扶” 广东'
      policy-search serve
    """
    serve = cli.commands.get("serve")
    chosen = choose(index, os.environ, server_options(serve.params) if serve else {})
    ctx.obj = chosen.settings
    ctx.default_map = {"serve": dict(chosen.config.server)}
    ctx.meta.update({CHOICES: chosen.choices, ROOTS: chosen.config.roots})


for _command in (*indexing_commands, *own_commands, mcp_command, notify_command):
    cli.add_command(_command)


def _print_csv(hits: Iterable[Hit]) -> None:
    """Print hits for a spreadsheet, in the order of the list."""
    from indexer.exporting.columns import OF_HITS
    from indexer.exporting.csv_file import write_rows

    write_rows(hits, OF_HITS, sys.stdout)


class _Asking(click.Command):
    """A command to which -疫情 is a word to leave out, as in a search box, and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was typed; the blank before such a word means nothing in a query."""
        return super().parse_args(ctx, [f" {one}" if one[:1] == "-" and one[1:2] > "~" else one for one in args])


@cli.command(cls=_Asking)
@click.argument("query", nargs=-1)
@filter_options
@page_options
@JSON
@click.option("--csv", "as_csv", is_flag=True, help="Print every hit as CSV, whatever the page.")
@click.pass_obj
def search(settings: Settings, /, query: tuple[str, ...], *, as_json: bool, as_csv: bool, **choices: Any) -> None:
    """Search the index.

    \b
    Example:
      policy-search search '乡村振兴 -疫情' --region 广东省 --from 2020
      policy-search search '国办发[2017]47号'
      policy-search search 扶贫 --csv > hits.csv
    """
    from indexer.engine_choice import open_engine

    if as_csv and (as_json or any(choices[name] is not None for name in PAGE_CHOICES)):
        told = said("--csv prints every hit: leave out --json, --page, --per-page and --cursor.")
        raise click.UsageError(spoken(told))
    question = read_choices(" ".join(query), choices)
    engine = open_engine(settings, once=True)
    if as_csv:
        _print_csv(engine.walk(question, facts_only=True))
        return
    answer = engine.search(replace(question, offered=as_json))  # a terminal is shown none
    if as_json:
        from indexer.answers.as_json import result_json

        print_json(result_json(answer))
        return
    show_answer(answer)


def _show_clause(announcement: Announcement, name: str, *, as_json: bool) -> None:
    from indexer.answers.clauses import clause_json, one_clause
    from indexer.relations.clauses import Structure

    structure = Structure(announcement.body)
    found = clause_json(structure, one_clause(structure, announcement.id, name))
    if as_json:
        print_json({"id": announcement.id, "title": announcement.title, **found})
        return
    click.echo(click.style(announcement.title, bold=True))
    click.echo(" › ".join(found["path"]), err=True)
    click.echo(found["text"])


@cli.command("check-list")
@click.argument("file", type=click.File("rb"), metavar="FILE")
@JSON
@click.pass_obj
def check_list(settings: Settings, file: Any, as_json: bool) -> None:
    """Say of each title and document number in FILE (text, CSV, XLSX; - for stdin) whether it still holds, as CSV.

    \b
    Example:
      policy-search check-list cited.txt > checked.csv
    """
    from indexer import list_check
    from indexer.engine_choice import open_engine
    from indexer.exporting.cells import defuse

    wanted = list_check.read_file(getattr(file, "name", ""), file.read(list_check.MOST_BYTES + 1))
    rows = list_check.csv_rows(list_check.check(open_engine(settings), wanted))
    if as_json:
        print_json([dict(zip(list_check.COLUMNS, row, strict=True)) for row in rows])
        return
    out = csv.writer(sys.stdout)
    out.writerow(list_check.COLUMNS)
    for row in rows:
        out.writerow([defuse(cell) for cell in row])


@cli.command()
@click.argument("announcement_id", metavar="ID")
@click.option("--clause", help="Only this clause: 第十二条, 第12条第2款, 第三章, 一(二).")
@JSON
@click.pass_obj
def show(settings: Settings, announcement_id: str, clause: str | None, as_json: bool) -> None:
    """Show one announcement, or one clause of it.

    \b
    Example:
      policy-search show 3f2a9c0d1e4b5a67 --json
      policy-search show 3f2a9c0d1e4b5a67 --clause 第十二条
    """
    from indexer.answers.relations import validity_json
    from indexer.engine_choice import open_engine

    found = open_engine(settings, once=True).find(announcement_id)
    announcement = found.announcement
    if clause is not None:
        _show_clause(announcement, clause, as_json=as_json)
        return
    values = to_json(announcement)
    if as_json:
        print_json({**values, "validity": validity_json(found.validity)})
        return
    show_announcement(announcement, values, found.validity)


@cli.command()
@JSON
@click.pass_obj
def status(settings: Settings, as_json: bool) -> None:
    """Show what the index is and holds, and what was skipped when it was made.

    \b
    Example:
      policy-search status --json
    """
    from indexer.answers.as_json import status_json
    from indexer.engine_choice import open_engine
    from indexer.indexing.roots import known_roots

    engine = open_engine(settings)
    found, known = engine.status(), known_roots(engine.ledger())
    if as_json:
        print_json({**status_json(found), "roots": [root.to_json() for root in known]})
        return
    show_status(found, known)
    print_report(found.report, said("Last change"))


@cli.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Go through every file, posting and stored announcement of the index; exit status 1 if anything is wrong.

    \b
    Example:
      policy-search check
    """
    from indexer.engine_choice import open_engine

    problems = open_engine(ctx.obj).check()
    for problem in problems:
        click.echo(problem)
    if problems:
        tell(
            said(
                "Wrong: %(count)s. Make the index anew: %(command)s",
                count=f"{len(problems):,}",
                command="policy-search rebuild",
            )
        )
        ctx.exit(1)
    tell(said("All is as it was written."))


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@JOBS
@KEEP_ALL
@click.option("--explain", is_flag=True, help="Say which rule gave each field, and what was cut away.")
@click.pass_context
def clean(ctx: click.Context, /, files: tuple[Path, ...], jobs: int | None, *, keep_all: bool, explain: bool) -> None:
    """Print what the cleaner makes of pages, as JSON Lines; needs no index.

    \b
    Example:
      policy-search clean saved-pages/*.html | jq .title
    """
    from indexer.indexing.rebuild import clean_pages
    from indexer.report import Skipped

    skipped = 0
    for outcome in clean_pages(files, jobs=jobs, explained=explain, keep_all=keep_all):
        if isinstance(outcome, Skipped):
            skipped += 1
            tell(said("skipped %(path)s: %(why)s", path=outcome.path, why=outcome.why))
        else:
            click.echo(json.dumps(outcome, ensure_ascii=False))
    if skipped:
        ctx.exit(2)


@cli.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@JSON
@click.option(
    "--semantic",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Order answers to questions by what they mean too; FILE keeps the vectors for the next time.",
)
@click.pass_obj
def evaluate(settings: Settings, folders: tuple[Path, ...], as_json: bool, semantic: Path | None) -> None:
    """Measure ranking on judged sets: nDCG@10, MRR@10, recall@100, each with its interval.

    Each of FOLDERS holds corpus.jsonl, queries.jsonl (either may be .gz) and qrels.tsv, as BEIR lays them out.

    \b
    Example:
      policy-search evaluate judged/mailbox judged/policies
    """
    from indexer.engine_choice import temporary_engine
    from indexer.evaluation.judged_sets import evaluate as run
    from indexer.evaluation.judged_sets import render_table

    if semantic:
        require_encoder(settings)
    encode = partial(encode_beside, kept=semantic) if semantic else None
    results = run(folders, partial(temporary_engine, settings), encode)
    if as_json:
        print_json([asdict(result) for result in results])
    else:
        click.echo(render_table(results))
