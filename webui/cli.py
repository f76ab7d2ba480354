"""The ``policy-search`` command: all of ``indexer.cli``, and ``serve``."""

from __future__ import annotations

import os
import re
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.cli import cli
from indexer.commands.language import spoken, tell
from indexer.messages import said

__all__ = ["cli", "main"]

# After so many new objects they are looked through for garbage. Those of an answer go by themselves; to look after
# every 700, as Python does by itself, takes 3 % of a page's time.
_YOUNG_OBJECTS = 20_000

if TYPE_CHECKING:
    from indexer.engine import Engine
    from indexer.settings import Settings
    from webui.config import WebConfig


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
    "--allow-origin",
    multiple=True,
    metavar="ORIGIN",
    help="Site whose pages may read the answers to programs: https://a.example; repeatable.  [default: none]",
)
@click.option(
    "--behind-proxy",
    type=click.IntRange(0, 10),
    default=0,
    metavar="N",
    help="Believe so many proxies of yours about visitors: X-Forwarded-For, -Proto, -Host, -Prefix.  [default: none]",
)
@click.option("--prefix", default="", metavar="PATH", help="Path under which a proxy shows this server: /policy.")
@click.option(
    "--users",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Ask for a name and password of this file; see add-user.  [default: everybody may ask]",
)
@click.option(
    "--saved",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep the searches that users save in this folder.  [default: FILE.saved beside the users]",
)
@click.option("--sign-in-over-http", is_flag=True, help="Take passwords unencrypted from other machines too.")
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
def serve(settings: Settings, /, *, host: str, port: int, processes: int | None, **choices: Any) -> None:
    """Serve the web page and the JSON interface until stopped.

    Prints the address; one line of JSON a request goes to stderr. SIGTERM finishes what is under way; SIGHUP takes up
    a new version of the program without a pause.

    \b
    Example:
      policy-search serve --port 8080
      policy-search serve --host 0.0.0.0 --allow-host policy.example.org
      policy-search serve --behind-proxy 1 --allow-host www.example.org --prefix /policy
    """
    from indexer.engine_choice import open_engine
    from indexer.errors import IndexMissing
    from indexer.workers.ordered_map import usable_cores
    from webui import create_app
    from webui.server.processes import MAX_PROCESSES, can_fork, refuse_little_memory
    from webui.server.serving import serve as serve_app

    refuse_little_memory()
    _log_to_stderr()
    config = _web_config(host, **choices)
    engine = open_engine(settings)
    if config.metrics:
        _prepare_metrics(click.get_current_context())
    app = create_app(engine, config)
    try:
        _warm_up(engine)
    except IndexMissing as error:
        tell(said("Warning: %(why)s", why=error.told))
    if processes is None:
        processes = min(usable_cores(), MAX_PROCESSES) if can_fork() else 1
    serve_app(app, host, port, lambda address: click.echo(f"Serving {address}"), processes)


def _web_config(host: str, **choices: Any) -> WebConfig:
    """Check the choices of ``serve`` together."""
    from webui.config import WebConfig
    from webui.server.proxies import PREFIX

    prefix = choices["prefix"].rstrip("/")
    if prefix and not PREFIX.fullmatch(prefix):
        raise click.BadParameter(
            spoken(said("begins with / and holds letters, digits, . _ ~ -")), param_hint="--prefix"
        )
    for origin in choices["allow_origin"]:
        if not re.fullmatch(r"\*|https?://[^/\s]+", origin):
            told = said("a scheme and host, such as https://a.example")
            raise click.BadParameter(spoken(told), param_hint="--allow-origin")
    if choices["users"] and not (choices["behind_proxy"] or choices["sign_in_over_http"] or _is_loopback(host)):
        told = said(
            "--users on an address that other machines reach would send passwords unencrypted. Put a proxy with TLS "
            "in front (--behind-proxy 1), or say --sign-in-over-http"
        )
        raise click.UsageError(spoken(told))
    if choices["saved"] and not choices["users"]:
        raise click.UsageError(spoken(said("--saved is for those who sign in: say --users FILE too")))
    return WebConfig(
        hosts=choices["allow_host"],
        log_queries=not choices["no_log_queries"],
        metrics=choices["metrics"],
        requests_per_minute=choices["rate_limit"],
        behind_proxy=choices["behind_proxy"],
        prefix=prefix,
        origins=choices["allow_origin"],
        users=choices["users"],
        saved=choices["saved"],
        sign_in_over_http=choices["sign_in_over_http"],
    )


def _is_loopback(host: str) -> bool:
    import ipaddress

    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@cli.command("add-user")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("name")
def add_user(file: Path, name: str) -> None:
    """Write a name and the hash of its password into a file for ``serve --users``.

    The password is asked for twice, or read from a pipe; a name that is there gets the new password.

    \b
    Example:
      policy-search add-user users.txt wang
    """
    from webui.server.sign_in import add_user as add

    if sys.stdin.isatty():
        password = click.prompt(spoken(said("Password")), hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    add(file, name, password)
    tell(said("%(name)s may sign in with the users of %(path)s", name=name, path=str(file)))


def _prepare_metrics(ctx: click.Context) -> None:
    """Give prometheus-client a folder, for as long as this command runs, in which our processes add up."""
    if find_spec("prometheus_client") is None:
        told = said("--metrics needs the package prometheus-client: pip install 'policy-search[metrics]'")
        raise click.UsageError(spoken(told))
    import shutil
    import tempfile

    from webui.server.takeover import is_takeover

    name = "PROMETHEUS_MULTIPROC_DIR"
    if not is_takeover():  # the figures go on where the program before left them
        os.environ[name] = tempfile.mkdtemp(prefix="policy-search-")
    ctx.call_on_close(partial(shutil.rmtree, os.environ[name], ignore_errors=True))


def _warm_up(engine: Engine) -> None:
    """Load dictionaries and tables now, so that the first visitor need not wait for them.

    What is loaded stays: it is looked through for garbage once, and its pages stay shared by the processes.
    """
    import gc

    from indexer.query.parameters import read_query
    from indexer.text.segmenter import prepare_to_cut

    prepare_to_cut()
    engine.search(read_query({"q": ["通知"]}))
    engine.suggest("通知")
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)


def _log_to_stderr() -> None:
    """One line a request, as it is; warnings of anything else in the usual form."""
    import logging

    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(logging.Formatter("%(message)s"))
    access = logging.getLogger("webui.access")
    access.setLevel(logging.INFO)
    access.propagate = False
    access.addHandler(lines)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    # None of our lines tells them, and to find them out takes a third of the time that a record takes.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def main() -> None:
    """Run the command line."""
    # We multiply no matrices: numpy's threads for that take 0.06 s of processor time to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    cli()
