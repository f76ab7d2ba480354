"""What is kept beside the announcements of a version: its report, its ledger, when it was made."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from indexer.cluster import bulk
from indexer.report import Report, Skipped

if TYPE_CHECKING:
    from indexer.cluster.connection import Connection
    from indexer.cluster.versions import Version

LEDGER_BYTES: Final = 3_000_000  # of a ledger in one document: the cluster takes no large ones


@dataclass(frozen=True, slots=True)
class Account:
    """The account of one version."""

    built: str  # ISO 8601 with zone
    report: Report
    ledger_parts: int


def write_account(connection: Connection, build: str, version: str, report: Report) -> None:
    """Put a version's account into its build."""
    parts = [report.ledger[at : at + LEDGER_BYTES] for at in range(0, len(report.ledger), LEDGER_BYTES)]
    fields = asdict(replace(report, ledger=b""))
    del fields["ledger"]
    built = datetime.now(UTC).isoformat(timespec="seconds")
    told = {"built": built, "report": fields, "ledger_parts": len(parts)}
    lines = [bulk.put(f"account.{version}", {"account": told})]
    for number, part in enumerate(parts):
        lines.append(bulk.put(f"ledger.{version}.{number}", {"account": {"ledger": b64encode(part).decode("ascii")}}))
    bulk.write(connection, build, lines, beat=lambda: None)


def read_account(connection: Connection, version: Version) -> Account:
    """Read a version's account."""
    told = _get(connection, version, f"account.{version.name}")
    fields = dict(told["report"])
    skipped = [Skipped(**one) for one in fields.pop("skipped")]
    return Account(told["built"], Report(skipped=skipped, **fields), told["ledger_parts"])


def read_ledger(connection: Connection, version: Version) -> bytes:
    """Read the ledger of a version; b"" if it had none."""
    parts = read_account(connection, version).ledger_parts
    pieces = (_get(connection, version, f"ledger.{version.name}.{number}")["ledger"] for number in range(parts))
    return b"".join(map(b64decode, pieces))


def _get(connection: Connection, version: Version, identity: str) -> dict[str, Any]:
    found = connection.tried(lambda: connection.client.get(index=version.build, id=identity))
    account: dict[str, Any] = found["_source"]["account"]
    return account
