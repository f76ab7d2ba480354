"""The command that serves an index to assistants; see ``indexer.cli``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from indexer.errors import PackageMissing

if TYPE_CHECKING:
    from indexer.settings import Settings


@click.command("mcp")
@click.option("--http", is_flag=True, help="Answer over HTTP on 127.0.0.1 instead of stdin and stdout, at /mcp.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port for --http.")
@click.pass_obj
def mcp_command(settings: Settings, /, *, http: bool, port: int) -> None:
    """Serve the index to assistants over the Model Context Protocol (extra: mcp), until stopped.

    \b
    Example:
      policy-search --index my-index mcp
      policy-search mcp --http --port 8001
    """
    if find_spec("mcp") is None:
        raise PackageMissing("policy-search mcp", "mcp", "mcp")
    from indexer.assistants.server import serve_http, serve_stdio
    from indexer.engine_choice import open_engine

    engine = open_engine(settings)
    engine.version()
    if http:
        click.echo(f"Serving http://127.0.0.1:{port}/mcp", err=True)
        serve_http(engine, port)
    else:
        serve_stdio(engine)
