"""The commands that make an index, keep it in step, and write it out; see ``indexer.cli``."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.commands.choices import ROOTS
from indexer.commands.language import spoken, tell
from indexer.commands.options import JOBS, JSON, KEEP_ALL, filter_options, print_json, read_choices
from indexer.errors import PolicySearchError
from indexer.messages import Listed, said
from indexer.settings import Part, Settings

if TYPE_CHECKING:
    from indexer.engine import Engine
    from indexer.messages import Words
    from indexer.report import Report

_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
SEMANTIC = click.option(
    "--semantic", is_flag=True, help="Also encode what each means, to order answers to questions (extra: semantic)."
)


def print_report(report: Report, verb: Words) -> None:
    """Print the account of a rebuild or update to stderr."""
    from indexer.indexing.report_lines import report_lines

    for line in report_lines(report, verb):
        tell(line)


def _run_rebuild(
    settings: Settings, paths: tuple[Path, ...], jobs: int | None, *, global_ids: bool, keep_all: bool
) -> None:
    from indexer.engine_choice import open_engine
    from indexer.indexing.rebuild import rebuild as run

    function = partial(run, jobs=jobs, part=settings.part, global_ids=global_ids, keep_all=keep_all)
    paths = paths or click.get_current_context().meta.get(ROOTS) or (Path("corpus"),)
    report = function(paths, open_engine(settings), show_progress=sys.stderr.isatty())
    print_report(report, said("Rebuilt"))


def require_encoder(settings: Settings) -> None:
    """Raise what tells why texts cannot be encoded here."""
    from indexer.semantic.encoder import load_encoder

    if settings.cluster:
        raise click.UsageError(spoken(said("--semantic: only for an index on this machine, not on a cluster.")))
    load_encoder()


def _encode(settings: Settings, *, anew: bool = False) -> None:
    """Encode what has no vector yet, if that was ever asked for; what was encoded before is kept when this is ended."""
    from indexer.semantic.vectors import VECTORS_FILE

    file = Path(settings.index) / VECTORS_FILE
    if settings.cluster or not (anew or file.exists()):
        return
    from indexer.engine_choice import open_engine
    from indexer.semantic.encoder import EncoderMissing

    try:
        added = _add_vectors(file, open_engine(settings))
    except EncoderMissing as error:
        tell(said("Not encoded: %(why)s.", why=error.told))
        return
    tell(said("Encoded %(count)s announcements.", count=f"{added:,}"))


def encode_beside(engine: Engine, kept: Path) -> None:
    """Encode what an index on this machine holds, into a file that is kept when the index goes."""
    from indexer.semantic.vectors import VECTORS_FILE

    _add_vectors(kept, engine)
    (Path(engine.status().place) / VECTORS_FILE).symlink_to(kept.absolute())


def _add_vectors(file: Path, engine: Engine) -> int:
    """Encode what a file of vectors lacks, and return how many were added."""
    from tqdm import tqdm

    from indexer.semantic.encoder import load_encoder
    from indexer.semantic.vectors import add_vectors

    total = engine.status().documents
    shown = tqdm(engine.announcements(), total=total, desc="encoding", disable=not sys.stderr.isatty())
    return add_vectors(file, shown, load_encoder())


def _run_update(
    settings: Settings,
    paths: tuple[Path, ...],
    jobs: int | None = None,
    retire: tuple[Path, ...] = (),
    *,
    keep_all: bool = False,
) -> None:
    from indexer.engine_choice import open_engine
    from indexer.indexing.rebuild import update as run

    show = sys.stderr.isatty()
    report = run(paths, open_engine(settings), jobs=jobs, show_progress=show, retire=retire, keep_all=keep_all)
    print_report(report, said("Updated"))
    _encode(settings)


@click.command()
@_PATHS
@JOBS
@KEEP_ALL
@click.option("--part", metavar="K/N", help="On a cluster: read only share K of N; the last one lets all answer.")
@SEMANTIC
@click.option("--global-ids", is_flag=True, help="An id means one announcement in all files: the last record counts.")
@click.pass_obj
def rebuild(
    settings: Settings,
    /,
    paths: tuple[Path, ...],
    jobs: int | None,
    part: str | None,
    *,
    semantic: bool,
    global_ids: bool,
    keep_all: bool,
) -> None:
    """Build the whole index from PATHS (default: roots of policy-search.toml, else corpus/).

    Reads folders and single files: saved pages, texts, office files (PDF and others by extras), JSON Lines
    (.jsonl .jsonl.gz), .zip archives and web crawls. The old index answers until the new one is whole, and
    stays if this fails.

    \b
    Example:
      policy-search rebuild saved-pages/ more.jsonl.gz
    """
    settings = replace(settings, part=Part.read(part) if part else None)
    if semantic:
        require_encoder(settings)
    _run_rebuild(settings, paths, jobs, global_ids=global_ids, keep_all=keep_all)
    _encode(settings, anew=semantic)


@click.command()
@_PATHS
@JOBS
@KEEP_ALL
@click.option("--watch", is_flag=True, help="Go on: update after every change, until stopped.")
@click.pass_obj
def update(settings: Settings, /, paths: tuple[Path, ...], jobs: int | None, *, keep_all: bool, watch: bool) -> None:
    """Add, replace and remove what changed in PATHS (default: all that the index was made from).

    Afterwards the index is what a rebuild of everything would have made.

    \b
    Example:
      policy-search update saved-pages/2026-11/
      policy-search update --watch saved-pages/
    """
    _run_update(settings, paths, jobs, keep_all=keep_all)
    if not watch:
        return
    from indexer.engine_choice import open_engine
    from indexer.indexing import watch as watching
    from indexer.indexing.roots import known_roots

    def again() -> bool:
        try:
            _run_update(settings, paths, jobs, keep_all=keep_all)
        except PolicySearchError as error:
            seconds = f"{watching.RETRY_SECONDS:.0f}"
            tell(said("Error: %(why)s. Trying again in %(seconds)s s.", why=error.told, seconds=seconds))
            return False
        return True

    tell(said("Watching; Ctrl-C ends it."))
    known = known_roots(open_engine(settings).ledger())
    watching.watch(paths or [Path(root.path) for root in known], again)


@click.command()
@click.option("--rename", nargs=2, type=click.Path(path_type=Path), metavar="OLD NEW", help="OLD has moved to NEW.")
@click.option("--retire", multiple=True, type=click.Path(path_type=Path), help="Let the pages of this root go.")
@JSON
@click.pass_obj
def roots(settings: Settings, rename: tuple[Path, Path] | None, retire: tuple[Path, ...], *, as_json: bool) -> None:
    """List the folders and files that the index is made from; rename or retire one.

    \b
    Example:
      policy-search roots
      policy-search roots --rename old-pages/ pages/
      policy-search roots --retire old-pages/
    """
    from indexer.engine_choice import open_engine
    from indexer.indexing.roots import known_roots

    if rename or retire:
        _run_update(settings, rename[1:] if rename else (), retire=(*retire, *(rename or ())[:1]))
    known = known_roots(open_engine(settings).ledger())
    if as_json:
        print_json([root.to_json() for root in known])
        return
    for root in known:
        pages = said("%(count)s pages", count=f"{root.pages:,}")
        told = pages if root.there else Listed((pages, said("not there")), ", ")
        click.echo(f"{root.path}\t{spoken(told)}")


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--query", "text", default="", help="Only what this search finds, with the filters below.")
@filter_options
@click.pass_obj
def export_command(settings: Settings, /, file: Path, text: str, **choices: Any) -> None:
    """Write every announcement, or those that a search finds, to FILE.

    The name says the format: .jsonl or .jsonl.gz (from all of which a rebuild makes an equal index), .csv, .parquet
    (extra: parquet) or .sqlite (with full-text search). The file is there only once it is whole.

    \b
    Example:
      policy-search export backup.jsonl.gz
      policy-search export poverty.sqlite --query 扶贫 --region 广东省 --from 2016
    """
    from indexer.engine_choice import open_engine
    from indexer.index import Answer, Index

    engine = open_engine(settings)
    if text or any(choices.values()):
        question = read_choices(text, choices)
        count = Answer(engine.search(question), question, engine).export(file)
    else:
        count = Index(engine).export(file)
    tell(said("Wrote %(count)s announcements to %(path)s.", count=f"{count:,}", path=str(file)))


commands = (rebuild, update, roots, export_command)
