"""What is kept beside the announcements of a version: its report, its ledger, when it was made."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from indexer.cluster import bulk
from indexer.report import Report, Skipped

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    built = datetime.now(UTC).isoformat(timespec="seconds")
    told = {"built": built, "report": _plain_report(report), "ledger_parts": len(parts)}
    lines = [bulk.put(f"account.{version}", {"account": told})]
    for number, part in enumerate(parts):
        lines.append(bulk.put(f"ledger.{version}.{number}", {"account": {"ledger": b64encode(part).decode("ascii")}}))
    bulk.write(connection, build, lines, beat=lambda: None)


def _plain_report(report: Report) -> dict[str, Any]:
    told = asdict(replace(report, ledger=b""))
    del told["ledger"]
    return told


def write_part(connection: Connection, build: str, part: int, report: Report) -> None:
    """Put the account of a part into the build that it is a part of."""
    told = {"report": _plain_report(report), "ledger": b64encode(report.ledger).decode("ascii")}
    bulk.write(connection, build, [bulk.put(f"part.{part}", {"account": told})], beat=lambda: None)


def read_parts(connection: Connection, build: str, parts: int) -> list[Report]:
    """Read the accounts of the parts that are written."""
    asked = {"ids": [f"part.{number}" for number in range(1, parts + 1)]}
    told = connection.tried(lambda: connection.client.mget(index=build, body=asked))["docs"]
    return [_read_part(one["_source"]["account"]) for one in told if one["found"]]


def _read_part(told: dict[str, Any]) -> Report:
    report = _read_report(told["report"])
    report.ledger = b64decode(told["ledger"])
    return report


def joined(parts: Sequence[Report]) -> Report:
    """Add up the accounts of all parts; their ledgers stand one behind the other."""
    counted = {
        field.name: sum(getattr(part, field.name) for part in parts)
        for field in fields(Report)
        if field.name not in {"skipped", "ledger", "seconds"}
    }
    skipped = [one for part in parts for one in part.skipped]
    ledger = b"".join(part.ledger for part in parts)
    return Report(**counted, skipped=skipped, ledger=ledger, seconds=max(part.seconds for part in parts))


def read_account(connection: Connection, version: Version) -> Account:
    """Read a version's account."""
    told = _get(connection, version, f"account.{version.name}")
    return Account(told["built"], _read_report(told["report"]), told["ledger_parts"])


def _read_report(told: dict[str, Any]) -> Report:
    counted = dict(told)
    skipped = [Skipped(**one) for one in counted.pop("skipped")]
    return Report(skipped=skipped, **counted)


def read_ledger(connection: Connection, version: Version) -> bytes:
    """Read the ledger of a version; b"" if it had none."""
    parts = read_account(connection, version).ledger_parts
    pieces = (_get(connection, version, f"ledger.{version.name}.{number}")["ledger"] for number in range(parts))
    return b"".join(map(b64decode, pieces))


def _get(connection: Connection, version: Version, identity: str) -> dict[str, Any]:
    found = connection.tried(lambda: connection.client.get(index=version.build, id=identity))
    account: dict[str, Any] = found["_source"]["account"]
    return account
