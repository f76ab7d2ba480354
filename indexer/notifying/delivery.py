"""Ways to send news: to an address of the web as JSON, or by e-mail."""

from __future__ import annotations

import hashlib
import json
import smtplib
import ssl
import urllib.error
import urllib.request
from email.message import EmailMessage
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import unquote, urlsplit

from indexer.answers.as_json import hit_json
from indexer.errors import InputError, OperatorError
from indexer.facts import addresses
from indexer.light_dataclass import dataclass
from indexer.messages import said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from urllib.parse import SplitResult

    from indexer.answers.results import Hit

SECONDS: Final = 30  # that another server may take
_SMTP_PORT, _SMTPS_PORT = 587, 465


class DeliveryWrong(InputError):
    """A way to send cannot be used as it is given."""


class NotDelivered(OperatorError):
    """Another server did not take what was sent; it is sent again the next time."""


@dataclass(frozen=True, slots=True)
class News:
    """What is new for one search."""

    search: str
    link: str  # to the hits of the search; "" where no address of a server is known
    hits: tuple[Hit, ...]
    base: str  # address of the server: http://127.0.0.1:8000; "" if not known

    def address(self, hit: Hit) -> str:
        """Return where a hit is read: here, else where it was published; "" if neither is known."""
        return f"{self.base}/announcements/{hit.id}" if self.base else hit.url


class Delivery(Protocol):
    """A way to send."""

    def send(self, news: News) -> None:
        """Send; raises ``NotDelivered``."""


class Webhook:
    """POST as JSON: ``{"search", "link", "new": [hit with "link", …]}``; any answer below 300 takes it."""

    def __init__(self, address: str) -> None:
        if not address.lower().startswith(("http://", "https://")) or not addresses.host(address):
            raise DeliveryWrong(
                said("--webhook %(address)s: expected an address that begins with http:// or https://", address=address)
            )
        self._address = address

    def send(self, news: News) -> None:
        """Send."""
        told: dict[str, Any] = {"search": news.search, "link": news.link}
        told["new"] = [{**hit_json(hit), "link": news.address(hit)} for hit in news.hits]
        body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json", "User-Agent": "policy-search"}
        request = urllib.request.Request(self._address, body, headers, method="POST")  # noqa: S310 - checked above
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS):
                pass
        except (OSError, ValueError) as error:  # an answer of 300 and above is an OSError too
            raise NotDelivered(
                said("The webhook did not take the news of %(search)s: %(why)s", search=news.search, why=str(error))
            ) from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follow nothing: what is sent goes to the address that was given."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse."""


class Mail:
    """Send through a mail server: ``smtp://user:password@host:587`` (STARTTLS if it offers it) or ``smtps://``."""

    def __init__(self, server: str, sender: str, receivers: Sequence[str]) -> None:
        if not server or not sender or not receivers:
            raise DeliveryWrong(said("--smtp smtp://host:587 needs --mail-from ADDRESS and --mail-to ADDRESS too"))
        if not all(map(str.isprintable, (sender, *receivers))):  # a line end would begin a header of its own
            raise DeliveryWrong(said("--mail-from and --mail-to: expected an address on one line each"))
        self._parts = _mail_server(server)
        self._sender = sender
        self._receivers = list(receivers)

    def send(self, news: News) -> None:
        """Send."""
        message = _message(news, self._sender, self._receivers)
        try:
            server = self._connect()
            with server:
                self._sign_in(server)
                refused = server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise NotDelivered(
                said("The mail server did not take the news of %(search)s: %(why)s", search=news.search, why=str(error))
            ) from error
        if refused:
            raise NotDelivered(
                said(
                    "The mail server refused %(who)s for the news of %(search)s",
                    who=", ".join(refused),
                    search=news.search,
                )
            )

    def _connect(self) -> smtplib.SMTP:
        host, port = str(self._parts.hostname), self._parts.port
        if self._parts.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port or _SMTPS_PORT, timeout=SECONDS, context=context)
        return smtplib.SMTP(host, port or _SMTP_PORT, timeout=SECONDS)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if self._parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if self._parts.username:
            server.login(unquote(self._parts.username), unquote(self._parts.password or ""))


def _mail_server(address: str) -> SplitResult:
    """Read the address of a mail server; raises ``DeliveryWrong``, which does not show it: it may hold a password."""
    try:
        parts = urlsplit(address)
        if parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:  # a port beyond all, a bracket that is not closed
        pass
    raise DeliveryWrong(said("--smtp: expected smtp://host:587 or smtps://host, a name and password before an @"))


def _message(news: News, sender: str, receivers: Sequence[str]) -> EmailMessage:
    """Write a message in plain text; the same news have the same Message-ID."""
    message = EmailMessage()
    message["Subject"] = f"{news.search}：新收录 {len(news.hits):,} 条"
    message["From"], message["To"] = sender, ", ".join(receivers)
    message["Date"] = formatdate(localtime=True)
    ids = "\n".join((news.search, *(hit.id for hit in news.hits)))
    message["Message-ID"] = f"<{hashlib.blake2b(ids.encode(), digest_size=16).hexdigest()}@policy-search.invalid>"
    entries = (
        "\n".join(filter(None, (hit.title, " · ".join(filter(None, _facts(hit))), news.address(hit))))
        for hit in news.hits
    )
    message.set_content("\n\n".join((*entries, *([news.link] if news.link else []))) + "\n")
    return message


def _facts(hit: Hit) -> tuple[str, ...]:
    return hit.source, str(hit.published or ""), "/".join(hit.region), hit.number
