"""What is recorded of a whole version of the index, beside Whoosh's own table of contents.

Whoosh's table is a pickle, so it is only read when it is byte for byte the one that was written.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from indexer.arrays.files import Damaged
from indexer.report import Report, Skipped

if TYPE_CHECKING:
    from pathlib import Path

META_FILE, LEDGER_FILE = "meta.json", "ledger"


@dataclass(frozen=True, slots=True)
class Meta:
    """The record of one version."""

    version: str
    built: str  # ISO 8601 with zone
    stamp: dict[str, str]  # what a program must have been made for to read this index, see ``writing.stamp``
    report: Report  # without its ledger, which is a file of its own
    digests: dict[str, str]  # of Whoosh's table of contents and of the ledger


def write_meta(folder: Path, version: str, built: str, stamp: dict[str, str], report: Report) -> None:
    """Record a generation whose table of contents is written."""
    (folder / LEDGER_FILE).write_bytes(report.ledger)
    digests = {path.name: _digest(path.read_bytes()) for path in [*folder.glob("*.toc"), folder / LEDGER_FILE]}
    content = asdict(Meta(version, built, stamp, replace(report, ledger=b""), digests))
    del content["report"]["ledger"]
    record = {"checksum": _digest(_canonical(content)), "content": content}
    (folder / META_FILE).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def read_meta(folder: Path) -> Meta:
    """Read the record; raises ``Damaged`` if it or what it vouches for is not as it was written."""
    try:
        record = json.loads((folder / META_FILE).read_text(encoding="utf-8"))
        content = record["content"]
        if record["checksum"] != _digest(_canonical(content)):
            raise Damaged(f"{META_FILE} is not as it was written")
        for name, digest in content["digests"].items():
            if _digest((folder / name).read_bytes()) != digest:
                raise Damaged(f"{name} is not as it was written")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(f"{META_FILE} cannot be read: {error}") from error
    skipped = [Skipped(**one) for one in content["report"].pop("skipped")]
    return Meta(**content | {"report": Report(skipped=skipped, **content["report"])})


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True).encode()


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
