"""The command that tells people what is new; see ``indexer.cli``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.commands.language import tell
from indexer.messages import said

if TYPE_CHECKING:
    from indexer.notifying.delivery import Delivery
    from indexer.settings import Settings

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("notify")
@click.argument("searches", type=_FILE)
@click.option("--state", type=_FILE, required=True, help="File that says what has been sent; made when there is none.")
@click.option("--webhook", help="Address that news are POSTed to as JSON.")
@click.option("--smtp", envvar="POLICY_SEARCH_SMTP", help="Mail server: smtp://user:password@host:587, or smtps://.")
@click.option("--mail-from", help="Address that mail comes from.")
@click.option("--mail-to", multiple=True, help="Address that mail goes to; repeatable.")
@click.option("--base", default="", help="Address of the server, for links: https://policy.example.")
@click.option("--all", "everything", is_flag=True, help="Of a search seen for the first time, send all it finds.")
@click.pass_obj
def notify_command(
    settings: Settings,
    /,
    *,
    searches: Path,
    state: Path,
    webhook: str | None,
    smtp: str | None,
    mail_from: str | None,
    mail_to: tuple[str, ...],
    base: str,
    everything: bool,
) -> None:
    """Send what is new for each search in a file: once, and nothing missed. For cron, after an update.

    \b
    A line a search, its parameters as in an address:
      对口帮扶: q=对口帮扶&region=广东省
    \b
    Example:
      policy-search notify searches.txt --state sent.json --webhook https://chat.example/hook
      policy-search notify searches.txt --state sent.json --smtp smtp://mail.example --mail-from a@b.cn --mail-to c@d.cn
    """
    from indexer.engine_choice import open_engine
    from indexer.notifying.delivery import DeliveryWrong, Mail, Webhook
    from indexer.notifying.notify import notify
    from indexer.notifying.searches import read_searches
    from indexer.notifying.state import Sent, alone_with

    deliveries: list[Delivery] = [Webhook(webhook)] if webhook else []
    if mail_to or mail_from:
        deliveries.append(Mail(smtp or "", mail_from or "", mail_to))
    if not deliveries:
        raise DeliveryWrong(said("Say where news go: --webhook, or --smtp with --mail-from and --mail-to"))
    found = read_searches(searches)
    with alone_with(state):
        outcome = notify(
            open_engine(settings), found, Sent(state), deliveries, base=base.rstrip("/"), all_of_new_searches=everything
        )
    for name in outcome.begun:
        tell(said("%(name)s: seen for the first time; what comes from now on is sent", name=name))
    for name, count in outcome.sent.items():
        tell(said("%(name)s: %(count)s sent", name=name, count=f"{count:,}"))
    for why in outcome.failed:
        tell(said("Error: %(why)s. It is sent again the next time", why=why))
    if outcome.failed:
        sys.exit(1)
