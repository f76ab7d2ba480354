"""The ``policy-search`` command: all of ``indexer.cli``, and ``serve``."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from indexer.cli import cli

__all__ = ["cli", "main"]

if TYPE_CHECKING:
    from indexer.engine import Engine
    from indexer.settings import Settings


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for every one.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free port.")
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="Host name that visitors use for this server, when it is neither localhost nor a bare address; repeatable.",
)
@click.option(
    "--rate-limit",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Requests a minute and address.  [default: any]",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="Server processes on one socket.  [default: one a core, up to 4; 1 on macOS]",
)
@click.option("--metrics", is_flag=True, help="Answer /metrics with figures for Prometheus; needs the extra “metrics”.")
@click.option("--no-log-queries", is_flag=True, help="Leave what was asked out of the log lines.")
@click.pass_obj
def serve(
    settings: Settings,
    *,
    host: str,
    port: int,
    allow_host: tuple[str, ...],
    rate_limit: int,
    processes: int | None,
    metrics: bool,
    no_log_queries: bool,
) -> None:
    """Serve the web page and the JSON interface until stopped.

    Prints the address; one line of JSON a request goes to stderr. SIGTERM finishes what is under way.

    \b
    Example:
      policy-search serve --port 8080
      policy-search serve --host 0.0.0.0 --allow-host policy.example.org
    """
    from indexer.engines import open_engine
    from indexer.errors import IndexMissing
    from indexer.workers import usable_cores
    from webui import create_app
    from webui.config import WebConfig
    from webui.server.processes import MAX_PROCESSES, can_fork
    from webui.server.serving import serve as serve_app

    _log_to_stderr()
    engine = open_engine(settings)
    if metrics:
        _prepare_metrics(click.get_current_context())
    config = WebConfig(
        hosts=allow_host, log_queries=not no_log_queries, requests_per_minute=rate_limit, metrics=metrics
    )
    try:
        _warm_up(engine)
    except IndexMissing as error:
        click.echo(f"Warning: {error}", err=True)
    if processes is None:
        processes = min(usable_cores(), MAX_PROCESSES) if can_fork() else 1
    # Each process counts for itself; together they let through what was asked for.
    config = replace(config, requests_per_minute=-(-config.requests_per_minute // processes))
    serve_app(create_app(engine, config), host, port, lambda address: click.echo(f"Serving {address}"), processes)


def _prepare_metrics(ctx: click.Context) -> None:
    """Return prometheus-client a folder, for as long as this command runs, in which our processes add up."""
    if find_spec("prometheus_client") is None:
        raise click.UsageError("--metrics needs the package prometheus-client: pip install 'policy-search[metrics]'")
    folder = ctx.with_resource(tempfile.TemporaryDirectory(prefix="policy-search-"))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder


def _warm_up(engine: Engine) -> None:
    """Load dictionaries and tables now, so that the first visitor need not wait for them."""
    from indexer.query.parameters import read_query
    from indexer.text.segmenter import prepare_to_cut

    prepare_to_cut()
    engine.search(read_query({"q": ["通知"]}))
    engine.suggest("通知")


def _log_to_stderr() -> None:
    """One line a request, as it is; warnings of anything else in the usual form."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(logging.Formatter("%(message)s"))
    access = logging.getLogger("webui.access")
    access.setLevel(logging.INFO)
    access.propagate = False
    access.addHandler(lines)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)


def main() -> None:
    """Run the command line."""
    # We multiply no matrices: numpy's threads for that take 0.06 s of processor time to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    cli()
