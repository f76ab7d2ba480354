"""The commands about the program itself: what holds, what is wrong, how a shell completes it, its manual page."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final, cast

import click

from indexer.commands.language import spoken, tell
from indexer.commands.options import JSON, print_json
from indexer.messages import said

if TYPE_CHECKING:
    from indexer.settings import Settings

_PROGRAM: Final = "policy-search"
SHELLS: Final = {  # where each looks for what it completes
    "bash": "~/.local/share/bash-completion/completions/policy-search",
    "zsh": '"${fpath[1]}/_policy-search"',
    "fish": "~/.config/fish/completions/policy-search.fish",
}
CHOICES: Final = "policy_search.choices"  # key of what was chosen, in the context's ``meta``


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what lets a shell complete commands and options, and say where to put it.

    \b
    Example:
      policy-search completion bash > ~/.local/share/bash-completion/completions/policy-search
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(spoken(said("%(shell)s is not known to this version of click.", shell=shell)))
    variable = f"_{_PROGRAM}_complete".replace("-", "_").upper()  # the name that click listens to
    click.echo(made(ctx.find_root().command, {}, _PROGRAM, variable).source())
    command = f"policy-search completion {shell} > {SHELLS[shell]}"
    tell(said("To install it: %(command)s; then open a new shell.", command=command))


@click.command()
@click.pass_context
def man(ctx: click.Context) -> None:
    """Print the manual page of all commands, made from their help.

    \b
    Example:
      policy-search man > policy-search.1 && man ./policy-search.1
    """
    from importlib.metadata import version

    from indexer.commands.man_page import man_page

    click.echo(man_page(cast("click.Group", ctx.find_root().command), _PROGRAM, version(_PROGRAM)), nl=False)


@click.command()
@JSON
@click.pass_context
def config(ctx: click.Context, *, as_json: bool) -> None:
    """Show every choice that holds, and whether an option, the environment, policy-search.toml or nobody made it.

    \b
    Example:
      policy-search config
    """
    chosen = ctx.meta[CHOICES]
    if as_json:
        print_json([{**asdict(choice), "by": str(choice.by)} for choice in chosen])
        return
    width = max(len(choice.name) for choice in chosen)
    for choice in chosen:
        click.echo(f"{choice.name:<{width}}  {choice.value or '-'}  ({spoken(choice.by)})")


@click.command()
@JSON
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Look at Python, extras, index, lock, permissions, disk and roots, and say what to do; exit status 1 if anything.

    \b
    Example:
      policy-search doctor
    """
    from indexer.commands.doctor import examine

    settings: Settings = ctx.obj
    found = list(examine(settings))
    if as_json:
        print_json([finding.to_json() for finding in found])
    else:
        for finding in found:
            sign = {"ok": "✓", "missing": "·", "act": "✗"}[finding.state]
            what = said("%(what)s: %(told)s", what=finding.what, told=finding.told)
            click.echo(f"{sign} {spoken(what)}")
            if finding.todo:
                click.echo(f"    → {spoken(finding.todo)}")
    if any(finding.state == "act" for finding in found):
        ctx.exit(1)


commands = (completion, man, config, doctor)
