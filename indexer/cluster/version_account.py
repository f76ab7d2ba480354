"""What is kept beside the announcements of a version or a part: its report, its ledger, when it was made."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from indexer.cluster import bulk
from indexer.light_dataclass import dataclass
from indexer.report import Report, report_from_json, report_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.cluster.connection import Connection

LEDGER_BYTES: Final = 3_000_000  # of a ledger in one document: the cluster takes no large ones
_NOT_SUMMED: Final = frozenset(
    {"skipped", "incomplete", "moved", "gone", "ignored_kinds", "ledger", "seconds", "began"}
)


@dataclass(frozen=True, slots=True)
class Account:
    """One account, without its ledger."""

    built: str  # ISO 8601 with zone
    report: Report
    ledger_parts: int


def part_name(number: int) -> str:
    """Name the account of a part."""
    return f"part-{number}"


def write_account(connection: Connection, build: str, name: str, report: Report) -> None:
    """Put the account of a version or a part, by its name, into its build."""
    report.end()
    parts = [report.ledger[at : at + LEDGER_BYTES] for at in range(0, len(report.ledger), LEDGER_BYTES)]
    built = datetime.now(UTC).isoformat(timespec="seconds")
    kept = [
        bulk.put(f"ledger.{name}.{number}", {"account": {"ledger": b64encode(part).decode("ascii")}})
        for number, part in enumerate(parts)
    ]
    account = {"built": built, "report": report_json(report), "ledger_parts": len(parts)}
    # The account after the ledger: where it is, all is there.
    for lines in (kept, [bulk.put(f"account.{name}", {"account": account})]):
        bulk.write(connection, build, lines)


def read_account(connection: Connection, build: str, name: str) -> Account:
    """Read an account; raises ``NotFoundError``."""
    told = _get(connection, build, f"account.{name}")
    return Account(told["built"], report_from_json(told["report"]), told["ledger_parts"])


def read_ledger(connection: Connection, build: str, name: str) -> bytes:
    """Read the ledger of a version or a part; b"" if it had none."""
    parts = read_account(connection, build, name).ledger_parts
    pieces = (_get(connection, build, f"ledger.{name}.{number}")["ledger"] for number in range(parts))
    return b"".join(map(b64decode, pieces))


def _get(connection: Connection, build: str, identity: str) -> dict[str, Any]:
    found = connection.tried(lambda: connection.client.get(index=build, id=identity))
    account: dict[str, Any] = found["_source"]["account"]
    return account


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────


def written_parts(connection: Connection, build: str, parts: int) -> list[str]:
    """Return the names of the parts whose accounts are written."""
    names = [part_name(number) for number in range(1, parts + 1)]
    asked = {"docs": [{"_id": f"account.{name}", "_source": False} for name in names]}
    told = connection.tried(lambda: connection.client.mget(index=build, body=asked))["docs"]
    return [name for name, one in zip(names, told, strict=True) if one["found"]]


def joined(connection: Connection, build: str, names: Sequence[str]) -> Report:
    """Add up the accounts of parts; their ledgers stand one behind the other."""
    parts = [read_account(connection, build, name).report for name in names]
    counted = {
        field.name: sum(getattr(part, field.name) for part in parts)
        for field in fields(Report)
        if field.name not in _NOT_SUMMED
    }
    skipped = [one for part in parts for one in part.skipped]
    incomplete = [one for part in parts for one in part.incomplete]
    ledger = b"".join(read_ledger(connection, build, name) for name in names)
    seconds = max(part.seconds for part in parts)
    ignored = sum((Counter(part.ignored_kinds) for part in parts), Counter[str]())
    return Report(
        **counted,
        skipped=skipped,
        incomplete=incomplete,
        ignored_kinds=dict(ignored),
        ledger=ledger,
        seconds=seconds,
    )
